"""New Relic: issue webhooks of workflows, the older incident webhooks, issues and incidents of NerdGraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal
from pm_agent.ingest.formats.alert_events import alert_event, subject_of
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_ISSUES = "data/actor/account/aiIssues"
_WRAPPERS = (f"{_ISSUES}/issues/issues", f"{_ISSUES}/incidents/incidents", "data/actor/account/nrql/results")
_STATES: dict[str, Signal] = {
    "CREATED": "firing", "ACTIVATED": "firing", "OPEN": "firing", "ACKNOWLEDGED": "acknowledged", "CLOSED": "resolved",
    "DEACTIVATED": "resolved", "CLOSE": "resolved",
}  # fmt: skip
_TIMES: dict[Signal, tuple[str, ...]] = {
    "firing": ("activatedAt", "issueActivatedAt", "createdAt", "issueCreatedAt", "openTime"),
    "acknowledged": ("acknowledgedAt", "issueAcknowledgedAt"),
    "resolved": ("closedAt", "issueClosedAt", "closeTime"),
}
"""The fields that state each moment, the nearest to it first."""

_OWN_KEYS = ("alertPolicyNames", "alertConditionNames", "impactedEntities", "issuePageUrl", "issueUrl")
_GRAPH_KEYS = (
    "conditionName",
    "entityNames",
    "activatedAt",
    "incidentIds",
    "mutingState",
    "accountIds",
    "openTime",
)
"""Other programs have issues and incidents with ids as well; these keys are New Relic's."""


class NewRelic:
    """When an issue opened, who took it, when it closed."""

    name: ClassVar[str] = "newrelic"
    describes: ClassVar[str] = (
        "New Relic issue webhooks, legacy incident webhooks, NerdGraph issues and incidents"
    )

    def fits(self, source: Source) -> float:
        """Sure of an issue's state beside its creation, or of current_state beside a condition."""
        return 0.93 if any(_shape(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Each moment of an issue once, however often it was sent."""
        seen: set[tuple[str, Signal]] = set()
        for payload in payloads(source, *_WRAPPERS):
            shape = _shape(payload.value)
            if shape == "issue":
                yield from _issue(payload, seen)
            elif shape == "incident":
                yield _incident(payload)


def _shape(value: dict[str, Any]) -> str:
    if text(value, "current_state") and any(key in value for key in ("condition_name", "policy_name")):
        return "incident"
    timed = any(text(value, name) for names in _TIMES.values() for name in names)
    named = "issueId" in value or "incidentId" in value
    in_graph = any(key in value for key in _GRAPH_KEYS) or (
        "priority" in value and isinstance(value.get("createdAt"), int)
    )
    known = any(key in value for key in _OWN_KEYS) or (named and in_graph)
    if timed and known and first_of(value, "state", "event"):
        return "issue"
    return ""


def _issue(payload: Payload, seen: set[tuple[str, Signal]]) -> Iterator[RawEvent]:
    issue = payload.value
    state = first_of(issue, "state", "event").upper()
    now = _STATES.get(state)
    name = first_of(issue, "id", "issueId", "incidentId") or _title(issue)
    moments: dict[Signal, str] = {signal: first_of(issue, *names) for signal, names in _TIMES.items()}
    if now in {"acknowledged", "resolved"}:
        moments[now] = moments[now] or first_of(issue, "updatedAt", "issueUpdatedAt", "timestamp")
    told = 0
    for part, (signal, at) in enumerate(moments.items()):
        if not at or (name, signal) in seen:
            continue
        seen.add((name, signal))
        told += 1
        yield _event(payload, signal, at, part)
    if not told:
        word = first_of(issue, "trigger") or state
        yield _event(payload, None, first_of(issue, "updatedAt", "timestamp"), 0, word.replace("_", " "))


def _event(payload: Payload, signal: Signal | None, at: str, part: int, word: str = "") -> RawEvent:
    issue = payload.value
    person = first_of(issue, "acknowledgedBy", "owner") if signal == "acknowledged" else ""
    return alert_event(
        payload.place(part=part),
        signal,
        subject_of(_title(issue)),
        at,
        program="New Relic",
        summary=", ".join(_names(issue)) if signal == "firing" else "",
        severity=first_of(issue, "priority", "severity"),
        person=person,
        word=word,
        links=(first_of(issue, "issueUrl", "issuePageUrl"),),
    )


def _title(issue: dict[str, Any]) -> str:
    """The title, which NerdGraph gives as a list, else the condition's name."""
    found = first_of(issue, "title", "issueTitle") or text(issue, "title", 0)
    return found or first_of(issue, "conditionName") or text(issue, "alertConditionNames", 0) or "issue"


def _names(issue: dict[str, Any]) -> list[str]:
    """Condition and entities, as far as the title doesn't name them already."""
    lists = [
        field(issue, key)
        for key in ("alertConditionNames", "conditionName", "impactedEntities", "entityNames")
    ]
    found = [name for some in lists for name in (some if isinstance(some, list) else [some])]
    title = _title(issue)
    return list(dict.fromkeys(name for name in found if isinstance(name, str) and name and name not in title))


def _incident(payload: Payload) -> RawEvent:
    incident = payload.value
    state = text(incident, "current_state").upper()
    signal = _STATES.get(state)
    where = next((name for target in objects(incident, "targets") if (name := text(target, "name"))), "")
    details = text(incident, "details")
    return alert_event(
        payload.place(),
        signal,
        subject_of(first_of(incident, "condition_name", "policy_name") or "incident", where),
        first_of(incident, "timestamp", "timestamp_utc_string"),
        program="New Relic",
        summary=details,
        severity=text(incident, "severity"),
        person=text(incident, "owner") if signal == "acknowledged" else "",
        word="" if signal else state.replace("_", " "),
        links=(text(incident, "incident_url"), text(incident, "runbook_url")),
    )
