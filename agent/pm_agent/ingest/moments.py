"""The nouns of the clock: what goes in (a file's events, what the author gave) and what comes out (moments, notes)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pm_agent.errors import InputError
from pm_agent.evidence import Precision, RawEvent
from pm_agent.reading.timeforms import Reading, read_offset, read_time

Basis = Literal["stated", "given", "assumed"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A resolved time."""

    at: datetime | None
    precision: Precision = "minute"
    relative: float | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class ClockFile:
    """One file's events as the clock needs them."""

    path: str
    events: Sequence[RawEvent]
    date_hint: date | None = None
    """A date in the file's own name."""


@dataclass(frozen=True)
class ClockSettings:
    """What the author gave."""

    timezone: str | None = None
    date: date | None = None
    starts: dict[str, datetime] = field(default_factory=dict)
    """Start of a recording, or the moment a listing of ages was taken, by file name."""
    assumed_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Note:
    """Something the clock had to assume or noticed; `code` names the sentence in `language/*/phrases.yaml`."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FileTimes:
    """The moments of one file, in file order, and how its zone and date were had."""

    moments: list[Moment]
    timezone: str
    basis: Basis
    notes: list[Note]


@dataclass(frozen=True, slots=True)
class Written:
    """The parts of an event's three written times."""

    time: Reading | None
    day: Reading | None
    until: Reading | None


def read_event(event: RawEvent) -> Written:
    """What an event's times say, each by itself."""

    def one(text: str | None) -> Reading | None:
        return read_time(text) if text else None

    return Written(one(event.raw_time), one(event.raw_date), one(event.raw_until))


def zone_of(name: str) -> tzinfo:
    """The zone behind an IANA name, an abbreviation or an offset.

    Raises:
        InputError: nobody knows this zone.
    """
    minutes = read_offset(name)
    if minutes is not None:
        return UTC if minutes == 0 else timezone(timedelta(minutes=minutes))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, IsADirectoryError) as error:
        raise InputError(
            f"unknown time zone {name!r}", hint="give an IANA name, such as Asia/Shanghai"
        ) from error


def epoch_moment(seconds: float) -> datetime:
    """The moment so many seconds after 1970 began, in UTC, to the microsecond."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=round(seconds * 1e6))
