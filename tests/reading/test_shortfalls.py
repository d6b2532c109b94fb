"""A remark on what a thing does not do tells a condition only where an action item is to change it."""

from __future__ import annotations

from datetime import date

import pytest

from pm_agent.reading.action_items import Item, item_of
from pm_agent.reading.lines import Line
from pm_agent.reading.shortfalls import shortfalls
from pm_agent.why_answers import WhysIn, by_rules


def _line(number: int, text: str) -> Line:
    return Line(id=f"a:{number}", at=None, actor="Engineer A", text=text)


def _item(text: str, line: Line) -> Item:
    return item_of(text, date(2026, 3, 4), line=line)


def _told(text: str, item: str) -> list[str]:
    wanted = _item(item, _line(9, item))
    return [c.text for c in shortfalls([_line(1, text), _line(9, item)], [wanted])]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("the exporter never reads mounted secrets", "exporter reads mounted secrets too, by friday"),
        ("导出脚本只看文件头", "导出脚本校验文件头和行数，周五前"),
    ],
)
def test_a_gap_that_work_is_to_close_is_a_condition(text: str, item: str) -> None:
    assert _told(text, item) == [text]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("the exporter never reads mounted secrets", "rotate the kafka certificates, by friday"),  # of something else
        ("does the exporter never read mounted secrets?", "exporter reads mounted secrets too, by friday"),
        ("maybe the exporter never reads mounted secrets", "exporter reads mounted secrets too, by friday"),
        ("I never looked at mounted secrets of the exporter", "exporter reads mounted secrets too, by friday"),
        ("the exporter reads mounted secrets", "exporter reads mounted secrets too, by friday"),  # lacks nothing
        ("导出脚本只看文件头吧", "导出脚本校验文件头和行数，周五前"),
        ("我没看导出脚本的文件头", "导出脚本校验文件头和行数，周五前"),
    ],
)  # fmt: skip
def test_what_nobody_wants_changed_what_is_asked_guessed_or_done_is_none(text: str, item: str) -> None:
    assert _told(text, item) == []


def test_the_item_itself_is_no_gap() -> None:
    text = "the exporter never reads mounted secrets, fix the exporter"
    line = _line(1, text)
    assert list(shortfalls([line], [_item(text, line)])) == []


def test_a_gap_stands_among_the_factors_with_its_line() -> None:
    lines = [_line(1, "the exporter never reads mounted secrets")]
    planned = [_line(2, "action items:\n- exporter reads mounted secrets, Engineer B, by 2026-04-01")]
    answer = by_rules(WhysIn(cause="", cause_ids=[], lines=lines, timezone="UTC", planned=planned))
    assert [(f.text, f.ids, f.role) for f in answer.factors] == [(lines[0].text, ["a:1"], "contributing")]
