"""A counted log with its series at hand, and how a burst in it is told: onset, peak and end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pm_agent.evidence import Signal
from pm_agent.ingest.logs.bursts import Axis, Burst, added, find_bursts
from pm_agent.ingest.logs.failures import FEW, failure_bursts
from pm_agent.ingest.logs.line import ERROR
from pm_agent.ingest.logs.total import Log, Template


@dataclass(frozen=True, slots=True)
class Pick:
    """A line worth telling, and what the counts say about it."""

    line: int
    signal: Signal | None
    template: str
    weight: float
    count: int = 1
    end: int | None = None
    """The last line of the same matter."""
    burst: Burst | None = None
    peak_line: int | None = None
    kinds: int = 1
    """Templates that take part in a burst."""
    requests: int = 0
    """All requests of the burst's minutes, where the lines are requests."""
    peak_requests: int = 0
    step: int = 1
    """Minutes that one entry of the counts covers."""
    refused: bool = False
    """True where the burst is of requests that were refused, among those of the same routes."""
    silence: int = 0
    """Minutes without a line, after this one (onset) or before it (ended)."""


@dataclass(frozen=True, slots=True)
class _Part:
    main: Template
    first: int
    """The main template's first line."""
    last: int
    """The last line of any template."""
    ends: str
    """The template of that last line."""
    kinds: int


def axis_of(log: Log) -> Axis | None:
    """The minutes that the log's dated lines cover; None without any."""
    minutes = [
        m for t in log.templates if t.track.minutes for m in (min(t.track.minutes), max(t.track.minutes))
    ]
    return Axis(min(minutes), max(minutes), log.step) if minutes else None


class View:
    """A log with its series at hand."""

    def __init__(self, log: Log, axis: Axis, end: int | None = None) -> None:
        """`end` is the log's last minute, where that is known better than by the axis."""
        self.log, self.axis = log, axis
        self.end = axis.last if end is None else end
        self.series = [dict(zip(t.track.minutes, t.track.counts, strict=True)) for t in log.templates]
        self.errors = [at for at, t in enumerate(log.templates) if _is_error(t)]
        self.total = added(self.series)
        self.error_total = added(self.series[at] for at in self.errors)
        self.requests = any(t.track.failed is not None for t in log.templates)

    def error_bursts(self) -> list[Burst]:
        """Bursts of errors; where lines are requests, only those in which the share of failures rises too."""
        if self.requests:
            return failure_bursts(self.error_total, self.total, self.axis)
        return find_bursts(self.error_total, self.axis)

    def within(self, series: dict[int, int], burst: Burst) -> int:
        """How many of a series lie in the burst."""
        return sum(count for minute, count in series.items() if burst.covers(minute))

    def _part(self, burst: Burst, members: Iterable[int]) -> _Part:
        """What a burst consists of: its main template, its first and last lines."""
        counts = {at: count for at in members if (count := self.within(self.series[at], burst))}
        main = self.log.templates[min(counts, key=lambda at: (-counts[at], at))]
        first = min(first for minute, _, first, _ in main.track.entries() if burst.covers(minute))
        last, ends = max(
            (last, self.log.templates[at].text)
            for at in counts
            for minute, _, _, last in self.log.templates[at].track.entries()
            if burst.covers(minute)
        )
        return _Part(main, first, last, ends, len(counts))

    def tell_burst(
        self, burst: Burst, members: list[int] | None = None, weight: float = 95
    ) -> Iterator[Pick]:
        """Onset, peak and end of a burst."""
        among = self.errors if members is None else members
        part = self._part(burst, among)
        top = self._part(replace(burst, first=burst.peak, last=burst.peak), among)
        onset = Pick(
            part.first,
            "onset",
            part.main.text,
            weight,
            burst.count,
            part.last,
            burst,
            top.first,
            part.kinds,
            step=self.axis.step,
        )
        if self.requests:
            requests = self.within(self.total, burst)
            onset = replace(onset, requests=requests, peak_requests=self.total.get(burst.peak, 0))
        yield onset
        if burst.last - burst.first < 2 * self.axis.step:
            return
        yield replace(
            onset,
            line=top.first,
            end=top.last,
            signal="peak",
            template=top.main.text,
            count=burst.peak_count,
            weight=weight - 40,
        )
        if self.end - burst.last >= FEW + self.axis.step - 1:
            yield replace(
                onset, line=part.last, end=None, signal="ended", template=part.ends, weight=weight - 30
            )


def _is_error(template: Template) -> bool:
    track = template.track
    return bool(track.failed) if track.failed is not None else (track.rank or 0) >= ERROR
