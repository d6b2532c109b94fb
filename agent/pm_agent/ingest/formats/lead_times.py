"""The time at which a note begins (`20:03 …`, `**[16:40]** …`, `At 14:30 UTC, …`, `故障开始时间：20:03`), as written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pm_agent.language.compiled import compiled
from pm_agent.reading.timeforms import ZONE_WORDS, read_offset, read_time

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAYNAME = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s+)?"
_WEEK = r"(?:\s?[（(]?(?:星期|周)[一二三四五六日天][)）]?)?"
DATE = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}{_WEEK}|(?:(?:\d{{4}}|\d\d)\s?年\s?)?\d{{1,2}}\s?月\s?\d{{1,2}}(?:\s?[日号])?{_WEEK}|"
    rf"{_DAYNAME}{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}}\b)?|{_DAYNAME}\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s+\d{{4}}\b)?|"
    r"\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d\d-\d\d(?=\s)|\d{1,2}\.\d{1,2}\.\d{4}|今天|昨天|今晚|昨晚|today|yesterday)"
)
_PART = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|今晚|昨晚|晚上|晚间|深夜|半夜)"
_HOUR = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
_PAST = r"(?:半|[一三]刻|\s?(?:\d{1,2}|[零一二三四五六七八九十]{1,3})\s?分?(?:\s?\d{1,2}\s?秒)?)"
_CLOCK = (
    rf"(?:(?:{_PART}\s?(?:(?:大约|大概|约)\s?)?)?\d{{1,2}}[:：]\d\d(?:[:：]\d\d(?:[.,]\d{{1,6}})?)?(?![:：]?\d)(?:\s?[ap]\.?m\b\.?)?|\d{{1,2}}\s?[ap]\.?m\b\.?|"
    rf"{_PART}\s?(?:(?:大约|大概|大致|约莫|约|差不多)\s?)?{_HOUR}\s?(?:点钟?|时){_PAST}?|{_HOUR}\s?点{_PAST}|\d{{1,2}}\s?时\s?\d{{1,2}}\s?分|\d{{1,2}}\s?点钟?(?=[\s,，、:：]|$))"
)
_OFFSET = rf"(?:\s?Z\b|\s?\+\d\d:?\d\d\b|(?<=:\d\d:\d\d)-\d\d:?\d\d\b|\s?\(?(?<![a-z])(?:{ZONE_WORDS})(?:[+-]\d{{1,2}}(?::?\d\d)?)?\b\)?)?"
_ABOUT = r"(?:about|around|approx(?:imately|\.)?|circa|ca\.?|roughly|~|≈|大约|大概|约)\s*"
_TIME = rf"(?P<time>(?:{_ABOUT})?(?:{DATE}(?:\s+at\s+|[T\s,，]\s*|))?{_CLOCK}{_OFFSET}(?:\s?左右)?)"
_UNTIL = rf"(?:\s*(?:-|–|—|~|～|to|until|至|到)\s*(?P<until>(?:{DATE}[T\s]\s*)?{_CLOCK}{_OFFSET}))?"
_OPEN = r"^(?:[*_`]{1,3}|~~|<\w+>)?[\[【(（]?(?:[*_`]{1,3})?"
_CLOSE = r"[*_`]{0,3}[\]】)）]?[*_`~]{0,3}"
_LEAD = compiled(
    rf"{_OPEN}(?:(?:at|on|by|in|from|在|于|截至|到)\s*)?{_TIME}{_UNTIL}{_CLOSE}(?P<gap>[\s,，、:：;；|>\-–—→=]*)(?P<rest>.*)$",
    re.I | re.S,
)
_TAIL = compiled(
    rf"^[*_]{{0,3}}(?P<label>[^:：\d]{{1,40}}?)[*_]{{0,3}}\s*[:：][*_]{{0,3}}\s*{_TIME}{_UNTIL}(?P<rest>\s*[(（].{{1,40}}[)）])?\s*[。.]?$",
    re.I,
)
_DAY_LABEL = compiled(
    rf"^\W{{0,4}}(?:(?:incident|event|outage|故障|事故|事件|发生|会议)\s?)?(?:date|day|when|日期|时间)\W{{1,6}}(?P<date>{DATE})\W*$",
    re.I,
)
_DATE_ALONE = compiled(rf"^\W{{0,6}}(?P<date>{DATE})\W{{0,6}}$", re.I)
_DATE_INSIDE = compiled(rf"(?<![A-Za-z0-9.:/-])(?P<date>{DATE})(?![A-Za-z0-9:/-])", re.I)
_EARLY = compiled(
    rf"^(?P<before>[^\d\n|]{{1,20}}?)(?<![.:/\-#v$¥]){_TIME}{_UNTIL}(?=[\s,，、;；)）]|[\u4e00-\u9fff])", re.I
)
_AT_END = compiled(
    rf"^[^\n|]{{1,160}}?(?:\s(?:at|@)\s|\s?[（(]|[于在]\s?){_TIME}{_UNTIL}\s*[)）]?\s*[.。]?$", re.I
)
_MOMENT = compiled(rf"(?<![\d:])(?P<time>{DATE}(?:\s+at\s+|[T\s,，]\s*|){_CLOCK}{_OFFSET})", re.I)
_AHEAD = compiled(
    r"预计|计划|截止|之前|明天|下次|会议|eta|due|before|by\b|until|next|tomorrow|meet|schedul|will|sync", re.I
)
_ALL_TIMES = compiled(
    rf"\btime(?:s|line|stamps?)?\b[^.\n]{{0,40}}?\(?\b(?P<en>{ZONE_WORDS})\b|时间[^。\n]{{0,12}}?(?P<zh>北京时间|UTC(?:[+-]\d{{1,2}})?)",
    re.I,
)
_ALL_ON = compiled(
    rf"(?:\b(?:all|these|following)\s+(?:events?|times?)\b[^.\n]{{0,40}}?\bon\b|(?:以下|下列|所有)[^。\n]{{0,10}}?(?:均为|都是|均发生在|发生在|为))\s*(?P<date>{DATE})",
    re.I,
)
_TO_DO = compiled(
    r"[\s>*+\-•\d.)]*(?:\[[ xX]?\]\s|(?:todo|to do|action item|待办|行动项|改进项?)\s*[:：])", re.I
)
_LONGEST = 400
"""A time stands at the start of a line; no more of it is looked at."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The time a line begins with, and the rest of the line."""

    time: str
    until: str | None
    rest: str


