"""One line of time: order, and the same event seen by several programs.

An alert that stands in Alertmanager, in the pager and in the chat bot's post is one event with three sources.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pm_agent.evidence import Gap, RawEvent, TimedEvent

SAME_SIGNAL = timedelta(minutes=4)
"""Pagers group and delay; within this two reports of one signal are the same event."""
SAME_TEXT = timedelta(minutes=1)
_NOISE = re.compile(r"[\W_]+")
_CHANGES = {"change_started", "change_finished", "change_failed", "rolled_back"}
_REVISION = re.compile(
    r"(?<![\w.-])(?:#\d{2,}|(?=[0-9a-f]*\d)[0-9a-f]{7,40}|v?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?)(?![\w-]|\.\d)",
    re.I,
)
_NAME_END = re.compile(r"^.*/(?=.)")
"""`team/mailer` is mailer."""
_WHERE = re.compile(r"(?:\b(?:to|in|on)\s+|到\s*)(?P<where>[A-Za-z][\w-]*)", re.I)
_END = datetime.max.replace(tzinfo=UTC)


def merge(events: Sequence[TimedEvent]) -> tuple[list[TimedEvent], list[Gap]]:
    """Events in order of time (stable within a moment), duplicates joined; conflicting times as gaps."""
    ordered = _ordered(events)
    gaps: list[Gap] = []
    merged: list[TimedEvent] = []
    recent: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in ordered:
        key = _key(event)
        twin = _twin(event, merged, recent[key]) if key else None
        if twin is None:
            if key:
                recent[key].append(len(merged))
            merged.append(event)
            continue
        first = merged[twin]
        merged[twin] = _joined(first, event)
        if first.at and event.at and event.at - first.at >= timedelta(minutes=2):
            gaps.append(_conflict(first, event))
    return _ordered(merged), gaps


def _ordered(events: Sequence[TimedEvent]) -> list[TimedEvent]:
    """By time; an event without one stays behind the event before it in its file."""
    keyed: list[tuple[datetime, int, TimedEvent]] = []
    last: dict[str, datetime] = {}
    for index, event in enumerate(events):
        file = event.sources[0].file
        if event.at is not None:
            last[file] = event.at
        keyed.append((event.at or last.get(file, _END), index, event))
    return [event for _, _, event in sorted(keyed, key=lambda item: item[:2])]


def _key(event: TimedEvent) -> tuple[str, str] | None:
    raw = event.raw
    if raw.signal in _CHANGES and raw.subject:
        return "change_finished" if raw.signal == "rolled_back" else raw.signal, "change"
    if raw.signal and raw.subject:
        return raw.signal, _NOISE.sub("", raw.subject.lower().split()[0])
    text = _NOISE.sub("", raw.text.lower())
    return ("text", text) if len(text) >= 16 and raw.kind not in {"log", "metric"} else None


def _twin(event: TimedEvent, merged: Sequence[TimedEvent], candidates: Sequence[int]) -> int | None:
    limit = SAME_SIGNAL if event.raw.signal and event.raw.subject else SAME_TEXT
    for index in reversed(candidates):
        other = merged[index]
        if other.at is None or event.at is None:
            return index if other.at is event.at is None and other.raw.text == event.raw.text else None
        if event.at - other.at > limit:
            return None
        if limit == SAME_SIGNAL and not _same(event.raw, other.raw):
            continue
        elsewhere = all(source.file not in {s.file for s in other.sources} for source in event.sources)
        if elsewhere or event.raw.text == other.raw.text:
            return index
    return None


def _same(one: RawEvent, other: RawEvent) -> bool:
    first, second = one.subject or "", other.subject or ""
    if one.signal not in _CHANGES:
        return _same_subject(first, second)
    named_alike = first.split()[0].lower() == second.split()[0].lower()
    return (named_alike and _same_subject(first, second)) or _same_change(first, second)


def _same_change(one: str, other: str) -> bool:
    """One commit, or one version or run of one thing, going to one place: two programs tell of the same change."""
    if _elsewhere(one, other):
        return False
    revisions = [
        {r[:7] if "." not in r else r.lstrip("v") for r in map(str.lower, _REVISION.findall(s))}
        for s in (one, other)
    ]
    shared = revisions[0] & revisions[1]
    if any("." not in revision and "#" not in revision for revision in shared):
        return True
    return bool(shared) and any(
        _NAME_END.sub("", name.split()[0]).lower() in text.lower()
        for name, text in ((one, other), (other, one))
    )


def _elsewhere(one: str, other: str) -> bool:
    """True where both say where they go (production, staging) and the places differ."""
    places = [{m["where"].lower() for m in _WHERE.finditer(text)} for text in (one, other)]
    return bool(places[0] and places[1]) and not any(
        a.startswith(b) or b.startswith(a) for a in places[0] for b in places[1]
    )


def _same_subject(one: str | None, other: str | None) -> bool:
    """`HighErrorRatio` and `HighErrorRatio payments-api` are one alert; two services of one alert are not."""
    first, second = sorted(
        (_NOISE.sub("", (one or "").lower()), _NOISE.sub("", (other or "").lower())), key=len
    )
    return second.startswith(first)


def _joined(first: TimedEvent, second: TimedEvent) -> TimedEvent:
    """The earlier moment, to the second where a source says it so, with the fuller text and every source."""
    longer = (
        max((first, second), key=lambda e: len(e.raw.text)) if first.raw.kind == second.raw.kind else first
    )
    raw = replace(
        first.raw,
        text=longer.raw.text,
        severity=first.raw.severity or second.raw.severity,
        signal="rolled_back" if second.raw.signal == "rolled_back" else first.raw.signal,
        count=first.raw.count,
    )
    exact = second if _is_finer(second, first) else first
    return replace(
        first,
        raw=raw,
        at=exact.at,
        precision=exact.precision,
        sources=(*first.sources, *second.sources),
        until=first.until or second.until,
    )


def _is_finer(one: TimedEvent, other: TimedEvent) -> bool:
    """True where the one names the second of the very minute that is all the other names."""
    if one.precision != "second" or other.precision != "minute" or one.at is None or other.at is None:
        return False
    return timedelta(0) <= one.at - other.at < timedelta(minutes=1)


def _conflict(first: TimedEvent, second: TimedEvent) -> Gap:
    def shown(event: TimedEvent) -> str:
        return f"{event.at:%H:%M} UTC ({event.sources[-1].file})"

    values = {
        "what": first.raw.subject or first.raw.text[:60],
        "first": shown(first),
        "second": shown(second),
    }
    return Gap("conflict", "clock.two_times", values, (first.id,))
