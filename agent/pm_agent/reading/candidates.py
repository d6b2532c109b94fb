"""A line that may be a milestone, a choice among such lines, and the scene in which they stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pm_agent.evidence import Precision
from pm_agent.reading.lines import Line
from pm_agent.reading.said_times import said_times
from pm_agent.reading.says import Act, Saying
from pm_agent.reading.topic import Topic


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may be the milestone, at the moment it speaks of."""

    line: Line
    at: datetime
    precision: Precision
    words: str
    score: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen line and the runners-up, each with a code for why not; or None with a code for why."""

    chosen: Candidate | None
    reason: str
    others: tuple[tuple[Candidate, str], ...] = ()


@dataclass(eq=False)
class Scene:
    """All that choosing needs; one scene is not compared with another."""

    lines: Sequence[Line]
    said: Mapping[str, Sequence[Saying]]
    topic: Topic
    outside: set[str]
    """Lines that stand outside the incident: unrelated alerts, dismissed talk."""
    timezone: str

    @cached_property
    def _talk(self) -> tuple[list[datetime], list[Line]]:
        """What persons say within the incident, by time."""
        told = [
            (line.at, line)
            for line in self.lines
            if line.at is not None and line.by_person and line.id not in self.outside
        ]
        told.sort(key=lambda item: item[0])
        return [at for at, _ in told], [line for _, line in told]

    def talk(self, start: datetime, end: datetime) -> list[Line]:
        """What persons say from one moment to another, in order of time."""
        times, told = self._talk
        return told[bisect_left(times, start) : bisect_right(times, end)]

    @cached_property
    def deploys(self) -> list[Line]:
        """What deploy systems tell, in the order of the evidence."""
        return [line for line in self.lines if line.kind == "deploy" and line.at is not None]

    def candidates(self, acts: set[Act], *, least: float = 1.0, said_time: bool = False) -> list[Candidate]:
        """Lines that say one of `acts`, in order of time."""
        found = []
        for line in self.lines:
            if line.at is None or line.id in self.outside:
                continue
            best = max(
                (s for s in self.said.get(line.id, ()) if s.act in acts), key=lambda s: s.weight, default=None
            )
            if best is None or best.weight < least:
                continue
            found.append(self._candidate(line, best, said_time))
        return sorted(found, key=lambda c: c.at)

    def _candidate(self, line: Line, saying: Saying, said_time: bool) -> Candidate:
        assert line.at is not None  # candidates() leaves out lines without a time
        at, precision = line.at, line.precision
        if said_time and line.by_person:
            times = said_times(saying.words, line.at, self.timezone)
            if times:
                at, precision = times[0].at, times[0].precision
        return Candidate(line, at, precision, saying.words, saying.weight)
