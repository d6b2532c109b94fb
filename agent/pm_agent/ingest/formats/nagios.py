"""Nagios, Naemon, Icinga 1: the log with a time in brackets, and rows of NDO's log entries table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from pm_agent.evidence import Place, RawEvent, Series, Signal
from pm_agent.ingest.formats.alert_events import alert_event, subject_of
from pm_agent.ingest.source import Source
from pm_agent.reading.timeforms import read_time

_LINE = re.compile(r"^\[(?P<time>\d{9,11}|[^\]\[]{8,40})\] (?P<said>.+)$")
_ROW = re.compile(
    r"\(\s*\d+\s*,\s*\d+\s*,\s*'(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)'\s*,\s*'[^']{0,40}'\s*,\s*\d+\s*,\s*\d+\s*,"
    r"\s*'(?P<said>(?:[^'\\]|\\.|''){1,4000})'"
)
_KNOWN = re.compile(
    r"^(?:(?:SERVICE|HOST) (?:ALERT|NOTIFICATION|EVENT HANDLER|FLAPPING ALERT|DOWNTIME ALERT)|EXTERNAL COMMAND"
    r"|(?:CURRENT|INITIAL) (?:SERVICE|HOST) STATE|PASSIVE (?:SERVICE|HOST) CHECK|LOG (?:ROTATION|VERSION)|TIMEPERIOD TRANSITION):"
)
_TYPED = re.compile(
    r"^(?P<what>SERVICE|HOST|CURRENT SERVICE|CURRENT HOST) (?P<kind>[A-Z ]{5,20}): (?P<rest>.*)$"
)
_COMMAND = re.compile(r"^EXTERNAL COMMAND: (?P<name>[A-Z_]{3,60});?(?P<rest>.*)$")
_ROUTINE = re.compile(
    r"^(?:LOG (?:ROTATION|VERSION):|Auto-save of retention data|TIMEPERIOD TRANSITION:|INITIAL (?:HOST|SERVICE) STATE:"
    r"|PASSIVE (?:HOST|SERVICE) CHECK:|EXTERNAL COMMAND: PROCESS_(?:HOST|SERVICE)_CHECK_RESULT;|(?:HOST|SERVICE) EVENT HANDLER:)"
)
_WELL = {"OK", "UP"}
_INSERT = re.compile(r"^\s*INSERT INTO \W?\w*logentries\b", re.I)
_AUTHOR_AT = {
    "ACKNOWLEDGE_SVC_PROBLEM": 5, "ACKNOWLEDGE_HOST_PROBLEM": 4, "ACKNOWLEDGE_SVC_PROBLEM_EXPIRE": 6,
    "ACKNOWLEDGE_HOST_PROBLEM_EXPIRE": 5, "ADD_SVC_COMMENT": 3, "ADD_HOST_COMMENT": 2, "SCHEDULE_SVC_DOWNTIME": 7,
    "SCHEDULE_HOST_DOWNTIME": 6, "SCHEDULE_HOST_SVC_DOWNTIME": 6, "SEND_CUSTOM_SVC_NOTIFICATION": 3, "SEND_CUSTOM_HOST_NOTIFICATION": 2,
}  # fmt: skip
"""Where a command's author stands; the comment behind it may hold semicolons of its own."""


@dataclass(frozen=True)
class _Entry:
    """One thing the log says, with the lines behind it."""

    place: Place
    time: str
    said: str


@dataclass
class _Sent:
    """Notifications of one state of one object, which go to several contacts in the same second."""

    first: _Entry
    subject: str
    state: str
    output: str
    contacts: list[str] = field(default_factory=list)
    last: Place | None = None

    def takes(self, entry: _Entry, subject: str, state: str) -> bool:
        """True where the entry is the same notification on the very next line."""
        here = self.last or self.first.place
        line = (here.line_end or here.line or 0) + 1
        same = (entry.time, subject, state) == (self.first.time, self.subject, self.state)
        return same and entry.place.line == line and entry.place.part == here.part == 0


