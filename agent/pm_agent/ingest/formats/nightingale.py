"""夜莺 (Nightingale): alert events as its callback and its API give them, current and past."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal
from pm_agent.ingest.formats.alert_events import alert_event, subject_of, whereabouts
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("dat/list", "dat", "events")


class Nightingale:
    """One event when an alert starts, one when it recovers."""

    name: ClassVar[str] = "nightingale"
    describes: ClassVar[str] = (
        "夜莺 (Nightingale) alert events: callback JSON, API lists of current and past alerts"
    )

    def fits(self, source: Source) -> float:
        """Sure of a rule name beside a trigger time in seconds."""
        return 0.93 if any(_is_event(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Start and end; a repeated notification of the same alert is no event of its own."""
        seen: set[tuple[str, str, str]] = set()
        for payload in payloads(source, *_WRAPPERS):
            if _is_event(payload.value):
                events = list(_events(payload, seen))
                source.tally.structural += not events
                yield from events


def _is_event(value: dict[str, Any]) -> bool:
    """The rule and the time, under whichever of their two names, and one key that only 夜莺 has."""
    timed = first_of(value, "first_trigger_time", "trigger_time").isdecimal()
    known = any(
        key in value for key in ("rule_prod", "prom_ql", "target_ident", "group_name", "notify_cur_number")
    )
    return bool(text(value, "rule_name")) and timed and known


def _events(payload: Payload, seen: set[tuple[str, str, str]]) -> Iterator[RawEvent]:
    event = payload.value
    labels = _labels(event)
    subject = subject_of(text(event, "rule_name"), whereabouts(labels) or text(event, "target_ident"))
    severity = text(event, "severity")
    began = _past(event, "first_trigger_time") or _past(event, "trigger_time")
    moments: list[tuple[Signal, str]] = [("firing", began)]
    if field(event, "is_recovered") in (True, 1):
        moments.append(("resolved", _past(event, "recover_time") or _past(event, "last_eval_time")))
    value = text(event, "trigger_value")
    for signal, at in moments:
        key = (subject, signal, at)
        if key in seen or (signal == "firing" and not at):
            continue
        seen.add(key)
        note = first_of(event, "rule_note") or text(event, "annotations", "summary")
        yield alert_event(
            payload.place(part=int(signal == "resolved")),
            signal,
            subject,
            at,
            program="夜莺",
            summary="，".join(part for part in (note, f"触发时值 {value}" if value else "") if part)
            if signal == "firing"
            else "",
            severity=f"S{severity}" if severity.isdecimal() else severity,
            links=(text(event, "runbook_url"),),
        )


def _labels(event: dict[str, Any]) -> dict[str, str]:
    """The tags, which stand as an object or as a list of `key=value`."""
    written = field(event, "tags_map")
    if isinstance(written, dict):
        return {key: found for key in written if (found := text(written, key))}
    listed = field(event, "tags")
    pairs = listed if isinstance(listed, list) else str(listed or "").split(",,")
    return dict(pair.partition("=")[::2] for pair in pairs if isinstance(pair, str) and "=" in pair)


def _past(event: dict[str, Any], key: str) -> str:
    found = text(event, key)
    return "" if found in {"0", "-1"} else found
