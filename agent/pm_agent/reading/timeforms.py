"""One written time → its parts. Says what stands there and nothing more: no date is filled in, no zone assumed.

`ingest/clock.py` turns parts into moments for a whole bundle; `reading/said_times.py` for times inside prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from pm_agent.evidence import Precision
from pm_agent.language.compiled import compiled
from pm_agent.reading.zh_clocks import ZH_NUMBER, about_first, zh_clocks_to_digits, zh_number

DayWord = Literal["today", "yesterday", "tomorrow"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one written time says."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int = 0
    second: float = 0.0
    offset: int | None = None
    """Minutes east of UTC."""
    zone: str | None = None
    """A zone abbreviation that stands in the text (CST, PDT), where it has no single offset."""
    epoch: float | None = None
    relative: float | None = None
    """Seconds since the start of a recording."""
    ago: float | None = None
    """Seconds before the moment of writing."""
    day_word: DayWord | None = None
    weekday: int | None = None
    """Monday is 0."""
    day_first: bool | None = None
    """None: day and month were told apart by form; True/False: which reading of `03/04` this is, unproven."""
    precision: Precision = "minute"

    @property
    def has_date(self) -> bool:
        """True where day and month are known (the year may be missing)."""
        return self.month is not None and self.day is not None


_MONTHS = {
    m: i + 1
    for i, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
}
_DAYS_EN = {d: i for i, d in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
_DAYS_ZH = {d: i for i, d in enumerate("一二三四五六日")} | {"天": 6}
_OFFSETS = {
    "z": 0, "utc": 0, "gmt": 0, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "wet": 0, "west": 60, "jst": 540, "kst": 540,
    "sgt": 480, "hkt": 480, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "北京时间": 480, "bjt": 480,
}  # fmt: skip
_AMBIGUOUS_ZONES = {"cst", "bst", "ist", "ast"}
ZONE_WORDS = "|".join(sorted([*_OFFSETS, *_AMBIGUOUS_ZONES], key=len, reverse=True))
_ZONE = rf"(?:\s*(?P<off>[+-]\d\d:?\d\d|[+-]\d\d\b)(?:\s(?:[A-Z]{{3,5}}|[+-]\d\d))?|\s*\(?(?<![a-z])(?P<zone>{ZONE_WORDS})\b\)?(?P<off2>[+-]\d{{1,2}}(?::?\d\d)?)?)?"
_AMPM = r"(?:\s*(?P<ampm>[ap])\.?m\b\.?)?"
_CLOCK = rf"(?P<h>\d{{1,2}}):(?P<mi>\d\d)(?::(?P<s>\d\d(?:[.,]\d+)?))?{_AMPM}"
_DAYNAME = r"(?:(?P<wd>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_MON = r"(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ABOUT = compiled(
    r"^\s*(?:about|around|approx(?:imately|\.)?|circa|ca\.?|roughly|~|≈|大约|大概|大致|约|差不多)\s*|(?<!\s)\s*(?:左右|前后|ish)\s*$",
    re.I,
)


def _offset(match: re.Match[str]) -> tuple[int | None, str | None]:
    groups = match.groupdict()
    text, zone, extra = groups.get("off"), groups.get("zone"), groups.get("off2")
    if zone and zone.lower() in _AMBIGUOUS_ZONES:
        return None, zone.upper()
    if text is None and zone is None:
        return None, None
    base = _OFFSETS[zone.lower()] if zone else 0
    signed = text or extra
    if not signed:
        return base, None
    digits = signed[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0) if len(digits) > 2 else int(digits) * 60
    return base + (-minutes if signed[0] == "-" else minutes), None


def _clock(match: re.Match[str], **date: int | None) -> Reading | None:
    groups = match.groupdict()
    if groups.get("h") is None:
        return _checked(Reading(**date))  # type: ignore[arg-type]
    seconds, ampm = groups.get("s"), groups.get("ampm")
    hour = int(groups["h"])
    if ampm:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if ampm.lower() == "p" else 0)
    offset, zone = _offset(match)
    reading = Reading(
        hour=hour,
        minute=int(groups.get("mi") or 0),
        second=float(seconds.replace(",", ".")) if seconds else 0.0,
        offset=offset,
        zone=zone,
        precision="second" if seconds else "minute",
        **date,  # type: ignore[arg-type]
    )
    return _checked(reading)


def _checked(reading: Reading) -> Reading | None:
    """The reading, or None where a part is out of its range (25:61, month 13)."""
    if reading.hour == 24 and reading.minute == 0 and reading.second == 0:
        reading = replace(reading, hour=23, minute=59, second=59.999)
    sane = (
        (reading.hour is None or 0 <= reading.hour < 24)
        and 0 <= reading.minute < 60
        and 0 <= reading.second < 61
        and (reading.month is None or 1 <= reading.month <= 12)
        and (reading.day is None or 1 <= reading.day <= 31)
        and (reading.year is None or 1970 <= reading.year <= 2200)
        and (reading.offset is None or abs(reading.offset) <= 15 * 60)
    )
    if not sane:
        return None
    return replace(reading, second=59.999) if reading.second >= 60 else reading


def _ymd(match: re.Match[str]) -> Reading | None:
    year = match["y"]
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    return _clock(match, year=full, month=int(match["mo"]), day=int(match["d"]))


def _named_month(match: re.Match[str]) -> Reading | None:
    year = match.groupdict().get("y")
    return _clock(
        match, year=int(year) if year else None, month=_MONTHS[match["mon"].lower()[:3]], day=int(match["d"])
    )


def _slashed(match: re.Match[str]) -> Reading | None:
    first, second, year = int(match["a"]), int(match["b"]), match["y"]
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    if first > 12:
        return _clock(match, year=full, month=second, day=first)
    if second > 12:
        return _clock(match, year=full, month=first, day=second)
    reading = _clock(match, year=full, month=first, day=second)
    return replace(reading, day_first=False) if reading and first != second else reading


def _epoch(match: re.Match[str]) -> Reading | None:
    whole, fraction = match["n"], match["f"] or ""
    scale = {10: 1, 13: 1e3, 16: 1e6, 19: 1e9}.get(len(whole)) or (1 if len(whole) == 9 else None)
    if scale is None:
        return None
    value = int(whole) / scale + (float("0." + fraction) if fraction and scale == 1 else 0.0)
    return Reading(epoch=value, precision="second")


def _relative(match: re.Match[str]) -> Reading:
    hours, minutes, seconds = int(match["rh"] or 0), int(match["rm"]), float(match["rs"].replace(",", "."))
    return Reading(relative=hours * 3600 + minutes * 60 + seconds, precision="second")


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "秒": 1, "分": 60, "小": 3600, "时": 3600, "天": 86400}


def _ago(match: re.Match[str]) -> Reading:
    total = sum(
        float(zh_number(n) if not n[0].isdigit() else n) * _UNITS[u[0].lower()]
        for n, u in _AGO_PART.findall(match["ago"])
    )
    return Reading(ago=total, precision="approximate")


def _day_word(match: re.Match[str]) -> Reading | None:
    words: dict[str, DayWord] = {
        "yesterday": "yesterday",
        "昨天": "yesterday",
        "昨晚": "yesterday",
        "昨日": "yesterday",
        "tomorrow": "tomorrow",
        "明天": "tomorrow",
    }
    reading = _clock(match)
    return replace(reading, day_word=words.get(match["dw"].lower(), "today")) if reading else None


def _weekday(match: re.Match[str]) -> Reading | None:
    reading = _clock(match)
    name = match.groupdict().get("wd")
    day = _DAYS_EN[name.lower()[:3]] if name else _DAYS_ZH[match["zwd"]]
    return replace(reading, weekday=day) if reading else None


_AGO_UNIT = r"(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|秒钟?|分钟?|小时|天)"
_AGO_PART = compiled(rf"((?<![\d.])\d+(?:\.\d+)?|{ZH_NUMBER})\s*({_AGO_UNIT})", re.I)
_DATE_ISO = r"(?P<y>\d{4})[-/.](?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})"
_DATE_ZH = r"(?:(?P<y>\d{4}|\d\d)\s?年\s*)?(?P<mo>\d{1,2})\s?月\s?(?P<d>\d{1,2})(?:\s?[日号])?"
_WEEK_ZH = r"(?:\s*[（(]?(?:星期|周)[一二三四五六日天][)）]?)?"

_LONGEST = 200
"""Characters of a written time; what is longer is none, and costs nothing to refuse."""

_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Reading | None]], ...] = tuple(
    (compiled(pattern, re.I), build)
    for pattern, build in (
        (
            rf"{_DATE_ISO}{_WEEK_ZH}(?:[T\s,]+(?:at\s+)?{_CLOCK}{_ZONE})?(?:\[(?P<iana>[A-Za-z_/]+)\])?",
            _ymd,
        ),
        (rf"{_DATE_ZH}{_WEEK_ZH}[\s,，]*(?:{_CLOCK}{_ZONE})?", _ymd),
        (
            rf"(?P<y>\d{{4}})(?P<mo>\d\d)(?P<d>\d\d)(?:[T\s_-]?(?P<h>\d\d):?(?P<mi>\d\d)(?::?(?P<s>\d\d(?:[.,]\d+)?))?{_ZONE})?",
            _ymd,
        ),
        (r"(?P<n>\d{9,19})(?:\.(?P<f>\d+))?", _epoch),
        (
            rf"{_DAYNAME}{_MON}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{{4}}))?(?:,?\s+(?:at\s+)?{_CLOCK}{_ZONE})?",
            _named_month,
        ),
        (rf"{_DAYNAME}{_MON}\s+(?P<d>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<y>\d{{4}})", _named_month),
        (rf"{_DAYNAME}{_MON}\s+(?P<d>\d{{1,2}})\s+{_CLOCK}\s+(?P<y>\d{{4}}){_ZONE}", _named_month),
        (
            rf"{_DAYNAME}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/\s](?:of\s+)?{_MON}(?:[-/\s,]+(?P<y>\d{{4}}))?(?:[:\s,]+(?:at\s+)?{_CLOCK}{_ZONE})?",
            _named_month,
        ),
        (
            rf"(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?:/(?P<y>\d{{4}}|\d\d))?(?:,?\s+(?:at\s+)?{_CLOCK}{_ZONE})?",
            _slashed,
        ),
        (rf"(?P<d>\d{{1,2}})\.(?P<mo>\d{{1,2}})\.(?P<y>\d{{4}})?(?:,?\s+{_CLOCK}{_ZONE})?", _ymd),
        (rf"(?P<mo>\d\d)-?(?P<d>\d\d)(?P<y>(?!))?[\sT]+{_CLOCK}{_ZONE}", _ymd),
        (rf"(?P<mo>\d{{1,2}})-(?P<d>\d{{1,2}})(?P<y>(?!))?\s+{_CLOCK}{_ZONE}", _ymd),
        (r"\+(?:(?P<rh>\d+):)?(?P<rm>\d{1,3}):(?P<rs>\d\d(?:[.,]\d+)?)", _relative),
        (
            rf"(?P<dw>today|yesterday|tomorrow|今天|今日|今晚|昨天|昨晚|昨日|明天)[\s,，]*(?:at\s+)?(?:{_CLOCK}{_ZONE})?",
            _day_word,
        ),
        (
            rf"(?:(?P<wd>mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:星期|周)(?P<zwd>[一二三四五六日天])),?\s*(?:at\s+)?{_CLOCK}{_ZONE}",
            _weekday,
        ),
        (rf"{_CLOCK}{_ZONE}", _clock),
        (rf"(?P<h>\d{{1,2}})\s*(?P<ampm>[ap])\.?m\.?{_ZONE}", _clock),
        (rf"(?P<ago>(?:(?:\d+(?:\.\d+)?|{ZH_NUMBER})\s*{_AGO_UNIT}\s*)+)(?:ago|前|之前|以前)", _ago),
    )
)


def read_time(text: str) -> Reading | None:
    """The parts of one written time, or None where it is not one.

    `about 8:10`, `20:03左右` keep precision `approximate`; `03/04` keeps `day_first` so that the caller can
    decide from the rest of the file.
    """
    if len(text) > _LONGEST:
        return None
    written = about_first(text.strip())
    stripped = _ABOUT.sub("", written)
    approximate = stripped != written
    stripped = zh_clocks_to_digits(stripped).strip()
    for pattern, build in _FORMS:
        match = pattern.fullmatch(stripped)
        if match is None:
            continue
        reading = build(match)
        if reading is None:
            continue
        if match.groupdict().get("iana"):
            reading = replace(reading, zone=match["iana"])
        return replace(reading, precision="approximate") if approximate else reading
    return None


def read_offset(text: str) -> int | None:
    """Minutes east of UTC of a written zone (`+08:00`, `UTC+8`, `PDT`), or None."""
    match = re.fullmatch(rf"{_ZONE}", text.strip(), re.I)
    if match is None or not text.strip():
        return None
    minutes = _offset(match)[0]
    return minutes if minutes is None or abs(minutes) <= 15 * 60 else None
