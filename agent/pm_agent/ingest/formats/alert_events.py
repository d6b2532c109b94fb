"""How an alert reads, whichever program tells of it: `[FIRING] Name service: summary`, so that merge can join them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pm_agent.evidence import Place, RawEvent, Signal
from pm_agent.ingest.formats.payloads import Payload, field, first_of, text

_WORDS: Mapping[Signal | None, str] = {
    "firing": "FIRING", "resolved": "RESOLVED", "acknowledged": "ACKNOWLEDGED", "escalated": "ESCALATED",
    "notified": "NOTIFIED", "onset": "ACTIVE", "ended": "NO LONGER ACTIVE",
}  # fmt: skip

_NEVER = "0001-01-01T00:00:00Z"


def whereabouts(labels: Any) -> str:
    """The label that says whose alert it is."""
    return first_of(labels, "service", "job", "namespace", "instance", "app", "host")


def subject_of(name: str, where: str = "") -> str:
    """`AlertName service` on one line; the place is not said twice."""
    name, where = " ".join(name.split()), " ".join(where.split())
    said = where.lower() in name.lower().split()
    return (name if said else f"{name} {where}")[:160].strip() or "alert"


def alert_event(
    place: Place,
    signal: Signal | None,
    subject: str,
    at: str,
    *,
    program: str,
    summary: str = "",
    severity: str = "",
    person: str = "",
    word: str = "",
    zone: str | None = None,
    thread: str | None = None,
    links: Sequence[str] = (),
) -> RawEvent:
    """One thing that happened to an alert; `person` is who did it, else the program itself."""
    word = word or _WORDS.get(signal, "ALERT")
    return RawEvent(
        place=place,
        text=f"[{word}] {subject}" + (f": {summary}" if summary else ""),
        raw_time=at or None,
        kind="alert",
        zone=zone,
        actor=person or program,
        actor_kind="person" if person else "system",
        signal=signal,
        subject=subject,
        severity=severity or None,
        thread=thread,
        links=tuple(link for link in links if link),
    )


def alert_moments(
    payload: Payload, seen: set[tuple[str, str, str]], *, program: str, below: str = "", part: int = 0
) -> Iterator[RawEvent]:
    """Start and end of one alert with labels and startsAt, where the end is past and no promise; each told once."""
    alert = payload.value
    labels, notes = field(alert, "labels"), field(alert, "annotations")
    subject = subject_of(text(labels, "alertname"), whereabouts(labels))
    moments: list[tuple[Signal, str]] = [("firing", text(alert, "startsAt"))]
    if text(alert, "status") == "resolved" and text(alert, "endsAt") not in {"", _NEVER}:
        moments.append(("resolved", text(alert, "endsAt")))
    for signal, at in moments:
        key = (subject, signal, at)
        if not at or key in seen:
            continue
        seen.add(key)
        yield alert_event(
            payload.place(below, part=part + (signal == "resolved")),
            signal,
            subject,
            at,
            program=program,
            summary=first_of(notes, "summary", "description", "message") if signal == "firing" else "",
            severity=text(labels, "severity"),
            links=(
                text(notes, "runbook_url"),
                text(notes, "dashboard_url") or first_of(alert, "panelURL", "dashboardURL"),
            ),
        )
