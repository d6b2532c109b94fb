"""The pieces of one chunk → counts by template and minute.

The work on every line is done by C code: a piece becomes columns, `Counter` counts them, and Python looks at each
different column once.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from pm_agent.ingest.logs.blocks import Piece
from pm_agent.ingest.logs.line import Column, Line, LogForm, Other, rank
from pm_agent.ingest.logs.mining import Miner, Tokens
from pm_agent.ingest.logs.minutes import DAY, Minutes
from pm_agent.ingest.logs.track import Track
from pm_agent.ingest.logs.words import grave

_SHAPES = 50_000
KEPT_MISSES = 20
Kind = int | Other | None
"""What a line is: a template, another kind of line, or None for a blank one."""


def template_of(miner: Miner, line: Line) -> int:
    """The number of a line's template."""
    label = line.level or ("failed" if line.failed else "")
    return miner.add(line.message, label) if line.template is None else miner.fixed(line.template, label)


@dataclass
class Counts:
    """What was counted in a chunk; places count from its first line, as 1."""

    lines: int = 0
    """Physical lines, blank ones included."""
    heads: int = 0
    tails: int = 0
    structural: int = 0
    unreadable: int = 0
    unreadable_at: list[int] = field(default_factory=list)
    early: int = 0
    """Lines that continue a message, before the first message of the chunk."""
    early_at: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    """Lines that were longer than allowed."""
    tracks: dict[Tokens, Track] = field(default_factory=dict)
    first_minute: int | None = None
    last_minute: int | None = None
    period: int = 0


