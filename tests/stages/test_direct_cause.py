"""The first why is the cause with what its teller said around it: each word once, each line cited."""

from __future__ import annotations

from datetime import UTC, datetime

from pm_agent.reading.lines import Line
from pm_agent.why_answers import WhysIn, by_rules


def _line(number: int, text: str) -> Line:
    at = datetime(2026, 3, 4, 10, number, tzinfo=UTC)
    return Line(id=f"a:{number}", at=at, actor="Engineer A", text=text)


def test_a_cause_of_several_lines_is_told_once_and_cites_them_all() -> None:
    told = [
        _line(4, "stackLimit is 0"),
        _line(5, "0 means no limit in the code, so 12 coupons are enumerated"),
        _line(6, "last month's campaign had 3"),
    ]
    cause = "looking at the config of 88213 / stackLimit is 0 / 0 means no limit in the code"
    asked = WhysIn(cause=cause, cause_ids=["a:3", "a:4", "a:5"], lines=told, timezone="UTC")
    direct = next(a for a in by_rules(asked).answers if a.level == "direct")
    assert direct.text.count("88213") == 1
    assert {"a:3", "a:4", "a:5"} <= set(direct.ids)
