"""A metric's clear excursions: where it left its usual level, how far it went, and where it came back.

Made to be silent: a flat, noisy, drifting or periodic series has none. A false onset would move a milestone; a missed
one only leaves the picture without a mark.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

FEWEST_POINTS = 8
SHORTEST_RUN = 3
SHORTEST_FROM_ZERO = 5
"""Counters of rare things leave zero for a moment all day long."""
_LONGEST_DIP = 2
"""Points back at the usual level that do not end an excursion."""
_NOISE = 6.0
"""How many times the usual scatter a value must be away from the usual level."""
_JUMPS = 4.0
"""How many times the usual step from one value to the next."""
_SHARE = 0.5
"""Which share of the usual level; all of it where few values show that level."""
_FEW_MEMBERS = 5
_CLEARLY, _CLEARLY_SHORT, _SHORT = 3.0, 5.0, 30
"""How far above the farthest of the other values it must lie; a short series proves less."""
_MOST_RUNS = 3
_RATIO_FLOOR = 0.01
"""Changes of a ratio below one percentage point are nobody's incident."""


@dataclass(frozen=True, slots=True)
class Excursion:
    """One excursion; the numbers in `onset`, `peak` and `end` are places in the series."""

    onset: int | None
    """None: the series begins with it, so nobody saw it begin."""
    peak: int
    end: int | None
    """The first point back at the usual level; None: the series stops before."""
    usual: float
    level: float
    """The middle of what it shows while away."""
    extreme: float

    @property
    def rises(self) -> bool:
        """True where it went up."""
        return self.level > self.usual


def find_excursions(
    points: Sequence[tuple[float, float]], least_change: float | None = None
) -> list[Excursion]:
    """The excursions in order of time, of (time, value) pairs in order of time, every value finite.

    `least_change` counts instead of a share of the usual level where the scale's zero says nothing (degrees).
    """
    values = [value for _, value in points]
    if len(values) < FEWEST_POINTS or min(values) == max(values):
        return []
    usual, margin = _usual(values, least_change)
    runs = _runs(values, usual, margin)
    rest = sorted(abs(v - usual) for v in _outside(values, runs))
    unrest = rest[int(len(rest) * 0.95)] if rest else 0.0
    clearly = _CLEARLY_SHORT if len(values) < _SHORT else _CLEARLY
    found = [_measured(values, run, usual) for run in runs]
    clear = [
        e
        for e in found
        if abs(e.level - usual) >= max(1.5 * margin, clearly * unrest)
        and abs(e.extreme - usual) >= 2 * margin
    ]
    return _outstanding(clear, runs, values, usual)


def _usual(values: Sequence[float], least_change: float | None) -> tuple[float, float]:
    """The usual level, and how far from it a value must be to be away."""
    at_home = _at_home(values)
    # a value beside the other group is on its way there, and says nothing of either level
    settled = [all(at_home[max(0, at - 1) : at + 2]) for at in range(len(values))]
    kept = settled if any(settled) else at_home
    members = [value for value, is_kept in zip(values, kept, strict=True) if is_kept]
    usual = median(members)
    scatter = 1.4826 * median(abs(value - usual) for value in members)
    jumps = [abs(values[at] - values[at - 1]) for at in range(1, len(values)) if kept[at] and kept[at - 1]]
    least = max(_NOISE * scatter, _JUMPS * median(jumps) if jumps else 0.0)
    if least_change is not None:
        return usual, max(least, least_change)
    share = _SHARE if len(members) >= _FEW_MEMBERS else 2 * _SHARE
    if min(values) >= 0 and max(values) <= 1:  # a ratio: 0.999 → 0.95 is a fall to fifty times the errors
        return usual, max(least, share * min(usual, 1 - usual), _RATIO_FLOOR)
    return usual, max(least, share * abs(usual))


def _at_home(values: Sequence[float]) -> list[bool]:
    """Whether each value is of the usual group: of the two the values fall into, the one at the series' ends."""
    cut = _cut(_clipped(values))
    edge = max(1, len(values) // 10)
    ends = [*values[:edge], *values[-edge:]]
    high = sum(value >= cut for value in ends) * 2
    is_high = high > len(ends) or (high == len(ends) and values[0] >= cut)
    return [(value >= cut) == is_high for value in values]


def _clipped(values: Sequence[float]) -> list[float]:
    """In order, with the farthest values drawn in, so that a few giants don't make one group of all the rest."""
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 4], ordered[len(ordered) * 3 // 4]
    reach = 3 * (high - low)
    return [min(max(value, low - reach), high + reach) for value in ordered]


def _cut(ordered: Sequence[float]) -> float:
    """The least value of the upper of two groups, cut where the groups differ most (Otsu); of one group, its least."""
    sums, count = list(accumulate(ordered)), len(ordered)
    best, cut = 0.0, ordered[0]
    for below in range(1, count):
        if ordered[below] == ordered[below - 1]:
            continue
        apart = (sums[-1] - sums[below - 1]) / (count - below) - sums[below - 1] / below
        weight = below * (count - below) * apart * apart
        if weight > best:
            best, cut = weight, ordered[below]
    return cut


def _runs(values: Sequence[float], usual: float, margin: float) -> list[tuple[int, int]]:
    """First and last place of each stretch away from the usual level, all of it on one side."""
    runs: list[tuple[int, int]] = []
    for at, value in enumerate(values):
        if abs(value - usual) <= margin:
            continue
        joins = runs and at - runs[-1][1] <= _LONGEST_DIP + 1
        if joins and (values[runs[-1][1]] > usual) == (value > usual):
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    shortest = SHORTEST_RUN if usual else SHORTEST_FROM_ZERO
    return [
        (first, last)
        for first, last in runs
        if sum(abs(v - usual) > margin for v in values[first : last + 1])
        >= max(shortest, 0.75 * (last - first + 1))
    ]


def _outside(values: Sequence[float], runs: Sequence[tuple[int, int]]) -> list[float]:
    starts = [first for first, _ in runs]
    return [
        value
        for at, value in enumerate(values)
        if not (i := bisect.bisect_right(starts, at)) or runs[i - 1][1] < at
    ]


def _measured(values: Sequence[float], run: tuple[int, int], usual: float) -> Excursion:
    first, last = run
    peak = max(range(first, last + 1), key=lambda at: abs(values[at] - usual))
    return Excursion(
        onset=first or None,
        peak=peak,
        end=last + 1 if last + 1 < len(values) else None,
        usual=usual,
        level=median(values[first : last + 1]),
        extreme=values[peak],
    )


def _outstanding(
    clear: Sequence[Excursion], runs: Sequence[tuple[int, int]], values: Sequence[float], usual: float
) -> list[Excursion]:
    """Those that are told: all of a few; of many, the one that dwarfs the others, for many alike are its habit."""
    if len(runs) <= _MOST_RUNS:
        return list(clear)
    areas = sorted(
        ((sum(abs(v - usual) for v in values[first : last + 1]), first) for first, last in runs), reverse=True
    )
    if areas[0][0] < 3 * areas[1][0]:
        return []
    return [e for e in clear if (e.onset or 0) == areas[0][1]]
