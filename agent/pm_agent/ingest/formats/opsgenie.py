"""Opsgenie: webhooks, alerts and the log of an alert from the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal
from pm_agent.ingest.formats.alert_events import alert_event, subject_of
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("data", "data/logs")
_ACTIONS: dict[str, Signal] = {
    "Create": "firing", "Acknowledge": "acknowledged", "Close": "resolved", "Escalate": "escalated", "EscalateNext": "escalated",
}  # fmt: skip
_LOGGED: tuple[tuple[re.Pattern[str], Signal], ...] = (
    (re.compile(r"^Alert created\b", re.I), "firing"),
    (re.compile(r"^Alert acknowledged\b", re.I), "acknowledged"),
    (re.compile(r"^Alert closed\b", re.I), "resolved"),
    (re.compile(r"^Alert (?:is )?escalated\b", re.I), "escalated"),
    (re.compile(r"^(?:Sent|Delivered) \[[^\]]{1,60}\]", re.I), "notified"),
)
"""How Opsgenie itself words its log; a note is what stands behind none of these."""


class Opsgenie:
    """Webhook actions one by one, an alert as its start, the log line by line."""

    name: ClassVar[str] = "opsgenie"
    describes: ClassVar[str] = "Opsgenie webhooks, alerts of the API, alert logs"

    def fits(self, source: Source) -> float:
        """Sure of tinyId and of the log's offset, type and owner."""
        return 0.93 if any(_shape(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every action, alert or log line."""
        for payload in payloads(source, *_WRAPPERS):
            shape = _shape(payload.value)
            if shape == "webhook":
                yield _webhook(payload)
            elif shape == "alert":
                yield _alert(payload)
            elif shape == "log":
                yield _logged(payload)


def _shape(value: dict[str, Any]) -> str:
    if text(value, "action") and text(value, "alert", "tinyId"):
        return "webhook"
    if isinstance(value.get("data"), dict):
        value = value["data"]
    if "tinyId" in value and text(value, "message"):
        return "alert"
    return "log" if text(value, "log") and "offset" in value and "owner" in value else ""


def _webhook(payload: Payload) -> RawEvent:
    alert, action = field(payload.value, "alert"), text(payload.value, "action")
    signal = _ACTIONS.get(action)
    person = text(alert, "username") if signal != "firing" else ""
    return alert_event(
        payload.place(),
        signal,
        _subject(alert),
        text(alert, "createdAt") if signal == "firing" else _milliseconds(text(alert, "updatedAt")),
        program="Opsgenie",
        summary=text(alert, "note") or (text(alert, "description") if signal == "firing" else ""),
        severity=_priority(alert),
        person="" if person.lower() in {"system", "opsgenie"} else person,
        word="" if signal else action,
    )


def _alert(payload: Payload) -> RawEvent:
    inner = field(payload.value, "data")
    alert = inner if isinstance(inner, dict) else payload.value
    return alert_event(
        payload.place(),
        "firing",
        _subject(alert),
        text(alert, "createdAt"),
        program="Opsgenie",
        summary=text(alert, "description"),
        severity=_priority(alert),
    )


def _logged(payload: Payload) -> RawEvent:
    entry = payload.value
    said, owner = text(entry, "log"), text(entry, "owner")
    signal = next((found for pattern, found in _LOGGED if pattern.match(said)), None)
    by_person = owner.lower() not in {"", "system", "opsgenie"} and signal not in {"firing", "notified"}
    return RawEvent(
        place=payload.place(),
        text=said,
        raw_time=text(entry, "createdAt") or None,
        kind="alert",
        actor=owner if by_person else "Opsgenie",
        actor_kind="person" if by_person else "system",
        signal=signal,
    )


def _subject(alert: Any) -> str:
    return subject_of(text(alert, "message"), first_of(alert, "entity"))


def _priority(alert: Any) -> str:
    found = text(alert, "priority")
    return f"P{found}" if found.isdecimal() else found


def _milliseconds(written: str) -> str:
    """Opsgenie writes updatedAt in nanoseconds beside createdAt in milliseconds."""
    return written[:13] if written.isdecimal() and len(written) == 19 else written
