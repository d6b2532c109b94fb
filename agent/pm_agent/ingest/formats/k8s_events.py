"""Kubernetes events: JSON of `kubectl get events -o json`, its table, and the Events section of `kubectl describe`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.k8s_meaning import Told, joined, on_the_servers_clock, told_event
from pm_agent.ingest.formats.k8s_rollouts import with_rollouts
from pm_agent.ingest.formats.k8s_tables import is_listing, read_tables
from pm_agent.ingest.formats.payloads import field, first_of, glance, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("items",)


class K8sEvents:
    """Repeats of one event are one event with their number, its first and its last time."""

    name: ClassVar[str] = "k8s-events"
    describes: ClassVar[str] = (
        "Kubernetes events: get events -o json (list, JSON Lines, watch), the get events table, kubectl describe"
    )

    def fits(self, source: Source) -> float:
        """Sure of an event's object, reason and message; of the tables' own headings."""
        if any(_told(value) for value in glance(source, *_WRAPPERS)):
            return 0.95
        if source.document is not None or source.is_json_lines:
            return 0.0
        return 0.92 if is_listing(source.head_lines) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Events in the file's order, each at its first time until its last."""
        if source.document is None and not source.is_json_lines:
            yield from read_tables(source)
            return
        found = [
            (payload, told) for payload in payloads(source, *_WRAPPERS) if (told := _told(payload.value))
        ]
        source.tally.structural += len(found)  # repeats that are joined stand behind one event
        kept = joined(with_rollouts([told for _, told in found]))
        source.tally.structural -= len(kept)
        for index, told in kept:
            yield told_event(found[index][0].place(), told)


def _told(value: dict[str, Any]) -> Told | None:
    """An event of the core API or of events.k8s.io, bare or inside a watch's `object`."""
    inner = field(value, "object")
    if isinstance(inner, dict) and text(value, "type") in {"ADDED", "MODIFIED", "DELETED"}:
        value = inner
    about = field(value, "involvedObject") or field(value, "regarding")
    said = first_of(value, "message", "note")
    if not isinstance(about, dict) or not text(value, "reason") or not (said or "kind" in about):
        return None
    first = first_of(value, "firstTimestamp", "deprecatedFirstTimestamp", "eventTime")
    series = field(value, "series")
    last = first_of(series, "lastObservedTime") or first_of(value, "lastTimestamp", "deprecatedLastTimestamp")
    created = text(value, "metadata", "creationTimestamp")
    count = first_of(series, "count") or first_of(value, "count", "deprecatedCount")
    component = first_of(value, "reportingComponent", "reportingController") or text(
        value, "source", "component"
    )
    told = Told(
        kind=text(about, "kind"), name=text(about, "name"), namespace=text(about, "namespace"),
        reason=text(value, "reason"), message=said, type=text(value, "type"),
        first=first or last or created, last=last or first or created,
        count=int(count) if count.isdecimal() and 0 < int(count) < 10**9 else 1,
        component=component, uid=text(value, "metadata", "uid"),
    )  # fmt: skip
    return on_the_servers_clock(told, created)
