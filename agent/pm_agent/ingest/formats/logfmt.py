"""logfmt: key=value pairs, as Go programs, Grafana and Heroku write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import Line, Other, read_log, sample_of, share
from pm_agent.ingest.logs.json_keys import LOG_KEYS
from pm_agent.ingest.logs.line import INFO, Column, plain, rank
from pm_agent.ingest.logs.minutes import minute_text
from pm_agent.ingest.logs.text_form import TRACE, VARYING
from pm_agent.ingest.logs.wording import tell
from pm_agent.ingest.source import Source

_VALUE = rb"(?:\"(?:[^\"\\]|\\.){0,20000}\"|[^\s\"]{0,20000})"
_PAIR = re.compile(rb"([A-Za-z_@][\w.@/-]{0,80})=(" + _VALUE + rb")(?=\s|$)")
_START = re.compile(rb"\s*[A-Za-z_@][\w.@/-]{0,80}=")
_TIME = re.compile(
    rb"(?:^|\s)(?:time|ts|t|timestamp|@timestamp|date|datetime)=(\"[^\"]{4,60}\"|[^\s\"]{4,60})"
)
_LEVEL = re.compile(rb"(?:^|\s)(?:level|lvl|severity)=\"?(\w{1,20})")
_TEXT = re.compile(rb"(?:^|\s)(?:msg|message|event)=(" + _VALUE + rb")(?=\s|$)")
_ERROR = re.compile(rb"(?:^|\s)(?:err|error|exception|reason)=(" + _VALUE + rb")(?=\s|$)")


@dataclass(frozen=True)
class _Form:
    """Finds the four pairs that matter; the others only show in the event's text."""

    sample: tuple[bytes, ...] = field(default=(), repr=False)

    def parse(self, line: bytes) -> Line | Other:
        time = _TIME.search(line) if _START.match(line) else None
        if time is None:
            return Other.TAIL if TRACE.match(line) else Other.UNREADABLE
        level = _LEVEL.search(line)
        stated = level[1].decode("latin-1") if level else None
        text, error = _TEXT.search(line), _ERROR.search(line)
        message = _unquoted(text[1]) if text else ""
        reason = _unquoted(error[1]) if error and rank(stated) not in {0, INFO} else ""
        if reason:
            message = f"{message}: {reason}" if message else reason
        pairs = {key.decode(): _unquoted(value) for key, value in _PAIR.findall(line[:4000])}
        who = next((pairs[name] for name in LOG_KEYS.who if pairs.get(name)), None)
        return Line(_unquoted(time[1]), message or " ".join(pairs), stated, who)

    def columns(self, lines: list[bytes], piece: bytes, *, exact: bool = False) -> list[Column]:
        found: list[Column] = []
        for line in lines:
            time, text = _TIME.search(line), _TEXT.search(line)
            if time is None or text is None or not _START.match(line):
                found.append((_minute(time), line.translate(None, VARYING)))
                continue
            level, error = _LEVEL.search(line), _ERROR.search(line)
            shape = (
                text[1].translate(None, VARYING),
                level and level[1],
                error and error[1].translate(None, VARYING),
            )
            found.append((_minute(time), shape))
        return found

    def tell(self, head: Line, tail: Sequence[str], *, whole: bool) -> str:
        return tell(head, tail, whole=whole)


def _minute(match: re.Match[bytes] | None) -> str | None:
    return minute_text(_unquoted(match[1])) if match else None


def _unquoted(value: bytes) -> str:
    text = plain(value)
    return (
        text[1:-1].replace('\\"', '"').replace("\\n", "\n")
        if text[:1] == '"' == text[-1:] and len(text) > 1
        else text
    )


class Logfmt:
    """Time, level, msg and err or error, in any order."""

    name: ClassVar[str] = "logfmt"
    describes: ClassVar[str] = "logfmt (Go, Grafana, Heroku): time=… level=… msg=…"

    def fits(self, source: Source) -> float:
        """Lines of pairs that have a time and a message or a level."""
        sample = sample_of(source)
        pairs = sum(
            bool(_START.match(line) and (_TEXT.search(line) or _LEVEL.search(line))) for line in sample
        )
        return 0.8 if pairs * 2 > len(sample) and share(_Form(), sample) >= 0.6 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _Form(sample_of(source)))
