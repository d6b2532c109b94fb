"""A counted log → the few lines that tell something."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pm_agent.evidence import Signal
from pm_agent.ingest.logs.bursts import FLOOR, Axis, Burst, added, find_bursts, find_silences
from pm_agent.ingest.logs.failures import FEW, failure_bursts
from pm_agent.ingest.logs.line import DEBUG, ERROR, FATAL, WARN
from pm_agent.ingest.logs.total import Log, Template
from pm_agent.ingest.logs.words import BREAKDOWN, MILESTONE, RESTART, UNIT

MAX_PICKS = 40
RARE = 3
"""A template with no more lines than this may be told line by line."""
_IN_BURST = 5
"""First lines told of one burst."""
_NEAR = 15
"""Minutes around a burst in which rare lines are worth a look."""


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
    silence: int = 0
    """Minutes without a line, after this one (onset) or before it (ended)."""


def pick(log: Log) -> list[Pick]:
    """The most telling lines, in file order, one for each line."""
    axis = _axis(log)
    if axis is None:
        return []
    view = teller = _View(log, axis)
    bursts = view.error_bursts()
    if not bursts and view.requests and log.step == 1:
        few = log.coarser(FEW)
        teller = _View(few, _axis(few) or axis, axis.last)
        bursts = teller.error_bursts()
    found = [
        *(p for burst in bursts for p in teller.tell_burst(burst)),
        *view.warnings(bursts),
        *view.surges(bursts),
        *view.silences(),
        *view.first_seen(bursts),
        *view.restarts(),
        *view.milestones(bursts),
    ]
    best: dict[int, Pick] = {}
    for one in sorted(found, key=lambda p: (-p.weight, p.line)):
        best.setdefault(one.line, one)
    return sorted(list(best.values())[:MAX_PICKS], key=lambda p: p.line)


def _axis(log: Log) -> Axis | None:
    """The minutes that the log's dated lines cover; None without any."""
    minutes = [
        m for t in log.templates if t.track.minutes for m in (min(t.track.minutes), max(t.track.minutes))
    ]
    return Axis(min(minutes), max(minutes), log.step) if minutes else None


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


