"""A counted log → the few lines that tell something."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from pm_agent.ingest.logs.bursts import FLOOR, Burst, added, find_bursts, find_silences
from pm_agent.ingest.logs.failures import FEW
from pm_agent.ingest.logs.line import DEBUG, ERROR, FATAL, WARN
from pm_agent.ingest.logs.refusals import tell_refusals
from pm_agent.ingest.logs.total import Log, Template
from pm_agent.ingest.logs.view import Pick, View, axis_of
from pm_agent.ingest.logs.words import BREAKDOWN, MILESTONE, RESTART, UNIT

MAX_PICKS = 40
RARE = 3
"""A template with no more lines than this may be told line by line."""
_IN_BURST = 5
"""First lines told of one burst."""
_NEAR = 15
"""Minutes around a burst in which rare lines are worth a look."""


def pick(log: Log) -> list[Pick]:
    """The most telling lines, in file order, one for each line."""
    axis = axis_of(log)
    if axis is None:
        return []
    view = teller = _Teller(log, axis)
    bursts = view.error_bursts()
    if not bursts and view.requests and log.step == 1:
        few = log.coarser(FEW)
        teller = _Teller(few, axis_of(few) or axis, axis.last)
        bursts = teller.error_bursts()
    found = [
        *(p for burst in bursts for p in teller.tell_burst(burst)),
        *tell_refusals(log, axis),
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


class _Teller(View):
    """Everything else that the counts of a log tell."""

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
            if self.within(self.error_total, burst) < burst.count and not starting:
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


def _lines(template: Template) -> list[tuple[int, int]]:
    """Minute and line of a rare template's lines, as far as they are known: the first and the last of each minute."""
    return [
        (minute, line)
        for minute, _, first, last in template.track.entries()
        for line in sorted({first, last})
    ]
