"""One written time → its parts, and nothing more."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.reading.timeforms import Reading, read_offset, read_time


def parts(reading: Reading | None) -> dict[str, object]:
    assert reading is not None
    plain = Reading()
    return {
        f: getattr(reading, f)
        for f in Reading.__dataclass_fields__
        if getattr(reading, f) != getattr(plain, f)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-04T02:17:00Z", {"year": 2026, "month": 3, "day": 4, "hour": 2, "minute": 17, "offset": 0, "precision": "second"}),
        ("2026-03-04 02:17:00,250", {"year": 2026, "month": 3, "day": 4, "hour": 2, "minute": 17, "second": 0.25, "precision": "second"}),
        ("04/Mar/2026:02:17:00 +0530", {"year": 2026, "month": 3, "day": 4, "hour": 2, "minute": 17, "offset": 330, "precision": "second"}),
        ("Mar  4 02:17:09", {"month": 3, "day": 4, "hour": 2, "minute": 17, "second": 9.0, "precision": "second"}),
        ("1710000000.5", {"epoch": 1710000000.5, "precision": "second"}),
        ("1710000000500", {"epoch": 1710000000.5, "precision": "second"}),
        ("1:46 PM", {"hour": 13, "minute": 46}),
        ("12:05 AM", {"hour": 0, "minute": 5}),
        ("下午8点05分", {"hour": 20, "minute": 5}),
        ("晚上八点一刻", {"hour": 20, "minute": 15}),
        ("凌晨12点半", {"hour": 0, "minute": 30}),
        ("大概八点十分", {"hour": 8, "minute": 10, "precision": "approximate"}),
        ("2026 年 3 月 11 日 17:39", {"year": 2026, "month": 3, "day": 11, "hour": 17, "minute": 39}),
        ("晚上 8 点 05 分", {"hour": 20, "minute": 5}),
        ("3-11 20:03", {"month": 3, "day": 11, "hour": 20, "minute": 3}),
        ("20:03左右", {"hour": 20, "minute": 3, "precision": "approximate"}),
        ("about 14:05", {"hour": 14, "minute": 5, "precision": "approximate"}),
        ("5月11日", {"month": 5, "day": 11}),
        ("2026年3月4日 星期三 20:03", {"year": 2026, "month": 3, "day": 4, "hour": 20, "minute": 3}),
        ("昨天 20:03", {"hour": 20, "minute": 3, "day_word": "yesterday"}),
        ("昨晚11点半", {"hour": 23, "minute": 30, "day_word": "yesterday"}),
        ("星期三 10:02", {"hour": 10, "minute": 2, "weekday": 2}),
        ("+00:12:40", {"relative": 760.0, "precision": "second"}),
        ("5 minutes ago", {"ago": 300.0, "precision": "approximate"}),
        ("3h20m ago", {"ago": 12000.0, "precision": "approximate"}),
        ("20:03 UTC+8", {"hour": 20, "minute": 3, "offset": 480}),
        ("20:03 CST", {"hour": 20, "minute": 3, "zone": "CST"}),
        ("03/04/2026 02:17", {"year": 2026, "month": 3, "day": 4, "hour": 2, "minute": 17, "day_first": False}),
        ("13/04/2026 02:17", {"year": 2026, "month": 4, "day": 13, "hour": 2, "minute": 17}),
    ],
)  # fmt: skip
def test_forms(text: str, expected: dict[str, object]) -> None:
    """Each form gives its parts; what is not written stays open."""
    expected = {"minute": 0, **expected}
    found = parts(read_time(text))
    assert {"minute": 0, **found} == expected


@pytest.mark.parametrize(
    "text",
    ["", "hello", "25:61", "13:00 PM", "2026-13-40", "12345678901", "v1.2.3", "10.1.2.3", "20:03+99:59"],
)
def test_what_is_no_time(text: str) -> None:
    """Out of range or something else: not a time, never a guess."""
    assert read_time(text) is None


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2199, 1, 1)))  # noqa: DTZ001
def test_iso_round_trip(moment: datetime) -> None:
    """Whatever isoformat writes is read back part by part."""
    reading = read_time(moment.isoformat(timespec="milliseconds"))
    assert reading is not None
    assert (reading.year, reading.month, reading.day, reading.hour, reading.minute) == (
        moment.year, moment.month, moment.day, moment.hour, moment.minute,
    )  # fmt: skip


@given(st.text(max_size=60))
def test_any_text_is_safe(text: str) -> None:
    """No text makes the reader raise."""
    read_time(text)
    read_offset(text)
