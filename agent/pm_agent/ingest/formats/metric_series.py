"""The series of one metrics file: their names, their points, and the few events that stand out in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from pm_agent.evidence import Place, RawEvent, Series, Signal, Skipped
from pm_agent.ingest.excursions import Excursion, find_excursions
from pm_agent.ingest.formats.alert_events import whereabouts
from pm_agent.ingest.formats.payloads import Payload, field, text
from pm_agent.ingest.source import Source

_MOST_TOLD = 12
"""Of how many series a file's excursions are told; hundreds of pods would bury the line of time."""
WALL = "__wall__"
"""Among the labels of a series whose times state no zone."""
_PLACES = ("service", "job", "namespace", "instance", "app", "host")
_UNITS = {"seconds": "s", "milliseconds": "ms", "bytes": "B", "percent": "%", "celsius": "°C"}
_LEAST_CHANGE = {"C": 4.0, "℃": 4.0, "摄氏度": 4.0, "F": 7.0, "℉": 7.0}
"""Degrees: half of 24 °C means nothing."""
_HIGH_IS_BAD = re.compile(
    r"error|fail|5xx|latency|duration|seconds|lag|queue|backlog|pending|timeout|reject|throttl|drop|restart|"
    r"exception|unavailable|retries|wait",
    re.I,
)
_LOW_IS_BAD = re.compile(r"^up$|success|availab|ready|healthy|apdex", re.I)


@dataclass(frozen=True, slots=True)
class _Told:
    payload: Payload
    name: str
    points: tuple[tuple[float, float], ...]
    places: tuple[int, ...]
    """Where each point stands in the file's list; points without a finite value are left out."""
    excursions: list[Excursion]

    @property
    def strength(self) -> float:
        """By how many times the usual level the strongest excursion goes away."""
        return max(abs(e.extreme - e.usual) / (abs(e.usual) or 1e-9) for e in self.excursions)


class MetricFile:
    """All series of one source: what names them apart is what they don't share."""

    def __init__(self, source: Source, payloads: Sequence[Payload], actor: str | None = "Prometheus") -> None:
        """`actor` is the program that measured, where that is known."""
        self.source, self.payloads, self.actor = source, payloads, actor
        metrics = [field(payload.value, "metric") for payload in payloads]
        keys = sorted({key for metric in metrics for key in metric if key != WALL})
        self.varying = [key for key in keys if len({text(metric, key) for metric in metrics}) > 1]

    def read(self) -> Iterator[RawEvent | Series]:
        """Every series, then the events of those with a clear excursion."""
        told: list[_Told] = []
        for payload in self.payloads:
            points, places = _points(payload)
            name = self._name(payload)
            self.source.tally.structural += 1
            unit = text(payload.value, "unit") or _unit(name)
            if points:
                yield Series(name, points, self.source.path, unit, bool(text(payload.value, "metric", WALL)))
            excursions = find_excursions(points, _LEAST_CHANGE.get(unit.lstrip("°").upper()))
            if excursions:
                told.append(_Told(payload, name, points, places, excursions))
        strongest = sorted(told, key=lambda one: -one.strength)[:_MOST_TOLD]
        if len(told) > len(strongest):
            left = len(told) - len(strongest)
            reason = f"excursions of {left} further series are not told one by one"
            self.source.tally.skipped.append(Skipped(self.source.path, reason, None, left))
        for one in told:
            if one in strongest:
                self.source.tally.structural -= 1
                yield from self._events(one)

    def _events(self, one: _Told) -> Iterator[RawEvent]:
        """Onset, peak (where it is not the onset itself) and end of each excursion."""
        part = 0
        for excursion in one.excursions:
            for signal, at, says in _moments(one.name, excursion):
                place, raw_time = _written(one.payload, one.places[at], part)
                yield RawEvent(
                    place=place,
                    text=says,
                    raw_time=raw_time,
                    kind="metric",
                    actor=self.actor,
                    actor_kind="system",
                    signal=signal,
                    subject=one.name,
                )
                part += 1

    def _name(self, payload: Payload) -> str:
        """`payments http_errors code=500`: whose, what, and the labels that tell it from its neighbours."""
        metric = field(payload.value, "metric")
        where = whereabouts(metric)
        stem = self.source.name.rsplit(".", 1)[0].strip(" _-")
        own = next((key for key in _PLACES if text(metric, key)), "")
        rest = [
            f"{key}={text(metric, key)}"
            for key in self.varying
            if key not in {own, "__name__"} and text(metric, key)
        ]
        return " ".join(part for part in [where, text(metric, "__name__") or stem, *rest] if part)[:200]


def _points(payload: Payload) -> tuple[tuple[tuple[float, float], ...], tuple[int, ...]]:
    values = field(payload.value, "values")
    pairs = values if isinstance(values, list) else [field(payload.value, "value")]
    found: list[tuple[float, float, int]] = []
    for place, pair in enumerate(pairs):
        try:
            at, value = float(text(pair, 0)), float(text(pair, 1))
        except ValueError:
            continue
        if isfinite(at) and isfinite(value):
            found.append((at, value, place))
    found.sort(key=lambda point: point[0])
    return tuple((at, value) for at, value, _ in found), tuple(place for _, _, place in found)


def _written(payload: Payload, at: int, part: int) -> tuple[Place, str]:
    """Where a value of the series stands, and its time as it stands there; in a table each has a line of its own."""
    row = field(payload.value, "rows", at)
    if row is not None:
        # several series may stand in one line: their numbers keep their events apart
        return Place(row[0], row[0], None, None, 100 * payload.ordinal + part), row[1]
    return payload.place(f"/values/{at}", part), text(field(payload.value, "values", at), 0)


def _unit(name: str) -> str:
    words = re.split(r"[_:\s]", name.lower())
    return next((unit for word, unit in _UNITS.items() if word in words), "")


def _moments(name: str, excursion: Excursion) -> Iterator[tuple[Signal, int, str]]:
    usual, level, extreme = (_shown(v) for v in (excursion.usual, excursion.level, excursion.extreme))
    moved, limit = ("rose", "peak") if excursion.rises else ("fell", "lowest")
    if excursion.onset is not None:
        # what starts bad and gets better is the end of something that began before the file
        signal: Signal = "ended" if excursion.end is None and _is_relief(name, excursion) else "onset"
        tail = "" if extreme == level else f" ({limit} {extreme})"
        yield signal, excursion.onset, f"{name} {moved} from {usual} to {level}{tail}"
        if signal == "ended":
            return
    if excursion.peak != excursion.onset:
        yield "peak", excursion.peak, f"{name} at its {limit}{'' if excursion.rises else ' point'}: {extreme}"
    if excursion.end is not None:
        yield "ended", excursion.end, f"{name} back at {usual} ({limit} {extreme})"


def _is_relief(name: str, excursion: Excursion) -> bool:
    low_is_bad = any(_LOW_IS_BAD.search(word) for word in name.split())
    bad_high = bool(_HIGH_IS_BAD.search(name)) and not low_is_bad
    return bad_high if not excursion.rises else low_is_bad


def _shown(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
