"""Which remarks tell what made an incident possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pm_agent.reading.bearing import remarks
from pm_agent.reading.follow_ups import items_in
from pm_agent.reading.lines import Line

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)
CAUSE = "the import job writes every row twice because the batch key of the loader is not unique"


def _talk(*texts: str) -> list[Line]:
    said = (CAUSE, *texts)
    return [
        Line(id=f"a:{n}", at=AT + timedelta(minutes=n), text=text, actor="A") for n, text in enumerate(said)
    ]


def _given(*texts: str) -> list[str]:
    lines = _talk(*texts)
    return [r.text for r in remarks(lines, items_in(lines, "UTC"), CAUSE, AT) if r.text != CAUSE]


@pytest.mark.parametrize(
    "text",
    [
        "the loader has no check on the batch key, nobody would have seen it in staging either",
        "there was never an alert on the number of rows the import job writes",
    ],
)
def test_a_missing_defence_around_the_cause_is_given(text: str) -> None:
    assert _given(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "lunch?",
        "is the batch key of the loader checked anywhere, because I never saw it?",
        "maybe the loader has no check on the batch key",
        "at com.acme.loader.BatchKey.check(BatchKey.java:88) because the import job has no key",
        "mysql -h imports.internal -u loader because the import job has no check on the batch key",
        "status page is up, we never said anything about the import job before because nobody asked",
    ],
)
def test_talk_questions_guesses_and_output_are_not(text: str) -> None:
    assert _given(text) == []


def test_an_action_item_is_no_cause() -> None:
    item = "I'll add a check on the batch key of the loader by 12 March, it never had one"
    assert item not in _given(item)
