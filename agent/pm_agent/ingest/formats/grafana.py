"""Grafana: alerting webhooks (unified and legacy) and annotations, points and regions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal, Skipped
from pm_agent.ingest.formats.alert_events import alert_event, alert_moments, subject_of, whereabouts
from pm_agent.ingest.formats.html_text import html_text
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, payloads, text
from pm_agent.ingest.source import Source

_STATES: dict[str, Signal] = {
    "alerting": "firing", "firing": "firing", "ok": "resolved", "normal": "resolved", "resolved": "resolved", "pending": "onset",
}  # fmt: skip
_LABELS = re.compile(r"\{([^{}]{0,2000})\}")
_TITLE = re.compile(r"^\[[^\]]{1,40}\]\s*")
_TAG = re.compile(r"<[a-z/!][^>]{0,300}>", re.I)
_DEPLOYS = {"deploy", "deploys", "deployment", "deployments", "release", "rollout", "发布", "上线", "部署"}


class Grafana:
    """What Grafana sent when an alert changed its state, and what stands on its panels."""

    name: ClassVar[str] = "grafana"
    describes: ClassVar[str] = "Grafana alerting webhooks (unified and legacy), annotations of the API"

    def fits(self, source: Source) -> float:
        """Sure of an orgId beside alerts, of ruleUrl beside a state, of an annotation's dashboard and time."""
        return 0.93 if any(_shape(value) for value in glance(source)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Start and end of each alert; each annotation; a region as its beginning and its end."""
        seen: set[tuple[str, str, str]] = set()
        for payload in payloads(source):
            shape = _shape(payload.value)
            if shape == "webhook":
                events = list(_webhook(payload, seen))
                source.tally.structural += not events
                source.tally.skipped += _unread(source.path, payload)
                yield from events
            elif shape == "legacy":
                yield _legacy(payload)
            elif shape == "annotation":
                yield from _annotation(payload)


def _shape(value: dict[str, Any]) -> str:
    if isinstance(value.get("alerts"), list) and (
        "orgId" in value or ("groupKey" not in value and "state" in value)
    ):
        return "webhook"
    if text(value, "ruleName") and text(value, "state") and ("ruleUrl" in value or "evalMatches" in value):
        return "legacy"
    known = any(key in value for key in ("dashboardId", "dashboardUID", "panelId", "alertId", "timeEnd"))
    if known and isinstance(value.get("time"), int) and ("text" in value or "newState" in value):
        return "annotation"
    return ""


def _webhook(payload: Payload, seen: set[tuple[str, str, str]]) -> Iterator[RawEvent]:
    """The alerts inside, which are Alertmanager's in all but the wrapping."""
    for at, alert in enumerate(field(payload.value, "alerts")):
        if isinstance(alert, dict):
            below = Payload(payload.ordinal, payload.line, payload.pointer, alert)
            yield from alert_moments(below, seen, program="Grafana", below=f"/alerts/{at}", part=2 * at)


def _unread(path: str, payload: Payload) -> list[Skipped]:
    """The alerts of a webhook that have no start, counted."""
    alerts = field(payload.value, "alerts")
    count = sum(not text(alert, "startsAt") for alert in alerts)
    return [Skipped(path, "alert without a start", payload.line, count)] if count else []


def _legacy(payload: Payload) -> RawEvent:
    """The old webhook names no time at all, so its event has none."""
    value = payload.value
    state = text(value, "state").lower()
    signal = _STATES.get(state)
    tags = field(value, "tags")
    return alert_event(
        payload.place(),
        signal,
        subject_of(text(value, "ruleName") or _TITLE.sub("", text(value, "title")), whereabouts(tags)),
        "",
        program="Grafana",
        summary=text(value, "message"),
        severity=text(tags, "severity"),
        word="" if signal else _word(state),
        links=(text(value, "ruleUrl"),),
    )


def _annotation(payload: Payload) -> Iterator[RawEvent]:
    """A change of state that Grafana noted itself, or a mark that somebody or a pipeline set."""
    value = payload.value
    began, ended = text(value, "time"), text(value, "timeEnd")
    is_region = ended.isdecimal() and began.isdecimal() and int(ended) > int(began)
    if text(value, "newState"):
        yield _state_change(payload, began)
        return
    said = _said(value)
    region = text(value, "regionId")
    if region not in {"", "0"} and region != text(value, "id"):
        said = f"{said} (end)"
    yield _mark(payload, said, began, 0, "change_started" if is_region else "change_finished")
    if is_region:
        yield _mark(payload, f"{said} (end)", ended, 1, "change_finished")


def _state_change(payload: Payload, at: str) -> RawEvent:
    value = payload.value
    said = text(value, "text")
    labels = _LABELS.search(said)
    named = dict(
        (key.strip(), rest.strip())
        for pair in (labels[1].split(",") if labels else [])
        for key, _, rest in [pair.partition("=")]
    )
    state = text(value, "newState").split(" ")[0].lower()
    signal = _STATES.get(state)
    name = text(value, "alertName") or named.get("alertname", "") or said.split("{")[0]
    came_from = text(value, "prevState")
    value_part = said[labels.end() :].strip(" -") if labels else ""
    return alert_event(
        payload.place(),
        signal,
        subject_of(name, whereabouts(named)),
        at,
        program="Grafana",
        summary=", ".join(part for part in (value_part, f"was {came_from}" if came_from else "") if part),
        severity=named.get("severity", ""),
        word="" if signal else _word(state),
    )


def _mark(payload: Payload, said: str, at: str, part: int, change: Signal) -> RawEvent:
    """A person's mark is a remark of its own time; a mark tagged as a deployment is one."""
    value = payload.value
    listed = field(value, "tags")
    tags = [tag for tag in listed if isinstance(tag, str)] if isinstance(listed, list) else []
    person = first_of(value, "login", "userName", "email")
    person = "" if person.startswith("sa-") else person
    deployed = any(tag.lower() in _DEPLOYS for tag in tags)
    return RawEvent(
        place=payload.place(part=part),
        text=said + (f" [{', '.join(tags)}]" if tags else ""),
        raw_time=at or None,
        kind="deploy" if deployed else "chat",
        actor=person or "Grafana",
        actor_kind="person" if person else "system",
        signal=change if deployed else None,
        subject=(said.removesuffix(" (end)").split("\n")[0][:120].strip() or "change") if deployed else None,
    )


def _said(value: dict[str, Any]) -> str:
    """Grafana keeps annotations as HTML; older ones have a title beside the text."""
    said = "\n".join(part for part in (text(value, "title"), text(value, "text")) if part)
    return (html_text(said) if _TAG.search(said) else said).strip() or "annotation"


def _word(state: str) -> str:
    return state.replace("_", " ").upper().replace("NODATA", "NO DATA")
