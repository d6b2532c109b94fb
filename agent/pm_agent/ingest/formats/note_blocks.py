"""Notes as people write them, in Markdown or plain text → one event a timed line, with what belongs to it.

A line that begins with a time is an event; indented lines, wrapped lines and code below it belong to it, and all that
stands under a heading with a time. What has no time becomes an undated event a paragraph or list item: nothing that
somebody wrote down is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pm_agent.evidence import ActorKind, Place, RawEvent
from pm_agent.ingest.formats.lead_times import (
    Lead,
    dated,
    day_for_all,
    day_inside,
    day_of,
    in_half,
    is_to_do,
    lead_time,
    zone_inside,
)
from pm_agent.ingest.formats.note_sections import bare_section, bold_head, section_of, with_box
from pm_agent.ingest.formats.note_tables import Table, cells_of, is_rule
from pm_agent.ingest.formats.pasted import Line
from pm_agent.ingest.formats.person_names import bare_name, is_machine, is_personal
from pm_agent.ingest.source import Source

HEADING = re.compile(r"^\s{0,3}(?P<marks>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
BULLET = re.compile(
    r"^(?P<indent>\s*(?:>\s?)*)(?:[-*+•·●▪◦–—]\s+(?:\[[ xX]\]\s+)?|\(?\d{1,3}[.)、）](?:\s+|(?!\d)))(?P<text>\S.*)$"
)
_FENCE = re.compile(r"^\s*(?:>\s?)*(?:```|~~~)")
_UNSAID = re.compile(r"^\s*(?:(?:[-*_=]\s?){3,}|<!--.{0,150}-->|\[[^\]]{1,60}\]:\s+\S{1,150})\s*$")
_FRONT_DATE = re.compile(r"^(?:date|day|日期|incident_date|created)\s*[:=]\s*['\"]?(?P<date>[^'\"#]+)", re.I)
_SAYS = re.compile(
    r"^[*_]{0,2}(?P<at>@?)(?P<name>[^\s:：,，。|@]{1,20}(?: [^\s:：,，。|]{1,20}){0,2})[*_]{0,2}\s*[:：]\s*(?P<text>\S.*)$",
    re.S,
)
_ENDS = re.compile(r"[.。!！?？:：;；)）|]\s*$")
_MOST = 256 * 1024
"""A note longer than this is none; the rest of it is counted as unread."""


@dataclass
class _Note:
    """What is being read: its place, its time and its lines."""

    first: int
    indent: int
    lead: Lead | None = None
    raw_date: str | None = None
    actor: str | None = None
    actor_kind: ActorKind = "person"
    is_section: bool = False
    """Opened by a heading with a time: everything up to the next time or heading belongs to it."""
    is_item: bool = False
    """A list item; a further item beside it is a note of its own."""
    last: int = 0
    taken: int = 0
    size: int = 0
    thread: str | None = None
    """The section of a list of work it stands in."""
    text: list[str] = field(default_factory=list)


class NoteReader:
    """Goes over the lines of one document; does the sums of the source itself."""

    def __init__(self, source: Source, lines: Sequence[Line]) -> None:
        self.lines, self.tally = lines, source.tally
        self.tally.counted = True
        self.day: str | None = None
        self.above: Lead | None = None
        """The last time that was read."""
        self.zone: str | None = None
        self.title: tuple[int, int, str] | None = None
        """Line, level and text of the last heading, until something stands under it."""
        self.section: str | None = None
        """The last heading, where it says that a list of work follows."""
        self.is_loose = False
        """That heading has no marks of one."""
        self.is_first = True
        self.table: Table | None = None
        self.note: _Note | None = None
        self.in_code = False
        self.speakers = Counter(name for _, line in lines if (name := _speaker_in(line)))

    def run(self) -> Iterator[RawEvent]:
        """The notes in order of the text."""
        start = self._front_matter()
        for at in range(start, len(self.lines)):
            number, line = self.lines[at]
            if self.in_code or _FENCE.match(line):
                yield from self._code(number, line)
                continue
            heading = HEADING.match(line) if len(line) < 2000 else None
            if heading:
                yield from self._heading(number, heading["text"], len(heading["marks"]))
            elif title := bold_head(line):
                yield from self._heading(number, title, 6)
            elif len(line) < 200 and _UNSAID.match(line):
                yield from self._close()
                self.tally.parsed += 1
            elif (cells := cells_of(line)) is not None:
                yield from self._row(at, number, cells)
            else:
                yield from self._words(at, number, line)
        yield from self._close()
        yield from self._bare_title(0)

    def _front_matter(self) -> int:
        """How many lines the `---` block at the top takes; its date holds for the document."""
        if not self.lines or self.lines[0][1].strip() not in {"---", "+++"}:
            return 0
        for at, (_, line) in enumerate(self.lines[1:60], 1):
            if line.strip() in {"---", "...", "+++"}:
                self.tally.parsed += at + 1
                return at + 1
            if match := _FRONT_DATE.match(line):
                self.day = day_inside(match["date"]) or self.day
        self.day = None
        return 0

    def _code(self, number: int, line: str) -> Iterator[RawEvent]:
        if _FENCE.match(line):
            self.in_code = not self.in_code
        if self.note is None:
            yield from self._open(number, 0, None)
        self._add(number, line.rstrip())

    def _heading(self, number: int, text: str, level: int) -> Iterator[RawEvent]:
        yield from self._close()
        yield from self._bare_title(level)
        self.table = None
        self.zone = zone_inside(text) or self.zone
        self.section, self.is_loose = section_of(text), False
        lead = lead_time(text)
        if lead is not None:
            yield from self._open(number, 0, lead, is_section=True)
            self._add(number, lead.rest)
            return
        self._new_day(day_inside(text))
        self.tally.parsed += 1
        self.title = (number, level, text)

    def _new_day(self, day: str | None) -> None:
        self.day = dated(day, self.day) if day else self.day

    def _bare_title(self, level: int) -> Iterator[RawEvent]:
        """The document's title, and a heading with nothing under it, say something themselves."""
        title, self.title = self.title, None
        if title is None or day_of(title[2]) or not title[2]:
            return
        if self.is_first or level <= title[1]:
            self.is_first = False
            place = Place(title[0], title[0])
            yield RawEvent(place, title[2], None, "note", self.day)

    def _row(self, at: int, number: int, cells: Sequence[str]) -> Iterator[RawEvent]:
        yield from self._close()
        if is_rule(cells):
            self.tally.parsed += 1
            return
        following = cells_of(self.lines[at + 1][1]) if at + 1 < len(self.lines) else None
        if following is not None and is_rule(following):
            self.table = Table.of_header(cells)
            self.zone = zone_inside(" ".join(cells)) or self.zone
            self.tally.parsed += 1
            return
        row = (self.table or Table()).row(cells)
        self._new_day(row.day)
        yield from self._open(number, 0, row.lead)
        if self.note is not None and row.actor:
            self.note.actor, self.note.actor_kind = row.actor, "person" if row.is_person else "system"
        self._add(number, row.text)
        if self.note is not None:
            self.note.thread = self.section or ("§" if self.table and self.table.is_work else None)
        yield from self._close()

    def _words(self, at: int, number: int, line: str) -> Iterator[RawEvent]:
        self.table = None
        self.zone = zone_inside(line) or self.zone
        self._new_day(day_for_all(line))
        bullet = BULLET.match(line[:2000])
        text = line[bullet.start("text") :] if bullet else line
        text = re.sub(r"^\s*(?:>\s?)*", "", text).rstrip()
        indent = len(line) - len(line.lstrip())
        if not bullet and self._is_wrapped(at):
            self._add(number, text)
            return
        lead = None if is_to_do(line) else lead_time(text)
        if lead is None and (day := day_of(text)):
            yield from self._close()
            self._new_day(day)
            self.tally.parsed += 1
            return
        if lead is None and self._belongs(at, indent, bullet is not None):
            self._add(number, line.rstrip() if bullet else text)
            return
        yield from self._close()
        yield from self._open(number, indent, lead, is_item=bullet is not None)
        self.section = self.section if bullet else self._section_after(at, text)
        if self.note is not None and (bullet or not bare_section(text)):
            self.note.thread = with_box(line, self.section)
        self._add(number, self._said(lead) if lead else text)

    def _section_after(self, at: int, text: str) -> str | None:
        """The section from a line on that is no item; one without a heading's marks ends where, after a gap, other words begin."""
        opened, named = bare_section(text), section_of(text, ends=":：")
        if opened is None and named is None and not (self.is_loose and not self._is_adjacent(at)):
            return self.section
        self.is_loose = opened is not None
        return opened or named

    def _is_adjacent(self, at: int) -> bool:
        return at > 0 and self.lines[at - 1][0] == self.lines[at][0] - 1

    def _said(self, lead: Lead) -> str:
        """The words of a note; `张伟：…` gives it an author where that name comes back, `@name:` always."""
        match = _SAYS.match(lead.rest)
        name = bare_name(match["name"]) if match else None
        if match is None or name is None or self.note is None:
            return lead.rest
        if not match["at"] and not (is_personal(name) and self.speakers[name] > 1):
            return lead.rest
        self.note.actor, self.note.actor_kind = name, "bot" if is_machine(name) else "person"
        return match["text"]

    def _is_wrapped(self, at: int) -> bool:
        """True where the line above was cut by its length: a time that begins this line begins no note."""
        if self.note is None or self.note.lead is not None or at == 0:
            return False
        number, above = self.lines[at - 1]
        return number == self.lines[at][0] - 1 and len(above) > 60 and not _ENDS.search(above[-8:])

    def _belongs(self, at: int, indent: int, is_bullet: bool) -> bool:
        """True where a line without a time goes on with the note that is open."""
        note = self.note
        if note is None:
            return False
        if note.is_section:
            return True
        if indent > note.indent:
            return True
        return self._is_adjacent(at) and (not is_bullet or (note.lead is not None and not note.is_item))

    def _open(
        self, number: int, indent: int, lead: Lead | None, *, is_section: bool = False, is_item: bool = False
    ) -> Iterator[RawEvent]:  # fmt: skip
        if self.is_first:
            yield from self._bare_title(7)
        self.title = None
        if lead is not None:
            self.above = lead = in_half(lead, self.above)
        self.note = _Note(number, indent, lead, self.day, is_section=is_section, is_item=is_item, last=number)

    def _add(self, number: int, text: str) -> None:
        note = self.note
        if note is None:
            return
        note.size += len(text)
        if note.size > _MOST:
            self.tally.miss(number)
            return
        if note.text and number > note.last + 1:
            note.text.append("")
        note.text.append(text)
        note.last, note.taken = number, note.taken + 1

    def _close(self) -> Iterator[RawEvent]:
        note, self.note = self.note, None
        if note is None or not note.taken:
            return
        text = "\n".join(note.text).strip()
        if not text and note.lead is None:
            self.tally.parsed += note.taken
            return
        self.tally.parsed += 1
        self.tally.continued += note.taken - 1
        lead = note.lead
        yield RawEvent(
            place=Place(note.first, note.first, note.last if note.last > note.first else None),
            text=text or (lead.time if lead else ""),
            raw_time=lead.time if lead else None,
            kind="note",
            raw_date=note.raw_date,
            raw_until=lead.until if lead else None,
            zone=self.zone,
            actor=note.actor,
            actor_kind=note.actor_kind,
            thread=note.thread if lead is None else None,
        )


def _speaker_in(line: str) -> str | None:
    """Who speaks in a timed line, if it looks as if somebody did."""
    bullet = BULLET.match(line[:200])
    lead = lead_time(bullet["text"] if bullet else line[:200].strip(" \t>"))
    match = _SAYS.match(lead.rest) if lead else None
    return bare_name(match["name"]) if match else None
