"""What names one change and no other."""

from __future__ import annotations

import pytest

from pm_agent.reading.identifiers import identifiers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("invoicer 6e1f0b8, success 10:12 monday. PR 2207", {"6e1f0b8", "2207"}),
        ("revert 6e1f0b8c41d2a7f0b8c41d2a7f0b8c41d2a7f0b8", {"6e1f0b8"}),
        ("deploy v2.44.1 and 3.18.2-rc1", {"2.44.1", "3.18.2-rc1"}),
        ("see PORT-1187 and !1893, #2317", {"port-1187", "1893", "2317"}),
        ("工单 #2317 过 lint，变更单 88213", {"2317", "88213"}),
        ("Job/dp-batch/thumb-rebuild-20260312 started", {"thumb-rebuild-20260312"}),
        ("20 of 1200 orders at 12:30 on 10.20.3.4", set()),
        ("it defaced the facade at 99.6 %", set()),
    ],
)
def test_identifiers(text: str, found: set[str]) -> None:
    assert identifiers(text) == found
