"""Lists and tables of work in notes: what stands there keeps the word that it is work, and whose."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_agent.api import draft, read
from pm_agent.ingest.formats.note_sections import bold_head, section_of, with_box
from pm_agent.settings import Settings

SETTINGS = Settings(date="2026-03-04", timezone="UTC")  # type: ignore[arg-type]
NOTES = """# checkout 2026-03-04

10:02 checkout is down, users report errors
10:20 rolled back v2, all good now

## Action items

| # | Action | Owner | Due |
|---|---|---|---|
| 1 | Add an alert on queue depth of orders | Priya | 2026-03-20 |
| 2 | improve docs | - | |

**后续计划**
1. 压测环境接入 mock 下游 @李雷

## What went well

- rollback was fast
- [x] drop the bad flag from checkout
- [ ] pin the base image, Ana, 12 March
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_text(NOTES, encoding="utf-8")
    return path


def test_what_stands_under_a_head_of_work_or_behind_a_box_knows_it(notes: Path) -> None:
    threads = {e.text: e.thread for e in read(notes, SETTINGS).events}
    assert threads["rollback was fast"] is None
    assert threads["drop the bad flag from checkout"] == "§ [x]"
    assert [t for text, t in threads.items() if "base image" in text] == ["§ [ ]"]
    assert [t for text, t in threads.items() if "mock" in text] == ["§ 后续计划"]
    assert [t for text, t in threads.items() if "queue depth" in text] == ["§ Action items"]


def test_a_table_of_work_keeps_owner_and_date_by_the_names_of_its_columns(notes: Path) -> None:
    report = draft(notes, SETTINGS)
    rows = {a.text: (a.owner, a.due.isoformat() if a.due else None, a.status) for a in report.actions}
    assert rows["Add an alert on queue depth of orders"] == ("Priya", "2026-03-20", "open")
    assert rows["improve docs"] == (None, None, "open")
    assert rows["drop the bad flag from checkout"][2] == "done"
    assert "Priya" not in "".join(a.text for a in report.actions)


def test_a_table_of_what_happened_is_none_of_work(tmp_path: Path) -> None:
    path = tmp_path / "timeline.md"
    path.write_text(
        "# log\n\n| Time | Action | Who |\n|---|---|---|\n| 10:02 | restarted the pods | Ana |\n",
        encoding="utf-8",
    )
    (event,) = [e for e in read(path, SETTINGS).events if "restarted" in e.text]
    assert (event.thread, event.at is not None, event.actor) == (None, True, "Engineer A")


@pytest.mark.parametrize(
    "heading",
    ["Action items", "todo (unsorted)", "Next steps", "Follow-up", "Remediation", "What we will change", "Open points", "Takeaways",
     "后面要做的", "改进措施", "行动项", "待办", "后续计划", "整改措施", "遗留问题跟进", "下一步"],
)  # fmt: skip
def test_headings_of_work(heading: str) -> None:
    assert section_of(heading) == f"§ {heading}"
    assert bold_head(f"**{heading}**") == heading


@pytest.mark.parametrize(
    "heading", ["Timeline", "Impact", "What went well", "Root cause", "时间线", "影响", "根因", "做得好的"]
)
def test_headings_of_what_was(heading: str) -> None:
    assert section_of(heading) is None
    assert with_box(f"- {heading}", None) is None