class _View:
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

    def _within(self, series: dict[int, int], burst: Burst) -> int:
        return sum(count for minute, count in series.items() if burst.covers(minute))

    def _part(self, burst: Burst, members: Iterable[int]) -> _Part:
        """What a burst consists of: its main template, its first and last lines."""
        counts = {at: count for at in members if (count := self._within(self.series[at], burst))}
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
            requests = self._within(self.total, burst)
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

    def warnings(self, bursts: list[Burst]) -> Iterator[Pick]:
        """Onsets of bursts of single warnings, the largest five."""
        found = []
        for at, template in enumerate(self.log.templates):
            if template.track.rank == WARN and template.track.count >= FLOOR:
                for burst in find_bursts(self.series[at], self.axis, 2 * FLOOR):
                    found.append((burst.count, at, burst))
        for _, at, burst in sorted(found, key=lambda item: (-item[0], item[1]))[:5]:
            near = any(burst.covers(other.first, _NEAR) for other in bursts)
            yield next(self.tell_burst(burst, [at], 65.0 if near else 55.0))

    def surges(self, bursts: list[Burst]) -> Iterator[Pick]:
        """Bursts of all lines that the errors don't explain, the largest three."""
        told = set(self.errors)
        quiet = [at for at, t in enumerate(self.log.templates) if at not in told and t.track.rank != WARN]
        surges = find_bursts(added(self.series[at] for at in quiet), self.axis, 10 * FLOOR)
        for burst in sorted(surges, key=lambda b: -b.count)[:3]:
            part = self._part(burst, quiet)
            starting = part.kinds * 2 > burst.count  # a start says everything once
            if self._within(self.error_total, burst) < burst.count and not starting:
                yield replace(next(self.tell_burst(burst, quiet, 50)), requests=0)

    def silences(self) -> Iterator[Pick]:
        """The last line before a hole and the first after it."""
        for hole in find_silences(self.total, self.axis):
            edge = {hole.before: 0, hole.after: 0}
            names = dict.fromkeys(edge, "")
            for template in self.log.templates:
                for minute, _, first, last in template.track.entries():
                    if minute == hole.before and last > edge[minute]:
                        edge[minute], names[minute] = last, template.text
                    if minute == hole.after and (not edge[minute] or first < edge[minute]):
                        edge[minute], names[minute] = first, template.text
            burst = Burst(hole.before, hole.after, hole.before, 0, 0, hole.usual)
            yield Pick(edge[hole.before], "onset", names[hole.before], 75, burst=burst, silence=hole.minutes)
            yield Pick(edge[hole.after], "ended", names[hole.after], 60, burst=burst, silence=hole.minutes)

    def first_seen(self, bursts: list[Burst]) -> Iterator[Pick]:
        """First lines of errors and warnings that the log doesn't have all along; few of those that a burst brings."""
        if self.requests:
            return
        found: dict[Burst | bool, list[Pick]] = defaultdict(list)
        for template in self.log.templates:
            track = template.track
            if track.rank is None or track.rank < WARN or self._steady(template):
                continue
            begins = min(track.minutes, default=self.axis.first)
            burst = next((b for b in bursts if b.covers(begins) and track.rank >= ERROR), None)
            near = any(b.covers(begins, _NEAR) for b in bursts)
            new = begins > self.axis.first + len(self.axis) * self.axis.step // 10
            base = {WARN: 35, ERROR: 60 if track.level else 50, FATAL: 75}[track.rank]
            weight = base + min(10.0, math.log2(track.count)) + 10 * new + 10 * near
            last = track.last if track.count > 1 else None
            group: Burst | bool = burst if burst is not None else track.rank >= ERROR
            found[group].append(Pick(track.first, "first_seen", template.text, weight, track.count, last))
        for group, picks in found.items():
            limit = _IN_BURST if isinstance(group, Burst) else 15 if group else 8
            yield from sorted(picks, key=lambda p: (-p.weight, p.line))[:limit]

    def _steady(self, template: Template) -> bool:
        """True for what stands in the first tenth of the log and in most others too."""
        size = max(1, len(self.axis) * self.axis.step)
        tenths = {(minute - self.axis.first) * 10 // size for minute in template.track.minutes}
        return 0 in tenths and len(tenths) >= 5

    def restarts(self) -> Iterator[Pick]:
        """Starts, stops and kills of processes; of those that follow on each other the first and the last."""
        found: list[tuple[int, Pick]] = []
        for template in self.log.templates:
            broken = BREAKDOWN.search(template.text)
            unit = "systemd" in (template.track.who or "") and UNIT.search(template.text)
            if not (broken or unit or RESTART.search(template.text)):
                continue
            if template.track.count > (10 if broken else RARE):
                continue
            for minute, line in _lines(template):
                found.append((minute, Pick(line, "restart", template.text, 85 if broken else 62)))
        found.sort(key=lambda item: item[1].line)
        for at, (minute, one) in enumerate(found):
            close = 2 * self.axis.step
            inner = (
                0 < at < len(found) - 1
                and minute - found[at - 1][0] <= close
                and found[at + 1][0] - minute <= close
            )
            if not inner or one.weight > 80:
                yield one

    def milestones(self, bursts: list[Burst]) -> Iterator[Pick]:
        """Rare changes of state, and the rare lines around a burst."""
        near: list[Pick] = []
        for template in self.log.templates:
            track = template.track
            if (
                track.count > RARE
                or track.rank == DEBUG
                or track.failed is not None
                or (track.rank or 0) >= WARN
            ):
                continue
            by_nature = MILESTONE.search(template.text)
            for minute, line in _lines(template):
                distance = min(
                    (abs(minute - b.first) for b in bursts if b.covers(minute, _NEAR)), default=None
                )
                if by_nature:
                    yield Pick(line, None, template.text, 58 if distance is None else 78)
                elif distance is not None and line > self.log.counts.lines // 50:
                    near.append(Pick(line, None, template.text, 45 - distance / 10))
        yield from sorted(near, key=lambda p: (-p.weight, p.line))[: 4 * len(bursts[:3])]


def _is_error(template: Template) -> bool:
    track = template.track
    return bool(track.failed) if track.failed is not None else (track.rank or 0) >= ERROR


def _lines(template: Template) -> list[tuple[int, int]]:
    """Minute and line of a rare template's lines, as far as they are known: the first and the last of each minute."""
    return [
        (minute, line)
        for minute, _, first, last in template.track.entries()
        for line in sorted({first, last})
    ]
