"""A row that has the words of several lines is borne by each of them."""

from __future__ import annotations

from datetime import UTC, datetime

from pm_agent.evidence import Event
from pm_agent.grounding import supported_text, verbatim

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def _event(number: int, text: str) -> Event:
    return Event(id=f"a:{number}", at=AT, text=text, kind="chat", actor_kind="person", sources=[])


SAID = [
    _event(1, "still nxdomain"),
    _event(2, "you didn't touch res2, right?"),
    _event(3, "... ok so not the upgrade"),
]


def test_each_part_stands_in_its_own_line() -> None:
    row = "still nxdomain / “you didn't touch res2, right?” → ... ok so not the upgrade"
    assert verbatim(row, SAID)
    assert supported_text(row, SAID) == (row, True)


def test_a_part_that_nobody_said_is_not_borne() -> None:
    assert not verbatim("still nxdomain / ok so it was the upgrade", SAID)
    assert not verbatim("“you touched res2” → ... ok so not the upgrade", SAID)
