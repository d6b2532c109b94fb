"""Datadog: events of the API (v1, v2), monitor webhooks, monitors with the state of their groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal
from pm_agent.ingest.formats.alert_events import alert_event, subject_of
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, payloads, text
from pm_agent.ingest.signals import read_deploy
from pm_agent.ingest.source import Source

_WRAPPERS = ("events", "data", "monitors")
_TITLE = re.compile(
    r"^\W{0,4}(?:\[(?P<severity>P[1-5])\]\s*)?\[(?P<word>re-?triggered|triggered|renotify|recovered|resolved|alert|warn|warning|no data"
    r"|re-no data|re-warn)(?: on \{(?P<group>[^}]{0,300})\})?\]\s*(?:\[(?P<severity2>P[1-5])\]\s*)?(?P<name>.+)$",
    re.I | re.S,
)
_WORDS: dict[str, Signal] = {
    "triggered": "firing", "alert": "firing", "warn": "firing", "warning": "firing", "recovered": "resolved", "resolved": "resolved",
    "ok": "resolved",
}  # fmt: skip
_TAG = re.compile(r"^(?:service|host|instance|kube_deployment|kube_namespace):(?P<value>.+)$")
_MARKS = re.compile(r"^%%%\s*|\s*%%%$|(?<!\\)\*\*|(?<=\s)@[\w.@:/-]{2,80}")
_GROUP_TIMES: tuple[tuple[Signal, str], ...] = (
    ("firing", "last_triggered_ts"),
    ("resolved", "last_resolved_ts"),
)
_STATUS = {"error": "error", "warning": "warning", "warn": "warning"}


class Datadog:
    """What monitors and people's programs put into the event stream."""

    name: ClassVar[str] = "datadog"
    describes: ClassVar[str] = "Datadog events (API v1, v2), monitor webhooks, monitors with group states"

    def fits(self, source: Source) -> float:
        """Sure of date_happened, of a v2 event's attributes, of a monitor's overall state, of a webhook's variables."""
        return 0.93 if any(_shape(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """One event each; of a monitor the last change of state, or of each of its groups."""
        for payload in payloads(source, *_WRAPPERS):
            shape = _shape(payload.value)
            if shape == "v1":
                yield _v1(payload)
            elif shape == "v2":
                yield _v2(payload)
            elif shape == "webhook":
                yield _webhook(payload)
            elif shape == "monitor":
                events = list(_monitor(payload))
                source.tally.structural += not events
                yield from events


def _shape(value: dict[str, Any]) -> str:
    if text(_event(value), "date_happened") and text(_event(value), "title"):
        return "v1"
    if text(_data(value), "type") == "event" and text(_data(value), "attributes", "timestamp"):
        return "v2"
    if "overall_state" in value and text(value, "query") and text(value, "name"):
        return "monitor"
    named = first_of(value, "title", "event_title", "alert_title")
    kind = text(value, "event_type")
    known = (
        "alert_transition" in value
        or kind == "event_comment"
        or kind.endswith(("_monitor", "_alert", "_check"))
    )
    if named and known and first_of(value, "date", "last_updated").isdecimal():
        return "webhook"
    return ""


def _event(value: dict[str, Any]) -> Any:
    inner = field(value, "event")
    return inner if isinstance(inner, dict) else value


def _data(value: dict[str, Any]) -> Any:
    inner = field(value, "data")
    return inner if isinstance(inner, dict) else value


def _v1(payload: Payload) -> RawEvent:
    event = _event(payload.value)
    return _told(
        payload,
        title=text(event, "title"),
        body=text(event, "text"),
        at=text(event, "date_happened"),
        status=text(event, "alert_type"),
        where=text(event, "host") or _where(field(event, "tags")),
        source=first_of(event, "source", "source_type_name"),
        link=text(event, "url"),
    )


def _v2(payload: Payload) -> RawEvent:
    outer = field(_data(payload.value), "attributes")
    inner = field(outer, "attributes")
    monitor = field(inner, "monitor")
    at = first_of(inner, "timestamp") or text(outer, "timestamp")
    return _told(
        payload,
        title=text(inner, "title") or text(inner, "evt", "name") or text(monitor, "name") or "event",
        body=text(outer, "message"),
        at=at,
        status=text(inner, "status"),
        where=text(inner, "service") or text(inner, "hostname") or _where(field(outer, "tags")),
        source=first_of(inner, "sourcecategory")
        or text(inner, "evt", "source")
        or ("alert" if monitor else ""),
        transition=text(monitor, "transition", "trans_name"),
        severity=_priority(text(monitor, "priority")),
    )


def _webhook(payload: Payload) -> RawEvent:
    hook = payload.value
    tags = field(hook, "tags")
    return _told(
        payload,
        title=first_of(hook, "event_title", "title", "alert_title"),
        body=first_of(hook, "body", "event_msg", "text_only_msg"),
        at=first_of(hook, "date", "last_updated"),
        status=text(hook, "alert_type"),
        where=text(hook, "hostname") or _where(tags.split(",") if isinstance(tags, str) else tags),
        source="monitor",
        transition=text(hook, "alert_transition"),
        severity=_priority(first_of(hook, "alert_priority", "priority")),
        person=text(hook, "username") if text(hook, "event_type") == "event_comment" else "",
        link=first_of(hook, "link"),
    )


def _told(
    payload: Payload, *, title: str, body: str, at: str, status: str, where: str, source: str,
    transition: str = "", severity: str = "", person: str = "", link: str = "",
) -> RawEvent:  # fmt: skip
    """A monitor's event carries a signal; what a program posted is an alert only by its status, or a deployment."""
    match = _TITLE.match(title)
    word = (transition or (match["word"] if match else "")).lower()
    signal = _WORDS.get(word)
    name = _MARKS.sub("", match["name"] if match else title)
    group = _where(match["group"].split(",")) if match and match["group"] else ""
    deploy = None if match or word else read_deploy(title)
    said = _MARKS.sub("", body).strip()
    severity = (
        (match["severity"] or match["severity2"] or "" if match else "")
        or severity
        or _STATUS.get(status, "")
    )
    if deploy:
        return RawEvent(
            place=payload.place(), text=title + (f": {said}" if said and said != title else ""), raw_time=at or None, kind="deploy",
            actor=source or "Datadog", actor_kind="system", signal=deploy.signal, subject=deploy.subject,
        )  # fmt: skip
    return alert_event(
        payload.place(),
        signal,
        subject_of(name, group or where),
        at,
        program="Datadog",
        summary=said if said != title else "",
        severity=severity,
        person=person,
        word="" if signal else "COMMENT" if person else (word or status or source or "event").upper(),
        links=(link if link.startswith("http") else "",),
    )


def _monitor(payload: Payload) -> Iterator[RawEvent]:
    monitor = payload.value
    name = _MARKS.sub("", text(monitor, "name"))
    severity = _priority(text(monitor, "priority"))
    moments = list(_group_moments(field(monitor, "state", "groups")))
    state, changed = text(monitor, "overall_state"), text(monitor, "overall_state_modified")
    if not moments and changed:
        moments.append((_WORDS.get(state.lower()), changed, ""))
    for part, (signal, at, where) in enumerate(moments):
        yield alert_event(
            payload.place(part=part),
            signal,
            subject_of(name, where),
            at,
            program="Datadog",
            severity=severity,
            word="" if signal else state.upper(),
        )


def _group_moments(groups: Any) -> Iterator[tuple[Signal | None, str, str]]:
    """When each group of a monitor last triggered and last recovered."""
    for group in groups.values() if isinstance(groups, dict) else ():
        where = _where(text(group, "name").split(","))
        for signal, key in _GROUP_TIMES:
            if (at := text(group, key)) not in {"", "0"}:
                yield signal, at, where


def _where(tags: Any) -> str:
    """The service, else the host, that tags name."""
    named = (
        [match for tag in tags or [] if isinstance(tag, str) and (match := _TAG.match(tag.strip()))]
        if isinstance(tags, list)
        else []
    )
    named.sort(key=lambda match: not match[0].startswith("service:"))
    return named[0]["value"] if named else ""


def _priority(written: str) -> str:
    if written.lower() in {"normal", "low"}:
        return ""
    return f"P{written}" if written.isdecimal() else written