class Chunk:
    """Counts the pieces of one chunk."""

    def __init__(self, form: LogForm) -> None:
        self.form = form
        self.counts = Counts()
        self._miner = Miner()
        self._minutes = Minutes()
        self._shapes: dict[Hashable, Kind] = {}
        self._tracks: dict[int, Track] = {}

    def add(self, piece: Piece) -> None:
        """Count every line of a piece."""
        lines = piece.data.split(b"\n")
        self.counts.cut += [self.counts.lines + at + 1 for at in piece.cut]
        self._take(lines, self.form.columns(lines, piece.data), exact=False)

    def done(self) -> Counts:
        """The counts by template."""
        counts = self.counts
        for template, track in self._tracks.items():
            tokens = self._miner.templates[self._miner.root(template)]
            if tokens in counts.tracks:
                counts.tracks[tokens].absorb(track)
            else:
                counts.tracks[tokens] = track
        counts.first_minute, counts.last_minute = self._minutes.first, self._minutes.last
        counts.period = self._minutes.period
        return counts

    def _take(self, lines: list[bytes], columns: list[Column], *, exact: bool) -> None:
        for start, end in self._days(columns):
            part = lines[start:end] if end - start < len(lines) else lines
            batch = _batch(part, columns[start:end] if end - start < len(columns) else columns)
            timeless = {text for text, _ in batch.counts if self._read(text) is None}
            kinds = {column: self._kind(column, part[at], timeless) for column, at in batch.firsts.items()}
            if timeless and not exact and any(isinstance(kinds[c], int) and c[0] in timeless for c in kinds):
                self._take(part, self.form.columns(part, b"\n".join(part), exact=True), exact=True)
            else:
                self._record(batch, kinds)

    def _read(self, text: Hashable) -> tuple[int, int] | None:
        return None if text is None else self._minutes.read(text)

    def _days(self, columns: list[Column]) -> Iterator[tuple[int, int]]:
        """Stretches within which no time of day comes twice, where times have no date."""
        start, last = 0, 0
        sample = next((found for column in columns[:200] if (found := self._read(column[0]))), None)
        if sample is not None and sample[1] == DAY:
            for at, column in enumerate(columns):
                found = self._read(column[0])
                if found is not None:
                    if last - found[0] > DAY // 2:
                        yield start, at
                        start = at
                    last = found[0]
        yield start, len(columns)

    def _kind(self, column: Column, line: bytes, timeless: set[Hashable]) -> Kind:
        text, shape = column
        known = self._shapes.get(shape, self)
        if known is not self and not (text in timeless and isinstance(known, int)):
            return known  # type: ignore[return-value]
        kind = self._learn(line)
        if not (text in timeless and isinstance(kind, int)):
            if len(self._shapes) >= _SHAPES:
                self._shapes.clear()
            self._shapes[shape] = kind
        return kind

    def _learn(self, line: bytes) -> Kind:
        if not line.strip():
            return None
        read = self.form.parse(line)
        if isinstance(read, Other):
            return read
        template = template_of(self._miner, read)
        if template not in self._tracks:
            words = read.message if read.template is None else read.template
            level = rank(read.level)
            known = level if level is not None or read.failed is not None else grave(words)
            self._tracks[template] = Track(read.level, known, read.failed, read.who)
        return template

    def _record(self, batch: _Batch, kinds: dict[Column, Kind]) -> None:
        counts, base = self.counts, self.counts.lines + 1
        if not counts.heads:
            self._record_early(batch, kinds)
        sums: dict[tuple[int, Hashable], tuple[int, int, int]] = {}
        for column, count in batch.counts.items():
            kind = kinds[column]
            if type(kind) is int:
                counts.heads += count
                first, last = batch.firsts[column], batch.lasts[column]
                known = sums.get((kind, column[0]))
                if known is not None:
                    count, first, last = count + known[0], min(first, known[1]), max(last, known[2])
                sums[kind, column[0]] = count, first, last
            elif kind is Other.TAIL:
                counts.tails += count
            elif kind is Other.STRUCTURAL:
                counts.structural += count
            elif kind is Other.UNREADABLE:
                counts.unreadable += count
        for (template, text), (count, first, last) in sums.items():
            minute = None if text is None else self._minutes.of(text)
            self._tracks[template].add(minute, count, first + base, last + base)
        if len(counts.unreadable_at) < min(counts.unreadable, KEPT_MISSES):
            places = (
                at + base for at, column in enumerate(batch.columns) if kinds[column] is Other.UNREADABLE
            )
            counts.unreadable_at += itertools.islice(places, KEPT_MISSES - len(counts.unreadable_at))
        counts.lines += len(batch.columns)

    def _record_early(self, batch: _Batch, kinds: dict[Column, Kind]) -> None:
        for at, column in enumerate(batch.columns):
            if isinstance(kinds[column], int):
                return
            if kinds[column] is Other.TAIL:
                self.counts.early += 1
                if len(self.counts.early_at) < KEPT_MISSES:
                    self.counts.early_at.append(at + self.counts.lines + 1)


class _Batch:
    """Columns, and for each different one how often it stands and where first and last."""

    def __init__(self, columns: list[Column]) -> None:
        size = len(columns)
        self.columns = columns
        self.counts = Counter(columns)
        self.lasts = dict(zip(columns, range(size), strict=True))
        latest_first = dict(zip(reversed(columns), range(size - 1, -1, -1), strict=True))
        self.firsts = {column: latest_first[column] for column in self.counts}


def _batch(lines: list[bytes], columns: list[Column]) -> _Batch:
    """The columns counted; lines of which a shape leaves nothing (`----`, `2026`) are told apart from blank ones."""
    batch = _Batch(columns)
    if not any(_is_hollow(shape) for _, shape in batch.counts):
        return batch
    return _Batch(
        [
            (column[0], (column[1], not line.strip())) if _is_hollow(column[1]) else column
            for column, line in zip(columns, lines, strict=True)
        ]
    )


def _is_hollow(shape: Hashable) -> bool:
    return isinstance(shape, bytes) and not shape.strip()


def count_pieces(pieces: Iterable[Piece], form: LogForm) -> Iterator[Counts]:
    """The counts of each chunk, in order."""
    for _, group in itertools.groupby(pieces, lambda piece: piece.chunk):
        chunk = Chunk(form)
        for piece in group:
            chunk.add(piece)
        yield chunk.done()
