"""Text copied out of the Slack client: `name [1:46 PM]` of old clients, `Name  1:46 PM` over one or two lines of new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.pasted import Head, Line, all_lines, conversation
from pm_agent.ingest.source import Source

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATE = rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
_CLOCK = r"\d{1,2}:\d\d(?:[ \u202f]?[AP]M)?"
_TIME = rf"(?:(?:Today|Yesterday|{_WEEKDAY}|{_DATE})(?: at|,)? )?{_CLOCK}"
_MARKS = r"(?:\s*:[\w+'-]+:)*"
_APP = r"(?:\s*(?P<app>APP|BOT|WORKFLOW))?"
_NAME = rf"(?P<name>[^\s:>\[\]|`{{}}\"][^\[\]|`{{}}\"\t]{{0,59}}?){_MARKS}{_APP}{_MARKS}"
_BRACKETED = re.compile(
    rf"^(?P<quote>\s*>\s?)?(?:{_NAME})?\s*\[(?P<time>{_TIME})\]\s*(?P<rest>\(edited\))?\s*$", re.I
)
_BRACKETED_NEXT = re.compile(rf"^(?P<quote>\s*>\s?)?\[(?P<time>{_TIME})\]\s*(?P<rest>.*)$", re.I)
_ONE_LINE = re.compile(rf"^(?P<quote>\s*>\s?)?{_NAME}(?P<gap>[ \t\u00a0]+)(?P<time>{_TIME})\s*$")
_NAME_LINE = re.compile(rf"^(?P<quote>\s*>\s?)?{_NAME}\s*$")
_TIME_LINE = re.compile(
    rf"^(?:\s*>\s?)?(?P<mark>{_MARKS}{_APP})(?P<gap>[ \t\u00a0]*)(?P<time>{_TIME})(?P<rest>\s+\(edited\))?\s*$"
)
_COMPACT = re.compile(r"^(?P<h>\d{1,2}):(?P<m>\d\d)$")
_DAY = re.compile(
    rf"^(?:\s*>\s?)?[-—–\s]*(?:(?:Today|Yesterday) (?={_MONTH}))?"
    rf"(?P<day>Today|Yesterday|(?:{_WEEKDAY}, )?{_DATE})[-—–\s]*$"
)
_OWN = re.compile(
    r"^\s*(?:View (?:newer replies|thread|reply|message)|Show (?:more|less)|Collapse|Loading history(?:\.{3}|…)|"
    r"New|NEW|(?:\d+\+? )?new messages?|Jump to \w+|(?:Last reply )?.{0,40}View thread|\d+ repl(?:y|ies).{0,60}|"
    r"Also sent to the channel|From a thread in #.{1,90}View reply|Message [#\w-]{1,80}|Saved for later.{0,60}|"
    r"Shift \+ (?:Enter|Return) to add a new line|Click to expand inline.*|Image from \w+|"
    r"!\[[^\]]*\]\(https://ca\.slack-edge\.com/[^)]+\)|[-*_]{3,})\s*$"
)
_REACTION = re.compile(r"^(?::[\w+'-]+:|[\U0001F300-\U0001FAFF\u2600-\u27BF]\uFE0F?)$")
_APPENDED = ("(edited)", "View newer replies", "View thread")
_LONGEST = 160
"""No head, separator or button is longer; what people paste may be a megabyte."""
_HOUSEKEEPING = re.compile(r"(?:was added to|joined|left|has joined|has left) (?:#\S+|the channel)[^\n]*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CHANNEL = re.compile(r"^\W*(?P<channel>#[a-z][\w-]{0,79})\b")


class SlackPaste:
    """A message a head; a compact time (`10:28` between lines) is a further message of the same writer."""

    name: ClassVar[str] = "slack-paste"
    describes: ClassVar[str] = (
        "text copied out of the Slack client: old and new layouts, edits, threads, code blocks"
    )

    def fits(self, source: Source) -> float:
        """Sure of two heads with AM/PM or brackets; less of the 24-hour layout."""
        lines = [line for line in enumerate(source.head_text.split("\n")[:600], 1) if line[1].strip()]
        heads = [(at, head) for at in range(len(lines)) if (head := self.head(lines, at, None, False))]
        sure = sum(
            head.lines == 2 or lines[at][1].rstrip()[-1:] in {"M", "m", "]", ")"} for at, head in heads
        )
        if len(heads) * 60 < len(lines) or not heads:
            return 0.0
        if all(_HAN.search(head.name or "") and head.time and head.time[-1] not in "Mm" for _, head in heads):
            return 0.5
        if sure:
            return 0.85 if sure > 1 else 0.55
        return 0.65 if len({head.name for _, head in heads}) < len(heads) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message in order of the text."""
        yield from conversation(source, all_lines(source), self, _channel(source))

    def head(self, lines: Sequence[Line], at: int, last: Head | None, in_code: bool) -> Head | None:
        """The head at this line; inside a code block only the bracketed one counts."""
        number, line = lines[at]
        if len(line) > _LONGEST:
            return None
        match = _BRACKETED.match(line)
        if match and match["name"]:
            return _head(match)
        if in_code:
            return None
        if last is not None and (match := _BRACKETED_NEXT.match(line)):
            return Head(match["time"], text=match["rest"], is_quoted=bool(match["quote"]))
        if (match := _ONE_LINE.match(line)) and _is_apart(match) and _same_clock(match["time"], last):
            return _head(match)
        if (
            at + 1 < len(lines)
            and lines[at + 1][0] == number + 1
            and (head := _two_lines(line, lines[at + 1][1]))
        ):
            return head
        return _compact(line, last)

    def day(self, line: str) -> str | None:
        """`Friday, February 8th`, `----- Today February 8th, 2019 -----`, `Yesterday`."""
        match = _DAY.match(line) if len(line) < _LONGEST else None
        return match["day"] if match else None

    def own_words(self, lines: Sequence[Line], at: int) -> int:
        """Buttons and previews of threads; a reaction with its count."""
        line = lines[at][1]
        if len(line) > _LONGEST:
            return 0
        if _OWN.match(line):
            return 1
        followed = at + 1 < len(lines) and lines[at + 1][1].strip().isdigit()
        return 2 if followed and _REACTION.match(line.strip()) else 0

    def tidy(self, line: str) -> str:
        """Without `(edited)` and the buttons at the end of a line."""
        line = line.rstrip()
        for appended in _APPENDED:
            line = line.removesuffix(appended).rstrip()
        return line

    def is_housekeeping(self, text: str) -> bool:
        """`joined #channel`."""
        return _HOUSEKEEPING.fullmatch(text) is not None

    def is_deleted(self, text: str) -> bool:
        """`This message was deleted`, with or without a full stop."""
        return text.rstrip(".") == "This message was deleted"


