"""The nouns of intake: what a file says (raw), and what may be shown of it (redacted).

`RawEvidence` and `Evidence` are two types on purpose: only `redact` makes the second, and every stage
takes only the second, so unredacted text can't reach a model by forgetting a call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

EventKind = Literal["chat", "alert", "deploy", "log", "metric", "note", "transcript", "page"]
ActorKind = Literal["person", "bot", "system"]
Precision = Literal["second", "minute", "approximate"]
Signal = Literal[
    "firing", "resolved", "acknowledged", "escalated", "notified", "declared", "closed",
    "change_started", "change_finished", "change_failed", "rolled_back",
    "onset", "peak", "ended", "first_seen", "restart", "status_update", "deleted",
]  # fmt: skip
"""What the source program itself says this event is; never read out of prose."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its source an event stands."""

    ordinal: int
    """1-based place in the file: the line for text, the position of the element for structured files."""
    line: int | None = None
    line_end: int | None = None
    pointer: str | None = None
    """JSON pointer, for structured files."""
    part: int = 0
    """Tells apart several events of one place (an alert's start and its end)."""


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One thing a source says, times still as written."""

    place: Place
    text: str
    raw_time: str | None
    """The time as written (`8:05 PM`, `1710000000.123`, `00:12:40`), or None where the source gives none."""
    kind: EventKind
    raw_date: str | None = None
    """A date the source gives elsewhere (a day header, the file's own date field)."""
    raw_until: str | None = None
    zone: str | None = None
    """Zone that the source itself states for `raw_time`: an IANA name, `UTC` or `+08:00`."""
    actor: str | None = None
    actor_kind: ActorKind = "person"
    signal: Signal | None = None
    subject: str | None = None
    """What the signal is about: the alert's name, the service and version, the log template."""
    severity: str | None = None
    """A severity label as the source writes it (SEV2, P1, critical)."""
    count: int = 1
    """How many source lines stand behind this event (log bursts, threaded repeats)."""
    thread: str | None = None
    """Conversation it belongs to: `#channel`, `#channel/thread`."""
    links: tuple[str, ...] = ()
    file: str | None = None
    """Path of the member, where the source is a folder or archive read as a whole."""


@dataclass(frozen=True, slots=True)
class Series:
    """A metric over time, kept for the picture and for onset and recovery."""

    name: str
    points: tuple[tuple[float, float], ...]
    """(unix seconds, value), in time order."""
    file: str
    unit: str = ""
    is_wall: bool = False
    """True until the zone is known, where the times as written state none: seconds as if they were UTC."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A source, or a part of one, that was not read, and why."""

    path: str
    reason: str
    line: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """What became of one file; lines (or elements) sum up: read = parsed + continued + unparsed."""

    file: str
    format: str
    events: int
    read: int
    parsed: int
    continued: int
    unparsed: int
    first: datetime | None
    last: datetime | None
    timezone: str
    timezone_basis: Literal["stated", "given", "assumed"]
    undated: int = 0
    unparsed_lines: tuple[int, ...] = ()
    """The first few of the lines that could not be read."""


@dataclass(frozen=True, slots=True)
class EventSource:
    """One place that shows an event; an event seen by several programs has several."""

    file: str
    line: int | None
    line_end: int | None
    pointer: str | None
    count: int
    format: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the evidence lacks or contradicts, found by code."""

    kind: Literal["silence", "missing_milestone", "clock_skew", "conflict", "unreadable", "truncated"]
    code: str
    """Names the sentence in `language/*/phrases.yaml`."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What that sentence's blanks hold."""
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """A raw event whose time the clock has resolved; text still unredacted."""

    id: str
    raw: RawEvent
    at: datetime | None
    until: datetime | None
    precision: Precision
    relative: str | None
    sources: tuple[EventSource, ...]


@dataclass(frozen=True, slots=True)
class People:
    """Who is who, before redaction: handles and names as they stand in the sources."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Handle or user id → display name."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Handle or user id → stated role."""


@dataclass(frozen=True)
class RawEvidence:
    """Everything that was read, on one line of time, unredacted. Never leaves ingest and redact."""

    events: tuple[TimedEvent, ...]
    series: tuple[Series, ...]
    people: People
    files: tuple[FileCoverage, ...]
    skipped: tuple[Skipped, ...]
    gaps: tuple[Gap, ...]
    timezone: str
    timezone_basis: Literal["stated", "given", "assumed"]


@dataclass(frozen=True, slots=True)
class Injection:
    """A text in the evidence that tries to command whoever reads it."""

    event_id: str
    span: str


@dataclass(frozen=True, slots=True)
class Event:
    """One redacted piece of evidence: all that a stage, a model or a report may see of it."""

    id: str
    at: datetime | None
    """UTC; None where the source gives no time that resolves."""
    text: str
    kind: EventKind
    actor: str | None = None
    """Alias or system name."""
    actor_kind: ActorKind = "person"
    until: datetime | None = None
    raw_time: str | None = None
    precision: Precision = "minute"
    relative: str | None = None
    signal: Signal | None = None
    subject: str | None = None
    severity: str | None = None
    count: int = 1
    thread: str | None = None
    sources: tuple[EventSource, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """Redacted evidence on one line of time. Only `redact` makes it."""

    events: tuple[Event, ...]
    series: tuple[Series, ...] = ()
    files: tuple[FileCoverage, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    gaps: tuple[Gap, ...] = ()
    injections: tuple[Injection, ...] = ()
    redactions: Mapping[str, int] = field(default_factory=dict)
    timezone: str = "UTC"
    timezone_basis: Literal["stated", "given", "assumed"] = "assumed"
    language: Literal["en", "zh"] = "zh"
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Alias → person. Private: owner and participant fields only; stored 0600 in the run folder."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Alias → stated role (incident_commander …)."""

    @cached_property
    def by_id(self) -> Mapping[str, Event]:
        """Event id → event."""
        return {event.id: event for event in self.events}

    def cited(self, ids: Iterator[str] | tuple[str, ...] | list[str]) -> list[Event]:
        """The events behind these ids; an id that does not exist is left out."""
        return [self.by_id[i] for i in ids if i in self.by_id]
