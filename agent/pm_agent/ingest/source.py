"""One file, archive member or export folder: name, head and content, opened once by the caller.

Reading is bounded: a line, a document and an archive member each have a size beyond which they are refused
with a reason, so that no input can exhaust memory.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from pm_agent.errors import UnreadableSource
from pm_agent.evidence import Skipped
from pm_agent.ingest.encoding import detect_encoding
from pm_agent.ingest.json_text import element_lines, one_after_another

HEAD_BYTES = 64 * 1024
MAX_DOCUMENT = 48 * 1024 * 1024
"""A JSON document grows about sixfold as Python objects; this keeps one below 300 MB."""
MAX_CONTAINERS = 1_500_000
"""Objects and arrays of a JSON document: a few characters each, they cost a hundred bytes as Python objects."""
MAX_LINE = 1024 * 1024
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{|\[\s*[\[{\"\]])")
"""`[` alone is no sign of JSON: many a log begins its lines with a time in brackets."""


@dataclass
class Tally:
    """What became of a source's lines or elements. `unparsed` is computed: what nobody accounted for."""

    read: int = 0
    structural: int = 0
    """Read and understood, though no event of their own: headers, day separators, joins."""
    parsed: int = 0
    continued: int = 0
    unparsed: int = 0
    unparsed_at: list[int] = field(default_factory=list)
    counted: bool = False
    """True where a streaming reader did the sums itself."""
    skipped: list[Skipped] = field(default_factory=list)

    def miss(self, at: int, count: int = 1) -> None:
        """Count lines that could not be read; the first twenty places are kept."""
        self.unparsed += count
        if len(self.unparsed_at) < 20:
            self.unparsed_at.append(at)


OnRead = Callable[[int, int], None]
"""Called while a source is read: bytes and lines since its beginning."""


