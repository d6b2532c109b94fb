"""Which day a file without dates was written on: what the other files state, and with which of them its times agree."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pm_agent.evidence import RawEvent
from pm_agent.ingest.moments import ClockSettings, Moment, Written, epoch_moment, zone_of
from pm_agent.reading.timeforms import Reading

_HISTORY = timedelta(days=3)
"""A file that spans more (a git log, a job's builds) is a history: only its last day says when the incident was."""
_SAME_MOMENT = timedelta(seconds=60)
_TYPED = {"chat", "note", "transcript"}
_ENOUGH = 2
"""So many moments must agree before a day is moved."""


@dataclass(frozen=True)
class KnownDays:
    """The days that the bundle's files state, or that the author gave."""

    days: tuple[date, ...] = ()
    likely: date | None = None
    """The first of the days that most files state."""


def known_days(readings: Sequence[Sequence[Written]], settings: ClockSettings) -> KnownDays:
    """Every stated day, on the clocks of the zone that is given or assumed."""
    votes: Counter[date] = Counter()
    found: set[date] = set()
    for file in readings:
        days = {day for read in file if (day := stated_day(read, settings))}
        found |= days
        if days and max(days) - min(days) > _HISTORY:
            days = {max(days)}
        votes.update(days)
    if settings.date:
        return KnownDays(tuple(sorted(found | {settings.date})), settings.date)
    likely = min(votes, key=lambda day: (-votes[day], day)) if votes else None
    return KnownDays(tuple(sorted(found)), likely)


def stated_day(read: Written, settings: ClockSettings) -> date | None:
    """The full date that an event's source states."""
    return _full_day(read.time, settings) or _full_day(read.day, settings)


def _full_day(reading: Reading | None, settings: ClockSettings) -> date | None:
    if reading is None:
        return None
    zone = zone_of(settings.timezone or settings.assumed_zone)
    if reading.epoch is not None:
        return (
            epoch_moment(reading.epoch).astimezone(zone).date() if 0 <= reading.epoch < 7258118400 else None
        )
    if not reading.year or not reading.has_date:
        return None
    try:
        day = datetime(
            reading.year, reading.month or 1, reading.day or 1, reading.hour or 0, reading.minute, tzinfo=UTC
        )
    except ValueError:
        return None
    if reading.offset is None or reading.hour is None:
        return day.date()
    return (day - timedelta(minutes=reading.offset)).astimezone(zone).date()


def machine_moments(events: Sequence[RawEvent], moments: Sequence[Moment]) -> list[datetime]:
    """When the programs of a file say something happened; what people typed agrees with anything."""
    return [
        moment.at
        for event, moment in zip(events, moments, strict=True)
        if moment.at is not None
        and moment.relative is None
        and (event.kind not in _TYPED or event.actor_kind != "person")
    ]


def better_day(
    filled: date,
    own: Sequence[datetime],
    others: Iterable[datetime],
    candidates: Iterable[date],
    *,
    given: bool,
) -> date | None:
    """Another day than `filled`, where the file's moments then are those of other files and now are not.

    Args:
        filled: the day the file's first time was put on.
        own: the file's moments as they are with that day.
        others: moments of files that state their dates.
        candidates: days to try.
        given: the author gave the day: then only the day after it is tried, for a file that begins after midnight.
    """
    stated = sorted(set(others))
    now = _agreements(own, stated, timedelta())
    days = {filled + timedelta(days=1)} if given else {*candidates} - {filled}
    scored = [(_agreements(own, stated, day - filled), day) for day in sorted(days)]
    best = max((score for score, _ in scored), default=0)
    at_best = [day for score, day in scored if score == best]
    if best < _ENOUGH or best <= now or (given and now) or len(at_best) > 1:
        return None
    return at_best[0]


def _agreements(own: Sequence[datetime], stated: Sequence[datetime], shift: timedelta) -> int:
    """How many of the stated moments the file's own meet, within a minute."""
    met: set[int] = set()
    for at in own:
        index = bisect_left(stated, at + shift - _SAME_MOMENT)
        if index < len(stated) and stated[index] <= at + shift + _SAME_MOMENT:
            met.add(index)
    return len(met)