def _channel(source: Source) -> str | None:
    """`#channel` where a line above the first message names it."""
    for line in source.head_lines[:3]:
        if match := _CHANNEL.match(line):
            return match["channel"]
    return None


def _head(match: re.Match[str], time: str | None = None, lines: int = 1, app: str | None = None) -> Head:
    return Head(
        time or match["time"], match["name"].strip(), lines=lines, is_bot=bool(match["app"] or app),
        is_quoted=bool(match["quote"]),
    )  # fmt: skip


def _is_apart(match: re.Match[str]) -> bool:
    """Name and time stand two blanks apart, or one where nothing but a head ends so (`Ann Lee 1:46 PM`)."""
    if len(match["gap"]) > 1 or "\u00a0" in match["gap"]:
        return True
    words = match["name"].split()
    named = len(words) <= 3 and all(word[:1].isupper() for word in words)
    return bool(match["time"][-1] in "Mm" and (match["app"] or named))


def _same_clock(time: str, last: Head | None) -> bool:
    """A client shows all its times by one clock, of twelve hours or of twenty-four."""
    return last is None or last.time is None or (last.time[-1] in "Mm") == (time[-1] in "Mm")


def _two_lines(line: str, following: str) -> Head | None:
    time = _TIME_LINE.match(following) if len(following) < _LONGEST else None
    if time is None or line[:1] in {" ", "\t"}:
        return None
    is_marked = bool(time["mark"].strip()) or len(time["gap"]) > 1
    if not is_marked and time["time"][-1] not in "Mm":
        return None
    name = _NAME_LINE.match(line)
    return _head(name, time["time"], 2, time["app"]) if name else None


def _compact(line: str, last: Head | None) -> Head | None:
    """`10:28` alone: the next message of the same writer, in the half of the day of the head above."""
    match = _COMPACT.match(line.strip())
    if match is None or last is None or last.time is None:
        return None
    above = re.search(r"(\d{1,2}):(\d\d)(?:[ \u202f]?([AP]M))?$", last.time)
    if above is None:
        return None
    minutes = int(match["h"]) * 60 + int(match["m"])
    before = int(above[1]) * 60 + int(above[2])
    half = above[3]
    if (minutes - before) % (720 if half else 1440) > 30:
        return None
    if half and int(match["h"]) % 12 < int(above[1]) % 12:
        half = "PM" if half == "AM" else "AM"
    return replace(last, time=line.strip() + (f" {half}" if half else ""), name=None, lines=1, text="")