def is_to_do(line: str) -> bool:
    """True for a line of work to be done: a time inside it is no moment of the incident."""
    return _TO_DO.match(line[:80]) is not None


def lead_time(text: str) -> Lead | None:
    """The time at the start of a line, after its first few words, or after a label at its end."""
    start = text[:_LONGEST]
    match = _LEAD.match(start)
    if match and (
        match["gap"] or not match["rest"] or match["rest"][0] in '（(【[“"@' or _is_han(match["rest"][0])
    ):
        time = _written(match["time"])
        rest = _balanced(match["rest"] + text[_LONGEST:])
        return Lead(time, _until(match["until"]), rest) if _has_clock(time) else None
    if len(text) > _LONGEST:
        return None
    match = _TAIL.match(start) or _EARLY.match(start) or _AT_END.match(start)
    if match is None or _AHEAD.search(text[: match.start("time")]):
        return None
    time = _written(match["time"])
    return Lead(time, _until(match["until"]), text.strip()) if _has_clock(time) else None


def day_of(text: str) -> str | None:
    """The date of a line that is nothing else (`3月11日`, `Date: 2026-03-11`), or None."""
    return _date(_DATE_ALONE.match(text) or _DAY_LABEL.match(text)) if len(text) <= 80 else None


def day_for_all(text: str) -> str | None:
    """The date a sentence gives to all times below (`all events happened on …`)."""
    return _date(_ALL_ON.search(text[:_LONGEST]))


def day_inside(text: str) -> str | None:
    """The first date that stands in a heading."""
    return _date(_DATE_INSIDE.search(text[:_LONGEST]))


def moment_inside(text: str) -> str | None:
    """The first date with a time of day that stands in a line."""
    match = _MOMENT.search(text[:_LONGEST])
    time = _written(match["time"]) if match else ""
    reading = read_time(time) if time else None
    return time if reading and reading.has_date and reading.hour is not None else None


def zone_inside(text: str) -> str | None:
    """The zone a heading, a column or a sentence states for all times (`All times in UTC`, `Time (CET)`)."""
    match = _ALL_TIMES.search(text[:_LONGEST])
    minutes = read_offset(match["en"] or match["zh"]) if match else None
    if match is None or minutes is None:
        return None
    if match["zh"] == "北京时间":
        return "Asia/Shanghai"
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}" if minutes else "UTC"


def dated(day: str, last: str | None) -> str:
    """`day`, with the year of the date above it where it states none itself."""
    reading, above = read_time(day), read_time(last) if last else None
    if reading is None or above is None or reading.year or not reading.has_date or not above.year:
        return day
    turned = (reading.month or 1) < (above.month or 1) - 6
    return f"{above.year + turned:04d}-{reading.month:02d}-{reading.day:02d}"


def in_half(lead: Lead, above: Lead | None) -> Lead:
    """`八点一刻` after 20:07 is a quarter past eight in the evening: marked as a guess by 约."""
    if above is None or not re.match(rf"{_HOUR}\s?点", lead.time):
        return lead
    reading, before = read_time(lead.time), read_time(above.time)
    if not reading or not before or reading.hour is None or before.hour is None or not 0 < reading.hour < 12:
        return lead
    if 12 <= before.hour <= reading.hour + 12 <= before.hour + 4:
        return Lead(f"约{'下午' if reading.hour < 6 else '晚上'}{lead.time}", lead.until, lead.rest)
    return lead


def _date(match: re.Match[str] | None) -> str | None:
    reading = read_time(match["date"]) if match else None
    return match["date"] if match and reading and (reading.has_date or reading.day_word) else None


def _written(time: str) -> str:
    return re.sub(r"\s+", " ", time.replace("：", ":")).strip(" ,，")


def _until(time: str | None) -> str | None:
    return _written(time) if time else None


def _has_clock(time: str) -> bool:
    reading = read_time(time)
    return reading is not None and reading.hour is not None


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _balanced(rest: str) -> str:
    """Without the half of a bold mark whose other half stood before the time."""
    rest = rest.strip()
    for mark in ("**", "__"):
        if rest.count(mark) % 2:
            rest = rest.replace(mark, "", 1).strip()
    return rest.lstrip(":： ").strip()
