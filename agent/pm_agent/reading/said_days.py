"""The day that stands beside a time in prose: `mon 2 nov 16:42`, `10:12 on Monday`, `上周四 16:12`, `明早10点`.

A weekday without `last` is the nearest one: on a Tuesday `Monday 10:12` was yesterday and `Wednesday 10:00` is a plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from pm_agent.language.compiled import compiled

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZH_DAYS = "一二三四五六日"
_MON = rf"(?P<mon>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?P<wd>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_WHOLE_WEEKDAY = r"(?P<wd>monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_ZH_WEEKDAY = r"(?:周|星期|礼拜)(?P<zwd>[一二三四五六日天])"
_PART = r"(?:\s*(?:morning|afternoon|evening|night|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨|的|那天|在))?"
_JOIN = rf"{_PART}[\s,，]*(?:at\s+)?$"
_TODAY = r"today|this morning|this afternoon|this evening|(?P<tonight>tonight|今晚|当晚)|今天|今日|今早|今晨|当天|今(?=\s*$)"
_YESTERDAY = r"yesterday|(?P<night>last night|昨晚|昨夜)|昨天|昨日|昨(?=\s*$)"
_BEFORE_THAT = r"the day before yesterday|前天|前晚|前日"
_AHEAD = r"tomorrow|next (?:week|mon|tue|wed|thu|fri|sat|sun)[a-z]*|明天|明早|明晚|明日|明晨|明儿|后天|大后天|下(?:个)?(?:周|星期|礼拜)[一二三四五六日天]?|明(?=\s*$)"
_WORDS = rf"(?:(?P<ahead>{_AHEAD})|(?P<twice>{_BEFORE_THAT})|(?P<once>{_YESTERDAY})|(?P<same>{_TODAY}))"

_BEFORE = tuple(
    compiled(pattern, re.I)
    for pattern in (
        rf"(?<!\d)(?P<y>\d{{4}})[-/.](?P<mo>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:T|\s*[（(]?(?:{_ZH_WEEKDAY})?[)）]?{_JOIN})$",
        rf"(?<!\d)(?:(?P<y>\d{{4}})\s?年\s*)?(?P<mo>\d{{1,2}})\s?月\s?(?P<d>\d{{1,2}})\s?[日号]?\s*[（(]?(?:{_ZH_WEEKDAY})?[)）]?{_JOIN}",
        rf"(?<!\w){_DAY}(?:\s+of)?[\s-]+{_MON}(?:,?\s+(?P<y>\d{{4}}))?{_JOIN}",
        rf"(?<!\w){_MON}\s+{_DAY}(?:,?\s+(?P<y>\d{{4}}))?{_JOIN}",
        rf"(?<![\d/.])(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?:/(?P<y>\d{{4}}))?{_JOIN}",
        rf"(?<![\d.:-])(?P<mo>\d{{1,2}})-(?P<d>\d{{1,2}})(?=\s){_JOIN}",
        rf"(?<![\d月.])(?P<d>\d{{1,2}})\s?[号日]{_JOIN}",
        rf"{_WORDS}{_JOIN}",
        rf"(?<!\w)(?:(?P<last>last|this past)\s+|(?:on|this)\s+)?{_WEEKDAY}{_JOIN}",
        rf"(?P<week>上上?个?|这个?|本)?{_ZH_WEEKDAY}{_JOIN}",
    )
)  # fmt: skip
_AFTER = tuple(
    compiled(pattern, re.I)
    for pattern in (
        rf"\s*,?\s*(?:on\s+)?(?:the\s+)?{_DAY}(?:\s+of)?\s+{_MON}\b(?:,?\s+(?P<y>\d{{4}}))?",
        rf"\s*,?\s*(?:on\s+)?{_MON}\s+{_DAY}\b(?:,?\s+(?P<y>\d{{4}}))?",
        rf"\s*,?\s*{_WORDS}",
        rf"\s*,?\s*(?:on\s+)?(?:(?P<last>last)\s+)?{_WHOLE_WEEKDAY}\b",
        rf"\s*[（(]{_ZH_WEEKDAY}[)）]",
    )
)  # fmt: skip
_NEAR = 3
"""A weekday without `last` that lies more days back may as well be the coming one."""


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that the words beside a time name."""

    on: date | None
    """None where it lies ahead, or nobody can tell which one is meant."""
    night: bool = False
    """`昨晚1点`, `last night at 1`: the small hours of a night belong to the day after."""


