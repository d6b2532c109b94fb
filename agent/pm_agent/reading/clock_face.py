"""How moments and durations are printed: in one zone, to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from pm_agent.reading.timeforms import read_offset


def zone(name: str) -> tzinfo:
    """The zone of an IANA name or an offset; UTC for a name nobody knows."""
    minutes = read_offset(name)
    if minutes is not None:
        return timezone(timedelta(minutes=minutes)) if minutes else UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def local(at: datetime, name: str) -> datetime:
    """The moment on the clocks of that zone."""
    return at.astimezone(zone(name))


def local_minute(at: datetime, name: str) -> str:
    """`20:03` on the clocks of that zone; seconds are cut, never rounded up."""
    return f"{local(at, name):%H:%M}"


def printed_minutes(start: datetime, end: datetime) -> int:
    """Whole minutes between the two minutes as printed, so that a reader can check the difference."""
    return int((minute_of(end) - minute_of(start)).total_seconds() // 60)


def minute_of(at: datetime) -> datetime:
    """The moment at the start of its minute, as minutes are printed."""
    return at.replace(second=0, microsecond=0)
