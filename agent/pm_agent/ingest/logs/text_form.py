"""The form of a text log, given by one pattern for the first line of a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pm_agent.ingest.logs.line import Column, Line, LogForm, Other, plain
from pm_agent.ingest.logs.minutes import minute_text, slice_of
from pm_agent.ingest.logs.wording import tell
from pm_agent.ingest.source import Source

VARYING = b"0123456789abcdef-"
"""Left out of a line, these make lines that differ in numbers, ids and times the same: its shape. Capital letters
stay, for levels of one letter."""
TRACE = re.compile(
    rb"\s+\S|(?:Caused by|Suppressed|Traceback \(most recent|During handling of|The above exception|Exception in thread)\b|\.\.\. \d+ more|goroutine \d+|[})\]]+[,;]?\s*$"
)
"""Lines that only ever continue a message."""

Reader = Callable[[re.Match[bytes]], Line | Other]


def named(match: re.Match[bytes]) -> Line:
    """A line from the groups time, message, level and who."""
    groups = match.groupdict()
    who = groups.get("who")
    level = groups.get("level")
    return Line(
        match["time"].decode("latin-1").strip(),
        plain(match["message"]).strip(),
        level.decode("latin-1") if level else None,
        plain(who).strip() or None if who else None,
    )


@dataclass(frozen=True)
class TextForm:
    """Reads lines by patterns. `sample` are first lines of the file, from which the place of the time is learnt."""

    head: re.Pattern[bytes]
    """The first line of a message, with a group `time`; `message`, `level` and `who` are read by `named`."""
    tail: re.Pattern[bytes] | None = TRACE
    """Lines that continue a message; None: every line that is no first line."""
    structural: re.Pattern[bytes] | None = None
    read: Reader = named
    sample: tuple[bytes, ...] = field(default=(), repr=False)
    wording: Callable[..., str] = tell

    def parse(self, line: bytes) -> Line | Other:
        """Read one line."""
        match = self.head.match(line)
        if match is not None:
            return self.read(match)
        if self.structural is not None and self.structural.match(line):
            return Other.STRUCTURAL
        return Other.TAIL if self.tail is None or self.tail.match(line) else Other.UNREADABLE

    def columns(self, lines: list[bytes], piece: bytes, *, exact: bool = False) -> list[Column]:
        """Minutes sliced from where the sample has them, shapes by leaving out what varies."""
        shapes = piece.translate(None, VARYING).split(b"\n")
        place = self._place
        if exact or place is None:
            return list(zip(map(self._minute, lines), shapes, strict=True))
        start, end = place
        return list(zip([line[start:end] for line in lines], shapes, strict=True))

    def tell(self, head: Line, tail: Sequence[str], *, whole: bool) -> str:
        """The message and what continues it."""
        return self.wording(head, tail, whole=whole)

    def _minute(self, line: bytes) -> str | None:
        match = self.head.match(line)
        return minute_text(match["time"].decode("latin-1").strip()) if match else None

    @cached_property
    def _place(self) -> tuple[int, int] | None:
        """Where every line of the sample has its minute, or None where that differs."""
        matches = [match for line in self.sample if (match := self.head.match(line))]
        starts = {match.start("time") for match in matches}
        width = slice_of([match["time"].decode("latin-1") for match in matches])
        if len(starts) != 1 or width is None:
            return None
        start = starts.pop()
        return start, start + width


def sample_of(source: Source) -> tuple[bytes, ...]:
    """The first lines of a file, from which forms are chosen and learn."""
    return tuple(line.encode("utf-8", "replace") for line in source.head_lines[:200])


def share(form: LogForm, lines: Sequence[bytes]) -> float:
    """How much of these lines the form reads: first lines against lines that are none of its own.

    Where every line may continue a message, lines that don't look like it count half against the form.
    """
    kinds = [form.parse(line) for line in lines]
    heads = sum(isinstance(kind, Line) for kind in kinds)
    strange = sum(kind is Other.UNREADABLE for kind in kinds)
    if getattr(form, "tail", TRACE) is None:
        loose = sum(
            kind is Other.TAIL and not TRACE.match(line) for kind, line in zip(kinds, lines, strict=True)
        )
        strange += loose // 2
    return heads / (heads + strange) if heads else 0.0
