"""A day of the month without its month: `by the 17th`, `that's the sixteenth`, `二十三号之前`."""

from __future__ import annotations

import re

_ORDINAL = re.compile(
    r"\b(?:by|on|until|till|before|due|that's|thats|that is|it's)\s+the\s+(?:(?P<d>\d{1,2})(?:st|nd|rd|th)|(?P<w>(?:twenty|thirty)?[- ]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth))\b",
    re.I,
)
_NUMBER_WORDS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
]
_ZH_DAY_ALONE = re.compile(
    r"(?<![\d月一二三四五六七八九十第])(?P<d>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s?[号日](?![线楼口])(?=\s?(?:之?前|以?内|截止|完成|上线|给|交|发|改|弄|搞)|\s*$|[，,。；;）)])"
)
_ZH_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}


def day_alone(text: str) -> tuple[int | None, str]:
    """The day and the words that name it; None where a text names none."""
    match = _ORDINAL.search(text) or _ZH_DAY_ALONE.search(text)
    return (_day_written(match), match[0]) if match else (None, "")


def _day_written(match: re.Match[str]) -> int | None:
    """`17`, `sixteenth`, `二十三`."""
    groups = match.groupdict()
    if groups.get("w"):
        word = re.sub(r"[ -]+", "-", groups["w"].lower())
        return _NUMBER_WORDS.index(word) + 1 if word in _NUMBER_WORDS else None
    written = groups["d"]
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.partition("十")
    return (_ZH_DIGITS.get(tens, 1) * 10 if ten else 0) + _ZH_DIGITS.get(ones if ten else tens, 0)
