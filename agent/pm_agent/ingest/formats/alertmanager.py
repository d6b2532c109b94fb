"""Alertmanager: API v2 alerts and groups, webhook payloads, amtool's JSON and table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.source import Source

_TABLE = re.compile(r"^Alertname\s+Starts At\s+Summary")
_ROW = re.compile(
    r"^(?P<name>\S+)\s{2,}(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+)\s+(?P<summary>.*?)\s+(?P<state>\w+)\s*$"
)
_NEVER = "0001-01-01T00:00:00Z"


class Alertmanager:
    """One event when an alert starts, one when it ends (where the end is past, not a promise)."""

    name: ClassVar[str] = "alertmanager"
    describes: ClassVar[str] = (
        "Alertmanager API v2 alerts and alert groups, webhook payloads, amtool JSON and table"
    )

    def fits(self, source: Source) -> float:
        """Sure of labels with startsAt; Grafana's webhook has the same shape and an orgId."""
        first = source.first_object
        if source.head_lines and _TABLE.match(source.head_lines[0]):
            return 0.95
        if "orgId" in first or "ruleUrl" in first:
            return 0.0
        alerts = _alerts_of(first)
        return 0.9 if any("startsAt" in alert and "labels" in alert for _, alert in alerts) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Start and end of every alert."""
        if source.document is None and not source.is_json_lines:
            yield from _table(source)
            return
        document = source.document
        payloads = document if isinstance(document, list) else [document]
        seen: set[tuple[str, str, str]] = set()
        for index, payload in enumerate(payloads):
            top = f"/{index}" if isinstance(document, list) else ""
            for pointer, alert in _alerts_of(payload):
                source.tally.read += 1
                events = list(_events(alert, source.tally.read, f"{top}{pointer}", seen))
                source.tally.structural += 0 if events else 1
                yield from events


def _alerts_of(payload: Any) -> list[tuple[str, dict[str, Any]]]:
    """Alerts with their pointer inside a payload: a bare alert, a webhook, or a group."""
    if not isinstance(payload, dict):
        return []
    inner = payload.get("alerts")
    if isinstance(inner, list):
        return [(f"/alerts/{i}", alert) for i, alert in enumerate(inner) if isinstance(alert, dict)]
    return [("", payload)] if "labels" in payload else []


def _events(
    alert: dict[str, Any], ordinal: int, pointer: str, seen: set[tuple[str, str, str]]
) -> Iterator[RawEvent]:
    labels, notes = alert.get("labels") or {}, alert.get("annotations") or {}
    name = str(labels.get("alertname") or "alert")
    where = labels.get("service") or labels.get("job") or labels.get("namespace") or labels.get("instance")
    subject = f"{name} {where}" if where else name
    summary = notes.get("summary") or notes.get("description") or notes.get("message") or ""
    state = str(alert.get("status")) if isinstance(alert.get("status"), str) else "firing"
    moments = [("firing", alert.get("startsAt"))]
    if state == "resolved" and alert.get("endsAt") not in {None, "", _NEVER}:
        moments.append(("resolved", alert["endsAt"]))
    for signal, at in moments:
        key = (subject, signal, str(at))
        if not at or key in seen:
            continue
        seen.add(key)
        word = "FIRING" if signal == "firing" else "RESOLVED"
        text = f"[{word}] {subject}" + (f": {summary}" if summary and signal == "firing" else "")
        yield RawEvent(
            place=Place(ordinal, None, None, pointer, part=int(signal == "resolved")),
            text=text,
            raw_time=str(at),
            kind="alert",
            actor="Alertmanager",
            actor_kind="system",
            signal="firing" if signal == "firing" else "resolved",
            subject=subject,
            severity=str(labels["severity"]) if labels.get("severity") else None,
            links=tuple(str(notes[k]) for k in ("runbook_url", "dashboard_url") if notes.get(k)),
        )


def _table(source: Source) -> Iterator[RawEvent]:
    for number, line in source.lines():
        row = _ROW.match(line)
        if row is None:
            source.tally.structural += 1 if _TABLE.match(line) else 0
            continue
        yield RawEvent(
            place=Place(number, number),
            text=f"[FIRING] {row['name']}: {row['summary']}",
            raw_time=row["at"],
            kind="alert",
            actor="Alertmanager",
            actor_kind="system",
            signal="firing",
            subject=row["name"],
        )
