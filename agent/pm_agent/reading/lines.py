"""The line of evidence that rules read and prompts show: an event without its bookkeeping."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import ActorKind, Event, EventKind, Evidence, Precision, Signal


class Line(BaseModel):
    """One event, as a task's input."""

    model_config = ConfigDict(frozen=True)

    id: str
    at: datetime | None
    until: datetime | None = None
    precision: Precision = "minute"
    relative: str | None = None
    actor: str | None = None
    actor_kind: ActorKind = "person"
    kind: EventKind = "chat"
    signal: Signal | None = None
    subject: str | None = None
    severity: str | None = None
    text: str
    count: int = 1
    thread: str | None = None
    commands: bool = False
    """True where the text tries to command its reader; it stays data and is never picked by a rule."""

    @property
    def by_person(self) -> bool:
        """True for what a person said or wrote."""
        return self.actor_kind == "person" and self.kind in {"chat", "transcript", "note", "page"}


def line_of(event: Event, commands: frozenset[str] = frozenset()) -> Line:
    """The line of one event."""
    return Line(
        id=event.id, at=event.at, until=event.until, precision=event.precision, relative=event.relative, actor=event.actor,
        actor_kind=event.actor_kind, kind=event.kind, signal=event.signal, subject=event.subject, severity=event.severity,
        text=event.text, count=event.count, thread=event.thread, commands=event.id in commands,
    )  # fmt: skip


def lines_of(evidence: Evidence) -> tuple[Line, ...]:
    """Every event as a line, in the order of the evidence."""
    commands = frozenset(i.event_id for i in evidence.injections)
    return tuple(line_of(event, commands) for event in evidence.events)


def dated(lines: Iterable[Line]) -> list[tuple[datetime, Line]]:
    """The lines that have a time, with it."""
    return [(line.at, line) for line in lines if line.at is not None]
