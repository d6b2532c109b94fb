"""Chinese clock times: `晚上八点一刻`, `十一点五十`; and what only looks like one: `快一点`, `第一时间`, `有两点要注意`."""

from __future__ import annotations

import re

from pm_agent.language.compiled import compiled

ZH_NUMBER = r"[零〇一二两三四五六七八九十]{1,3}"
_ZH_PART = r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|今晚|昨晚|深夜|半夜|夜里|早|晚)"
_ZH_CLOCK = compiled(
    rf"(?:{_ZH_PART}\s*)?(?P<h>\d{{1,2}}|{ZH_NUMBER})\s?(?:点钟?|时)"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|\s?(?P<mi>\d{{1,2}}|{ZH_NUMBER})\s?分?(?:\s?(?P<s>\d{{1,2}})\s?秒)?)?"
)
_ZH_PART_CLOCK = compiled(rf"{_ZH_PART}\s*(?P<h>\d{{1,2}}):(?P<mi>\d\d)(?::(?P<s>\d\d))?")
_ABOUT_INSIDE = compiled(
    rf"{_ZH_PART}\s*(?P<about>大约|大概|大致|约莫|约|差不多)\s*(?=\d{{1,2}}\s?[点时:]|{ZH_NUMBER}\s?[点时])"
)
_HAS_ZH = compiled(r"[点时早晚午晨夜]")
_DIGITS_ZH = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def zh_number(text: str) -> int:
    """A Chinese or Arabic number below one hundred (十一, 二十, 两, 08)."""
    if text.isdigit():
        return int(text)
    tens, ten, units = text.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS_ZH[c]) for c in text))
    return (_DIGITS_ZH[tens[-1]] if tens else 1) * 10 + (_DIGITS_ZH[units[-1]] if units else 0)


SMALL_HOURS = 5
"""`昨晚1点` is one in the morning, `晚上8点` eight in the evening."""


def _zh_hour(hour: int, part: str | None) -> int:
    """The hour on a 24-hour clock of `下午8点`, `凌晨12点`, `中午1点`."""
    night = {"晚上", "晚间", "晚", "今晚", "昨晚"}
    if (part in {"下午", "傍晚"} and hour < 12) or (part in night and SMALL_HOURS <= hour < 12):
        return hour + 12
    if part in night and hour == 12:
        return 0
    if part in {"深夜", "夜里", "半夜"} and 6 < hour < 12:
        return hour + 12
    if part == "中午" and hour < 4:
        return hour + 12
    if part in {"凌晨", "半夜", "深夜", "夜里"} and hour == 12:
        return 0
    return hour


_COUNTS_BEFORE = compiled(r"(?:第|[有这那共几每差提补说另]|(?:如|以)下)\s?$")
_COUNTS_BEHIND = compiled(
    r"\s*(?:建议|意见|原因|问题|疑问|疑惑|说明|需要|不同|好处|要求|注意|[:：]\s?\D|要(?!到|恢复|开|发|上|下))"
)
_A_LITTLE_BEHIND = compiled(r"\s*(?:钟|整|多|左右|前后|过|不到|开始|起|的时候|就|[~～-])")
_A_LITTLE_BEFORE = compiled(
    r"(?:从|到|在|约|大概|大约|差不多|将近|快到|[天晚晨午日号周]|[一二三四五六日])\s?$"
)
_NO_HOUR = compiled(r"[间候刻段长常代效机差区点而不尚]")


def _is_clock(match: re.Match[str]) -> bool:
    """False for `第一时间`, `快一点`, `有两点要注意`, `三点建议`: what is counted, and a little."""
    text, groups = match.string, match.groupdict()
    before, behind = text[: match.start()], text[match.end() : match.end() + 6]
    if _COUNTS_BEFORE.search(before):
        return False
    if match[0].endswith("时") and _NO_HOUR.match(behind):
        return False
    if groups["mi"] or groups.get("half") or groups.get("quarter") or match[0].endswith("钟"):
        return True
    if groups["part"] and len(groups["part"]) > 1:
        return True
    if groups["h"] == "一":
        return bool(
            _A_LITTLE_BEHIND.match(behind) or (not groups["part"] and _A_LITTLE_BEFORE.search(before))
        )
    return not _COUNTS_BEHIND.match(behind)


def _as_digits(match: re.Match[str]) -> str:
    """`晚上八点一刻` as ` 20:15`; a day word (今晚, 昨晚) is kept before it."""
    groups = match.groupdict()
    if "half" in groups and not _is_clock(match):
        return match[0]
    minute = zh_number(groups["mi"]) if groups["mi"] else 30 if groups.get("half") else 0
    if groups.get("quarter"):
        minute = 15 if groups["quarter"] == "一" else 45
    hour = _zh_hour(zh_number(groups["h"]), groups["part"])
    day = groups["part"] if groups["part"] in {"今晚", "昨晚"} else ""
    seconds = f":{int(groups['s']):02d}" if groups["s"] else ""
    shown = (
        f"{hour:02d}" if groups["part"] or hour > 12 else str(hour)
    )  # a bare 八点 may be either half of the day
    return f"{day} {shown}:{minute:02d}{seconds}"


def about_first(text: str) -> str:
    """晚上大概八点 as 大概晚上八点."""
    return _ABOUT_INSIDE.sub(r"\g<about>\g<part>", text)


def zh_clocks_to_digits(text: str) -> str:
    """Chinese clock times in a text as HH:MM, so that one set of forms reads both languages."""
    if not _HAS_ZH.search(text):
        return text
    text = about_first(text)
    return _ZH_PART_CLOCK.sub(_as_digits, _ZH_CLOCK.sub(_as_digits, text))
