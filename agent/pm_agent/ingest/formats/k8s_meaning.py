"""One Kubernetes event, whatever it was read from: what it means and how it reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pm_agent.evidence import Place, RawEvent, Signal
from pm_agent.ingest.formats.change_events import change_event

_SAME_SPELL = timedelta(minutes=30)
"""Further apart, the same event is a second occurrence, with a time of its own."""
_AHEAD = timedelta(seconds=60)
_REASONS: dict[str, Signal] = {
    "DeploymentRollback": "rolled_back", "RolledBack": "rolled_back", "RollbackSucceeded": "rolled_back",
    "RolloutAborted": "change_failed", "ProgressDeadlineExceeded": "change_failed", "UpgradeFailed": "change_failed", "InstallFailed": "change_failed",
    "RolloutUpdated": "change_started", "RolloutCompleted": "change_finished", "OperationStarted": "change_started",
    "UpgradeSucceeded": "change_finished", "InstallSucceeded": "change_finished",
    "NodeHasDiskPressure": "onset", "NodeHasInsufficientMemory": "onset", "NodeHasInsufficientPID": "onset", "NodeNotReady": "onset",
    "NodeHasNoDiskPressure": "ended", "NodeHasSufficientMemory": "ended", "NodeHasSufficientPID": "ended", "NodeReady": "ended",
    "BackOff": "restart", "Rebooted": "restart", "OOMKilling": "restart", "SystemOOM": "restart",
}  # fmt: skip
"""What controllers call it; the kubelet's BackOff also stands for images, which its message tells."""
_RESTARTED = re.compile(r"will be restarted|restarting failed container|definition changed, will be", re.I)
_OPERATION = re.compile(r"operation to \S{0,80} (?P<how>succeeded|failed)", re.I)
_FROM_NOTHING = re.compile(r"Scaled up replica set \S{1,260} (?:to \d+ from 0$|from 0 to \d+$)")
_STATES = {"onset", "ended", "first_seen"}
_CHANGES = {
    "ScalingReplicaSet",
    "OperationCompleted",
    "SuccessfulRescale",
    "ScaledUp",
    "ScaledDown",
    "SuspendJob",
    "Suspended",
    "Resumed",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says; `first` and `last` as written."""

    kind: str
    name: str
    namespace: str
    reason: str
    message: str
    type: str
    first: str
    last: str
    count: int = 1
    component: str = ""
    uid: str = ""
    signal: Signal | None = None
    """What it is as a part of a rollout."""
    wrote: str = ""
    """What the reporter's own clock said, where that can't be right."""
    day: str = ""
    """When ages were read off, where the listing says it."""


def told_event(place: Place, told: Told) -> RawEvent:
    """The event at its first time, until its last, with the number of times."""
    signal = told.signal or _signal(told)
    what = "/".join(filter(None, (told.kind, told.namespace, told.name)))
    notes = [_times(told)] if told.count > 1 else []
    notes += [f"its reporter's clock, which was off, wrote {told.wrote}"] if told.wrote else []
    times = f" ({'; '.join(notes)})" if notes else ""
    said = (
        f"{what}: {told.reason}: {told.message}".strip(": ")
        if what
        else f"{told.reason}: {told.message}".strip(": ")
    )
    is_change = told.reason in _CHANGES or (signal is not None and signal not in {"restart", *_STATES})
    return change_event(
        place, said + times, told.first, program=told.component or "Kubernetes", signal=signal,
        subject=f"{told.name} {told.reason}".strip() if signal in _STATES else told.name or told.reason, kind="deploy" if is_change else "log",
        severity=told.type if told.type not in {"", "Normal"} else "",
        until=told.last if told.last != told.first else "", day=told.day, count=told.count,
    )  # fmt: skip


def _times(told: Told) -> str:
    """`49 times over 13m, last 3m30s ago`: ages are said in words, since they may stay without a date."""
    if not told.first.endswith(" ago") or told.first == told.last:
        return f"{told.count} times"
    return f"{told.count} times over {told.first.removesuffix(' ago')}, last {told.last}"


def _signal(told: Told) -> Signal | None:
    warned: Signal | None = "first_seen" if told.type == "Warning" else None
    if told.reason == "BackOff" or told.reason == "Killing":
        return "restart" if _RESTARTED.search(told.message) else warned
    if told.reason == "OperationCompleted" and (found := _OPERATION.search(told.message)):
        return "change_finished" if found["how"].lower() == "succeeded" else "change_failed"
    if told.reason == "ScalingReplicaSet":
        return "change_started" if _FROM_NOTHING.search(told.message) else None
    if told.kind.lower() != "node" and _REASONS.get(told.reason) in _STATES:
        return warned  # a pod's NodeNotReady only repeats what its node says
    return _REASONS.get(told.reason, warned)


def joined(events: Sequence[Told]) -> list[tuple[int, Told]]:
    """Index and event; later states of one event and repeats within half an hour are one event with their number."""
    kept: list[tuple[int, Told]] = []
    by_uid: dict[str, int] = {}
    by_words: dict[tuple[str, ...], int] = {}
    for index, event in enumerate(events):
        words = (event.kind, event.namespace, event.name, event.reason, event.message)
        same, again = by_uid.get(event.uid) if event.uid else None, by_words.get(words)
        if same is not None:
            first, before = kept[same]
            kept[same] = first, _spanning(before, event, max(before.count, event.count))
        elif again is not None and _near(kept[again][1], event):
            first, before = kept[again]
            kept[again] = first, _spanning(before, event, before.count + event.count)
            if event.uid:
                by_uid[event.uid] = again
        else:
            by_words[words] = len(kept)
            if event.uid:
                by_uid[event.uid] = len(kept)
            kept.append((index, event))
    return kept


def on_the_servers_clock(told: Told, created: str) -> Told:
    """An event recorded before it happened was reported by a clock that runs ahead; the API server's clock counts."""
    first, last, recorded = _when(told.first), _when(told.last), _when(created)
    if first is None or last is None or recorded is None or first - recorded <= _AHEAD:
        return told
    shifted = (last - (first - recorded)).isoformat().replace("+00:00", "Z")
    return replace(told, first=created, last=created if last == first else shifted, wrote=told.first)


def _when(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _near(one: Told, other: Told) -> bool:
    times = [_when(t) for t in (one.first, one.last, other.first, other.last)]
    first, last, start, end = times
    if first is None or last is None or start is None or end is None:
        return False
    return start - last <= _SAME_SPELL and first - end <= _SAME_SPELL


def _spanning(one: Told, other: Told, count: int) -> Told:
    """One event from the earlier first to the later last time of two, as written."""
    firsts = [(at, t) for t in (one.first, other.first) if (at := _when(t))]
    lasts = [(at, t) for t in (one.last, other.last) if (at := _when(t))]
    return replace(
        one,
        count=count,
        first=min(firsts)[1] if firsts else one.first,
        last=max(lasts)[1] if lasts else one.last,
        signal=one.signal or other.signal,
    )
