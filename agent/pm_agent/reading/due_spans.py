"""Spans of time that people name for something to be done: today, end of next week, 月底, 三季度; each ends on a day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_SPANS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), name)
    for pattern, name in (
        (r"\bday after tomorrow\b|后天", "after_tomorrow"),
        (
            r"\b(?:end of (?:the )?day|eod|tonight|today|this (?:afternoon|evening|morning))\b|\bby \d{1,2}(?::\d\d)?\s?[ap]m\b|"
            r"今天(?:内|之?前|下班|完成)?|当天|今晚|(?<![昨前])晚上(?=[都再就要把前])",
            "today",
        ),
        (r"\btomorrow\b|明天|明日|明早|明晚", "tomorrow"),
        (
            r"\b(?:end of next week|next week)\b|下周(?:内|之?前|末|底)?(?![一二三四五六日天])|下个?星期(?![一二三四五六日天])",
            "next_week",
        ),
        (
            r"\b(?:end of (?:the |this )?week|eow|this week)\b|(?:本|这)周(?:内|之?前|末|底)?(?![一二三四五六日天])|这个?星期(?![一二三四五六日天])",
            "week",
        ),
        (
            r"\bthis weekend\b|周末(?!(?:[早中晚]|上午|下午|全天|\w{0,3}(?:时段|高峰|流量|期间|值班)))(?:之?前|内)?",
            "weekend",
        ),
        (r"下个?月(?:初|上旬)", "next_month_start"),
        (r"\b(?:end of )?next month\b|下个?月(?:底|内|之?前)?(?![\d一二三四五六七八九十中])", "next_month"),
        (
            r"\b(?:end of (?:the |this )?month|eom|month[- ]end)\b|(?:本|这个?)?月底|(?:本|这个?)月(?:内|之?前)",
            "month",
        ),
        (
            r"\b(?:end of (?:the |this )?quarter|eoq|this quarter)\b|(?:本|这个?)季度(?:内|末|之?前)?|季末|季度末",
            "quarter",
        ),
        (r"\b(?:end of (?:the |this )?year|eoy)\b|年底(?:前|之前)?|年内", "year"),
    )
)


_EXPIRES = re.compile(r"\s*(?:就|会|要|快)?(?:到期|过期|失效|下架)")
"""What ends then by itself is not due then."""


_TELLS = re.compile(
    r"\s*(?:全靠|全是|都是|都在|一直|又|没|是|的|才|光|这(?:个|次|事)|发生|出了)|['’]s\b|\s+(?:was|were|showed)\b",
    re.I,
)
"""`今天全靠我一个个打电话`, `today's outage`: what was today, and not what is due today."""


def named_span(text: str, start: date) -> tuple[date, str] | None:
    """The last day of the span that a text names, and the words."""
    found = next(
        (
            (match, name)
            for pattern, name in _SPANS
            if (match := pattern.search(text))
            and not _EXPIRES.match(text[match.end() :])
            and not (name == "today" and _TELLS.match(text[match.end() :]))
        ),
        None,
    )
    return (_end_of(found[1], start), found[0][0]) if found else None


def _end_of(span: str, start: date) -> date:
    friday = start + timedelta(days=(4 - start.weekday()) % 7)
    following = start.month % 12 + 1
    year = start.year + (following == 1)
    return {
        "today": start,
        "tomorrow": start + timedelta(days=1),
        "after_tomorrow": start + timedelta(days=2),
        "week": friday,
        "weekend": start + timedelta(days=6 - start.weekday()),
        "next_week": start - timedelta(days=start.weekday()) + timedelta(days=11),
        "month": month_end(start.year, start.month),
        "next_month_start": date(year, following, 10),
        "next_month": month_end(year, following),
        "quarter": month_end(start.year, (start.month - 1) // 3 * 3 + 3),
        "year": date(start.year, 12, 31),
    }[span]


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])