class Nagios:
    """Hard states as alerts, soft ones as their beginnings, who was told and who took it."""

    name: ClassVar[str] = "nagios"
    describes: ClassVar[str] = "nagios.log (Nagios, Naemon, Icinga 1) and NDO log entry rows"

    def fits(self, source: Source) -> float:
        """Sure where lines have the bracketed time or the row's shape and one of Nagios's headings."""
        lines = source.head_lines[:60]
        found = [entry.said for number, line in enumerate(lines, 1) for entry in _entries(number, line)]
        known = sum(bool(_KNOWN.match(said)) for said in found)
        return 0.92 if known and len(found) * 2 >= len(lines) and known * 4 >= len(found) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every entry but the routine ones; notifications of one state together."""
        sent: _Sent | None = None
        for number, line in source.lines():
            entries = list(_entries(number, line))
            quiet = 0
            for entry in entries:
                if told := _notification(entry):
                    subject, state, contact, output = told
                    if sent and not sent.takes(entry, subject, state):
                        yield _notified(sent)
                        sent = None
                    sent = sent or _Sent(entry, subject, state, output)
                    sent.contacts.append(contact)
                    sent.last = entry.place
                    continue
                if sent:
                    yield _notified(sent)
                    sent = None
                if event := _event(entry):
                    yield event
                else:
                    quiet += 1
            source.tally.structural += quiet == len(entries) if entries else bool(_INSERT.match(line[:200]))
        if sent:
            yield _notified(sent)


def _entries(number: int, line: str) -> Iterator[_Entry]:
    """The entries of a line: one of a log, one or more of a table."""
    if match := _LINE.match(line[:8000]):
        if match["time"].isdecimal() or (_KNOWN.match(match["said"]) and read_time(match["time"])):
            yield _Entry(Place(number, number), match["time"], match["said"].strip())
        return
    for part, match in enumerate(_ROW.finditer(line[:200_000])):
        said = match["said"].replace("''", "'").replace("\\'", "'").replace("\\\\", "\\")
        yield _Entry(Place(number, number, part=part), match["time"], said)


def _notification(entry: _Entry) -> tuple[str, str, str, str] | None:
    """Subject, state, contact and output of a notification; None for one that tells of an acknowledgement."""
    match = _TYPED.match(entry.said)
    if match is None or match["kind"] != "NOTIFICATION":
        return None
    contact, subject, state, output, author = _sent_fields(match["what"], match["rest"].split(";"))[:5]
    return None if state.startswith("ACKNOWLEDGEMENT") and author else (subject, state, contact, output)


def _sent_fields(what: str, parts: list[str]) -> tuple[str, str, str, str, str, str]:
    """Contact, subject, state, output, author and comment."""
    named = 3 if what == "SERVICE" else 2
    parts = parts + [""] * 8
    subject = subject_of(parts[2], parts[1]) if named == 3 else subject_of(parts[1])
    comment = ";".join(part for part in parts[named + 4 :] if part)
    return parts[0], subject, parts[named].strip(), parts[named + 2], parts[named + 3].strip(), comment


def _notified(sent: _Sent) -> RawEvent:
    """A notification of trouble tells somebody; one of recovery only repeats what the alert says."""
    place, last = sent.first.place, sent.last
    if last and last.line != place.line:
        place = Place(place.ordinal, place.line, last.line)
    trouble = sent.state not in _WELL and "(" not in sent.state
    return alert_event(
        place,
        "notified" if trouble else None,
        sent.subject,
        sent.first.time,
        program="Nagios",
        summary=f"{sent.state} to {', '.join(dict.fromkeys(sent.contacts))}"
        + (f": {sent.output}" if sent.output else ""),
        severity=sent.state if trouble else "",
        word="" if trouble else "NOTIFIED",
    )


def _event(entry: _Entry) -> RawEvent | None:
    """What an entry says; None for the routine of a program that watches."""
    if _ROUTINE.match(entry.said):
        return None
    if command := _COMMAND.match(entry.said):
        return _command(entry, command["name"], command["rest"].split(";"))
    match = _TYPED.match(entry.said)
    if match is None:
        return RawEvent(
            place=entry.place, text=entry.said, raw_time=entry.time, kind="log", actor="Nagios", actor_kind="system",
        )  # fmt: skip
    parts = match["rest"].split(";")
    if match["kind"] == "NOTIFICATION":
        _, subject, _, _, author, comment = _sent_fields(match["what"], parts)
        return alert_event(
            entry.place, "acknowledged", subject, entry.time, program="Nagios", summary=comment, person=author
        )
    host = parts[0].strip()
    service, rest = (
        (parts[1].strip(), parts[2:])
        if match["what"].endswith("SERVICE") and len(parts) > 1
        else ("", parts[1:])
    )
    subject = subject_of(service, host) if service else subject_of(host)
    if match["kind"] == "ALERT" and len(rest) >= 3:
        return _state(entry, subject, rest)
    if match["kind"] == "STATE":
        return (
            None
            if rest[:1] and rest[0] in _WELL
            else _noted(entry, subject, f"STILL {rest[0] if rest else ''}", rest[3:])
        )
    return _noted(
        entry, subject, f"{match['kind'].removesuffix(' ALERT')} {rest[0].strip() if rest else ''}", rest[1:]
    )


def _state(entry: _Entry, subject: str, rest: list[str]) -> RawEvent:
    """A hard state is an alert; a soft one is still being checked."""
    state, kind, attempt = rest[0], rest[1], rest[2]
    signal: Signal | None
    if kind == "HARD":
        signal = "resolved" if state in _WELL else "firing"
    elif state in _WELL:
        signal = "ended"
    else:
        signal = "onset" if attempt.strip() == "1" else None
    output = ";".join(rest[3:]).strip()
    soft = "" if kind == "HARD" else f"{state} (soft, attempt {attempt})"
    return alert_event(
        entry.place,
        signal,
        subject,
        entry.time,
        program="Nagios",
        summary=": ".join(part for part in (soft, output) if part),
        severity="" if state in _WELL else state,
        word="" if signal else "STILL CHECKED",
    )


def _noted(entry: _Entry, subject: str, word: str, rest: list[str]) -> RawEvent:
    said = ";".join(rest).strip()
    return alert_event(
        entry.place, None, subject, entry.time, program="Nagios", summary=said, word=word.strip()
    )


def _command(entry: _Entry, name: str, rest: list[str]) -> RawEvent:
    """What somebody told Nagios to do."""
    service = rest[1] if "_SVC_" in name and "HOST_SVC" not in name and len(rest) > 1 else ""
    subject = subject_of(service, rest[0]) if service else subject_of(rest[0])
    at = _AUTHOR_AT.get(name, len(rest))
    acknowledged = name.startswith("ACKNOWLEDGE_")
    said = rest[at + 1 :] if at < len(rest) else rest[2 if service else 1 :]
    return alert_event(
        entry.place,
        "acknowledged" if acknowledged else None,
        subject,
        entry.time,
        program="Nagios",
        summary=";".join(said).strip(),
        person=rest[at].strip() if at < len(rest) else "",
        word="" if acknowledged else name.replace("_", " "),
    )
