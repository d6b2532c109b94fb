"""A stream of any size → pieces of whole lines, in fixed chunks, every line bounded.

Chunks begin at fixed offsets, so that reading a file in one go and reading its chunks in several processes
give the same pieces.
"""

from __future__ import annotations

import codecs
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from pm_agent.ingest.source import MAX_LINE, Source

STEP = 2 * 1024 * 1024
CHUNK = 8 * STEP


@dataclass
class Piece:
    """Whole lines of one chunk, without the last line end."""

    chunk: int
    data: bytes
    cut: list[int] = field(default_factory=list)
    """Places in `data.split(b"\\n")` of lines that were longer than allowed."""


def pieces(stream: BinaryIO, first: int = 0, last: int | None = None) -> Iterator[Piece]:
    """The lines that begin in chunks `first` … `last` (exclusive), in order."""
    reader = _Reader(stream, first * CHUNK)
    chunk = first
    while last is None or chunk < last:
        ended = yield from reader.chunk(chunk)
        if ended:
            return
        chunk += 1


class _Reader:
    """Holds what was read and not yet given out; `at` is the offset of its first byte."""

    def __init__(self, stream: BinaryIO, start: int) -> None:
        self.stream, self.at, self.held, self.done = stream, start, b"", False
        if start:
            stream.seek(start - 1)  # a line that begins before the chunk belongs to the chunk before
            self.at = start - 1
            self.skipping = True
        else:
            self.skipping = False

    def chunk(self, number: int) -> Generator[Piece, None, bool]:
        """Pieces of this chunk; returns True at the end of the stream."""
        end = (number + 1) * CHUNK
        while self.at < end:
            self._fill()
            if self.skipping:
                self._skip()
                if self.skipping:
                    if self.done:
                        return True
                    continue
            if not self.held:
                if self.done:
                    return True
                continue
            piece = self._take(number, end)
            if piece is not None:
                yield piece
        return False

    def _fill(self) -> None:
        if self.done:
            return
        got = self.stream.read(STEP - (self.at + len(self.held)) % STEP)
        self.done = not got
        self.held += got

    def _skip(self) -> None:
        """Drop the rest of a line that is not ours."""
        found = self.held.find(b"\n") + 1
        dropped = found or len(self.held)
        self.at += dropped
        self.held = self.held[dropped:]
        self.skipping = not found

    def _take(self, number: int, end: int) -> Piece | None:
        limit = self.held.find(b"\n", end - 1 - self.at) + 1 if self.at + len(self.held) >= end else 0
        size = limit or self.held.rfind(b"\n") + 1
        if size:
            piece = Piece(number, self.held[: size - 1])
        elif self.done or len(self.held) > MAX_LINE:
            size, piece = len(self.held), Piece(number, self.held)
            self.skipping = not self.done  # the rest of a line that is too long
            piece.cut = [0] if self.skipping else []
        else:
            return None
        self.at += size
        self.held = self.held[size:]
        return _bounded(piece)


def _bounded(piece: Piece) -> Piece:
    """Cut lines that are too long. Such a line covers a multiple of the limit, so few places need a look."""
    if b"\x00" in piece.data:  # holes that a crash or a rotation left
        piece.data = piece.data.replace(b"\x00", b"")
    data = piece.data
    places = range(0, len(data), MAX_LINE)
    if all(_line_end(data, at) - data.rfind(b"\n", 0, at + 1) <= MAX_LINE + 1 for at in places):
        return piece
    lines = data.split(b"\n")
    piece.cut = [number for number, line in enumerate(lines) if len(line) > MAX_LINE] or piece.cut
    piece.data = b"\n".join(line[:MAX_LINE] for line in lines)
    return piece


def _line_end(data: bytes, at: int) -> int:
    end = data.find(b"\n", at)
    return len(data) if end < 0 else end


class _Recoded:
    """A stream in another encoding or with other line ends, read as UTF-8 lines."""

    def __init__(self, stream: BinaryIO, source: Source) -> None:
        self.stream = stream
        self.errors = "surrogateescape" if source.encoding.startswith("utf-8") else "replace"
        self.decoder = codecs.getincrementaldecoder(source.encoding)(errors=self.errors)
        self.ends_in_cr = source.ends_in_cr
        self.held, self.begun, self.done = b"", False, False

    def read(self, size: int) -> bytes:
        while len(self.held) < size and not self.done:
            raw = self.stream.read(size)
            self.done = not raw
            text = self.decoder.decode(raw, final=self.done)
            if not self.begun and text:
                text, self.begun = text.removeprefix("\ufeff"), True
            if self.ends_in_cr:
                text = text.replace("\r", "\n")
            self.held += text.encode("utf-8", self.errors)
        out, self.held = self.held[:size], self.held[size:]
        return out


def lines_of(source: Source) -> Iterator[Piece]:
    """Every piece of a source, as UTF-8 lines whatever its encoding and its line ends are."""
    with source.opener() as stream:
        plain = source.encoding == "utf-8" and not source.ends_in_cr
        size = lines = 0
        for piece in pieces(stream if plain else _Recoded(stream, source)):  # type: ignore[arg-type]
            yield piece
            if source.on_read is not None:
                size, lines = size + len(piece.data) + 1, lines + piece.data.count(b"\n") + 1
                source.on_read(size, lines)
