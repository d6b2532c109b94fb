"""Alertmanager: API v2 alerts and groups, webhook payloads, amtool's JSON and table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.alert_events import alert_event, alert_moments, subject_of
from pm_agent.ingest.formats.payloads import Payload, field, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_TABLE = re.compile(r"^Alertname\s+Starts At\s+Summary")
_ROW = re.compile(
    r"^(?P<name>\S+)\s{2,}(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+)\s+(?P<summary>.*?)\s+(?P<state>\w+)\s*$"
)
_WRAPPERS = ("alerts", "data")


class Alertmanager:
    """One event when an alert starts, one when it ends (where the end is past, not a promise)."""

    name: ClassVar[str] = "alertmanager"
    describes: ClassVar[str] = (
        "Alertmanager API v2 alerts and alert groups, webhook payloads, silences, amtool JSON and table"
    )

    def fits(self, source: Source) -> float:
        """Sure of labels with startsAt; Grafana's webhook has the same shape and an orgId."""
        first = source.first_object
        if source.head_lines and _TABLE.match(source.head_lines[0]):
            return 0.95
        if "orgId" in first or "ruleUrl" in first:
            return 0.0
        return (
            0.9
            if any(_is_alert(value) or _is_silence(value) for value in glance(source, *_WRAPPERS))
            else 0.0
        )

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Start and end of every alert."""
        if source.document is None and not source.is_json_lines:
            yield from _table(source)
            return
        seen: set[tuple[str, str, str]] = set()
        for payload in payloads(source, *_WRAPPERS):
            if _is_alert(payload.value):
                events = list(alert_moments(payload, seen, program="Alertmanager"))
                source.tally.structural += not events
                yield from events
            elif _is_silence(payload.value):
                yield from _silence(payload)


def _is_alert(value: dict[str, Any]) -> bool:
    return "startsAt" in value and isinstance(value.get("labels"), dict)


def _is_silence(value: dict[str, Any]) -> bool:
    return "startsAt" in value and "createdBy" in value and isinstance(value.get("matchers"), list)


def _silence(payload: Payload) -> Iterator[RawEvent]:
    """Who silenced which alerts, and when that ended; an end that is still to come is no event."""
    silence = payload.value
    matchers = [_matcher(item) for item in objects(silence, "matchers")]
    named = [
        text(item, "value") for item in objects(silence, "matchers") if text(item, "name") == "alertname"
    ]
    said = ", ".join(part for part in matchers if part)
    moments = [("SILENCED", text(silence, "startsAt"), text(silence, "comment"))]
    if text(silence, "status", "state") == "expired":
        moments.append(("SILENCE ENDED", text(silence, "endsAt"), ""))
    for part, (word, at, comment) in enumerate(moments):
        yield alert_event(
            payload.place(part=part),
            None,
            subject_of(named[0] if named else said),
            at,
            program="Alertmanager",
            summary=" — ".join(piece for piece in (said if named else "", comment) if piece),
            person=text(silence, "createdBy") if word == "SILENCED" else "",
            word=word,
        )


def _matcher(item: dict[str, Any]) -> str:
    """`name=value`, `name!=value`, `name=~value`, `name!~value`."""
    equal, regex = field(item, "isEqual") is not False, field(item, "isRegex") is True
    sign = ("=~" if regex else "=") if equal else ("!~" if regex else "!=")
    return f"{text(item, 'name')}{sign}{text(item, 'value')}" if text(item, "name") else ""


def _table(source: Source) -> Iterator[RawEvent]:
    for number, line in source.lines():
        row = _ROW.match(line[:2000])
        if row is None:
            source.tally.structural += 1 if _TABLE.match(line) else 0
            continue
        yield alert_event(
            Place(number, number),
            "firing",
            row["name"],
            row["at"],
            program="Alertmanager",
            summary=row["summary"],
        )
