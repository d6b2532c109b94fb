"""IRC logs of irssi, WeeChat, ZNC, HexChat and channel loggers: talk, actions, and notices that are structure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.message_lists import message_event
from pm_agent.ingest.source import Source

_WHEN = r"^\[?(?P<time>(?:\d{4}-\d\d-\d\d[T ]|[A-Z][a-z]{2} [ \d]\d )?\d{1,2}:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)\]?"
_TALK = re.compile(rf"{_WHEN}\s{{1,3}}<(?P<nick>[@+%&~! ]?[^<>\s]{{1,40}})>\s?(?P<text>.*)$")
_TABBED = re.compile(rf"{_WHEN}\t(?P<nick>[@+%&~!]?[^\s<>*-][^\s<>]{{0,39}})\t(?P<text>.*)$")
_ACTION = re.compile(rf"{_WHEN}(?:\s{{1,3}}|\t\s?)\*\s+(?P<nick>[^\s*]{{1,40}})\s+(?P<text>.*)$")
_NOTICE = re.compile(rf"{_WHEN}(?:\s{{1,3}}|\t\s?)(?:-!-|\*{{3}}|-->|<--|--|={{3}}|!)(?:\s|$)")
_DAY = re.compile(
    r"^(?:---|\*{4}) (?:Log opened|Day changed(?: to)?|BEGIN LOGGING AT) (?P<day>.{6,40}?)\s*$", re.I
)
_END = re.compile(r"^(?:---|\*{4}) (?:Log closed|ENDING LOGGING AT).*$|^\s*\*{3}.*$", re.I)
_CHANNEL = re.compile(
    r"(?:joined|Topic for|Now talking (?:on|in)|topic (?:of|for)|Join(?:s|ed)?:?.{0,80}) (?P<channel>#[\w-]{1,50})"
)
_BOT = re.compile(r"bot\d*_?$|^bot|alert|jenkins|nagios|icinga|prometheus|zabbix|^deploy", re.I)


class Irc:
    """One line a message; joins, parts and changes of nick are understood and left out."""

    name: ClassVar[str] = "irc"
    describes: ClassVar[str] = "IRC logs: irssi, WeeChat, ZNC, HexChat, channel loggers"

    def fits(self, source: Source) -> float:
        """By `<nick>` behind a time on most lines."""
        lines = [line[:300] for line in source.head_lines]
        if lines and "\t" in lines[0] and not re.match(_WHEN, lines[0]):
            return 0.0  # a table with a header
        talk = sum(bool(_TALK.match(line) or _TABBED.match(line)) for line in lines)
        known = talk + sum(
            bool(_NOTICE.match(line) or _ACTION.match(line) or _DAY.match(line)) for line in lines
        )
        if not talk or known * 10 < len(lines) * 6:
            return 0.0
        return 0.9 if talk > 1 else 0.5

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message, with the day of the last `Day changed`."""
        day: str | None = None
        found = (_CHANNEL.search(line[:400]) for line in source.head_lines)
        channel = next((match["channel"] for match in found if match), None)
        for number, line in source.lines():
            if match := _DAY.match(line[:100]):
                day = match["day"]
                source.tally.structural += 1
            elif event := _message(number, line, day, channel):
                yield event
            elif _NOTICE.match(line[:100]) or _END.match(line[:100]):
                source.tally.structural += 1
            else:
                source.tally.miss(number)


def _message(number: int, line: str, day: str | None, channel: str | None) -> RawEvent | None:
    start = line[:200]
    match = _TALK.match(start) or _TABBED.match(start) or _ACTION.match(start)
    if match is None:
        return None
    text = line[match.start("text") :].strip()
    nick = match["nick"].lstrip("@+%&~! ")
    if match.re is _ACTION:
        text = f"{nick} {text}"
    if not text or not nick:
        return None
    is_bot = _BOT.search(nick) is not None
    event = message_event(Place(number, number), text, match["time"], nick, is_bot=is_bot, thread=channel)
    return replace(event, raw_date=day)