@dataclass
class Source:
    """A readable thing with a path in the bundle."""

    path: str
    opener: Callable[[], BinaryIO]
    size: int | None = None
    members: Mapping[str, Source] | None = None
    """Relative name → source, where this is an export folder or archive as a whole."""
    tally: Tally = field(default_factory=Tally)
    file: Path | None = None
    """Where the bytes lie as they are, for a reader that shares the work among processes."""
    on_read: OnRead | None = field(default=None, repr=False)
    judged: dict[str, Any] = field(default_factory=dict, repr=False)
    """What one format found out about the head, for its relatives, so that they need not look again."""

    @property
    def name(self) -> str:
        """The last part of the path, lower case."""
        return self.path.rsplit("/", 1)[-1].rsplit("!", 1)[-1].lower()

    @cached_property
    def head(self) -> bytes:
        """The first 64 KB."""
        if self.members is not None:
            return b""
        with self.opener() as stream:
            return stream.read(HEAD_BYTES)

    @cached_property
    def encoding(self) -> str:
        """utf-8, utf-16 or gb18030, judged by byte order mark and by what decodes.

        Raises:
            UnreadableSource: the head is binary.
        """
        return detect_encoding(self.head, self.path)

    @cached_property
    def head_text(self) -> str:
        """The head as text, with plain line ends."""
        return self._plain(self._head_decoded).lstrip("\ufeff").replace("\r\n", "\n")

    @cached_property
    def _head_decoded(self) -> str:
        return self.head.decode(self.encoding, errors="replace")

    @cached_property
    def ends_in_cr(self) -> bool:
        """True where lines end in a carriage return alone; among other line ends it is a progress bar's."""
        return "\r" in self._head_decoded[:-1] and "\n" not in self._head_decoded

    def _plain(self, text: str) -> str:
        """Without zeros, and with line ends that are some."""
        text = text.replace("\x00", "")
        return text.replace("\r", "\n") if self.ends_in_cr else text

    @cached_property
    def head_lines(self) -> list[str]:
        """The first lines that are not blank; a line cut off by the end of the head is left out."""
        lines = self.head_text.split("\n")
        if len(self.head) >= HEAD_BYTES and len(lines) > 1:
            lines.pop()
        return [line for line in lines if line.strip()][:400]

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces of 1 MB."""
        size = lines = 0
        with self.opener() as stream:
            while piece := stream.read(1024 * 1024):
                yield piece
                if self.on_read is not None:
                    size, lines = size + len(piece), lines + piece.count(b"\n")
                    self.on_read(size, lines)

    def text(self) -> str:
        """The whole content, decoded, with plain line ends.

        Raises:
            UnreadableSource: too large to be read at once.
        """
        data = self._all_bytes()
        return (
            data.decode(self.encoding, errors="replace")
            .lstrip("\ufeff")
            .replace("\r\n", "\n")
            .replace("\r", "\n")
        )

    def _all_bytes(self) -> bytes:
        with self.opener() as stream:
            data = stream.read(MAX_DOCUMENT + 1)
        if len(data) > MAX_DOCUMENT:
            raise UnreadableSource(
                f"larger than {MAX_DOCUMENT // 1024 // 1024} MB for a format that is read as a whole: "
                "narrow the export at its source, or give it as JSON Lines",
                path=self.path,
            )
        return data

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line number and text of each line that is not blank; counts them as read."""
        for number, line in enumerate(self._split(), 1):
            if not line.strip():
                continue
            self.tally.read += 1
            if len(line) > MAX_LINE:
                self.tally.skipped.append(Skipped(self.path, f"line cut at {MAX_LINE // 1024} KB", number))
                line = line[:MAX_LINE]
            yield number, line

    def _split(self) -> Iterator[str]:
        """The lines; of one that is too long only a little more than may be kept."""
        decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        rest, first, dropping = "", True, False
        for piece in self.chunks():
            text = self._plain(decoder.decode(piece))
            if first:
                text, first = text.lstrip("\ufeff"), False
            if dropping:
                end = text.find("\n")
                if end < 0:
                    continue
                text, dropping = text[end:], False
            lines = (rest + text).split("\n")
            rest = lines.pop()
            if len(rest) > MAX_LINE:
                rest, dropping = rest[: MAX_LINE + 1], True
            yield from (line.rstrip("\r") for line in lines)
        rest += "" if dropping else self._plain(decoder.decode(b"", final=True))
        if rest:
            yield rest.rstrip("\r")

    @cached_property
    def document(self) -> Any:
        """The content as one JSON value, or None where it is none (JSON Lines included).

        A single line is a document, though it is JSON Lines too; values one after another (as jq prints them)
        read as a list.
        """
        looks_like_json = _JSON.match(self.head) or self.encoding.startswith("utf-16")
        one_line = len(self.head) < HEAD_BYTES and len(self.head_lines) == 1
        if self.members is not None or not looks_like_json or (self.is_json_lines and not one_line):
            return None
        text = self.text()
        if text.count("{") + text.count("[") > MAX_CONTAINERS or text.count(",") > 4 * MAX_CONTAINERS:
            raise UnreadableSource(
                "too many values for a format that is read as a whole: narrow the export at its source",
                path=self.path,
            )
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return one_after_another(text)

    @cached_property
    def json_error(self) -> tuple[str, int] | None:
        """Why a file that begins like JSON is none, and at which line."""
        if not _JSON.match(self.head) or self.is_json_lines or self.document is not None:
            return None
        try:
            json.loads(self.text())
        except json.JSONDecodeError as error:
            return error.msg, error.lineno
        except RecursionError:
            return "nested too deeply", 1
        except ValueError:
            return "a number of too many digits", 1
        return None

    @cached_property
    def is_json_lines(self) -> bool:
        """True where the first lines are JSON objects of their own."""
        lines = self.head_lines[:5]
        if not lines or not lines[0].lstrip().startswith("{"):
            return False
        good = sum(_is_object(line) for line in lines)
        return good == len(lines) if len(lines) < 3 else good >= len(lines) - 1

    @cached_property
    def first_object(self) -> dict[str, Any]:
        """The first JSON object: of JSON Lines, of an array, or the document itself; else empty."""
        if self.is_json_lines:
            for line in self.head_lines:
                if _is_object(line):
                    found: dict[str, Any] = orjson.loads(line)
                    return found
        value = self.document
        if isinstance(value, list):
            value = value[0] if value else None
        return value if isinstance(value, dict) else {}

    def elements(self, values: list[Any], pointer: str = "") -> Iterator[tuple[int, str, int | None, Any]]:
        """Ordinal, JSON pointer, line and value of each element; counts them as read."""
        lines = self._element_lines(pointer, len(values))
        for index, value in enumerate(values):
            self.tally.read += 1
            yield self.tally.read, f"{pointer}/{index}", lines[index] if lines else None, value

    def _element_lines(self, pointer: str, count: int) -> list[int] | None:
        text = self.text()
        if "\n" not in text.strip():
            return [1] * count
        return element_lines(text, [part for part in pointer.split("/") if part], count)


def _is_object(line: str) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def of_bytes(path: str, data: bytes) -> Source:
    """A source over bytes in memory (standard input, tests)."""
    return Source(path, lambda: io.BytesIO(data), len(data))
