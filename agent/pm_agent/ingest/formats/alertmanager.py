"""Alertmanager: API v2 alerts and groups, webhook payloads, amtool's JSON and table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.alert_events import alert_event, alert_moments
from pm_agent.ingest.formats.payloads import glance, payloads
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
        "Alertmanager API v2 alerts and alert groups, webhook payloads, amtool JSON and table"
    )

    def fits(self, source: Source) -> float:
        """Sure of labels with startsAt; Grafana's webhook has the same shape and an orgId."""
        first = source.first_object
        if source.head_lines and _TABLE.match(source.head_lines[0]):
            return 0.95
        if "orgId" in first or "ruleUrl" in first:
            return 0.0
        return 0.9 if any(_is_alert(value) for value in glance(source, *_WRAPPERS)) else 0.0

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


def _is_alert(value: dict[str, Any]) -> bool:
    return "startsAt" in value and isinstance(value.get("labels"), dict)


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
