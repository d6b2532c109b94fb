"""Due dates as people write them → a date, counted from the day of writing; nothing is guessed.

`by Friday`, `end of next week`, `2026-03-20`, `Mar 20`, `下周三之前`, `3月20日前`, `本周内`, `月底`. A wish without a date
("soon", "尽快", "ASAP") resolves to nothing.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from pm_agent.reading.due_spans import month_end, named_span
from pm_agent.reading.month_days import day_alone

_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_ZH_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_MONTHS = {
    m: i + 1
    for i, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
}

_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_DMY = re.compile(r"(?<!\d)(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>20\d\d)(?!\d)")
_ZH_DATE = re.compile(r"(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]?")
_EN_DATE = re.compile(
    r"\b(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<y>20\d\d))?\b",
    re.I,
)
_EN_DATE2 = re.compile(
    r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:,?\s+(?P<y>20\d\d))?\b",
    re.I,
)
_SHORT = re.compile(
    r"(?:by|due|before|截止|之前|前|deadline|ddl)\s*:?\s*(?P<m>\d{1,2})[/.-](?P<d>\d{1,2})(?!\d)|(?<![\w./-])(?P<m2>\d{1,2})[/.-](?P<d2>\d{1,2})\s*(?:之?前|截止|(?:完成|上线|交付?|给|出|验收|搞定|发版|发布|提交|提测|发)(?!了|过|的))|(?<![\w/.])(?P<m3>\d{1,2})/(?P<d3>\d{1,2})\s*$|[,，]\s*(?P<m4>\d{1,2})/(?P<d4>\d{1,2})(?=\s*[)）])|，\s*(?P<m5>\d{1,2})\.(?P<d5>\d{1,2})\s*$",
    re.I,
)
_WEEKDAY = re.compile(
    r"(?<!black )(?<!good )(?<!cyber )\b(?:(?P<next>next|this|coming)\s+)?(?P<day>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rsday|urday)?(?P<after>\s+next week)?(?:\s+(?:noon|morning|afternoon|evening|eod|cob))?\b",
    re.I,
)
_WEEKDAY_CUE = re.compile(
    r"\b(?:by|before|until|due|on|eod|end of|this|next|coming|no later than|deadline)\b[^.;]{0,12}$", re.I
)
_ZH_WEEKDAY = re.compile(
    r"(?<!每)(?<!上)(?P<next>下下|下|本|这)?(?:个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
)
_WITHIN = re.compile(
    r"\b(?:with)?in\s+(?:the next\s+)?(?P<n>\d+|a|one|two|three|four)\s+(?P<u>days?|weeks?|months?)\b|\b(?P<fn>\d+|a|one|two|three|four)\s+(?P<fu>days?|weeks?|months?)\s+from\s+(?:now|today)\b|(?P<zn>\d+|一|两|二|三|四|半)个?(?P<zu>天|周|星期|月)(?:以)?(?:内|之内|后)",
    re.I,
)
_QUARTER = re.compile(r"\bQ(?P<q>[1-4])(?:\s*(?P<y>20\d\d))?\b|(?:第)?(?P<zq>[一二三四])季度", re.I)
_MONTH_END_ZH = re.compile(r"(?<!\d)(?P<m>\d{1,2})月底")
_THIRD_ZH = re.compile(r"(?P<m>\d{1,2}|[一二三四五六七八九十]|十一|十二)\s?月(?P<t>[上中下]旬|内|之?前|份)")
_MONTHS_ZH = {
    m: i + 1
    for i, m in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"])
}
_PART = re.compile(
    r"\b(?P<part>mid|end of|end|before)[- ](?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b(?!\s+\d)",
    re.I,
)
_TOLD = re.compile(
    r"\b(?:was|were|did|had|is|are|since|until|last|every|each|past|previous|not|never|no|saw|went|came|broke|started|happened|from|of|for|\w{3,}ed)\b",
    re.I,
)
"""Before a bare day that ends a text: it tells of the past, or of no single day."""
_LAST_WORD = re.compile(r"[,;–-]\s*$")
_MEETING = re.compile(r"\b(?:call|meeting|sync|standup|session)\s*$|(?:会议|例会|同步会)\s*$", re.I)
_SMALL = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class Due:
    """A date that a text names for something to be done."""

    on: date
    written: str


def due_date(text: str, written_on: date | None) -> Due | None:
    """The due date of a text, or None.

    Args:
        text: an action item.
        written_on: the day of writing; relative words resolve only with it.
    """
    for find in (_absolute, _relative):
        found = find(text, written_on)
        if found is not None:
            return found
    return None


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _absolute(text: str, written_on: date | None) -> Due | None:
    for pattern in (_ISO, _DMY, _ZH_DATE, _EN_DATE, _EN_DATE2, _SHORT):
        match = pattern.search(text)
        if match is None:
            continue
        groups = match.groupdict()
        month = (
            _MONTHS[groups["mon"].lower()[:3]]
            if groups.get("mon")
            else int(
                groups.get("m")
                or groups.get("m2")
                or groups.get("m3")
                or groups.get("m4")
                or groups.get("m5")
                or 0
            )
        )
        day = int(
            groups.get("d")
            or groups.get("d2")
            or groups.get("d3")
            or groups.get("d4")
            or groups.get("d5")
            or 0
        )
        if groups.get("y"):
            found = _make(int(groups["y"]), month, day)
        elif written_on is not None:
            found = _make(written_on.year, month, day)
            if found is not None and found < written_on - timedelta(days=60):
                found = _make(written_on.year + 1, month, day)
        else:
            found = None
        if found is not None:
            return Due(found, match[0])
    return None


def _relative(text: str, written_on: date | None) -> Due | None:
    if written_on is None:
        return None
    for find in (
        _part_of_month,
        _day_of_month,
        _end_of_month_zh,
        _part_of_month_zh,
        _day_of_week,
        _day_of_week_zh,
        _span_of_days,
        _named_span,
        _quarter,
    ):
        found = find(text, written_on)
        if found is not None:
            return found
    return None


def _part_of_month(text: str, start: date) -> Due | None:
    """`mid-June`, `end of June`."""
    match = _PART.search(text)
    if match is None:
        return None
    month, part = _MONTHS[match["mon"].lower()[:3]], match["part"].lower()
    found = next(on for year in (start.year, start.year + 1) if (on := _day_in(part, year, month)) >= start)
    return Due(found, match[0])


def _day_in(part: str, year: int, month: int) -> date:
    """The last day of a part of a month; before it, the day before its first."""
    if part == "before":
        return date(year, month, 1) - timedelta(days=1)
    return date(year, month, 15) if part == "mid" else month_end(year, month)


def _day_of_month(text: str, start: date) -> Due | None:
    """`by the 17th`: the coming such day."""
    day, written = day_alone(text)
    if day is None:
        return None
    months = ((start.year + (start.month - 1 + n) // 12, (start.month - 1 + n) % 12 + 1) for n in range(13))
    days = (_make(year, month, day) for year, month in months)
    found = next((on for on in days if on is not None and on >= start), None)
    return Due(found, written) if found else None


def _end_of_month_zh(text: str, start: date) -> Due | None:
    match = _MONTH_END_ZH.search(text)
    if match is None or not 1 <= int(match["m"]) <= 12:
        return None
    found = month_end(start.year, int(match["m"]))
    return Due(found if found >= start else month_end(start.year + 1, int(match["m"])), match[0])


def _part_of_month_zh(text: str, start: date) -> Due | None:
    """`6月上旬`, `六月内`: the last day of that part."""
    match = _THIRD_ZH.search(text)
    if match is None:
        return None
    month = _MONTHS_ZH.get(match["m"]) or int(match["m"])
    if not 1 <= month <= 12:
        return None
    before = match["t"].endswith("前")
    year = start.year if month >= start.month else start.year + 1
    day = {"上旬": 10, "中旬": 20}.get(match["t"], month_end(year, month).day)
    return Due(date(year, month, 1) - timedelta(days=1) if before else date(year, month, day), match[0])


def _day_of_week(text: str, start: date) -> Due | None:
    for match in _WEEKDAY.finditer(text):
        before = text[: match.start()]
        ends = match.end() >= len(text.rstrip(" .!?)）")) and (
            _LAST_WORD.search(before) or not _TOLD.search(before)
        )
        following = (match["next"] or "").lower() == "next" or match["after"] is not None
        if match["next"] or match["after"] or ends or _WEEKDAY_CUE.search(before):
            return Due(_weekday(start, _DAYS[match["day"].lower()], following), match[0])
    return None


def _day_of_week_zh(text: str, start: date) -> Due | None:
    match = _ZH_WEEKDAY.search(text)
    if match is None:
        return None
    weeks = {"下": 1, "下下": 2}.get(match["next"] or "", 0)
    monday = start - timedelta(days=start.weekday())
    on = monday + timedelta(days=_ZH_DAYS[match["day"]], weeks=weeks)
    return Due(on if on >= start or match["next"] else on + timedelta(days=7), match[0])


def _span_of_days(text: str, start: date) -> Due | None:
    match = _WITHIN.search(text)
    if match is None or _MEETING.search(text[: match.start()]):
        return None
    return Due(_within(start, match), match[0])


def _named_span(text: str, start: date) -> Due | None:
    found = named_span(text, start)
    return Due(*found) if found else None


def _quarter(text: str, start: date) -> Due | None:
    match = _QUARTER.search(text)
    if match is None:
        return None
    quarter = int(match["q"] or "一二三四".index(match["zq"]) + 1)
    return Due(month_end(int(match["y"] or start.year), quarter * 3), match[0])


def _weekday(start: date, day: int, following: bool) -> date:
    """The coming such day; `next Friday` said on a Tuesday is the one of the week after."""
    ahead = (day - start.weekday()) % 7
    if following:
        return start - timedelta(days=start.weekday()) + timedelta(days=7 + day)
    return start + timedelta(days=ahead or 7)


def _within(start: date, match: re.Match[str]) -> date:
    written = (match["n"] or match["fn"] or match["zn"]).lower()
    unit = (match["u"] or match["fu"] or match["zu"]).lower()
    if written == "半":
        return start + timedelta(days=15)
    number = int(written) if written.isdigit() else _SMALL[written]
    if unit.startswith(("day", "天")):
        return start + timedelta(days=number)
    if unit.startswith(("week", "周", "星")):
        return start + timedelta(weeks=number)
    month = start.month - 1 + number
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
