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
    sample: tuple[Object, ...] = field(default=(), repr=False)

    @classmethod
    def learnt(cls, lines: Sequence[bytes], keys: Keys = LOG_KEYS, **how: Any) -> JsonForm:
        """The form of a file with these first lines."""
        sample = objects(lines[:100])
        return cls(keys.fitted(sample), sample=tuple(sample), **how)

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
        """Minutes and shapes by the keys of the first lines; line by line where that doesn't work."""
        items = _loaded(lines)
        good = [at for at, item in enumerate(items) if type(item) is dict]
        if len(good) == len(lines):
            return self._fast(items, lines, exact=exact)
        fast = self._fast([items[at] for at in good], [lines[at] for at in good], exact=exact)
        found: list[Column] = [(None, line.translate(None, VARYING)) for line in lines]
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
        messages = _values(items, keys.message)
        texts = [m[:_LIMIT] if type(m) is str else "" for m in messages]
        levels = _scalars(_values(items, keys.level))
        if keys.status:
            statuses = _scalars(_values(items, keys.status))
            parts: Any = zip(levels, statuses, map(_route, _values(items, keys.path)), strict=True)
        else:
            calm = {level for level in set(levels) if rank(self.level_of(level)) in {0, INFO}}
            errors = (
                None if level in calm else self._shape(item)
                for level, item in zip(levels, items, strict=True)
            )
            parts = zip(levels, errors, strict=True)
        found: list[Column] = list(
            zip(self._minutes(items, exact=exact), zip(_shapes(texts), parts, strict=True), strict=True)
        )
        for at, (message, level) in enumerate(zip(messages, levels, strict=True)):
            if type(message) is not str or (level is None and keys.level):
                found[at] = self._slow(lines[at])
        return found

    def _shape(self, item: Object) -> bytes:
        return as_text(first(item, self.keys.error))[:_LIMIT].encode().translate(None, VARYING)

    def _minutes(self, items: list[Object], *, exact: bool) -> list[Hashable]:
        times = _values(items, self.keys.time)
        width = self._width
        if width is not None and not exact:
            return [time[:width] if type(time) is str else None for time in times]
        return [minute_text(str(time)) if time is not None else None for time in times]

    @cached_property
    def _width(self) -> int | None:
        times = _values(list(self.sample), self.keys.time)
        return slice_of(times) if times and all(isinstance(time, str) for time in times) else None

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


def _shapes(texts: list[str]) -> list[bytes]:
    """The texts without what varies, all in one go where none of them holds the mark between them."""
    shapes = _MARK.join(texts).encode().translate(None, VARYING).split(_MARK.encode())
    return shapes if len(shapes) == len(texts) else [text.encode().translate(None, VARYING) for text in texts]


def _scalars(values: list[Any]) -> list[Any]:
    return [value if type(value) in _SCALARS else None for value in values]


def _route(path: Any) -> str:
    return route(path) if isinstance(path, str) else ""
