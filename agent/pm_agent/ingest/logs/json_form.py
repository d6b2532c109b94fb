"""The form of JSON Lines. The keys are learnt from the first lines, so that most lines need no search."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from pm_agent.ingest.logs.json_keys import LOG_KEYS, Keys, Object, as_text, first, look, objects
from pm_agent.ingest.logs.line import INFO, Column, Line, Other, rank
from pm_agent.ingest.logs.minutes import minute_text, slice_of
from pm_agent.ingest.logs.request_form import request, route
from pm_agent.ingest.logs.text_form import TRACE, VARYING
from pm_agent.ingest.logs.wording import tell

_LIMIT = 400
_KNOWN = 50_000
_MARK = "\x1f\n"
_SCALARS = {str, int}


def plain_level(value: Any) -> str | None:
    """A level as text; pino and bunyan number theirs in tens."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (
            ("trace", "debug", "info", "warn", "error", "fatal")[min(value // 10, 6) - 1]
            if value >= 10
            else None
        )
    return value if isinstance(value, str) and value else None


def plain_who(item: Object, keys: Keys) -> str | None:
    """The service, logger or host that the object names."""
    value = first(item, keys.who)
    return value if isinstance(value, str) else None


@dataclass(frozen=True)
class JsonForm:
    """Reads JSON objects, one a line."""

    keys: Keys
    level_of: Callable[[Any], str | None] = plain_level
    who_of: Callable[[Object, Keys], str | None] = plain_who
    sample: tuple[bytes, ...] = field(default=(), repr=False)
    _known: dict[bytes, Hashable] = field(default_factory=dict, repr=False, compare=False)
    """Shape of a whole line → shape by its keys: a line like one before needs no parsing."""

    @classmethod
    def learnt(cls, lines: Sequence[bytes], keys: Keys = LOG_KEYS, **how: Any) -> JsonForm:
        """The form of a file with these first lines."""
        sample = tuple(line for line in lines[:100] if objects([line]))
        return cls(keys.fitted(objects(sample)), sample=sample, **how)

    def parse(self, line: bytes) -> Line | Other:
        """Read one object."""
        try:
            item = orjson.loads(line)
        except ValueError:
            inside = line.lstrip().startswith(b"{") or not TRACE.match(line)
            return Other.UNREADABLE if inside else Other.TAIL
        time = first(item, self.keys.time) if isinstance(item, dict) else None
        if isinstance(time, bool) or not isinstance(time, (str, int, float)):
            return Other.UNREADABLE
        return self._line(item, str(time))

    def _line(self, item: Object, time: str) -> Line:
        keys = self.keys
        message, level = as_text(first(item, keys.message)), self.level_of(first(item, keys.level))
        error, who = self._error(item, level), self.who_of(item, keys)
        status, path = first(item, keys.status), first(item, keys.path)
        if str(status).isdigit() and isinstance(path, str):
            method = as_text(first(item, keys.method))
            template, failed = request(method, path, str(status))
            text = f"{method} {path.split('?')[0]} {status}".strip() + (f": {error}" if error else "")
            return Line(time, text, level, who, failed, template)
        if error and error not in message:
            message = f"{message}: {error}" if message else error
        return Line(time, message, level, who)

    def _error(self, item: Object, level: str | None) -> str:
        """The error an object carries; on lines that are fine by their level it is not looked for."""
        return "" if rank(level) in {0, INFO} else as_text(first(item, self.keys.error))

    def columns(self, lines: list[bytes], piece: bytes, *, exact: bool = False) -> list[Column]:
        """Minutes and shapes; only lines unlike any before are parsed."""
        place = None if exact else self._place
        if place is None:
            return self._parsed(lines, exact=exact)
        wholes = piece.translate(None, VARYING).split(b"\n")
        shapes = list(map(self._known.get, wholes))
        missing = [at for at, shape in enumerate(shapes) if shape is None]
        for at, column in zip(missing, self._parsed([lines[at] for at in missing], exact=exact), strict=True):
            shapes[at] = column[1]
            if len(self._known) < _KNOWN:
                self._known[wholes[at]] = column[1]
        start, end = place
        return list(zip([line[start:end] for line in lines], shapes, strict=True))

    def _parsed(self, lines: list[bytes], *, exact: bool) -> list[Column]:
        """Columns by the keys of the first lines; what is no object is taken as a whole."""
        items = _loaded(lines)
        good = [at for at, item in enumerate(items) if type(item) is dict]
        if len(good) == len(lines):
            return self._fast(items, lines, exact=exact)
        found: list[Column] = [(None, line.translate(None, VARYING)) for line in lines]
        fast = self._fast([items[at] for at in good], [lines[at] for at in good], exact=exact)
        for at, column in zip(good, fast, strict=True):
            found[at] = column
        return found

    def _slow(self, line: bytes) -> Column:
        read = self.parse(line) if line.strip() else None
        minute = minute_text(read.time) if isinstance(read, Line) else None
        return minute, line.translate(None, VARYING)

    def _fast(self, items: list[Object], lines: list[bytes], *, exact: bool) -> list[Column]:
        """Columns by key; items that lack one are read on their own."""
        keys = self.keys
        messages, levels = _values(items, keys.message), _scalars(_values(items, keys.level))
        statuses = _scalars(_values(items, keys.status))
        texts = _shapes(messages)
        if keys.status:
            routes = [_route(path) for path in _values(items, keys.path)]
            shapes: Any = zip(
                texts, levels, statuses, _scalars(_values(items, keys.method)), routes, strict=True
            )
        else:
            calm = {level for level in set(levels) if rank(self.level_of(level)) in {0, INFO}}
            errors = [
                None if level in calm else self._shape(item)
                for level, item in zip(levels, items, strict=True)
            ]
            shapes = zip(texts, levels, errors, strict=True)
        found: list[Column] = list(zip(self._minutes(items, exact=exact), shapes, strict=True))
        if set(map(type, messages)) != {str} or (keys.level and None in levels):
            for at, (message, level, status) in enumerate(zip(messages, levels, statuses, strict=True)):
                if (type(message) is not str and status is None) or (level is None and keys.level):
                    found[at] = self._slow(lines[at])
        return found

    def _shape(self, item: Object) -> bytes:
        if self._errors.isdisjoint(item):
            return b""
        return as_text(first(item, self.keys.error))[:_LIMIT].encode().translate(None, VARYING)

    @cached_property
    def _errors(self) -> frozenset[str]:
        """Keys under which an error may stand."""
        return frozenset(part for name in self.keys.error for part in (name, name.split(".")[0]))

    def _minutes(self, items: list[Object], *, exact: bool) -> list[Hashable]:
        times = _values(items, self.keys.time)
        width = self._width
        if width is not None and not exact:
            return [time[:width] if type(time) is str else None for time in times]
        return [minute_text(str(time)) if time is not None else None for time in times]

    @cached_property
    def _times(self) -> list[Any]:
        return _values(objects(self.sample), self.keys.time)

    @cached_property
    def _width(self) -> int | None:
        texts = bool(self._times) and all(isinstance(time, str) for time in self._times)
        return slice_of(self._times) if texts else None

    @cached_property
    def _place(self) -> tuple[int, int] | None:
        """Where every line of the sample has its minute, or None where that differs."""
        if self._width is None:
            return None
        starts = {line.find(time.encode()) for line, time in zip(self.sample, self._times, strict=True)}
        start = starts.pop()
        return (start, start + self._width) if not starts and start >= 0 else None

    def tell(self, head: Line, tail: Sequence[str], *, whole: bool) -> str:
        """The message, and of a stack trace inside it what went wrong."""
        message, *below = head.message.split("\n")
        return tell(Line(head.time, message), [*below, *tail], whole=whole)


def _loaded(lines: list[bytes]) -> list[Any]:
    """The value of each line, None where it is no JSON."""
    try:
        items = orjson.loads(b"[" + b",".join(lines) + b"]")
        if len(items) == len(lines):
            return items  # type: ignore[no-any-return]
    except ValueError:
        pass
    return [_value(line) for line in lines]


def _value(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except ValueError:
        return None


def _values(items: list[Object], names: tuple[str, ...]) -> list[Any]:
    if not names:
        return [None] * len(items)
    name = names[0]
    if "." in name:
        return [look(item, name) for item in items]
    return [item.get(name) for item in items]


def _shapes(messages: list[Any]) -> list[bytes]:
    """The messages without what varies, all in one go where none of them holds the mark between them."""
    texts = [message[:_LIMIT] if type(message) is str else "" for message in messages]
    shapes = _MARK.join(texts).encode().translate(None, VARYING).split(_MARK.encode())
    return shapes if len(shapes) == len(texts) else [text.encode().translate(None, VARYING) for text in texts]


def _scalars(values: list[Any]) -> list[Any]:
    return [value if type(value) in _SCALARS else None for value in values]


def _route(path: Any) -> str:
    return route(path) if isinstance(path, str) else ""
