"""Every template in both languages: read once line by line, then kept as it is; whole, cited, and saying nothing of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pm_agent.language import LANGUAGES, Language, words
from pm_agent.rendering import TEMPLATES, render
from pm_agent.rendering.stamp import split_stamp
from pm_agent.report import Report, Statement
from rendering.sample import OWNER, SAID, report

GOLDEN = Path(__file__).parent / "golden"
EACH = [(t, language) for t in TEMPLATES for language in LANGUAGES]


def body(template: str, made: Report) -> str:
    return split_stamp(render(made, "md", template))[0]


@pytest.mark.parametrize(("template", "language"), EACH)
def test_a_template_prints_what_was_read_and_agreed(template: str, language: Language, update: bool) -> None:
    golden = GOLDEN / f"{template}.{language}.md"
    text = body(template, report(language))
    if update:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8"), "run with --update and read the difference"


def _tree(node: Any, path: str = "") -> set[str]:
    if isinstance(node, dict):
        return {leaf for k, v in node.items() for leaf in _tree(v, f"{path}.{k}")}
    return {f"{path}[{len(node)}]" if isinstance(node, list) else path}


@pytest.mark.parametrize("file", [*TEMPLATES, "asks"])
def test_both_languages_have_the_same_words(file: str) -> None:
    """So that what one language's template prints, the other's prints too."""
    trees = [{p for p in _tree(words(language, file)) if ".topics" not in p} for language in LANGUAGES]
    assert trees[0] == trees[1]


@pytest.mark.parametrize(("template", "language"), EACH)
def test_nothing_is_printed_that_the_report_does_not_hold(template: str, language: Language) -> None:
    """An empty report: every place reads as not in the evidence, and asks somebody."""
    unknown = words(language, "eleven")["unknown"]
    ask = {"whom": "X", "question": "Y?"}
    blank = Statement(id="x", text=unknown, support="unknown", ask=ask)  # type: ignore[arg-type]
    empty = Report(
        title="T",
        language=language,
        timezone="UTC",
        one_line=blank,
        impact={"scope": blank},
        provenance={"tool": "0"},
    )  # type: ignore[arg-type]
    text = body(template, empty)
    allowed = set(re.findall(r"\d+", yaml.safe_dump([words(language, template), words(language, "eleven"), words(language, "asks")], allow_unicode=True)))  # fmt: skip
    assert set(re.findall(r"\d+", text)) <= allowed | {str(n) for n in range(1, 10)}
    assert text.count(f"_{unknown}_") >= 5
    for line in text.splitlines():
        if line.strip("-* ").endswith(":**") and not line.startswith("**"):
            pytest.fail(f"an empty place: {line!r}")


@pytest.mark.parametrize(("template", "language"), [e for e in EACH if e[0] != "customer"])
def test_every_link_leads_to_a_line_of_the_evidence(template: str, language: Language) -> None:
    text = body(template, report(language))
    anchors = re.findall(r'<a id="([^"]+)"></a>', text)
    links = re.findall(r"\]\(#([^)]+)\)", text)
    assert links
    assert len(anchors) == len(set(anchors))
    assert set(links) <= set(anchors)
    if template != "eleven":
        assert set(anchors) <= set(links), "a line that the page does not cite"


@pytest.mark.parametrize(("template", "language"), [e for e in EACH if e[0] != "customer"])
def test_every_statement_that_is_printed_is_cited_where_it_stands(template: str, language: Language) -> None:
    text = body(template, report(language)).split(
        "\n---\n\n## " + words(language, "eleven")["evidence"]["heading"]
    )[0]
    for name in ("well", "slow", "revenue"):
        for line in text.splitlines():
            by_author = words(language, "eleven")["human"] in line
            if SAID[language][name] in line and not by_author:
                assert "](#e-" in line, line


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", [t for t in TEMPLATES if t != "customer"])
def test_a_table_has_as_many_cells_in_every_row(template: str, language: Language) -> None:
    width = None
    for line in body(template, report(language)).splitlines():
        if not line.startswith("|"):
            width = None
            continue
        cells = len(re.sub(r"\\\|", "", line).strip("|").split("|"))
        assert width in {None, cells}, line
        width = cells


def test_the_brief_is_one_page() -> None:
    text = body("brief", report("en"))
    assert len(text.split("\n---\n")[0].splitlines()) <= 60


def test_the_owner_stands_where_actions_are_and_nowhere_in_a_cause() -> None:
    for template in TEMPLATES:
        for line in body(template, report("en")).splitlines():
            if OWNER in line:
                assert "AI-001" in line or "**" in line, line
