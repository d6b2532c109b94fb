"""Sentry: webhooks (issue, event alert, metric alert, the old plug-in), issues and events of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal
from pm_agent.ingest.formats.alert_events import alert_event, subject_of
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("issues",)
_ACTIVITY: dict[str, Signal] = {
    "set_resolved": "resolved", "set_resolved_in_release": "resolved", "set_resolved_in_commit": "resolved",
    "set_resolved_by_age": "resolved", "set_regression": "firing", "set_unresolved": "firing",
}  # fmt: skip
_ACTIONS: dict[str, Signal] = {"resolved": "resolved"}
_METRIC: dict[str, Signal] = {"critical": "firing", "warning": "firing", "resolved": "resolved"}


class Sentry:
    """When an error was first and last seen, what was done about it, which alert rule it set off."""

    name: ClassVar[str] = "sentry"
    describes: ClassVar[str] = (
        "Sentry webhooks (issue, event alert, metric alert), issues and events of the API"
    )

    def fits(self, source: Source) -> float:
        """Sure of firstSeen beside a culprit or shortId, of an event's ids, of a metric alert's dates."""
        return 0.93 if any(_shape(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Each issue's moments, each event, each alert."""
        seen: set[tuple[str, str]] = set()
        for payload in payloads(source, *_WRAPPERS):
            shape = _shape(payload.value)
            if shape == "issue":
                events = list(_issue(payload, seen))
                source.tally.structural += not events
                yield from events
            elif shape == "metric alert":
                yield from _metric(payload)
            elif shape == "event":
                yield _occurrence(payload)
            elif shape == "comment":
                yield _comment(payload)


def _shape(value: dict[str, Any]) -> str:
    if _is_issue(_issue_of(value)):
        return "issue"
    if text(value, "data", "metric_alert", "date_detected") or text(
        value, "data", "metric_alert", "date_started"
    ):
        return "metric alert"
    event = _event_of(value)
    known = any(key in event for key in ("culprit", "groupID", "issue_id", "issue_url"))
    if known and first_of(event, "event_id", "eventID"):
        return "event"
    if text(value, "data", "comment") and text(value, "data", "issue_id"):
        return "comment"
    return ""


def _issue_of(value: dict[str, Any]) -> Any:
    """The issue inside a webhook, or the object itself."""
    return field(value, "data", "issue") or value


def _is_issue(issue: Any) -> bool:
    return bool(text(issue, "firstSeen") and text(issue, "title")) and any(
        key in issue for key in ("shortId", "culprit", "lastSeen")
    )


def _event_of(value: dict[str, Any]) -> Any:
    for path in (("data", "event"), ("data", "error"), ("event",)):
        if isinstance(found := field(value, *path), dict):
            return found
    return value


def _issue(payload: Payload, seen: set[tuple[str, str]]) -> Iterator[RawEvent]:
    """First seen, what was done, last seen; a webhook about an issue names no time for what was just done."""
    issue, action = _issue_of(payload.value), text(payload.value, "action")
    name = first_of(issue, "id", "shortId")
    first, last = text(issue, "firstSeen"), text(issue, "lastSeen")
    if _new(seen, name, f"first {first}"):
        yield _of_issue(payload, issue, 0, "firing", first, summary=text(issue, "culprit"))
    count, users = text(issue, "count"), text(issue, "userCount")
    many = f"{count} events" + (f", {users} users" if users not in {"", "0"} else "")
    if last and last != first and _new(seen, name, f"last {last}"):
        over = text(issue, "status") == "resolved" or action == "resolved"
        signal: Signal | None = "ended" if over else None
        yield _of_issue(payload, issue, 1, signal, last, summary=many, word="LAST SEEN")
    done = [item for item in objects(issue, "activity") if text(item, "type") not in {"", "first_seen"}]
    for part, item in enumerate(reversed(done), 3):
        if _new(seen, name, f"{text(item, 'type')} {text(item, 'dateCreated')}"):
            yield _activity(payload, issue, part, item)
    if action not in {"", "created"} and not (
        action == "resolved" and any(text(i, "type") in _ACTIVITY for i in done)
    ):
        yield _of_issue(
            payload, issue, 2, _ACTIONS.get(action) or ("firing" if action == "unresolved" else None), "",
            person=_person(field(payload.value, "actor")), word="" if action in {"resolved"} else action.upper(),
        )  # fmt: skip


