"""How many customers were written to is no figure of what they suffered."""

from __future__ import annotations

import pytest

from pm_agent.reading.cues import has_sign


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I JUST mailed 400 customers", True),
        ("we have informed 12 merchants", True),
        ("通知了 400 个客户", True),
        ("400 customers could not pay", False),
        ("400 个客户下不了单", False),
    ],
)
def test_writing_to_users_is_no_impact(text: str, told: bool) -> None:
    assert has_sign(text, "tells_users") is told
