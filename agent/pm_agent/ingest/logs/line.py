"""One log line as a format reads it, and what a format has to know."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Other(Enum):
    """A line that begins no message."""

    TAIL = "continues the message before it"
    STRUCTURAL = "understood, though no message: a header, a mark of the logging program"
    UNREADABLE = "none of this format's lines"


@dataclass(frozen=True, slots=True)
class Line:
    """The first line of a message."""

    time: str
    message: str
    level: str | None = None
    """As written."""
    who: str | None = None
    """Service, host, component or pod, where the line states it."""
    failed: bool | None = None
    """True or False where a request's status says so; None where it isn't a request."""
    template: str | None = None
    """What decides the template, where that is not the message itself."""
    zone: str | None = None
    """Zone that the format itself fixes for its times."""


Column = tuple[Hashable, Hashable]
"""Minute (a text or a number that `minutes.read_minute` understands) and shape of one line."""


class LogForm(Protocol):
    """How one format writes its lines. Built for one file, so it may have learnt from the head of it."""

    def parse(self, line: bytes) -> Line | Other:
        """Read one line that is not blank."""
        ...

    def columns(self, lines: list[bytes], piece: bytes, *, exact: bool = False) -> list[Column]:
        """Minute and shape of every line of a piece; lines of one shape are read alike by `parse`.

        Without `exact` the minute may be taken from where the head of the file has it.
        """
        ...

    def tell(self, head: Line, tail: Sequence[str], *, whole: bool) -> str:
        """The message as an event shows it: with all lines that continue it, or with those that say what went wrong."""
        ...


_RANKS = {
    "trace": 0, "trce": 0, "finest": 0, "finer": 0, "verbose": 0, "v": 0, "debug": 0, "dbug": 0, "dbg": 0, "fine": 0, "d": 0,
    "info": 1, "i": 1, "inf": 1, "notice": 1, "note": 1, "log": 1, "system": 1, "config": 1, "information": 1,
    "informational": 1, "success": 1, "hint": 1,
    "warn": 2, "warning": 2, "w": 2, "wrn": 2, "wrng": 2,
    "error": 3, "err": 3, "e": 3, "eror": 3, "severe": 3, "exception": 3, "fail": 3,
    "fatal": 4, "critical": 4, "crit": 4, "emerg": 4, "emergency": 4, "alert": 4, "panic": 4, "f": 4, "ftl": 4, "dpanic": 4,
    "failure": 4,
}  # fmt: skip
DEBUG, INFO, WARN, ERROR, FATAL = range(5)


def rank(level: str | None) -> int | None:
    """Debug 0 … fatal 4, or None for a level nobody knows."""
    return _RANKS.get(level.lower()) if level else None


CAPITAL_LEVELS = rb"TRACE|FINE(?:ST|R)?|DEBUG|VERBOSE|INFO|NOTICE|CONFIG|WARN(?:ING)?|ERROR|ERR|SEVERE|FATAL|CRIT(?:ICAL)?|EMERG|ALERT|PANIC"
OTHER_LEVELS = (
    rb"trace|debug|info|notice|warn(?:ing)?|error|err|fatal|crit(?:ical)?|emerg|alert|panic"
    rb"|Trace|Debug|Info(?:rmation)?|Notice|Warn(?:ing)?|Error|Fatal|Critical"
)
"""Only levels in brackets or before a colon; elsewhere they are words."""
CLOCK = rb"\d\d?:\d\d(?::\d\d(?:[.,:]\d{1,9})?)?(?: ?[AP]M\b)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b| (?:[PECM][SD]T|CET|CEST|CST|BST|IST|JST)\b)?"
MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
DATED = (
    rb"(?:\d{4}[-/.]\d\d[-/.]\d\d[T ,]{1,2}" + CLOCK
    + rb"|\d\d?[-/ ]" + MONTH + rb"[-/ ]\d{4}[: ]" + CLOCK
    + rb"|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?" + MONTH + rb" {1,2}\d{1,2},? (?:\d{4} )?" + CLOCK + rb"(?: \d{4}\b)?"
    + rb"|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d),? " + CLOCK
    + rb"|\d\d-\d\d " + CLOCK
    + rb"|\d{8}[T _-]?\d\d:?\d\d:?\d\d(?:[.,]\d+)?Z?"
    + rb"|\d{6} [\d ]\d:?\d\d:?\d\d"
    + rb"|1\d{9}(?:\.\d+|\d{3}(?:\d{3}){0,2})?\b)"
)  # fmt: skip
"""A time with its date, in the ways that logs write it."""
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


def plain(text: bytes | str) -> str:
    """Text without terminal colours and control characters; what is no UTF-8 is tried as GBK."""
    if isinstance(text, bytes):
        text = _decoded(text)
    if "\r" in text:
        text = text.rstrip("\r").replace("\r", " ")
    return _ESCAPES.sub("", text)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
    return text if any("\u4e00" <= ch <= "\u9fff" for ch in text) else data.decode("utf-8", "replace")
