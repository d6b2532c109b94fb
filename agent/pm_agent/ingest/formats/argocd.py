"""Argo CD: the Application with its history, notification webhooks, `argocd app get` and `argocd app history`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.argocd_text import looks_like_text, read_text
from pm_agent.ingest.formats.change_events import change_event, short, signal_of, subject_of
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("items",)


class ArgoCD:
    """When an application was synced, to which revision, and what Argo CD said of it."""

    name: ClassVar[str] = "argocd"
    describes: ClassVar[str] = (
        "Argo CD: Application JSON (history, operation, conditions), notification webhooks, argocd app get/history"
    )

    def fits(self, source: Source) -> float:
        """Sure of an Application's own fields and of the command's own labels."""
        if any(_application(value) or _is_note(value) for value in glance(source, *_WRAPPERS)):
            return 0.95
        return 0.9 if looks_like_text(source) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Each deployment of the history, the last operation, each condition with its time."""
        if source.document is None and not source.is_json_lines:
            yield from read_text(source)
            return
        for payload in payloads(source, *_WRAPPERS):
            if app := _application(payload.value):
                events = list(_of_application(payload, app))
                source.tally.structural += not events  # never synced: nothing has a time
                yield from events
            elif _is_note(payload.value):
                yield _note(payload)


def _application(value: dict[str, Any]) -> dict[str, Any]:
    """The Application itself, or the one inside a webhook; empty where there is none."""
    for found in (value, field(value, "app"), field(value, "application")):
        status = field(found, "status")
        if text(found, "metadata", "name") and isinstance(status, dict):
            ours = text(found, "apiVersion").startswith("argoproj.io/") and text(found, "kind") in {
                "Application",
                "",
            }
            if ours or "operationState" in status or ("sync" in status and "health" in status):
                return found
    return {}


def _of_application(payload: Payload, app: dict[str, Any]) -> Iterator[RawEvent]:
    name, status = text(app, "metadata", "name"), field(app, "status")
    below = "" if app is payload.value else "/app" if app is field(payload.value, "app") else "/application"
    below += "/status"
    told = [
        *_history(payload, name, status, below),
        *_operation(payload, name, status, below),
        *_state(payload, name, status, below),
    ]
    for part, event in enumerate(told):
        yield replace(event, place=replace(event.place, part=part))


def _history(payload: Payload, name: str, status: Any, below: str) -> Iterator[RawEvent]:
    history = objects(status, "history")
    for at, entry in enumerate(history):
        yield _deployed(payload.place(f"{below}/history/{at}"), name, entry, history[:at])


def _state(payload: Payload, name: str, status: Any, below: str) -> Iterator[RawEvent]:
    for at, condition in enumerate(objects(status, "conditions")):
        kind = text(condition, "type")
        yield change_event(
            payload.place(f"{below}/conditions/{at}"), f"{name}: {kind}: {text(condition, 'message')}",
            text(condition, "lastTransitionTime"), program="Argo CD", subject=name,
            severity="error" if kind.endswith("Error") else "warning" if kind.endswith("Warning") else "",
        )  # fmt: skip
    if since := text(status, "health", "lastTransitionTime"):
        why = text(status, "health", "message")
        said = f"{name}: health {text(status, 'health', 'status')}" + (f": {why}" if why else "")
        yield change_event(payload.place(f"{below}/health"), said, since, program="Argo CD", subject=name)


def _revision(entry: Any) -> str:
    first = text(entry, "revision") or text(entry, "revisions", 0)
    return short(first) or text(entry, "source", "targetRevision")


def _deployed(place: Place, name: str, entry: dict[str, Any], before: list[dict[str, Any]]) -> RawEvent:
    """A line of the history; a revision that had been left and comes again is a rollback to it."""
    subject = subject_of(name, _revision(entry))
    earlier = [text(e, "id") for e in before[:-1] if _revision(e) == _revision(entry)]
    again = bool(earlier) and _revision(before[-1]) != _revision(entry)
    started = text(entry, "deployStartedAt")
    said = f"deployment {text(entry, 'id')} of {subject}" + (
        f" (the revision of deployment {earlier[-1]} again)" if again else ""
    )
    user = text(entry, "initiatedBy", "username")
    return change_event(
        place, said + (f", started {started}" if started else ""), text(entry, "deployedAt"), program="Argo CD",
        signal="rolled_back" if again else "change_finished", subject=subject, person=user,
    )  # fmt: skip


def _operation(payload: Payload, name: str, status: Any, below: str) -> Iterator[RawEvent]:
    state = field(status, "operationState")
    phase, began, ended = (text(state, key) for key in ("phase", "startedAt", "finishedAt"))
    revision = _revision(field(state, "syncResult")) or _revision(field(state, "operation", "sync"))
    subject, user = subject_of(name, revision), text(state, "operation", "initiatedBy", "username")
    pointer = f"{below}/operationState"
    if began:
        by = " (automated)" if field(state, "operation", "initiatedBy", "automated") is True else ""
        yield change_event(
            payload.place(pointer), f"sync of {subject} started{by}", began, program="Argo CD",
            signal="change_started", subject=subject, person=user,
        )  # fmt: skip
    last = field(status, "history", -1)
    recorded = bool(began) and text(last, "deployedAt") >= began and _revision(last) == revision
    if ended and not (recorded and phase == "Succeeded"):
        why = text(state, "message")
        yield change_event(
            payload.place(pointer), f"sync of {subject}: {phase}" + (f": {why}" if why else ""), ended,
            program="Argo CD", signal=signal_of(phase), subject=subject,
        )  # fmt: skip


def _is_note(value: dict[str, Any]) -> bool:
    return bool(_named(value) and first_of(value, *_PHASES) and first_of(value, *_TIMES))


_NAMES = ("app", "application", "appName", "app_name", "application_name")
_PHASES = (
    "phase",
    "operationPhase",
    "operation_phase",
    "syncStatus",
    "sync_status",
    "healthStatus",
    "health_status",
)
_TIMES = ("finishedAt", "finished_at", "startedAt", "started_at", "timestamp", "time")
"""A notification's body is the team's own template; these are the names it is written with."""


def _named(value: dict[str, Any]) -> str:
    return first_of(value, *_NAMES) if first_of(value, "revision", "commit", "sha") else ""


def _note(payload: Payload) -> RawEvent:
    value = payload.value
    phase = first_of(value, *_PHASES)
    subject = subject_of(_named(value), short(first_of(value, "revision", "commit", "sha")))
    why = first_of(value, "message", "description")
    is_sync = bool(first_of(value, *_PHASES[:3]))
    said = f"sync of {subject}: {phase}" if is_sync else f"{subject}: {phase}"
    return change_event(
        payload.place(), said + (f": {why}" if why else ""), first_of(value, *_TIMES),
        program="Argo CD", signal=signal_of(phase) if is_sync else None, subject=subject,
    )  # fmt: skip