def day_beside(before: str, after: str, today: date, *, past: bool = False) -> NamedDay | None:
    """The day named right before or right behind a time; None where none is.

    Args:
        before: the text up to the time.
        after: the text from the end of the time.
        today: the local day on which it was written.
        past: true where it is known to tell of the past.
    """
    for pattern in _BEFORE:
        if match := pattern.search(before[-60:]):
            return _named(match, today, past)
    for pattern in _AFTER:
        if match := pattern.match(after[:40]):
            return _named(match, today, past)
    return None


def _named(match: re.Match[str], today: date, past: bool) -> NamedDay:
    groups = match.groupdict()
    return NamedDay(_day(groups, today, past), bool(groups.get("night") or groups.get("tonight")))


def _day(groups: dict[str, str | None], today: date, past: bool) -> date | None:
    if groups.get("ahead"):
        return None
    for name, back in (("same", 0), ("once", 1), ("twice", 2)):
        if groups.get(name):
            return today - timedelta(days=back)
    if groups.get("d") or groups.get("a"):
        return _dated(groups, today)
    return _weekday(groups, today, past)


def _weekday(groups: dict[str, str | None], today: date, past: bool) -> date | None:
    named, han = groups.get("wd"), groups.get("zwd") or ""
    number = _DAYS.index(named[:3].lower()) if named else _ZH_DAYS.index(han.replace("天", "日"))
    week = groups.get("week") or ""
    if week.startswith("上"):
        monday = today - timedelta(days=today.weekday() + 7 * week.count("上"))
        return monday + timedelta(days=number)
    back = (today.weekday() - number) % 7
    if groups.get("last"):
        return today - timedelta(days=back or 7)
    return today - timedelta(days=back) if past or week or back <= _NEAR else None


def _dated(groups: dict[str, str | None], today: date) -> date | None:
    """The last such day; a year that is not written is this one, or the one before for a day that lies ahead."""
    if groups.get("a"):
        return _slashed(groups, today)
    day = int(groups["d"] or 0)
    month = _MONTHS.index(mon[:3].lower()) + 1 if (mon := groups.get("mon")) else int(groups.get("mo") or 0)
    year = groups.get("y")
    if not month:
        return _made(today.year, today.month, day) or None if day <= today.day else _month_before(today, day)
    if year:
        return _made(int(year), month, day)
    found = _made(today.year, month, day)
    return found if found is None or found <= today else _last_year(today, found)


def _slashed(groups: dict[str, str | None], today: date) -> date | None:
    """`10/28` and `28/10`; where both readings lie in the past the nearer one is no proof, so neither."""
    one, other = int(groups["a"] or 0), int(groups["b"] or 0)
    year = int(groups.get("y") or today.year)
    found = {d for d in (_made(year, one, other), _made(year, other, one)) if d and d <= today}
    return found.pop() if len(found) == 1 else None


def _month_before(today: date, day: int) -> date | None:
    last = today.replace(day=1) - timedelta(days=1)
    return _made(last.year, last.month, day)


def _last_year(today: date, ahead: date) -> date | None:
    """Written in January of a day in December; any other day ahead is a plan."""
    found = _made(ahead.year - 1, ahead.month, ahead.day)
    return found if found and (today - found).days <= _MOST_BACK else None


_MOST_BACK = 60


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
