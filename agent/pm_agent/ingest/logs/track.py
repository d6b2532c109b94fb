"""One template's lines over time."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

_LOOK_BACK = 4
"""Lines of one file are hardly ever out of order by more minutes than this."""


def _numbers() -> array[int]:
    return array("q")


@dataclass
class Track:
    """How many lines a template has, in all and by minute; places are line numbers."""

    level: str | None = None
    rank: int | None = None
    failed: bool | None = None
    who: str | None = None
    """Whoever wrote its first line."""
    count: int = 0
    first: int = 0
    last: int = 0
    minutes: array[int] = field(default_factory=_numbers)
    counts: array[int] = field(default_factory=_numbers)
    firsts: array[int] = field(default_factory=_numbers)
    lasts: array[int] = field(default_factory=_numbers)

    def empty(self) -> Track:
        """A track of the same kind, without lines."""
        return Track(self.level, self.rank, self.failed, self.who)

    def add(self, minute: int | None, count: int, first: int, last: int) -> None:
        """Count lines of one minute."""
        self.first = min(self.first, first) if self.count else first
        self.last = max(self.last, last)
        self.count += count
        if minute is None:
            return
        for at in range(len(self.minutes) - 1, max(-1, len(self.minutes) - 1 - _LOOK_BACK), -1):
            if self.minutes[at] == minute:
                self.counts[at] += count
                self.firsts[at] = min(self.firsts[at], first)
                self.lasts[at] = max(self.lasts[at], last)
                return
        self.minutes.append(minute)
        self.counts.append(count)
        self.firsts.append(first)
        self.lasts.append(last)

    def entries(self) -> Iterator[tuple[int, int, int, int]]:
        """Minute, count, first and last line; a minute may stand twice."""
        return zip(self.minutes, self.counts, self.firsts, self.lasts, strict=True)

    def absorb(self, other: Track, lines: int = 0, minutes: int = 0) -> None:
        """Add a track whose lines and minutes count from these offsets."""
        dated = 0
        for minute, count, first, last in other.entries():
            self.add(minute + minutes, count, first + lines, last + lines)
            dated += count
        if other.count > dated:
            self.add(None, other.count - dated, other.first + lines, other.last + lines)

    def coarsen(self, step: int) -> None:
        """Sort, and make every minute the first of its `step` minutes."""
        coarse = self.empty()
        for minute, count, first, last in sorted(self.entries()):
            coarse.add(minute - minute % step, count, first, last)
        self.minutes, self.counts = coarse.minutes, coarse.counts
        self.firsts, self.lasts = coarse.firsts, coarse.lasts