def _new(seen: set[tuple[str, str]], name: str, what: str) -> bool:
    known = (name, what) in seen
    seen.add((name, what))
    return not known


def _of_issue(
    payload: Payload, issue: Any, part: int, signal: Signal | None, at: str,
    *, summary: str = "", person: str = "", word: str = "",
) -> RawEvent:  # fmt: skip
    return alert_event(
        payload.place(part=part),
        signal,
        subject_of(text(issue, "title")),
        at,
        program="Sentry",
        summary=summary,
        severity=text(issue, "level"),
        person=person,
        word=word,
        links=(first_of(issue, "permalink", "web_url"),),
    )


def _activity(payload: Payload, issue: Any, part: int, item: dict[str, Any]) -> RawEvent:
    kind = text(item, "type")
    person = first_of(field(item, "user"), "name", "username", "email")
    note = first_of(field(item, "data"), "text", "version", "assigneeEmail")
    if kind == "note" and note:
        return RawEvent(
            place=payload.place(part=part), text=note, raw_time=text(item, "dateCreated") or None, kind="chat",
            actor=person or "Sentry", actor_kind="person" if person else "system",
            thread=subject_of(text(issue, "title")),
        )  # fmt: skip
    signal = _ACTIVITY.get(kind)
    word = "" if signal == "resolved" else kind.removeprefix("set_").replace("_", " ").upper()
    return _of_issue(
        payload, issue, part, signal, text(item, "dateCreated"), summary=note, person=person, word=word
    )


def _person(actor: Any) -> str:
    """Who acted, unless it was Sentry or an integration itself."""
    return first_of(actor, "name") if text(actor, "type") == "user" else ""


def _occurrence(payload: Payload) -> RawEvent:
    """One event of an issue; where a rule sent it, the alert of that rule."""
    value = payload.value
    event = _event_of(value)
    rule = text(value, "data", "triggered_rule") or text(value, "triggering_rules", 0)
    titles = (first_of(event, "title", "message"), text(event, "metadata", "type"), text(value, "message"))
    fired = bool(rule) or "triggering_rules" in value
    return alert_event(
        payload.place(),
        "firing" if fired else None,
        subject_of(next((title for title in titles if title), "event")),
        first_of(event, "datetime", "dateCreated", "timestamp", "received", "dateReceived"),
        program="Sentry",
        summary=" — ".join(
            part
            for part in (first_of(event, "culprit", "location"), f"rule {rule!r}" if rule else "")
            if part
        ),
        severity=text(event, "level") or text(value, "level") or _tag(event, "level"),
        word="" if fired else "EVENT",
        links=(first_of(event, "web_url") or text(value, "url"),),
    )


def _tag(event: Any, key: str) -> str:
    """A tag's value: the API lists objects, webhooks list pairs."""
    for tag in objects(event, "tags"):
        if text(tag, "key") == key:
            return text(tag, "value")
    listed = field(event, "tags")
    pairs = listed if isinstance(listed, list) else []
    return next((text(pair, 1) for pair in pairs if isinstance(pair, list) and text(pair, 0) == key), "")


def _metric(payload: Payload) -> Iterator[RawEvent]:
    """A metric alert: it fired when Sentry detected it, and ended when it was closed."""
    value, alert = payload.value, field(payload.value, "data", "metric_alert")
    action = text(value, "action").lower()
    signal = _METRIC.get(action)
    name = text(alert, "alert_rule", "name") or text(alert, "title")
    name = name or text(value, "data", "description_title").partition(": ")[2] or "metric alert"
    closed = text(alert, "date_closed")
    at = closed if signal == "resolved" else first_of(alert, "date_detected", "date_started", "date_created")
    yield alert_event(
        payload.place(),
        signal,
        subject_of(name),
        at,
        program="Sentry",
        summary=text(value, "data", "description_text"),
        severity=action if signal == "firing" else "",
        word="" if signal else action.upper(),
        links=(text(value, "data", "web_url"),),
    )


def _comment(payload: Payload) -> RawEvent:
    person = _person(field(payload.value, "actor"))
    return RawEvent(
        place=payload.place(), text=text(payload.value, "data", "comment"),
        raw_time=text(payload.value, "data", "timestamp") or None, kind="chat",
        actor=person or "Sentry", actor_kind="person" if person else "system",
    )  # fmt: skip
