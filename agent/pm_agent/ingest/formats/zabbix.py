"""Zabbix: answers of the API (problem.get, event.get, alert.get), the problems export, webhook JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal
from pm_agent.ingest.formats.alert_events import alert_event, subject_of
from pm_agent.ingest.formats.alert_teller import Teller, tell_text
from pm_agent.ingest.formats.payloads import Payload, first_of, glance, objects, payloads, text
from pm_agent.ingest.signals import read_alert
from pm_agent.ingest.source import Source
from pm_agent.reading.timeforms import read_time

_WRAPPERS = ("result",)
_SEVERITIES = ("Not classified", "Information", "Warning", "Average", "High", "Disaster")
_ACTED = (
    (1, "CLOSED BY HAND"),
    (2, "ACKNOWLEDGED"),
    (4, "COMMENTED"),
    (8, "SEVERITY CHANGED"),
    (16, "UNACKNOWLEDGED"),
)
"""Bits of an update's action; one update may set several."""
_STATUS: dict[str, Signal] = {
    "problem": "firing", "1": "firing", "resolved": "resolved", "ok": "resolved", "0": "resolved", "recovery": "resolved",
}  # fmt: skip
_HOOK_KEYS = ("host", "hostname", "host_name", "event_id", "event_severity", "trigger_severity", "item")
"""One of these stands beside the trigger in every webhook that follows Zabbix's own examples."""
_MINUTES = timedelta(minutes=15)
"""Every zone in use is a whole number of quarters of an hour away from UTC."""
_PROMPT = timedelta(seconds=60)


