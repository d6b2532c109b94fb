"""Bursts of failed requests: the share of failures says better than their number where one begins and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pm_agent.ingest.logs.bursts import Axis, Burst, find_bursts

FEW = 5
"""Minutes that are counted together where a minute has too few requests to show a rise."""
_SHARE, _SHARE_OF_FEW = 0.01, 0.05
"""Of the requests during a burst that must have failed; few requests prove less."""
_GAP = 2
"""Minutes from one minute of failures to the next at a burst's edge."""

Series = Mapping[int, int]


def failure_bursts(errors: Series, total: Series, axis: Axis) -> list[Burst]:
    """Bursts in which the share of failures rises too, drawn out to the first and last minutes that fail alike."""
    found: list[Burst] = []
    least = _SHARE_OF_FEW if axis.step == FEW else _SHARE
    for burst in find_bursts(errors, axis):
        inside = _within(total, burst)
        outside = sum(total.values()) - inside
        before = (sum(errors.values()) - burst.count) / outside if outside else 0.0
        if burst.count / inside < max(least, 2 * before):
            continue
        grown = _grown(burst, errors, total, axis.step)
        if found and grown.first <= found[-1].last:
            grown = _joined(found.pop(), grown, errors)
        found.append(grown)
    minutes = len(axis) - sum((b.last - b.first) // axis.step + 1 for b in found)
    rest = sum(errors.values()) - sum(b.count for b in found)
    return [replace(burst, usual=rest / minutes if minutes > 0 else 0.0) for burst in found]


def _grown(burst: Burst, errors: Series, total: Series, step: int) -> Burst:
    """The minutes beside it that fail at half its share are the same trouble with fewer requests.

    Of several minutes counted together only some may belong to it, so a quarter is enough.
    """
    alike = burst.count / _within(total, burst) / (2 if step == 1 else 4)
    edges = []
    for edge, away in ((burst.first, -step), (burst.last, step)):
        while onward := _next(edge, away, errors, total, alike):
            edge += onward
        edges.append(edge)
    grown = replace(burst, first=edges[0], last=edges[1])
    return replace(grown, count=_within(errors, grown))


def _next(edge: int, away: int, errors: Series, total: Series, share: float) -> int:
    """How far the nearest minute beyond the edge lies that fails as much; 0 where none is near."""
    far = (n * away for n in range(1, _GAP + 1))
    return next(
        (n for n in far if errors.get(edge + n, 0) and errors[edge + n] >= share * total[edge + n]), 0
    )


def _joined(one: Burst, other: Burst, errors: Series) -> Burst:
    higher = max(one, other, key=lambda burst: burst.peak_count)
    both = replace(higher, first=min(one.first, other.first), last=max(one.last, other.last))
    return replace(both, count=_within(errors, both))


def _within(series: Series, burst: Burst) -> int:
    return sum(count for minute, count in series.items() if burst.covers(minute))
