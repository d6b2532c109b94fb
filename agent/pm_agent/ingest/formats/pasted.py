"""Text copied out of a chat client, whatever the client: heads open messages, the lines below carry them on.

A client (Slack, DingTalk, …) only says what its heads, day separators and own words look like; the walk over the
lines, the code blocks and the sums are the same for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pm_agent.errors import UnreadableSource
from pm_agent.evidence import Place, RawEvent
from pm_agent.ingest.formats.person_names import is_machine
from pm_agent.ingest.signals import classify, read_alert
from pm_agent.ingest.source import MAX_DOCUMENT, Source
from pm_agent.ingest.stated_zone import stated_zone

Line = tuple[int, str]
"""Line number and text; blank lines are not among them."""
DELETED = "[message deleted]"
_QUOTE = re.compile(r"^\s*>\s?")
_TITLE = re.compile(r"^#{1,6}\s|^[-*_=]{3,}\s*$")


@dataclass(frozen=True, slots=True)
class Head:
    """What opens a message."""

    time: str | None
    name: str | None = None
    """None: written by whoever wrote the message before."""
    text: str = ""
    """What follows on the same line."""
    lines: int = 1
    is_bot: bool = False
    is_quoted: bool = False
    """The whole message stands behind Markdown quote marks."""
    is_deleted: bool = False
    is_whole: bool = False
    """The client's own notice (a recall, a new name of the group): nothing below belongs to it."""


class Client(Protocol):
    """How the text copied out of one chat client looks."""

    def head(self, lines: Sequence[Line], at: int, last: Head | None, in_code: bool) -> Head | None:
        """The head of a message that begins at this line, or None."""
        ...

    def day(self, line: str) -> str | None:
        """The date of a separator between days, or None."""
        ...

    def own_words(self, lines: Sequence[Line], at: int) -> int:
        """How many lines from here are the client's own (buttons, reaction counts), 0 for a person's words."""
        ...

    def tidy(self, line: str) -> str:
        """A line of a message without what the client appends to it."""
        ...

    def is_housekeeping(self, text: str) -> bool:
        """True for a message that only tells of a join or a pin."""
        ...

    def is_deleted(self, text: str) -> bool:
        """True for what the client shows in place of a deleted message."""
        ...


def conversation(
    source: Source, lines: Sequence[Line], client: Client, channel: str | None = None
) -> Iterator[RawEvent]:
    """The messages in order of the text; does the sums of the source itself, since messages hold blank lines."""
    return _Walk(source, lines, client, channel).run()


def all_lines(source: Source) -> list[Line]:
    """Every line that is not blank, as long as they fit into memory.

    Raises:
        UnreadableSource: they don't.
    """
    lines, size = [], 0
    for number, line in source.lines():
        size += len(line)
        if size > MAX_DOCUMENT:
            raise UnreadableSource("too large for copied text", path=source.path, line=number)
        lines.append((number, line))
    return lines


class _Walk:
    """Goes over the lines once, holding the message that is open."""

    def __init__(self, source: Source, lines: Sequence[Line], client: Client, channel: str | None) -> None:
        self.lines = lines
        self.client, self.channel, self.tally = client, channel, source.tally
        self.tally.counted = True
        self.day: str | None = None
        self.zone: str | None = None
        self.written_on: str | None = None
        self.head: Head | None = None
        self.writer = Head(None)
        self.first = self.last = self.taken = 0
        self.text: list[str] = []
        self.in_code = False

    def run(self) -> Iterator[RawEvent]:
        at = 0
        while at < len(self.lines):
            head = self.client.head(self.lines, at, self.head, self.in_code)
            if head is not None:
                yield from self._close()
                self._open(head, at)
                at += head.lines
                if head.is_whole:
                    yield from self._close()
                continue
            taken = 0 if self.in_code else self._between(at)
            if taken < 0:
                yield from self._close()
                taken = 1
            if not taken:
                self._add(*self.lines[at])
            at += taken or 1
        yield from self._close()

    def _between(self, at: int) -> int:
        """Lines that are nobody's words: how many, −1 for a new day (which ends the message), 0 for none."""
        day = self.client.day(self.lines[at][1])
        if day is not None:
            self.day = day
            self.tally.parsed += 1
            return -1
        own = self.client.own_words(self.lines, at)
        self.tally.parsed += own
        return own

    def _open(self, head: Head, at: int) -> None:
        if head.name is not None and not head.is_whole:
            self.writer = head
        self.head, self.written_on, self.in_code = head, self.day, False
        self.first = self.lines[at][0]
        self.last, self.taken = self.lines[at + head.lines - 1][0], head.lines
        self.text = [head.text] if head.text else []

    def _add(self, number: int, line: str) -> None:
        if self.head is None:
            self.zone = stated_zone(line) or self.zone
            if _TITLE.match(line):
                self.tally.parsed += 1
            else:
                self.tally.miss(number)
            return
        if self.head.is_quoted:
            line = _QUOTE.sub("", line)
        self.in_code ^= line.count("```") % 2 == 1
        if self.text and number > self.last + 1:
            self.text.append("")
        self.text.append(line if self.in_code else self.client.tidy(line))
        self.last, self.taken = number, self.taken + 1

    def _close(self) -> Iterator[RawEvent]:
        head, text = self.head, "\n".join(self.text).strip()
        self.head, self.in_code = None, False
        if head is None:
            return
        gone = head.is_deleted or self.client.is_deleted(text)
        if not gone and (not text or self.client.is_housekeeping(text)):
            self.tally.parsed += self.taken
            return
        self.tally.parsed += 1
        self.tally.continued += self.taken - 1
        yield self._event(head, DELETED if gone else text, gone)

    def _event(self, head: Head, text: str, gone: bool) -> RawEvent:
        writer = head if head.is_whole else self.writer
        is_bot = writer.is_bot or _posts_alert(writer.name, text)
        kind, signal = classify(text, "bot" if is_bot else "person")
        return RawEvent(
            place=Place(self.first, self.first, self.last if self.last > self.first else None),
            text=text,
            raw_time=(signal.at if signal else None) or head.time,
            kind=kind,
            raw_date=self.written_on,
            zone=self.zone,
            actor=writer.name or None,
            actor_kind="bot" if is_bot else "person" if writer.name or gone else "system",
            signal="deleted" if gone else signal.signal if signal else None,
            subject=signal.subject if signal else None,
            severity=signal.severity if signal else None,
            thread=self.channel,
        )


def _posts_alert(name: str | None, text: str) -> bool:
    """A client's own badge may be lost in copying: a robot's name over an alert's text is a robot."""
    return bool(name and is_machine(name) and read_alert(text))