class Zabbix:
    """When a problem began and ended, who acknowledged it, what was sent about it."""

    name: ClassVar[str] = "zabbix"
    describes: ClassVar[str] = (
        "Zabbix API answers (problem.get, event.get, alert.get), problems export, webhook JSON"
    )

    def fits(self, source: Source) -> float:
        """Sure of eventid beside a clock, of an alert's sendto, of a trigger beside its status."""
        return 0.93 if any(_shape(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Problems and recoveries at Zabbix's own clock; messages at the time they state."""
        names: dict[str, str] = {}
        seen: set[tuple[str, ...]] = set()
        sent: list[Payload] = []
        for payload in payloads(source, *_WRAPPERS):
            shape = _shape(payload.value)
            if shape == "message":
                sent.append(payload)
                continue
            events = list(_told(payload, shape, names, seen))
            source.tally.structural += bool(shape and not events)
            yield from events
        yield from _messages(source, sent)


def _shape(value: dict[str, Any]) -> str:
    if "sendto" in value and "clock" in value and ("subject" in value or "message" in value):
        return "message"
    if (
        "eventid" in value
        and "clock" in value
        and ("name" in value or "value" in value or "p_eventid" in value)
    ):
        return "event"
    status = first_of(value, "event_value", "status", "trigger_status", "event_status").lower()
    named = first_of(value, "trigger", "trigger_name", "event_name")
    if named and status in _STATUS and any(key in value for key in _HOOK_KEYS):
        return "webhook"
    return ""


def _told(
    payload: Payload, shape: str, names: dict[str, str], seen: set[tuple[str, ...]]
) -> Iterator[RawEvent]:
    if shape == "event":
        for event in _event(payload, names):
            key = (event.signal or event.text, event.subject or "", event.raw_time or "")
            if key not in seen:
                seen.add(key)
                yield event
    elif shape == "webhook":
        yield _webhook(payload)


def _event(payload: Payload, names: dict[str, str]) -> Iterator[RawEvent]:
    """A problem with its updates and its end, or a recovery that names its problem."""
    event = payload.value
    host = text(event, "hosts", 0, "name") or text(event, "hosts", 0, "host")
    subject = subject_of(text(event, "name"), host) if text(event, "name") else ""
    number = text(event, "eventid")
    recovery = text(event, "value") == "0" or bool(text(event, "p_eventid"))
    if recovery:
        subject = (
            subject or names.get(text(event, "p_eventid"), "") or names.get(number, "") or f"event {number}"
        )
        yield _moment(payload, "resolved", subject, _clock(event, "clock", "ns"), part=1)
        return
    subject = subject or "problem"
    names[number] = subject
    if ended_by := text(event, "r_eventid"):
        names[ended_by] = subject
    yield _moment(
        payload,
        "firing",
        subject,
        _clock(event, "clock", "ns"),
        severity=_severity(event),
        summary=text(event, "opdata"),
    )
    for part, update in enumerate(reversed(objects(event, "acknowledges")), 2):
        yield _update(payload, subject, update, part)
    if (ended := _clock(event, "r_clock", "r_ns")) and ended != "0":
        yield _moment(payload, "resolved", subject, ended, part=1)


def _moment(
    payload: Payload,
    signal: Signal,
    subject: str,
    at: str,
    *,
    part: int = 0,
    severity: str = "",
    summary: str = "",
) -> RawEvent:
    return alert_event(
        payload.place(part=part), signal, subject, at, program="Zabbix", severity=severity, summary=summary
    )


def _update(payload: Payload, subject: str, update: dict[str, Any], part: int) -> RawEvent:
    """What somebody did to a problem; the API names the user only when it is asked to."""
    written = text(update, "action")
    action = int(written) if written.isdecimal() and len(written) < 6 else 2
    done = [word for bit, word in _ACTED if action & bit]
    full = " ".join(part for part in (text(update, "name"), text(update, "surname")) if part)
    person = full or first_of(update, "username", "alias")
    return alert_event(
        payload.place(part=part),
        "acknowledged" if action & 2 else None,
        subject,
        text(update, "clock"),
        program="Zabbix",
        summary=text(update, "message"),
        person=person,
        word="" if action & 2 else ", ".join(done) or "UPDATED",
    )


def _clock(event: dict[str, Any], seconds: str, nano: str) -> str:
    """Zabbix keeps seconds and nanoseconds apart."""
    whole, rest = text(event, seconds), text(event, nano)
    if not whole.isdecimal() or whole == "0":
        return ""
    return (
        f"{whole}.{int(rest) // 1_000_000:03d}"
        if rest.isdecimal() and len(rest) <= 9 and int(rest)
        else whole
    )


def _severity(event: dict[str, Any]) -> str:
    found = first_of(event, "severity", "priority")
    return _SEVERITIES[int(found)] if found in {"0", "1", "2", "3", "4", "5"} else found


def _webhook(payload: Payload) -> RawEvent:
    """What a media type of its own posts: its keys follow the names of Zabbix's macros."""
    hook = payload.value
    status = first_of(hook, "event_value", "status", "trigger_status", "event_status").lower()
    signal = _STATUS.get(status)
    if (
        first_of(hook, "event_update_status") == "1"
        or "acknowledge" in first_of(hook, "event_update_action").lower()
    ):
        signal = "acknowledged"
    prefix = "event_recovery" if signal == "resolved" and first_of(hook, "event_recovery_time") else "event"
    prefix = "event_update" if signal == "acknowledged" and first_of(hook, "event_update_time") else prefix
    time, date = first_of(hook, f"{prefix}_time"), first_of(hook, f"{prefix}_date")
    at = f"{date} {time}" if time and date else time or first_of(hook, "timestamp", "clock", "time", "date")
    host = first_of(hook, "host_name", "hostname", "host", "event_host")
    name = first_of(hook, "event_name", "trigger_name", "trigger")
    return alert_event(
        payload.place(),
        signal,
        subject_of(name, "" if host and host.lower() in name.lower() else host),
        at,
        program="Zabbix",
        summary=first_of(hook, "item", "event_opdata", "operational_data", "event_update_message"),
        severity=_severity(
            {"severity": first_of(hook, "event_severity", "trigger_severity", "severity", "event_nseverity")}
        ),
        person=first_of(hook, "event_update_user", "user_fullname") if signal == "acknowledged" else "",
        word="" if signal else status.upper(),
        links=(first_of(hook, "link", "event_url", "trigger_url", "url"),),
    )


def _messages(source: Source, sent: list[Payload]) -> Iterator[RawEvent]:
    """What was sent: at the time the message states, whose zone the clock of the sending gives away."""
    told: list[tuple[Payload, list[RawEvent]]] = []
    teller, seen = Teller(), set()
    for payload in sorted(sent, key=lambda p: _seconds(p.value) or 0):
        message = payload.value
        key = tuple(
            text(message, name) for name in ("eventid", "p_eventid", "acknowledgeid", "subject", "esc_step")
        )
        if key in seen:
            source.tally.structural += 1
            continue
        seen.add(key)
        told.append((payload, list(_message(teller, payload))))
    zone = _zone(told)
    for payload, events in told:
        for event in events:
            stated = event.raw_time and zone
            yield (
                replace(event, zone=zone)
                if stated
                else replace(event, raw_time=text(payload.value, "clock") or None, raw_date=None)
            )
        if text(payload.value, "status") == "2":
            yield _unsent(payload, events)


def _message(teller: Teller, payload: Payload) -> Iterator[RawEvent]:
    """The events of one message; where its text has no known shape, the subject says what it is."""
    title, body = text(payload.value, "subject"), text(payload.value, "message").replace("\r\n", "\n")
    said = "\n".join(part for part in (title, body) if part)
    for event in tell_text(teller, said or "message", payload.place()):
        signal = read_alert(title) if event.signal is None and not event.subject else None
        yield replace(
            event,
            actor=event.actor if event.actor_kind == "person" else "Zabbix",
            actor_kind="person" if event.actor_kind == "person" else "system",
            signal=signal.signal if signal else event.signal,
            subject=signal.subject if signal and signal.subject else event.subject,
        )


def _unsent(payload: Payload, events: list[RawEvent]) -> RawEvent:
    subject = next((event.subject for event in events if event.subject), None)
    return alert_event(
        payload.place(part=9), None, subject or text(payload.value, "subject") or "message", text(payload.value, "clock"),
        program="Zabbix", summary=text(payload.value, "error"), word="NOT SENT",
    )  # fmt: skip


def _zone(told: list[tuple[Payload, list[RawEvent]]]) -> str | None:
    """How far the stated times lie from the clock: the promptest message is less than a minute late."""
    ahead = [
        stated - datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
        for payload, events in told
        if events and (stated := _stated(events[-1])) and (seconds := _seconds(payload.value)) is not None
    ]
    if not ahead:
        return None
    nearest = max(ahead)
    quarters = -((-nearest) // _MINUTES)
    if quarters * _MINUTES - nearest > _PROMPT or abs(quarters) > 14 * 4:
        return None
    hours, rest = divmod(abs(quarters), 4)
    return f"{'-' if quarters < 0 else '+'}{hours:02d}:{rest * 15:02d}"


def _stated(event: RawEvent) -> datetime | None:
    """The local time a message states, where it is a full one without a zone."""
    time, day = read_time(event.raw_time or ""), read_time(event.raw_date or event.raw_time or "")
    if time is None or day is None or time.hour is None or time.offset is not None:
        return None
    if day.year is None or day.month is None or day.day is None:
        return None
    try:
        return datetime(day.year, day.month, day.day, time.hour, time.minute, int(time.second))  # noqa: DTZ001 - local by intent
    except ValueError:
        return None


def _seconds(message: dict[str, Any]) -> int | None:
    written = text(message, "clock")
    return int(written) if written.isdecimal() and len(written) <= 10 else None
