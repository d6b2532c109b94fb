"""The counts of all chunks → one log. Chunks are joined in order, so it doesn't matter who counted them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pm_agent.evidence import Skipped
from pm_agent.ingest.logs.chunk import KEPT_MISSES, Counts
from pm_agent.ingest.logs.mining import Miner
from pm_agent.ingest.logs.minutes import nearest
from pm_agent.ingest.logs.routes import Routes
from pm_agent.ingest.logs.track import Track
from pm_agent.ingest.source import MAX_LINE, Source

_MAX_ENTRIES = 400_000
"""Templates × minutes kept apart; a log of many days is counted by ten minutes or by hours."""


@dataclass
class Template:
    """A template and its lines."""

    text: str
    track: Track


@dataclass
class Log:
    """A whole log, counted."""

    templates: list[Template] = field(default_factory=list)
    """In order of first appearance."""
    counts: Counts = field(default_factory=Counts)
    step: int = 1
    """Minutes that one entry of a track covers."""
    routes: list[Log] = field(default_factory=list)
    """Where lines are requests: each route that served some and refused others, as a log of its own."""

    def coarser(self, step: int) -> Log:
        """The same log, counted by so many minutes."""
        templates = []
        for template in self.templates:
            track = template.track.empty()
            track.absorb(template.track)
            track.coarsen(step)
            templates.append(Template(template.text, track))
        return Log(templates, self.counts, step)


class Total:
    """Adds up chunks."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.step = 1
        self._miner = Miner()
        self._tracks: dict[int, Track] = {}
        self._routes = Routes()

    def add(self, chunk: Counts) -> None:
        """Add the next chunk of the file."""
        total = self.counts
        shift = self._shift(chunk)
        for tokens, track in sorted(chunk.tracks.items(), key=lambda item: item[1].first):
            number = self._miner.place(tokens)
            known = self._tracks.setdefault(number, track.empty())
            known.absorb(track, total.lines, shift)
            self._routes.add(tokens, track, total.lines, shift)
        early = 0 if total.heads else chunk.early  # nothing before them that they could continue
        missed = (chunk.early_at if early else []) + chunk.unreadable_at
        room = KEPT_MISSES - len(total.unreadable_at)
        total.unreadable_at += [at + total.lines for at in sorted(missed)[:room]]
        total.cut += [at + total.lines for at in chunk.cut]
        total.heads += chunk.heads
        total.tails += chunk.tails - early
        total.unreadable += chunk.unreadable + early
        total.structural += chunk.structural
        total.lines += chunk.lines
        self._coarsen()
        self._routes.shrink()

    def _shift(self, chunk: Counts) -> int:
        """Minutes to add where times have no date or no year: the chunk goes on where the last one ended."""
        shift = 0
        if chunk.first_minute is None or chunk.last_minute is None:
            return 0
        if chunk.period:
            shift = nearest(chunk.first_minute, chunk.period, self.counts.last_minute) - chunk.first_minute
        self.counts.last_minute = chunk.last_minute + shift
        return shift

    def _coarsen(self) -> None:
        for step in (1, 10, 60, 24 * 60):
            if sum(len(track.minutes) for track in self._tracks.values()) <= _MAX_ENTRIES:
                return
            if step >= self.step:
                self.step = step
                for track in self._tracks.values():
                    track.coarsen(step)

    def log(self) -> Log:
        """What was counted."""
        joined: dict[int, Track] = {}
        for number, track in self._tracks.items():
            root = self._miner.root(number)
            joined.setdefault(root, track.empty()).absorb(track)
        for track in joined.values():
            track.coarsen(self.step)
        templates = [Template(self._miner.text(number), track) for number, track in joined.items()]
        ordered = sorted(templates, key=lambda t: (t.track.first, t.text))
        return Log(ordered, self.counts, self.step, list(self._by_route()))

    def _by_route(self) -> Iterator[Log]:
        for name, answers in self._routes.answered_both_ways():
            templates = [Template(f"{name} {status}".strip(), track) for status, track in answers.items()]
            yield Log(templates, step=self._routes.step)


def settle(source: Source, counts: Counts) -> None:
    """Write what became of the lines into the source's tally."""
    tally = source.tally
    tally.counted = True
    tally.parsed = counts.heads + counts.structural
    tally.continued = counts.tails
    tally.unparsed = counts.unreadable
    tally.unparsed_at = list(counts.unreadable_at)
    tally.structural = counts.structural
    tally.read = tally.parsed + tally.continued + tally.unparsed
    tally.skipped += [
        Skipped(source.path, f"line cut at {MAX_LINE // 1024} KB", at) for at in counts.cut[:20]
    ]
