"""Zones that people state in words over a pasted conversation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pm_agent.ingest import read
from pm_agent.ingest.stated_zone import stated_zone
from pm_agent.settings import Settings


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("(copied by Mira for the ticket, my clock = Portland)", "America/Los_Angeles"),
        ("all times in PT", "America/Los_Angeles"),
        ("timestamps are UTC", "UTC"),
        ("#ops, Singapore time", "Asia/Singapore"),
        ("以下为北京时间", "Asia/Shanghai"),
        ("时区：Europe/Berlin", "Europe/Berlin"),
        ("it took a long time to recover", None),
        ("at the same time we saw errors", None),
        ("clock skew on web-3", None),
        ("response time is up", None),
    ],
)
def test_zone_in_words(text: str, zone: str | None) -> None:
    """A place near the word time or clock; nothing is guessed from other words."""
    assert stated_zone(text) == zone


def test_a_conversation_in_another_zone_lies_on_the_incidents_day(tmp_path: Path) -> None:
    """An evening in Portland is the morning of the given day in UTC, and midnight there is no new day of the incident."""
    chat = tmp_path / "paste.txt"
    chat.write_text(
        "### #sec (copied by Mira, my clock = Portland)\n\n> Mira Holt [9:47 PM]\nsomebody is walking the api\n\n"
        "> Sam Reyes [10:04 PM]\nblocked\n\n> Mira Holt [12:08 AM]\ngoing to bed\n"
    )
    evidence = read([chat], Settings(date=date(2026, 6, 17), timezone="UTC"))
    assert [f"{e.at:%m-%d %H:%M}" for e in evidence.events if e.at] == [
        "06-17 04:47",
        "06-17 05:04",
        "06-17 07:08",
    ]
    assert evidence.files[0].timezone == "America/Los_Angeles"
    assert evidence.files[0].timezone_basis == "stated"
