"""Statuspage: incidents with their public updates, from the API or a webhook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("incidents", "scheduled_maintenances")


class Statuspage:
    """What the public was told, update by update."""

    name: ClassVar[str] = "statuspage"
    describes: ClassVar[str] = "Statuspage incidents with incident_updates: API, status page JSON, webhook"

    def fits(self, source: Source) -> float:
        """Sure of an incident that holds its updates."""
        return 0.95 if any(_incident(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every public update, the oldest first."""
        for payload in payloads(source, *_WRAPPERS):
            if incident := _incident(payload.value):
                events = list(_updates(payload, incident))
                source.tally.structural += not events
                yield from events


def _incident(value: dict[str, Any]) -> dict[str, Any]:
    """The incident, which a webhook wraps; empty where there is none."""
    inner = field(value, "incident")
    found = inner if isinstance(inner, dict) else value
    return found if isinstance(found.get("incident_updates"), list) else {}


def _updates(payload: Payload, incident: dict[str, Any]) -> Iterator[RawEvent]:
    name = text(incident, "name") or "incident"
    below = "/incident/incident_updates" if "incident" in payload.value else "/incident_updates"
    updates = list(enumerate(field(incident, "incident_updates")))
    for at, update in reversed(updates):
        if not isinstance(update, dict):
            continue
        status, body = text(update, "status"), text(update, "body")
        hit = ", ".join(
            part for item in objects(update, "affected_components") if (part := text(item, "name"))
        )
        yield RawEvent(
            place=payload.place(f"{below}/{at}", part=at),
            text=f"[{status or 'update'}] {name}"
            + (f" ({hit})" if hit else "")
            + (f": {body}" if body else ""),
            raw_time=first_of(update, "display_at", "created_at") or None,
            kind="page",
            actor="Statuspage",
            actor_kind="system",
            signal="status_update",
            subject=name[:160],
            severity=text(incident, "impact") or None,
            links=tuple(link for link in (text(incident, "shortlink"),) if link),
        )
