"""JSON payloads wherever they stand in a source: one document, an array, JSON Lines, a list under a known key.

What programs send is read without trust: every field may be missing or of another type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from pm_agent.errors import UnreadableSource
from pm_agent.evidence import Place
from pm_agent.ingest.json_text import element_lines
from pm_agent.ingest.source import Source

_GLANCE = 5
"""How many payloads decide whether a format fits."""


@dataclass(frozen=True, slots=True)
class Payload:
    """One object of a source, counted as read."""

    ordinal: int
    line: int | None
    pointer: str | None
    """None in JSON Lines, where the line says it all."""
    value: dict[str, Any]

    def place(self, below: str = "", part: int = 0) -> Place:
        """Where the payload, or something inside it, stands."""
        pointer = None if self.pointer is None else self.pointer + below or None
        return Place(self.ordinal, self.line, None, pointer, part)


def payloads(source: Source, *wrappers: str) -> Iterator[Payload]:
    """Every object of the source; where one holds a list under a wrapper (`data/alerts`), the list's objects.

    Raises:
        UnreadableSource: the source is not JSON.
    """
    if source.document is not None:
        yield from _of_document(source, wrappers)
    elif source.is_json_lines:
        yield from _of_lines(source, wrappers)
    else:
        reason, line = source.json_error or ("not JSON", 1)
        raise UnreadableSource(reason, path=source.path, line=line)


def glance(source: Source, *wrappers: str) -> list[dict[str, Any]]:
    """The first few payloads, not counted: what `fits` looks at."""
    tops: list[Any] = []
    if source.document is not None:
        tops = source.document[:_GLANCE] if isinstance(source.document, list) else [source.document]
    elif source.is_json_lines:
        tops = [_loaded(line) for line in source.head_lines[:_GLANCE]]
    found: list[dict[str, Any]] = []
    for top in tops:
        _, values = _unwrapped(top, wrappers)
        found += [value for value in values[:_GLANCE] if isinstance(value, dict)]
    return found


def field(value: Any, *path: str | int) -> Any:
    """What stands at this path, or None."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(str(key))
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def text(value: Any, *path: str | int) -> str:
    """The string or number at this path as it is written, or an empty string."""
    found = field(value, *path)
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        return ""
    return str(found).strip()


def objects(value: Any, *path: str | int) -> list[dict[str, Any]]:
    """The objects of the list at this path; anything else in it is passed over."""
    found = field(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def first_of(value: Any, *names: str) -> str:
    """The first of these fields that is not empty."""
    return next((found for name in names if (found := text(value, name))), "")


def _of_document(source: Source, wrappers: tuple[str, ...]) -> Iterator[Payload]:
    document = source.document
    tops = document if isinstance(document, list) else [document]
    top_lines = _lines(source, "", len(tops)) if isinstance(document, list) else [1]
    for index, top in enumerate(tops):
        above = f"/{index}" if isinstance(document, list) else ""
        wrapper, values = _unwrapped(top, wrappers)
        lines: list[int] | list[None] = [top_lines[index]] * len(values)  # type: ignore[assignment]
        if wrapper and not above:
            lines = _lines(source, wrapper, len(values))
        for at, value in enumerate(values):
            source.tally.read += 1
            pointer = f"{above}{wrapper}/{at}" if wrapper else above
            if isinstance(value, dict):
                yield Payload(source.tally.read, lines[at], pointer, value)


def _of_lines(source: Source, wrappers: tuple[str, ...]) -> Iterator[Payload]:
    for number, line in source.lines():
        _, values = _unwrapped(_loaded(line), wrappers)
        first = source.tally.read
        source.tally.read += max(0, len(values) - 1)
        for at, value in enumerate(values):
            if isinstance(value, dict):
                yield Payload(first + at, number, None, value)


def _loaded(line: str) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _unwrapped(top: Any, wrappers: tuple[str, ...]) -> tuple[str, list[Any]]:
    """The wrapper's pointer and what is in it, or the value itself."""
    for wrapper in wrappers:
        found = field(top, *wrapper.split("/"))
        if isinstance(found, list):
            return f"/{wrapper}", found
    return "", [top]


def _lines(source: Source, pointer: str, count: int) -> list[int] | list[None]:
    content = source.text()
    if "\n" not in content.strip():
        return [1] * count
    return element_lines(content, [part for part in pointer.split("/") if part], count) or [None] * count
