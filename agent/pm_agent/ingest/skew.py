"""Clocks that differ: the same machine event in two files, minutes apart, again and again the same.

A difference is shown with its evidence. It is corrected only when asked for (`--fix-skew`), or when somebody wrote
in the evidence that a clock was off.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median

from pm_agent.evidence import Gap, TimedEvent

LEAST, MOST = timedelta(seconds=90), timedelta(minutes=45)
"""Less is the usual delay of shippers and pagers; more is another event."""
SPREAD = timedelta(seconds=45)
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/\-]{7,}[A-Za-z0-9]")
_SAID = re.compile(
    r"(?:clock|time|ntp|timestamps?)\b[^.!?\n]{0,40}?(?:(?:is|was|are|were|runs?|running|drift(?:ed|ing)?|off by|about|~|around)\s*)+(?P<n>\d{1,2})\s*(?:min\w*|m\b)\s*(?P<way>ahead|behind|fast|slow|early|late|in the future)?"
    r"|(?P<n2>\d{1,2})\s*(?:min\w*)\s*(?P<way2>ahead|behind|fast|slow)\b[^.!?\n]{0,30}(?:clock|ntp|time)?"
    r"|(?:时钟|时间|ntp|NTP|系统时间)[^。！？\n]{0,12}?(?P<zway>快|慢|超前|落后)了?(?:大概|大约|约)?\s*(?P<zn>\d{1,2}|[一二三四五六七八九十]{1,2})\s*(?:多)?分钟?",
    re.I,
)
_ZH = {c: n for n, c in enumerate("零一二三四五六七八九十")}


@dataclass(frozen=True, slots=True)
class Skew:
    """How much later one file's clock shows the same events than another's."""

    file: str
    other: str
    by: timedelta
    """Positive: `file` is ahead of `other`."""
    what: str
    ids: tuple[str, ...]


def find_skew(events: Sequence[TimedEvent]) -> list[Skew]:
    """Pairs of files whose clocks differ, the pair with the most shared events first."""
    moments = _unique_moments(events)
    files = sorted({file for places in moments.values() for file in places})
    found: list[tuple[int, Skew]] = []
    for index, one in enumerate(files):
        for other in files[index + 1 :]:
            shared = [
                (key, places[one], places[other])
                for key, places in moments.items()
                if one in places and other in places
            ]
            skew = _consistent(one, other, shared)
            if skew:
                found.append((len(shared), skew))
    return [skew for _, skew in sorted(found, key=lambda item: (-item[0], item[1].file))]


def _unique_moments(events: Sequence[TimedEvent]) -> dict[str, dict[str, TimedEvent]]:
    """Key → file → event, for keys that stand exactly once in a file: a signal with its subject, a long identifier."""
    seen: dict[str, dict[str, list[TimedEvent]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        if event.at is None or event.raw.actor_kind == "person" or event.precision != "second":
            continue
        for key in _keys(event):
            seen[key][event.sources[0].file].append(event)
    return {
        key: {file: found[0] for file, found in files.items() if len(found) == 1}
        for key, files in seen.items()
        if len(files) > 1
    }


def _keys(event: TimedEvent) -> set[str]:
    raw = event.raw
    keys = {
        t
        for t in _TOKEN.findall(raw.text[:600])
        if any(c.isdigit() for c in t) and any(c.isalpha() for c in t)
    }
    if raw.signal and raw.subject and raw.kind != "chat":
        keys.add(f"{raw.signal}|{raw.subject.lower()}")
    return keys


def _consistent(one: str, other: str, shared: Sequence[tuple[str, TimedEvent, TimedEvent]]) -> Skew | None:
    gaps = {}
    for key, first, second in shared:
        if first.at and second.at:
            gaps[key] = (first.at - second.at, first, second)
    if len(gaps) < 2:
        return None
    middle = timedelta(seconds=median(gap.total_seconds() for gap, _, _ in gaps.values()))
    near = [item for item in gaps.values() if abs(item[0] - middle) <= SPREAD]
    if not LEAST <= abs(middle) <= MOST or len(near) < max(2, 0.6 * len(gaps)):
        return None
    _, first, second = near[0]
    return Skew(one, other, middle, first.raw.text.split("\n")[0][:80], (first.id, second.id))


def stated_skew(events: Sequence[TimedEvent]) -> dict[str, tuple[timedelta, TimedEvent]]:
    """File → how far ahead somebody says its clock is, where the words name a host or file we have."""
    hosts: dict[str, str] = {}
    for event in events:
        if event.raw.actor and event.raw.actor_kind != "person" and len(event.raw.actor) > 3:
            hosts[event.raw.actor.lower()] = event.sources[0].file
        name = event.sources[0].file.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
        if len(name) > 3:
            hosts[name] = event.sources[0].file
    found: dict[str, tuple[timedelta, TimedEvent]] = {}
    for event in events:
        match = _SAID.search(event.raw.text) if event.raw.actor_kind == "person" else None
        if match is None:
            continue
        by = _amount(match)
        low = event.raw.text.lower()
        for host, file in hosts.items():
            if by and host in low:
                found.setdefault(file, (by, event))
    return found


def _amount(match: re.Match[str]) -> timedelta | None:
    groups = match.groupdict()
    number = groups["n"] or groups["n2"] or groups["zn"]
    way = (groups["way"] or groups["way2"] or groups["zway"] or "").lower()
    minutes = int(number) if number.isdigit() else sum(_ZH[c] for c in number)
    if way in {"ahead", "fast", "early", "in the future", "快", "超前"}:
        return timedelta(minutes=minutes)
    if way in {"behind", "slow", "late", "慢", "落后"}:
        return timedelta(minutes=-minutes)
    return None


def settle(events: Sequence[TimedEvent], *, fix: bool) -> tuple[list[TimedEvent], list[Gap]]:
    """The events with stated (and, where asked, found) skews taken out, and a gap for each."""
    gaps: list[Gap] = []
    shifts: dict[str, timedelta] = {}
    for file, (by, event) in stated_skew(events).items():
        shifts[file] = -by
        values = {"file": file, "minutes": _minutes(by), "other": event.sources[0].file}
        gaps.append(Gap("clock_skew", "clock.skew_stated", values, (event.id,)))
    for skew in find_skew(events):
        if skew.file in shifts or skew.other in shifts:
            continue
        values = {"file": skew.file, "minutes": _minutes(skew.by), "other": skew.other, "what": skew.what}
        gaps.append(Gap("clock_skew", "clock.skew_fixed" if fix else "clock.skew", values, skew.ids))
        if fix:
            shifts[skew.file] = -skew.by
    return [_shifted(event, shifts) for event in events], gaps


def _shifted(event: TimedEvent, shifts: Mapping[str, timedelta]) -> TimedEvent:
    by = shifts.get(event.sources[0].file)
    if by is None or event.at is None:
        return event
    return replace(event, at=event.at + by, until=event.until + by if event.until else None)


def _minutes(by: timedelta) -> str:
    return f"{by.total_seconds() / 60:+.0f}"
