"""The form of a log whose lines are requests: method, path, status."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pm_agent.ingest.logs.line import Column, Line, Other, plain
from pm_agent.ingest.logs.minutes import minute_text, slice_of
from pm_agent.ingest.logs.text_form import VARYING, TextForm
from pm_agent.ingest.logs.wording import tell

_PART = re.compile(r"/[^/]*(?:\d|%|[^/]{25})[^/]*")


_TURNED_AWAY = {"429", "499"}
"""Throttled, and given up by a client that waited too long; other 4xx are the client's own mistake."""


def route(path: str) -> str:
    """The path with its variable parts as `<*>`."""
    return _PART.sub("/<*>", path.split("?")[0])[:120] or "/"


def request(method: str, path: str, status: str) -> tuple[str, bool]:
    """Template of a request, and whether the server failed it or turned it away."""
    return f"{method or '?'} {route(path)} {status}", status[:1] == "5" or status in _TURNED_AWAY


@dataclass(frozen=True)
class RequestForm:
    """Reads requests by a pattern with the groups time, method, path and status; other lines by another form.

    `text` and `request` are what an event shows; `at` is a better time than the one the line begins with.
    """

    head: re.Pattern[bytes]
    rest: TextForm | None = None
    structural: re.Pattern[bytes] | None = None
    zone: str | None = None
    sample: tuple[bytes, ...] = field(default=(), repr=False)

    def parse(self, line: bytes) -> Line | Other:
        """Read one request."""
        match = self.head.match(line)
        if match is None:
            if self.structural is not None and self.structural.match(line):
                return Other.STRUCTURAL
            return self.rest.parse(line) if self.rest else Other.UNREADABLE
        groups = {key: plain(value) if value else "" for key, value in match.groupdict().items()}
        template, failed = request(groups["method"], groups["path"], groups["status"])
        who = groups.get("who") or None
        parts = [groups.get("text", ""), groups.get("request", "")]
        text = " ".join(part.strip() for part in parts if part)
        text = text or " ".join((groups["method"], groups["path"], groups["status"])).strip()
        return Line(groups.get("at") or groups["time"], text, None, who, failed, template, self.zone)

    def columns(self, lines: list[bytes], piece: bytes, *, exact: bool = False) -> list[Column]:
        """Minute, and status, method and path without what varies."""
        start, end = (0, 0) if exact or self._place is None else self._place
        match, found = self.head.match, []
        for line in lines:
            got = match(line)
            if got is None:
                found.append(self._odd(line))
                continue
            time, status, method, path = got.group("time", "status", "method", "path")
            minute = line[start:end] if end else minute_text(time.decode("latin-1"))
            found.append((minute, (status, method, (path or b"").translate(None, VARYING))))
        return found

    def _odd(self, line: bytes) -> Column:
        return (
            self.rest.columns([line], line, exact=True)[0]
            if self.rest
            else (None, line.translate(None, VARYING))
        )

    @cached_property
    def _place(self) -> tuple[int, int] | None:
        matches = [match for line in self.sample if (match := self.head.match(line))]
        starts = {match.start("time") for match in matches}
        width = slice_of([match["time"].decode("latin-1") for match in matches])
        return (min(starts), min(starts) + width) if len(starts) == 1 and width else None

    def tell(self, head: Line, tail: Sequence[str], *, whole: bool) -> str:
        """The request and its status."""
        return tell(head, tail, whole=whole)
