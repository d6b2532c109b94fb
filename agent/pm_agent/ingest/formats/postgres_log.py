"""PostgreSQL's server log: DETAIL, HINT and STATEMENT belong to the message before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import Line, Other, TextForm, read_log, sample_of, share
from pm_agent.ingest.logs.line import plain
from pm_agent.ingest.source import Source
from pm_agent.reading.timeforms import read_time

_HEAD = re.compile(
    rb"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3,6})?(?: [A-Z]{2,5}|[+-]\d\d(?::\d\d)?)?)(?P<prefix>[ :][^\n]{0,160}?)?"
    rb"\b(?P<level>DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION):  (?P<message>.*)",
    re.S,
)
_MORE = {b"DETAIL", b"HINT", b"QUERY", b"CONTEXT", b"STATEMENT", b"LOCATION"}
_SESSION = re.compile(r"\b([\w.-]+@[\w.-]+)\b")


class PostgresLog:
    """The level is followed by two spaces, whatever log_line_prefix puts before it."""

    name: ClassVar[str] = "postgres-log"
    describes: ClassVar[str] = "PostgreSQL server logs (stderr format, any usual log_line_prefix, RDS)"

    def fits(self, source: Source) -> float:
        """`LOG:  ` and its sisters behind a full date."""
        return 0.9 if share(_form(source), sample_of(source)) >= 0.6 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _form(source))


def _form(source: Source) -> TextForm:
    return TextForm(_HEAD, tail=None, read=_read, sample=sample_of(source))


def _read(match: re.Match[bytes]) -> Line | Other:
    if match["level"] in _MORE:
        return Other.TAIL
    time = match["time"].decode("latin-1")
    if (
        read_time(time) is None
    ):  # an abbreviation nobody can place (MSK, BRT): the time alone still says something
        time = time[: time.rindex(" ")] if time.count(" ") > 1 else time
    session = _SESSION.search(plain(match["prefix"] or b""))
    who = f"PostgreSQL {session[1]}" if session else "PostgreSQL"
    return Line(time, plain(match["message"]).strip(), match["level"].decode(), who)
