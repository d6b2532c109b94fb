"""Streams that hold to a bound: a slice of a file, a nameless temporary file, something unpacked while it is read."""

from __future__ import annotations

import io
import lzma
import os
import tempfile
import zlib
from collections.abc import Callable
from typing import BinaryIO, cast

from pm_agent.errors import UnreadableSource
from pm_agent.evidence import Skipped
from pm_agent.ingest.source import Source

IN_MEMORY = 16 * 1024 * 1024
BROKEN_OFF = "the compressed data break off here; what stands before was read: give the whole file"


def printable(name: str) -> str:
    """A file's name as a report may print it: bytes that are no text and control characters as escapes."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(ch if ch.isprintable() else f"\\x{ord(ch):02x}" for ch in text)


class Spool:
    """Bytes kept in memory, or in a nameless temporary file when there are many."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as its parts
        self.size = 0

    def __del__(self) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        """Append."""
        self._file.seek(self.size)
        self.size += len(data)
        return self._file.write(data)

    def read_at(self, start: int, size: int) -> bytes:
        """Bytes of a place."""
        self._file.seek(start)
        return self._file.read(size)

    def part(self, start: int, size: int) -> Callable[[], BinaryIO]:
        """An opener of some of the bytes; it may be called again and again."""
        return lambda: cast(BinaryIO, io.BufferedReader(_Part(self, start, size)))


class _Part(io.RawIOBase):
    def __init__(self, spool: Spool, start: int, size: int) -> None:
        self._spool, self._start, self._size, self._at = spool, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._spool.read_at(self._start + self._at, max(0, min(len(view), self._size - self._at)))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


class Bounded(io.RawIOBase):
    """What comes out of a decompressor: stops with a reason where there is too much of it, or where it is broken."""

    def __init__(
        self, inner: BinaryIO, raw: BinaryIO, source: Source, check: Callable[[int], str | None]
    ) -> None:
        self._inner, self._raw, self._source, self._check = inner, raw, source, check
        self._given = 0

    @classmethod
    def over(
        cls, inner: BinaryIO, raw: BinaryIO, source: Source, check: Callable[[int], str | None]
    ) -> BinaryIO:
        """A stream that reads from `inner`, which reads from `raw`; `check` gets how much was given so far."""
        return cast(BinaryIO, io.BufferedReader(cls(inner, raw, source, check), 256 * 1024))

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: object) -> int:
        """Some bytes.

        Raises:
            UnreadableSource: they are too many.
            OSError: there is none, for it is broken from the start.
        """
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            data: bytes = self._inner.read1(len(view))  # type: ignore[attr-defined]
        except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
            if not self._given:
                raise OSError(f"broken compressed data: {error}") from error
            self._note()
            return 0
        self._given += len(data)
        if reason := self._check(self._given):
            raise UnreadableSource(reason, path=self._source.path)
        view[: len(data)] = data
        return len(data)

    def _note(self) -> None:
        skipped = self._source.tally.skipped
        if all(one.reason != BROKEN_OFF for one in skipped):
            skipped.append(Skipped(self._source.path, BROKEN_OFF))

    def close(self) -> None:
        """Close both streams below."""
        if not self.closed:
            self._inner.close()
            self._raw.close()
        super().close()
