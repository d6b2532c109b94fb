"""The HTML page: whole, self-contained, harmless whatever the evidence holds, its links leading both ways."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from pm_agent import Settings, draft
from pm_agent.language import LANGUAGES, Language, words
from pm_agent.rendering.html import to_html
from pm_agent.report import Report, Statement
from rendering.page_of import Element, Parsed, parse
from rendering.sample import SAID, report

INCIDENTS = Path(__file__).parents[2] / "evals" / "incidents"
REPORTS = ["en", "zh", "dns-zone-push", "dacu-rongliang"]
ANCHORS = ("s-", "t-", "a-", "c-")


@cache
def made(name: str) -> Report:
    return report(name) if name in LANGUAGES else draft([INCIDENTS / name], Settings())  # type: ignore[arg-type]


@cache
def page(name: str) -> Parsed:
    return parse(to_html(made(name)))


def statements(node: object) -> list[Statement]:
    """Every statement of the parts that the eleven sections print."""
    if isinstance(node, Statement):
        return [node]
    if isinstance(node, Report):
        shown = (
            "summary", "one_line", "impact", "whys", "root_causes", "contributing_factors", "response", "learning", "monitoring",
        )  # fmt: skip
        return [s for name in shown for s in statements(getattr(node, name))] + statements(
            node.meeting.conclusions
        )
    if isinstance(node, list):
        return [s for item in node for s in statements(item)]
    fields = getattr(type(node), "model_fields", {})
    return [s for name in fields for s in statements(getattr(node, name))]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", REPORTS)
def test_ids_are_unique_and_every_link_has_a_target(name: str) -> None:
    ids = [e.attributes["id"] for e in page(name).elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = page(name).all("a")
    assert len(links) > 50
    assert [e.href for e in links if not e.href.startswith("#") or e.href[1:] not in ids] == []
    named = [
        e.attributes["aria-labelledby"] for e in page(name).elements if "aria-labelledby" in e.attributes
    ]
    assert set(named) <= set(ids)


@pytest.mark.parametrize("name", REPORTS)
def test_only_its_own_style_may_act(name: str) -> None:
    source = to_html(made(name))
    style = re.findall(r"<style>(.*?)</style>", source, re.S)
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    (policy,) = page(name).all("meta", **{"http-equiv": "Content-Security-Policy"})
    assert len(style) == 1
    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert re.findall(r"@import|url\(|expression", style[0]) == []


@pytest.mark.parametrize("name", REPORTS)
def test_it_loads_nothing_and_runs_nothing(name: str) -> None:
    for element in page(name).elements:
        assert element.tag not in {"script", "img", "iframe", "object", "embed", "form", "base", "video"}
        loads = {k: v for k, v in element.attributes.items() if k in {"src", "href", "xlink:href", "data"}}
        assert all(v.startswith("#") or v == "data:," for v in loads.values()), loads
        assert not [k for k in element.attributes if k.startswith("on") or k == "style"]


@pytest.mark.parametrize("name", REPORTS)
def test_citations_lead_to_evidence_and_back(name: str) -> None:
    parsed = page(name)
    cited: dict[str, set[str]] = {}
    for link in (e for e in parsed.all("a", class_="cite") if any(w.tag == "main" for w in e.within)):
        holder = next(w for w in reversed(link.within) if w.attributes.get("id", "").startswith(ANCHORS))
        cited.setdefault(link.href[1:], set()).add(holder.attributes["id"])
    lines = [e for e in parsed.all("li") if e.within and "evidence" in e.within[-1].classes]
    back = {
        line.attributes["id"]: {target for target in parsed.links_in(line) if target.startswith(ANCHORS)}
        for line in lines
    }
    assert len(back) > 10
    assert cited == back


@pytest.mark.parametrize("name", REPORTS)
def test_every_statement_is_printed_with_its_citations(name: str) -> None:
    parsed, labels = page(name), {line.id: f"E{n}" for n, line in enumerate(made(name).evidence, 1)}
    printed = [(flat(e.text), e) for e in parsed.all("span", class_="st")]
    for statement in statements(made(name)):
        if statement.support == "unknown":
            continue
        found = [e for text, e in printed if text.startswith(flat(statement.text))]
        assert found, statement.text
        wanted = {labels[c] for c in statement.citations}
        assert any(wanted <= {link.text for link in inside(parsed, e)} for e in found), statement.id


def inside(parsed: Parsed, element: Element) -> list[Element]:
    return [e for e in parsed.all("a") if element in e.within]


@pytest.mark.parametrize("name", REPORTS)
def test_all_of_the_report_is_there(name: str) -> None:
    parsed, r = page(name), made(name)
    text = flat(parsed.text)
    said = [e.text for e in r.timeline] + [a.text for a in r.actions] + [f.text for f in r.temporary_fixes]
    said += [h.text for h in r.hypotheses] + [g.text for g in r.gaps] + [f.text for f in r.impact.figures]
    said += [c.message for c in r.response.checks] + [f.message for f in r.findings] + r.meeting.guide
    said += [y.question for y in r.whys] + [s.signal for s in r.monitoring.new_signals]
    said += [f.what for f in r.follow_up] + [f.file for f in r.coverage.files] + r.services
    assert [one for one in said if flat(one) not in text] == []
    assert len(parsed.all("tr", class_="key")) == sum(e.key for e in r.timeline)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_those_of_the_eleven_sections_in_order(language: Language) -> None:
    said = words(language, "eleven")
    levels = [int(e.tag[1]) for e in page(language).elements if e.tag in {"h1", "h2", "h3", "h4"}]
    titles = [e.text for e in page(language).all("h2") if e.attributes.get("id", "").startswith("section-")]
    assert titles == [said[f"s{n}"]["heading"] for n in range(1, 12)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert page(language).elements[0].attributes["lang"].startswith(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_unknown_suspected_and_proposed_look_different(language: Language) -> None:
    parsed, said, w = page(language), SAID[language], words(language, "eleven")
    unknown = [e for e in parsed.all("span", class_="st") if said["unknown"] in e.text]
    assert unknown
    for element in unknown:
        kinds = [e for e in parsed.all("span", class_="unknown") if element in e.within]
        assert [e.text for e in kinds] == [said["unknown"]]
        assert said["ask"] in element.text
    assert [e.text for e in parsed.all("span", class_="hypothesis")].count(said["suggest"]) == 1
    assert w["hypothesis"] in {e.text for e in parsed.all("span", class_="doubt")}
    proposed = parsed.by_id("a-AI-002")
    assert "proposed" in proposed.classes
    assert [e.text for e in parsed.all("span", class_="proposed") if proposed in e.within] == [w["proposed"]]
    assert "proposed" not in parsed.by_id("a-AI-001").classes
    blanks = [e.text for e in parsed.all("span", class_="slot") if proposed in e.within]
    assert blanks == [w["s7"]["blank_owner"], w["s7"]["blank_due"], w["s7"]["blank_done"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_incident_is_told_before_the_report_begins(language: Language) -> None:
    (top,) = page(language).all("header")
    r, w = made(language), words(language, "eleven")
    minutes = [w["s2"]["minutes"].format(n=n) for n in (2, 9, 9, 33, 33)]
    strong = [e.text for e in page(language).all("strong") if top in e.within]
    assert sorted(strong) == sorted(["P1", *minutes])
    said = (r.title, r.one_line.text, r.impact.scope.text, SAID[language]["revenue"])
    assert [one for one in said if one not in top.text] == []


def test_a_metric_without_an_answer_is_no_number() -> None:
    r = report("en", metrics={"mttd": {"from": "trigger", "to": "detected", "reason": "no trigger is told"}})
    parsed = parse(to_html(r))
    (top,) = parsed.all("header")
    assert [e.text for e in parsed.all("strong") if top in e.within] == ["P1"]
    assert "no trigger is told" in {e.text for e in parsed.all("span", class_="unknown")}


def test_what_the_evidence_says_does_nothing() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)> </style><a href="javascript:x">\u202e\x07'
    r = report("en")
    line = {**r.evidence[0].model_dump(), "text": evil, "actor": evil}
    line["sources"] = [{**line["sources"][0], "file": evil}]
    row = {**r.timeline[0].model_dump(), "text": evil, "actor": evil, "note": evil}
    changes = {
        "title": evil, "services": [evil], "evidence": [line, *r.evidence[1:]], "timeline": [row, *r.timeline[1:]],
        "series": [{"name": evil, "unit": evil, "file": "m.json", "points": [(r.timeline[0].at.timestamp() + 60 * n, n * n) for n in range(30)]}],
        "one_line": {**r.one_line.model_dump(), "text": evil},
    }  # fmt: skip
    parsed = parse(to_html(report("en", **changes)))
    plain = page("en")
    assert {e.tag for e in parsed.elements} <= {e.tag for e in plain.elements} | {
        "polyline",
        "polygon",
        "path",
    }
    assert parsed.text.count("<script>alert(1)</script>") > 5
    assert not re.search("[\u202e\x07]", parsed.text)


def test_what_lint_found_is_not_reprinted() -> None:
    r = report("en")
    said = "of course ops broke it again"
    line = {**r.evidence[0].model_dump(), "id": "f00:1", "text": said}
    found = {
        "event_id": "f00:1", "where": "evidence", "span": "of course", "rule": "blame.sarcasm", "message": "hurts", "rewrite": "…",
    }  # fmt: skip
    text = parse(to_html(report("en", evidence=[line, *r.evidence], language_findings=[found]))).text
    assert said not in text
    assert "blame.sarcasm" not in text
    assert "E2" in text  # the numbers are those of the other formats
    assert words("en", "html")["skipped_numbers"] in text


def test_the_same_report_gives_the_same_page() -> None:
    assert to_html(made("dacu-rongliang")) == to_html(made("dacu-rongliang"))


def test_both_languages_have_the_same_words() -> None:
    def keys(node: object) -> object:
        return {k: keys(v) for k, v in node.items()} if isinstance(node, dict) else None

    for file in ("html", "author-notes"):
        assert keys(words("en", file)) == keys(words("zh", file))
