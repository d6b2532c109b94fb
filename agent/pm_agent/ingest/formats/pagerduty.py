"""PagerDuty: REST log entries, incidents, notes and change events; webhooks v3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal
from pm_agent.ingest.formats.alert_events import alert_event
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("log_entries", "incidents", "notes", "change_events", "messages")
_ENTRIES: dict[str, Signal] = {
    "trigger": "firing", "acknowledge": "acknowledged", "resolve": "resolved", "escalate": "escalated", "notify": "notified",
}  # fmt: skip
_HOOKS: dict[str, Signal] = {
    "triggered": "firing", "acknowledged": "acknowledged", "resolved": "resolved", "escalated": "escalated", "reopened": "firing",
    "status_update_published": "status_update",
}  # fmt: skip
_NUMBER = re.compile(r"^\[#\d+\]\s*")


class PagerDuty:
    """Who was paged, who took it, who closed it."""

    name: ClassVar[str] = "pagerduty"
    describes: ClassVar[str] = "PagerDuty REST log entries, incidents, notes, change events; webhooks v3"

    def fits(self, source: Source) -> float:
        """Sure of PagerDuty's type names and event types."""
        return 0.95 if any(_shape(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Log entries and notes one by one; an incident as its start and its end."""
        for payload in payloads(source, *_WRAPPERS):
            shape = _shape(payload.value)
            if shape == "log entry":
                yield _entry(payload)
            elif shape == "incident":
                yield from _incident(payload)
            elif shape == "note":
                yield _note(payload, payload.value, "")
            elif shape == "change":
                yield _change(payload)
            elif shape == "webhook":
                yield _webhook(payload)


def _shape(value: dict[str, Any]) -> str:
    kind = text(value, "type")
    if kind.endswith("_log_entry"):
        return "log entry"
    if kind == "incident" and ("incident_number" in value or "incident_key" in value):
        return "incident"
    if kind == "change_event" and "timestamp" in value and text(value, "summary"):
        return "change"
    if (
        text(value, "content")
        and "created_at" in value
        and text(value, "user", "type").endswith("_reference")
    ):
        return "note"
    if text(value, "event", "event_type") and text(value, "event", "occurred_at"):
        return "webhook"
    return ""


def _entry(payload: Payload) -> RawEvent:
    entry = payload.value
    verb = text(entry, "type").removesuffix("_log_entry")
    if verb == "annotate" and text(entry, "channel", "summary"):
        note = {"content": field(entry, "channel", "summary"), "created_at": field(entry, "created_at")}
        return _note(
            payload, {**note, "user": field(entry, "agent")}, _title(text(entry, "incident", "summary"))
        )
    signal = _ENTRIES.get(verb)
    details = text(entry, "event_details", "description") or text(entry, "channel", "details")
    said = text(entry, "summary")
    return alert_event(
        payload.place(),
        signal,
        _title(text(entry, "incident", "summary")) or details or "incident",
        text(entry, "created_at"),
        program="PagerDuty",
        summary=f"{said} ({details})" if details and details not in said else said,
        person=_person(field(entry, "agent")),
        word="" if signal else verb.replace("_", " ").upper(),
        links=(text(entry, "html_url"),),
    )


def _incident(payload: Payload) -> Iterator[RawEvent]:
    incident = payload.value
    subject = text(incident, "title") or _title(text(incident, "summary")) or "incident"
    severity = text(incident, "priority", "summary")
    where = text(incident, "service", "summary")
    link = text(incident, "html_url")
    if began := text(incident, "created_at"):
        yield alert_event(
            payload.place(), "firing", subject, began,
            program="PagerDuty", summary=where, severity=severity, links=(link,),
        )  # fmt: skip
    ended = text(incident, "resolved_at")
    if not ended and text(incident, "status") == "resolved":
        ended = text(incident, "last_status_change_at")
    if ended:
        person = _person(field(incident, "last_status_change_by"))
        yield alert_event(
            payload.place(part=1), "resolved", subject, ended,
            program="PagerDuty", severity=severity, person=person,
        )  # fmt: skip


def _note(payload: Payload, note: dict[str, Any], thread: str) -> RawEvent:
    person = _person(field(note, "user"))
    return RawEvent(
        place=payload.place(),
        text=text(note, "content"),
        raw_time=text(note, "created_at") or None,
        kind="chat",
        actor=person or text(note, "user", "summary") or "PagerDuty",
        actor_kind="person" if person else "bot",
        thread=thread or None,
    )


def _change(payload: Payload) -> RawEvent:
    change = payload.value
    said = text(change, "summary")
    return RawEvent(
        place=payload.place(),
        text=said,
        raw_time=text(change, "timestamp") or None,
        kind="deploy",
        actor=text(change, "source") or "PagerDuty",
        actor_kind="system",
        signal="change_finished",
        subject=said[:120] or "change",
        links=tuple(link for item in objects(change, "links") if (link := text(item, "href"))),
    )


def _webhook(payload: Payload) -> RawEvent:
    event = field(payload.value, "event")
    data = field(event, "data")
    verb = text(event, "event_type").partition(".")[2]
    if verb == "annotated" and text(data, "content"):
        content = {"content": text(data, "content"), "created_at": text(event, "occurred_at")}
        thread = _title(text(data, "incident", "summary"))
        return _note(payload, {**content, "user": field(event, "agent")}, thread)
    signal = _HOOKS.get(verb)
    said = text(data, "message") if signal == "status_update" else text(data, "service", "summary")
    subject = text(data, "title") or _title(first_of(data, "summary") or text(data, "incident", "summary"))
    return alert_event(
        payload.place(),
        signal,
        subject or "incident",
        text(event, "occurred_at"),
        program="PagerDuty",
        summary=said,
        severity=text(data, "priority", "summary"),
        person=_person(field(event, "agent")),
        word=verb.replace("_", " ").upper() if signal in {None, "status_update"} else "",
        links=(text(data, "html_url"),),
    )


def _title(summary: str) -> str:
    return _NUMBER.sub("", summary)


def _person(agent: Any) -> str:
    """A user's name; a service, a rule or an integration is no person."""
    return text(agent, "summary") if text(agent, "type") in {"user_reference", "user"} else ""
