"""Time, then text: what is left when no format fits better."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import Line, Other, TextForm, read_log, sample_of, share
from pm_agent.ingest.logs.inner import split_level
from pm_agent.ingest.logs.line import DATED, plain, rank
from pm_agent.ingest.source import Source
from pm_agent.reading.timeforms import read_time

_HEAD = re.compile(
    rb"(?:(?P<lead>[A-Za-z][\w.-]{0,40}|\.{0,2}/?[\w.-][\w./:-]{0,200}\.log[\w.:-]{0,60}?|\d{1,7}:[A-Z])[\s:|]{1,3})?[-*\[(<|>\"'\s]{0,4}"
    rb"(?P<time>" + DATED + rb"|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(?![\d/])(?P<message>.*)", re.S
)  # fmt: skip
_SECONDS = re.compile(r"\d:\d\d:\d\d|^1\d{9}|\d{6}$")
_CHAT = re.compile(
    r"^\W{0,3}(?:[^<]{0,30}<[^>\s]{1,60}>|[^\s:]{1,30}(?: [^\s:]{1,30}){0,2}:\s|[\w.-]+ (?:has )?(?:joined|left|quit))"
)
_NEVER_BY_HAND = 50
"""Nobody writes so many notes with date and seconds."""
_NAME = re.compile(r"[\[(]?(?P<name>[A-Za-z][\w.$/-]{1,80})[\])]?:?(?=\s|$)")


class PlainLog:
    """The loosest format: it must look like a program's clock, with seconds and a date or with levels."""

    name: ClassVar[str] = "plain-log"
    describes: ClassVar[str] = (
        "any other log whose lines begin with a time (nginx and Apache error logs, Go, Redis, own formats)"
    )

    def fits(self, source: Source) -> float:
        """Never sure, and least where a line might be somebody's words."""
        form = _form(source)
        sample = sample_of(source)
        read = [line for line in map(form.parse, sample) if isinstance(line, Line)]
        if not read or share(form, sample) < 0.5:
            return 0.0
        levels = sum(line.level is not None for line in read) / len(read)
        seconds = sum(bool(_SECONDS.search(line.time)) for line in read) / len(read)
        dated = sum(len(line.time) > 12 or line.time.isdigit() for line in read) / len(read)
        chat = sum(bool(_CHAT.match(line.message)) for line in read) / len(read)
        if seconds < 0.8 or (levels < 0.3 and (dated < 0.8 or chat > 0.3)):
            return 0.0
        return 0.25 if levels >= 0.3 or len(read) >= _NEVER_BY_HAND else 0.15

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _form(source))


def _form(source: Source) -> TextForm:
    sample = sample_of(source)
    form = TextForm(_HEAD, tail=None, read=_read, sample=sample)
    return replace(form, read=_read_named) if _has_names(form) else form


def _has_names(form: TextForm) -> bool:
    """True where the first word after the level is a component's name: name-like, and few different ones."""
    read = [line for line in map(form.parse, form.sample) if isinstance(line, Line)]
    words = [match[0] for line in read if line.level and (match := _NAME.match(line.message))]
    named = sum(
        not word[0].isalpha() or not word.strip(":").isalpha() or word.endswith(":") for word in words
    )
    return 8 <= len(read) * 0.9 <= len(words) <= named / 0.8 and len(set(words)) * 4 <= len(words)


def _read(match: re.Match[bytes]) -> Line | Other:
    time, lead = match["time"].decode("latin-1").strip(), plain(match["lead"] or b"")
    if read_time(time) is None or (lead and len(time) < 13 and not time.isdigit()):
        return Other.TAIL
    level, message = split_level(match["message"].lstrip(b" \t])>\"',:|-*#"))
    if lead and rank(lead) is not None:
        level, lead = lead, ""
    return Line(time, message or plain(match["message"]).strip(), level, lead or None)


def _read_named(match: re.Match[bytes]) -> Line | Other:
    read = _read(match)
    name = _NAME.match(read.message) if isinstance(read, Line) else None
    if name is None or isinstance(read, Other):
        return read
    return replace(read, message=read.message[name.end() :].lstrip(" -|:") or name[0], who=name["name"])
