"""The second pass: the lines that were picked, as they stand in the file, with the lines that continue them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from pm_agent.ingest.logs.blocks import Piece
from pm_agent.ingest.logs.line import Line, LogForm, Other, plain

_MAX_TAIL = 400
_KEPT_TAIL = 80


@dataclass
class Record:
    """One message, whole."""

    number: int
    line: Line
    tail: list[str] = field(default_factory=list)
    """The first lines that continue it."""
    end: int = 0


def records(pieces: Iterable[Piece], form: LogForm, wanted: Collection[int] | None) -> Iterator[Record]:
    """The messages that begin on these lines (None: every message), in file order."""
    base, current, numbers = 1, None, None if wanted is None else frozenset(wanted)
    for piece in pieces:
        size = piece.data.count(b"\n") + 1
        if current is None and numbers is not None and not any(base <= n < base + size for n in numbers):
            base += size
            continue
        for number, line in enumerate(piece.data.split(b"\n"), base):
            read = form.parse(line) if current or numbers is None or number in numbers else None
            if current is not None:
                if _continues(current, number, line, read):
                    continue
                yield current
                current = None
            if isinstance(read, Line) and (numbers is None or number in numbers):
                current = Record(number, read, end=number)
        base += size
    if current is not None:
        yield current


def _continues(record: Record, number: int, line: bytes, read: Line | Other | None) -> bool:
    """Take the line as part of the record, or say that the record has ended."""
    if not line.strip():
        return True
    if read is not Other.TAIL or number - record.number > _MAX_TAIL:
        return False
    if len(record.tail) < _KEPT_TAIL:
        record.tail.append(plain(line[:2000]).rstrip())
    record.end = number
    return True
