"""Severities that people state, however they write them."""

from __future__ import annotations

import pytest
from tests.reading.test_milestones import lines

from pm_agent.reading.severity import highest, stated


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("this is a SEV1. calling june", "P0"),
        ("calling it sev2.", "P1"),
        ("Sev one from now", "P0"),
        ("then P4 for now imo", "P3"),
        ("定 P1 拉电话", "P1"),
        ("收到 升P1", "P1"),
        ("按 P2 走 我先拉着", "P2"),
        ("is this a SEV1?", None),
        ("upgraded to v1.2", None),
        ("the P1 alert fired again", None),
    ],
)
def test_stated_severity(text: str, value: str | None) -> None:
    """A full stop behind the label is no version number; a question states nothing."""
    found = highest(stated(lines((0, text))))
    assert (found.value if found else None) == value
