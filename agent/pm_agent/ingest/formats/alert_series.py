"""Prometheus' own series about its alerts: ALERTS (1 while pending or firing) and ALERTS_FOR_STATE (since when)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from statistics import median
from typing import Any

from pm_agent.evidence import RawEvent, Signal
from pm_agent.ingest.formats.alert_events import alert_event, subject_of, whereabouts
from pm_agent.ingest.formats.payloads import Payload, field, text
from pm_agent.ingest.source import Source

_NAMES = {"ALERTS", "ALERTS_FOR_STATE"}


@dataclass(frozen=True, slots=True)
class _Sample:
    at: float
    written: str
    value: str
    pointer: str


def is_alert_series(value: dict[str, Any]) -> bool:
    """True for a series that Prometheus writes about an alert."""
    return text(value, "metric", "__name__") in _NAMES


def read_alert_series(source: Source, series: Sequence[Payload]) -> Iterator[RawEvent]:
    """When each alert became active, fired and ended; an end is told only where other series go on after it."""
    samples = [_samples(payload) for payload in series]
    moments = [sample.at for one in samples for sample in one]
    last = max(moments, default=0.0)
    firing = {
        _identity(payload) for payload in series if text(payload.value, "metric", "alertstate") == "firing"
    }
    for payload, one in zip(series, samples, strict=True):
        is_pending = text(payload.value, "metric", "alertstate") == "pending"
        events = [] if is_pending and _identity(payload) not in firing else list(_events(payload, one, last))
        source.tally.structural += not events
        yield from events


def _identity(payload: Payload) -> tuple[tuple[str, str], ...]:
    metric = field(payload.value, "metric")
    return tuple(sorted((key, str(value)) for key, value in metric.items() if key != "alertstate"))


def _samples(payload: Payload) -> list[_Sample]:
    """The samples that say the alert is active, in order."""
    values = field(payload.value, "values")
    pairs = (
        [(f"/values/{i}", pair) for i, pair in enumerate(values)]
        if isinstance(values, list)
        else [("/value", field(payload.value, "value"))]
    )
    found = []
    for pointer, pair in pairs:
        written, value = text(pair, 0), text(pair, 1)
        try:
            found.append(_Sample(float(written), written, value, pointer))
        except ValueError:
            continue
    return [sample for sample in found if isfinite(sample.at) and sample.value not in {"0", ""}]


def _events(payload: Payload, samples: Sequence[_Sample], last: float) -> Iterator[RawEvent]:
    metric = field(payload.value, "metric")
    since = text(metric, "__name__") == "ALERTS_FOR_STATE"
    fires = text(metric, "alertstate") == "firing"
    part = 0
    for run in _runs(samples):
        start = run[0]
        told: list[tuple[Signal | None, _Sample, str, str]] = []
        if start.pointer == "/value" and not since:
            told.append((None, start, start.written, "at this moment"))
        else:
            told.append(("firing" if fires else "onset", start, start.value if since else start.written, ""))
        if run[-1].at < last and (fires or since):
            ended: Signal = "resolved" if fires else "ended"
            told.append((ended, run[-1], run[-1].written, "the last sample that shows it"))
        for signal, sample, at, remark in told:
            yield alert_event(
                payload.place(sample.pointer, part),
                signal,
                subject_of(text(metric, "alertname"), whereabouts(metric)),
                at,
                program="Prometheus",
                summary=remark,
                severity=text(metric, "severity"),
                word="" if signal else "FIRING" if fires else "PENDING",
            )
            part += 1


def _runs(samples: Sequence[_Sample]) -> list[list[_Sample]]:
    """Samples of one activation: without a hole between them (longer than one and a half steps), of one value."""
    steps = [b.at - a.at for a, b in pairwise(samples)]
    longest = 1.5 * median(steps) if steps else 0.0
    runs: list[list[_Sample]] = []
    for sample in samples:
        before = runs[-1][-1] if runs else None
        if before and sample.at - before.at <= longest and sample.value == before.value:
            runs[-1].append(sample)
        else:
            runs.append([sample])
    return runs
