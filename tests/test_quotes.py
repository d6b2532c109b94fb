"""The shared report holds only lines that something cites, without their blame; the author gets the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from evals.case import load

from pm_agent import Report, Settings, draft, render

HOME = Path(__file__).parents[1] / "evals" / "incidents"
CHAT = """10:02 Ana: checkout is down, users report errors
10:05 Bob: brilliant work as always, geniuses
10:11 Ana: found it: Bob forgot to renew the certificate, 12 nodes affected
10:20 Ana: renewed the certificate, errors gone, all good now
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("chat") / "chat.txt"
    path.write_text(CHAT)
    return draft(path, Settings.model_validate({"date": "2026-03-04", "timezone": "UTC"}))


def cited(node: object) -> set[str]:
    """Every id that something of the report cites, found by hand."""
    if isinstance(node, dict):
        own = {i for key in ("citations", "supporting", "contradicting") for i in node.get(key) or []}
        return own.union(*(cited(part) for part in node.values()))
    if isinstance(node, list):
        return set().union(*(cited(part) for part in node)) if node else set()
    return set()


def test_the_appendix_holds_what_is_cited_and_nothing_else(report: Report) -> None:
    content = report.model_dump(mode="json", exclude={"evidence", "language_findings", "injections"})
    assert {line.id for line in report.evidence} == cited(content)
    assert report.coverage.cited == len(report.evidence)
    noticed = {f.event_id for f in report.language_findings}
    assert noticed - {line.id for line in report.evidence}, "a line that only the linter names is not printed"


def test_a_finding_tells_its_sentence_and_place_by_itself(report: Report) -> None:
    found = next(f for f in report.language_findings if "geniuses" in f.sentence)
    assert (found.sources[0].file, found.sources[0].line) == ("chat.txt", 2)


@pytest.mark.parametrize("format", ["md", "html", "confluence"])
def test_a_cited_line_with_blame_is_quoted_without_it(report: Report, format: str) -> None:
    line = next(line for line in report.evidence if "forgot" in line.text)
    assert line.quote is not None
    shown = render(report, format)
    assert "forgot" not in shown
    assert "geniuses" not in shown
    assert "forgot" in render(report, "json"), "the author's copy has the words"


@pytest.mark.parametrize("slug", ["dingdan-chaoshi", "peizhi-tuisong", "mysql-cuowu-gengxin"])
def test_no_blaming_sentence_of_a_whole_incident_stands_in_what_goes_round(slug: str) -> None:
    made = draft(HOME / slug)
    shown = ["".join(render(made, f).replace("\\", "").split()) for f in ("md", "html")]
    blaming = [place.text for place in load(HOME / slug).gold.blame]
    assert len(blaming) > 3
    assert [text for text in blaming if any("".join(text.split()) in page for page in shown)] == []
