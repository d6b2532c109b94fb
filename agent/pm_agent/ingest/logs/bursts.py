"""Counts by minute → the stretches in which something happened much more often than otherwise, or not at all."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FLOOR = 5
"""Fewer lines a minute than this are never a burst."""
_RATIO = 3.0
_SIGMA = 6.0
_JOIN = 5
"""Quiet minutes inside one burst."""
_MANY = 6
"""A log with more bursts than this has a habit, and only what towers above the habit is told."""
MAX_MINUTES = 200_000


@dataclass(frozen=True, slots=True)
class Axis:
    """The minutes that a log covers, `step` at a time."""

    first: int
    last: int
    step: int = 1

    def __len__(self) -> int:
        return (self.last - self.first) // self.step + 1

    def values(self, series: Mapping[int, int]) -> list[int]:
        """The series with its zeros."""
        return [series.get(minute, 0) for minute in range(self.first, self.last + 1, self.step)]


@dataclass(frozen=True, slots=True)
class Burst:
    """A stretch of minutes, both ends included."""

    first: int
    last: int
    peak: int
    peak_count: int
    count: int
    usual: float
    """How many a minute outside of it."""

    def covers(self, minute: int, margin: int = 0) -> bool:
        """True for a minute inside, or outside by no more than the margin."""
        return self.first - margin <= minute <= self.last + margin


def find_bursts(series: Mapping[int, int], axis: Axis, floor: int = FLOOR) -> list[Burst]:
    """Bursts of a series, in order of time."""
    if len(axis) > MAX_MINUTES or not series:
        return []
    values = axis.values(series)
    base = sorted(values)[len(values) // 10]
    limit = max(floor, _RATIO * base, base + _SIGMA * math.sqrt(base + 1))
    hot = [at for at, value in enumerate(values) if value >= limit]
    stretches = _stretches(hot)
    inside = sum(sum(values[a : b + 1]) for a, b in stretches)
    outside = len(values) - sum(b + 1 - a for a, b in stretches)
    usual = (sum(values) - inside) / outside if outside else float(base)
    found = [burst for a, b in stretches if (burst := _burst(values, a, b, usual, axis)) is not None]
    if len(found) > _MANY:
        habit = sorted(burst.peak_count for burst in found)[len(found) // 2]
        found = [burst for burst in found if burst.peak_count >= _RATIO * habit]
    return found


def _stretches(hot: list[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for at in hot:
        if found and at - found[-1][1] <= _JOIN + 1:
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return found


def _burst(values: list[int], start: int, end: int, usual: float, axis: Axis) -> Burst | None:
    """The burst of this stretch, unless chance explains it or it is all there is."""
    if start == 0 and end == len(values) - 1:
        return None
    count, expected = sum(values[start : end + 1]), usual * (end + 1 - start)
    if count < expected * _RATIO or count < expected + _SIGMA * math.sqrt(expected) + FLOOR:
        return None
    peak = max(range(start, end + 1), key=lambda at: (values[at], -at))
    minute = [axis.first + at * axis.step for at in (start, end, peak)]
    return Burst(minute[0], minute[1], minute[2], values[peak], count, usual)


@dataclass(frozen=True, slots=True)
class Silence:
    """Minutes without any line in a log that otherwise has some in every minute."""

    before: int
    """The last minute with a line."""
    after: int
    minutes: int
    usual: float


def find_silences(series: Mapping[int, int], axis: Axis) -> list[Silence]:
    """Holes in a steady log, the longest three, in order of time."""
    if len(axis) > MAX_MINUTES or len(axis) < 10 or axis.step > 1:
        return []
    values = sorted(series.values())
    usual = values[len(values) // 2]
    marks = sorted(series)
    holes = [(b - a - 1, a, b) for a, b in itertools.pairwise(marks) if b - a > 3]
    steady = len(marks) / (len(axis) - sum(size for size, _, _ in holes))
    if usual < 2 * FLOOR or steady < 0.95 or len(holes) > _MANY:
        return []
    longest = sorted(holes, reverse=True)[:3]
    return [Silence(a, b, size, usual) for size, a, b in sorted(longest, key=lambda hole: hole[1])]


def added(series: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """The sum of several series."""
    total: dict[int, int] = {}
    for one in series:
        for minute, count in one.items():
            total[minute] = total.get(minute, 0) + count
    return total
