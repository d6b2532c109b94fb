"""Lists and tables of work in notes: what stands there keeps the word that it is work, and whose."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_agent.api import draft, read
from pm_agent.ingest.formats.note_sections import bare_section, bold_head, section_of, with_box
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


PLAIN = """checkout 2026-03-04

10:02 checkout is down, users report errors
10:20 rolled back v2, all good now

Action items
* Test pool changes better
* Marek - keep the rescue template on both controllers
* Rotate the password of the replica (Ola, 2026-03-09)

For questions during the review call the office.
"""
CHANGE = """变更单 CHG-20260304-003
2026-03-04 10:02 支付失败，全部报错
2026-03-04 10:20 回滚完成，恢复

【后续措施】
1. 老 IP 观察无流量后从白名单删除    罗凯    3月31日前
2. 加强与对端沟通，避免类似情况

关闭人：谢婷
"""


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (
            PLAIN,
            [
                "Test pool changes better",
                "keep the rescue template on both controllers",
                "Rotate the password of the replica",
            ],
        ),
        (CHANGE, ["老 IP 观察无流量后从白名单删除", "加强与对端沟通，避免类似情况"]),
    ],
)
def test_a_line_that_is_nothing_but_the_name_of_a_list_heads_one(
    tmp_path: Path, text: str, items: list[str]
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(text, encoding="utf-8")
    found = [action.text for action in draft(path, SETTINGS).actions]
    assert len(found) == len(items), found
    for item in items:
        assert any(item in text for text in found), item


def test_such_a_list_ends_where_after_a_gap_other_words_begin(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(PLAIN, encoding="utf-8")
    threads = {e.text: e.thread for e in read(path, SETTINGS).events}
    assert [t for text, t in threads.items() if "questions" in text] == [None]
    assert [t for text, t in threads.items() if "Rotate" in text] == ["§ Action items"]


@pytest.mark.parametrize(
    "line",
    ["Action items are due on Friday", "no follow-up needed", "后续措施见下", "next steps?", "改进点很多"],
)
def test_a_sentence_about_a_list_heads_none(line: str) -> None:
    assert bare_section(line) is None
