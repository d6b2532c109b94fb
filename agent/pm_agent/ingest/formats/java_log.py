"""Logs of JVM programs: logback, log4j, Spring Boot, Tomcat, Hadoop; stack traces stay with their line."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import Line, TextForm, read_log, sample_of, share
from pm_agent.ingest.logs.line import MONTH, Column
from pm_agent.ingest.logs.text_form import named
from pm_agent.ingest.source import Source

_TIME = (
    rb"(?P<time>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?"
    rb"|\d\d/\d\d/\d\d \d\d:\d\d:\d\d(?:[.,]\d{1,9})?|\d\d-"
    + MONTH
    + rb"-\d{4} \d\d:\d\d:\d\d[.,]\d{3}|\d{6} \d{6}|\d\d:\d\d:\d\d[.,]\d{3})"
)
_SHORT_YEAR = re.compile(rb"\[?\d\d/\d\d/\d\d ")
_LEVEL = rb"(?P<level>TRACE|FINE(?:ST|R)?|DEBUG|INFO|CONFIG|WARN(?:ING)?|ERROR|SEVERE|FATAL)"
_THREAD = rb"\[[^\n]{1,400}?\](?=[\s:]|$)"
_WHO = (
    rb"(?:(?P<who>[A-Za-z_$][\w.$/\[\]-]{0,150}(?= *(?:: | - |[:-]\s*$))|(?:[a-z]\w{0,40}\.){2,12}[\w$.]{1,80}(?= )) *[:-]? ?"
    rb"(?:\[[^\]]{0,200}\] ?)?)?"
)
_HEAD = re.compile(
    rb"\[?" + _TIME + rb"\]? *(?:- *)?(?:\d{1,9} +)?(?:" + _THREAD + rb" *)?\[?" + _LEVEL + rb"\b\]? *"
    rb"(?:\d{1,9} --- )?(?:" + _THREAD + rb" *){0,3}(?:- *)?" + _WHO + rb"(?P<message>.*)", re.S
)  # fmt: skip
_JAVA = re.compile(
    rb"^\s+at [\w.$/<>]+\([^)]*\)|\[[^\]]{1,80}\] +(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b|(?:INFO|WARN|ERROR|DEBUG) +(?:\d+ --- )?\[[^\]]+\]"
    rb"|\b(?:org|com|net|io|java|javax|dfs)\.[\w.$]+\b *[:-]|^[\w.]+\.[A-Z]\w*(?:Exception|Error)\b"
    rb"|^\d\d/\d\d/\d\d \d\d:\d\d:\d\d (?:INFO|WARN|ERROR|DEBUG) [\w.$]+: "
)


class JavaLog:
    """Time, level, thread and logger in any of the usual orders."""

    name: ClassVar[str] = "java-log"
    describes: ClassVar[str] = "logback, log4j, Spring Boot, Tomcat and Hadoop logs, stack traces kept whole"

    def fits(self, source: Source) -> float:
        """Sure where threads, packages or stack traces stand beside the levels."""
        sample = sample_of(source)
        java = sum(bool(_JAVA.search(line[:400])) for line in sample)
        return 0.75 if java * 3 >= len(sample) and share(_form(source), sample) >= 0.5 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _form(source))


class _ShortYears(TextForm):
    """Hadoop and Spark write the year first, in two digits; anybody else would take it for a day."""

    def columns(self, lines: list[bytes], piece: bytes, *, exact: bool = False) -> list[Column]:
        """As of any text log, the years whole."""
        return [(_whole(minute), shape) for minute, shape in super().columns(lines, piece, exact=exact)]


def _whole(minute: Hashable) -> Hashable:
    if isinstance(minute, bytes):
        return b"20" + minute
    return f"20{minute}" if isinstance(minute, str) else minute


def _read_short(match: re.Match[bytes]) -> Line:
    line = named(match)
    return replace(line, time=f"20{line.time}")


def _form(source: Source) -> TextForm:
    sample = sample_of(source)
    if sum(bool(_SHORT_YEAR.match(line)) for line in sample) * 2 > len(sample):
        return _ShortYears(_HEAD, tail=None, read=_read_short, sample=sample)
    return TextForm(_HEAD, tail=None, sample=sample)
