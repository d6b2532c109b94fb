"""Raw time strings of a whole bundle → moments in UTC. The only place that fills in a date, a year or a zone.

What is filled in is stated, given or assumed, and which of the three stands in the coverage of the file. The
order inside a file is evidence: it carries dates across midnight and new year and decides a repeated hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pm_agent.evidence import Series
from pm_agent.ingest.days import better_day, known_days, machine_moments, stated_day
from pm_agent.ingest.file_clock import FileClock
from pm_agent.ingest.moments import (
    Basis,
    ClockFile,
    ClockSettings,
    FileTimes,
    Moment,
    Note,
    Written,
    read_event,
    zone_of,
)

__all__ = [
    "Basis",
    "ClockFile",
    "ClockSettings",
    "FileTimes",
    "Moment",
    "Note",
    "on_clock",
    "resolve",
    "zone_of",
]


def resolve(files: Sequence[ClockFile], settings: ClockSettings) -> list[FileTimes]:
    """Resolve every time of the bundle; files that state a full date help those that don't."""
    readings = [[read_event(event) for event in file.events] for file in files]
    known = known_days(readings, settings)
    clocks = [FileClock(file, read, settings, known) for file, read in zip(files, readings, strict=True)]
    times = [clock.run() for clock in clocks]
    stated = [_stated(*one, settings) for one in zip(files, readings, times, strict=True)]
    for index, (file, read, clock) in enumerate(zip(files, readings, clocks, strict=True)):
        if clock.filled is None:
            continue
        given = settings.date is not None or file.date_hint is not None
        own = machine_moments(file.events, times[index].moments)
        others = [at for other, moments in enumerate(stated) if other != index for at in moments]
        day = better_day(clock.filled, own, others, known.days, given=given)
        if day is not None:
            times[index] = FileClock(file, read, settings, known, first_day=day).run()
    return times


def _stated(
    file: ClockFile, readings: Sequence[Written], times: FileTimes, settings: ClockSettings
) -> list[datetime]:
    """The machine moments of a file whose dates stand in it."""
    dated = [stated_day(read, settings) is not None for read in readings]
    events = [event for event, is_dated in zip(file.events, dated, strict=True) if is_dated]
    moments = [moment for moment, is_dated in zip(times.moments, dated, strict=True) if is_dated]
    return machine_moments(events, moments)


def on_clock(series: Series, settings: ClockSettings) -> Series:
    """The series in seconds since 1970, where so far it is only on somebody's wall clock."""
    if not series.is_wall:
        return series
    zone = zone_of(settings.timezone or settings.assumed_zone)
    points = [
        (datetime.fromtimestamp(at, UTC).replace(tzinfo=zone).timestamp(), value)
        for at, value in series.points
    ]
    return replace(series, points=tuple(sorted(points)), is_wall=False)
