"""Times that stand inside prose: "the 13:20 deploy", "从 20:03 开始报错", "about 5 minutes ago".

What people type has a time of its own, and that is when it was typed. A time inside the sentence is when it
happened; it is resolved against the day of the message and only backwards, never into the future.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pm_agent.evidence import Precision
from pm_agent.reading.said_days import NamedDay, day_beside
from pm_agent.reading.timeforms import ZONE_WORDS, read_time
from pm_agent.reading.zh_clocks import SMALL_HOURS, zh_clocks_to_digits

_TIME = re.compile(
    rf"(?P<about>(?:about|around|approx\w*|roughly|circa|~|≈|大约|大概|约|差不多)\s*)?"
    rf"(?<![\d:.\-/])(?P<time>\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?(?:\s?[ap]\.?m\b\.?)?|\d{{1,2}}\s?[ap]\.?m\b\.?)"
    rf"(?P<zone>\s*(?:\d{{4}}\s)?(?:{ZONE_WORDS})(?:[+-]\d{{1,2}})?\b|[+-]\d\d(?::?\d\d)?\b)?(?![\d:]*\d)\s*(?P<about2>左右|前后|多(?!于)|许|出头|ish\b|or so\b)?",
    re.I,
)
_AGO = re.compile(
    r"(?:(?:about|around|~|大约|大概)\s*)?(?P<ago>\d+\s*(?:minutes?|mins?|m|hours?|hrs?|h|分钟|小时)\s*(?:ago|前|之前))",
    re.I,
)
_AHEAD = re.compile(
    r"\b(?:by|until|till|before|at latest|eta|scheduled|meet(?:ing)?|sync|call|next|tomorrow|will|resume)\s*(?:at|for|is)?\s*$|(?:预计|计划|明天|下周|截止|之前完成|会议|约在)\s*$",
    re.I,
)
_RANGE = re.compile(r"\s*(?:-|–|—|to|till|until|~|到|至)\s*\d{1,2}(?:[:点]|\s?[ap]m)", re.I)
_ELSEWHERE = re.compile(
    r"\s*[,(（]?\s*(?:my|our|their|your|local|log|his|her)\s+(?:local\s+)?(?:time|clock)\b|\s*(?:our|my) side\b|\s*(?:over )?there\b|\s*(?:当地|本地|我这边|日志)\s*时间",
    re.I,
)
"""`5:01 my time` is a time in a zone that the line does not name."""
_LOOSELY = (
    (re.compile(r"\bhalf an hour ago\b", re.I), "about 30 minutes ago"),
    (re.compile(r"\ban hour ago\b", re.I), "about 60 minutes ago"),
    (re.compile(r"半个?(?:多)?小时(?:之)?前"), "大约30分钟前"),
    (re.compile(r"一个?(?:多)?小时(?:之)?前"), "大约60分钟前"),
)
_OF_NAMES = {"midnight": "00:00", "noon": "12:00"}
_NAMED = re.compile(r"\b(?:midnight|noon)\b", re.I)
LIMIT = timedelta(hours=26)
HALF_DAY = timedelta(hours=12)
LONG_AGO = timedelta(days=60)
"""A moment whose day is named may lie that far back."""


@dataclass(frozen=True, slots=True)
class SaidTime:
    """A moment that a sentence names."""

    at: datetime
    precision: Precision
    written: str
    start: int
    begins_span: bool = False
    """`13:24–17:14` tells for what a figure counts, nothing that happened."""
    or_at: datetime | None = None
    """Twelve hours before, where `一点一刻` in the afternoon may as well mean the night."""
    dated: bool = False
    """Its day is named beside it."""


def said_times(
    text: str, written_at: datetime | None, timezone: str, *, past: bool = False
) -> list[SaidTime]:
    """The past moments a sentence names, in order of the text.

    Args:
        text: the sentence.
        written_at: when it was written, UTC; without it nothing resolves.
        timezone: zone of times that state none.
        past: true where it is known to tell of the past: `18:57` in the morning is then the evening before, not a plan.
    """
    if written_at is None:
        return []
    for pattern, written in _LOOSELY:
        text = pattern.sub(written, text)
    text = _NAMED.sub(lambda m: _OF_NAMES[m[0].lower()], zh_clocks_to_digits(text).replace("：", ":"))
    found = [_ago(match, written_at) for match in _AGO.finditer(text)]
    found += [
        said for match in _TIME.finditer(text) if (said := _clock(text, match, written_at, timezone, past))
    ]
    return sorted(found, key=lambda said: said.start)


def _ago(match: re.Match[str], written_at: datetime) -> SaidTime:
    reading = read_time(match["ago"])
    seconds = reading.ago if reading and reading.ago else 0.0
    return SaidTime(written_at - timedelta(seconds=seconds), "approximate", match[0].strip(), match.start())


def _clock(
    text: str, match: re.Match[str], written_at: datetime, timezone: str, past: bool
) -> SaidTime | None:
    ahead = not past and _AHEAD.search(text[: match.start()]) is not None  # `the first call at 8:27`
    if ahead or _looks_like_ratio(text, match):
        return None
    if not match["zone"] and _ELSEWHERE.match(text[match.end() :]):
        return None
    reading = read_time(match["time"] + re.sub(r"\d{4}\s", "", match["zone"] or ""))
    if reading is None or reading.hour is None:
        return None
    offset = timedelta(minutes=reading.offset) if reading.offset is not None else None
    local = written_at + offset if offset is not None else written_at.astimezone(_zone(timezone))
    moment = local.replace(
        hour=reading.hour, minute=reading.minute, second=int(reading.second), microsecond=0
    )
    twelve_hour = (
        "m" not in match["time"].lower() and not match["time"].startswith("0") and 1 <= reading.hour <= 11
    )
    day = day_beside(text[: match.start()], text[match.end() :], local.date(), past=past)
    or_at = None
    if day is not None:
        at = _on_day(day, moment, offset, written_at)
    else:
        naive = _in_utc(moment, offset)
        at = _backwards(naive, written_at, twelve_hour=twelve_hour, past=past)
        at = None if at is None or written_at - at > LIMIT else at
        or_at = naive if at and at - naive == HALF_DAY else None
    if at is None:
        return None
    precision: Precision = "approximate" if match["about"] or match["about2"] else reading.precision
    spans = _RANGE.match(text[match.end() :]) is not None
    return SaidTime(at, precision, match["time"], match.start(), spans, or_at, day is not None)


def _in_utc(moment: datetime, offset: timedelta | None) -> datetime:
    return (moment - offset).replace(tzinfo=UTC) if offset is not None else moment.astimezone(UTC)


def _on_day(
    day: NamedDay, moment: datetime, offset: timedelta | None, written_at: datetime
) -> datetime | None:
    """The time on the day that is named beside it; None where that lies ahead."""
    if day.on is None:
        return None
    small_hours = day.night and moment.hour < SMALL_HOURS
    at = _in_utc(datetime.combine(day.on + timedelta(days=small_hours), moment.timetz()), offset)
    return at if timedelta(minutes=-3) <= written_at - at <= LONG_AGO else None


def _backwards(at: datetime, written_at: datetime, *, twelve_hour: bool, past: bool) -> datetime | None:
    """The last such moment before the sentence was written; half a day on where `1:20` may mean 13:20."""
    if at <= written_at + timedelta(minutes=3):
        return (
            at + HALF_DAY
            if twelve_hour and written_at - at > timedelta(hours=9) and at + HALF_DAY <= written_at
            else at
        )
    if twelve_hour and timedelta(0) <= written_at - (at - HALF_DAY) <= timedelta(hours=3):
        return at - HALF_DAY
    day_before = at - timedelta(days=1)
    return day_before if past or written_at - day_before <= HALF_DAY else None


_DATE_T = re.compile(r"\d-\d\d?T$")


def _looks_like_ratio(text: str, match: re.Match[str]) -> bool:
    """`1:10`, `PaymentRepository.java:23`, `127.0.0.1:8080` are no times."""
    before = text[match.start("time") - 1 : match.start("time")]
    hour = match["time"].split(":")[0]
    joined = before.isalnum() and before.isascii() and not _DATE_T.search(text[: match.start("time")])
    return joined or (hour == "0" and "m" not in match["time"].lower())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
