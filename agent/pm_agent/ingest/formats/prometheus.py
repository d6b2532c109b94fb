"""Prometheus' HTTP API: series and what stands out in them, alerts, alerting rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.errors import UnreadableSource
from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.alert_events import alert_event, subject_of, whereabouts
from pm_agent.ingest.formats.alert_series import is_alert_series, read_alert_series
from pm_agent.ingest.formats.metric_series import MetricFile
from pm_agent.ingest.formats.payloads import Payload, field, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("data/result", "data/alerts", "data/groups", "result")
_SERVER = "Prometheus"


class Prometheus:
    """What a query answered; onset, peak and end of a clear excursion as events, for the rest the picture speaks."""

    name: ClassVar[str] = "prometheus"
    describes: ClassVar[str] = (
        "Prometheus HTTP API: query and query_range (also of ALERTS), /api/v1/alerts, /api/v1/rules"
    )

    def fits(self, source: Source) -> float:
        """By the envelope of the API, a refusal included, or by a metric with its values."""
        found = glance(source, *_WRAPPERS)
        if any(_is_series(value) or _is_active_alert(value) or _is_rule_group(value) for value in found):
            return 0.95
        if any(_is_refusal(value) for value in found):
            return 0.9
        is_answer = text(source.first_object, "data", "resultType") in {
            "matrix",
            "vector",
            "scalar",
            "string",
        }
        return 0.9 if is_answer else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Series with their excursions, the firing and end of alerts."""
        series: list[Payload] = []
        for payload in payloads(source, *_WRAPPERS):
            value = payload.value
            if _is_refusal(value):
                reason = f"Prometheus refused the query: {text(value, 'error') or text(value, 'errorType')}"
                raise UnreadableSource(reason, path=source.path, line=payload.line)
            if _is_series(value):
                series.append(payload)
            elif _is_active_alert(value):
                yield _active_alert(payload, value, "")
            elif _is_rule_group(value):
                yield from _rule_group(source, payload)
        alerts = [payload for payload in series if is_alert_series(payload.value)]
        metrics = [payload for payload in series if not is_alert_series(payload.value)]
        yield from read_alert_series(source, alerts)
        yield from MetricFile(source, metrics).read()


def _is_series(value: dict[str, Any]) -> bool:
    return isinstance(value.get("metric"), dict) and any(
        isinstance(value.get(key), list) for key in ("values", "value", "histograms")
    )


def _is_active_alert(value: dict[str, Any]) -> bool:
    return isinstance(value.get("labels"), dict) and "activeAt" in value and "state" in value


def _is_rule_group(value: dict[str, Any]) -> bool:
    return (
        isinstance(value.get("rules"), list) and "name" in value and ("file" in value or "interval" in value)
    )


def _is_refusal(value: dict[str, Any]) -> bool:
    return value.get("status") == "error" and "errorType" in value


def _active_alert(payload: Payload, alert: dict[str, Any], below: str, part: int = 0) -> RawEvent:
    """An alert that is active now: `activeAt` is when its condition began to hold."""
    labels, notes = field(alert, "labels"), field(alert, "annotations")
    fires = text(alert, "state") == "firing"
    subject = subject_of(text(labels, "alertname"), whereabouts(labels))
    return alert_event(
        payload.place(below, part),
        "firing" if fires else "onset",
        subject,
        text(alert, "activeAt"),
        program=_SERVER,
        word="" if fires else "PENDING",
        summary=text(notes, "summary") or text(notes, "description"),
        severity=text(labels, "severity"),
        links=(text(notes, "runbook_url"), text(notes, "dashboard_url")),
    )


def _rule_group(source: Source, payload: Payload) -> Iterator[RawEvent]:
    """The active alerts of a group of rules; a rule that is quiet, and a recording rule, say nothing."""
    found = [
        (f"/rules/{r}/alerts/{a}", alert)
        for r, rule in enumerate(payload.value["rules"])
        for a, alert in enumerate(objects(rule, "alerts"))
        if _is_active_alert(alert)
    ]
    source.tally.structural += not found
    for part, (pointer, alert) in enumerate(found):
        yield _active_alert(payload, alert, pointer, part)
