"""Notes for the author: before, after, rule and reason of each wording; private; never in the shared report."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pm_agent import Settings, draft, render
from pm_agent.cli import main
from pm_agent.rendering.author_notes import to_author_notes
from rendering.sample import report

CHAT = (
    "10:02 checkout is down, users report errors\n10:09 brilliant work as always, geniuses\n"
    "10:11 found it: bad config in checkout v2\n10:20 rolled back checkout v2, all good now\n"
)


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "chat.txt"
    path.write_text(CHAT)
    return path


def run(*args: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main(
            [
                "draft",
                *(str(a) for a in args),
                "--date",
                "2026-03-04",
                "--tz",
                "UTC",
                "--model",
                "rules",
                "-q",
            ]
        )
    return int(ended.value.code or 0)


def test_a_finding_is_told_with_before_after_rule_and_reason() -> None:
    found = {
        "event_id": "a1b2c3:3", "where": "evidence", "span": "I am *looking*", "rule": "blame.x", "message": "why_it_hurts",
        "rewrite": "〔what made it possible?〕",
    }  # fmt: skip
    draft_found = {**found, "where": "draft", "span": "in the draft"}
    assert to_author_notes(report("en", language_findings=[found, draft_found])) == (
        "# For the author: wording in “Orders fail after a pool change”\n\n"
        "Not part of the report, and not to be shared: it quotes people. The report itself reprints none of this.\n\n"
        "## In the draft (1)\n\n### 1. in the draft\n\n"
        "- Where: evidence/slack-export.json line 3 · 2026-03-04 09:02\n- Before: in the draft\n"
        "- After: 〔what made it possible?〕\n- Rule: `blame.x`\n- Reason: why\\_it\\_hurts\n\n"
        "## In the evidence (1)\n\n### 1. I am \\*looking\\*\n\n"
        "- Where: evidence/slack-export.json line 3 · 2026-03-04 09:02\n- Before: I am looking\n"
        "- After: 〔what made it possible?〕\n- Rule: `blame.x`\n- Reason: why\\_it\\_hurts\n"
    )


def test_nothing_found_is_said() -> None:
    assert to_author_notes(report("zh")).count("未发现。") == 2


def test_the_command_writes_them_for_the_author_alone(chat: Path, tmp_path: Path) -> None:
    notes, shared = tmp_path / "notes.md", tmp_path / "report.html"
    notes.touch(mode=0o644)
    assert run(chat, "-o", shared, "--author-notes", notes) == 0
    assert stat.S_IMODE(notes.stat().st_mode) == 0o600
    assert "brilliant work as always, geniuses" in notes.read_text()
    assert "blame.sarcasm" in notes.read_text()
    assert "geniuses" not in shared.read_text()


def test_they_replace_only_what_they_wrote(
    chat: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.md"
    assert run(chat, "-o", tmp_path / "a.md", "--author-notes", notes) == 0
    assert run(chat, "-o", tmp_path / "a.md", "--author-notes", notes) == 0
    notes.write_text(notes.read_text().replace("## In", "my own thoughts\n\n## In", 1))
    assert run(chat, "-o", tmp_path / "a.md", "--author-notes", notes) == 2
    said = capsys.readouterr().err
    assert "edited" in said
    assert "--update" not in said
    assert "my own thoughts" in notes.read_text()
    assert run(chat, "-o", tmp_path / "a.md", "--author-notes", notes, "--force") == 0
    assert "my own thoughts" not in notes.read_text()


def test_html_and_markdown_hold_none_of_it(chat: Path) -> None:
    made = draft([chat], Settings(date="2026-03-04", timezone="UTC"))  # type: ignore[arg-type]
    assert made.language_findings
    assert "blame.sarcasm" not in render(made, "md")
    assert made.language_findings[0].sentence == "brilliant work as always, geniuses"
    for format in ("md", "html", "confluence"):
        assert "geniuses" not in render(made, format)
