"""A statement against the lines it cites: numbers, times, names, negations, hedges. Pure; no model is asked.

A number, time or name that stands in no cited line and was not computed makes a statement unsupported; so does a
negation that was lost and a statement surer than its source (DESIGN, truth rules 1 and 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pm_agent.evidence import Event
from pm_agent.reading.clock_face import local
from pm_agent.reading.cues import stance_of
from pm_agent.reading.sentences import split
from pm_agent.reading.timeline_words import inner_quotes, parts_of
from pm_agent.reading.topic import tokens
from pm_agent.reading.zh_clocks import zh_clocks_to_digits

Lack = Literal["number", "time", "name", "negation", "hedge", "nothing_cited"]

_TIME = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:\s?([ap])\.?m\b)?(?!\d|:\d)", re.I)
_UNIT = r"(?:[kKmMwWxXhsd]|[nuµm]s|secs?|mins?|hrs?|[kKMGTPkmgtp]i?[bB](?:ps|/s)?|[rqtRQT][pP][sS])"
"""What may be glued to a number: `900ms`, `2.5GB`, `1.5x`."""
_NUMBER = re.compile(
    r"(?<![\w.#-])[$€£¥]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?=\s?(?:%|[kKmM万千亿百w]\b|[万千亿百])|\b|[\u4e00-\u9fff]|{_UNIT}(?!\w))",
    re.A,  # Chinese stands next to numbers and names with no blank between, and is part of neither
)
_SCALE_AFTER = re.compile(r"\s?(k|m|million|thousand|万|千|亿|百|w)\b|\s?([万千亿百])", re.I | re.A)
_SCALES = {
    "k": 1e3,
    "m": 1e6,
    "million": 1e6,
    "thousand": 1e3,
    "万": 1e4,
    "w": 1e4,
    "千": 1e3,
    "百": 1e2,
    "亿": 1e8,
}
_NAME = re.compile(
    r"(?<![\w/])(?:v\d+(?:\.\d+){1,3}[\w\-]*|\d+(?:\.\d+){2,3}[\w\-]*|\d+\.\d+(?!"
    + _UNIT
    + r"(?!\w))[A-Za-z\-][\w\-]*|v\d+|[A-Za-z]+[_-][A-Za-z0-9_\-]*\d[\w\-]*|[a-z]+(?:_[a-z0-9]+)+|[A-Z][a-z]+(?:[A-Z][a-z0-9]+)+|[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+){2,}|#\d+|(?:Engineer|工程师)\s[A-Z]{1,2}|[A-Z][A-Za-z]+DB|[A-Z]{2,}-\d+)(?![\w/])",
    re.A,
)
_WORD_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "dozen": 12,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a statement is not supported by what it cites."""

    lack: Lack
    what: str


def check(
    text: str, events: Sequence[Event], *, timezone: str = "UTC", computed: Iterable[str] = ()
) -> list[Problem]:
    """Everything in `text` that the cited events don't bear.

    Args:
        text: the statement.
        events: the cited events.
        timezone: zone in which the statement prints times.
        computed: numbers and HH:MM times that code computed from the evidence.
    """
    if not events:
        return [Problem("nothing_cited", text[:80])]
    source = "\n".join(_searchable(event) for event in events)
    allowed = set(computed)
    problems = _times(text, events, source, timezone, allowed)
    problems += _numbers(_without_dates(text, events, timezone, allowed), source, allowed)
    problems += [
        Problem("name", name)
        for name in dict.fromkeys(_NAME.findall(text))
        if name.lower() not in source.lower() and name not in allowed
    ]
    return problems + _polarity(text, events)


def _searchable(event: Event) -> str:
    parts = [
        event.text,
        event.actor or "",
        event.subject or "",
        event.severity or "",
        str(event.count),
        *(s.file for s in event.sources),
    ]
    return "\n".join(parts)


def _times(
    text: str, events: Sequence[Event], source: str, timezone: str, allowed: set[str]
) -> list[Problem]:
    known = {f"{local(at, timezone):%H:%M}" for event in events for at in (event.at, event.until) if at}
    known |= {_hhmm(m) for m in _TIME.finditer(zh_clocks_to_digits(source))} | {
        a.zfill(5) for a in allowed if ":" in a
    }
    return [Problem("time", m[0]) for m in _TIME.finditer(zh_clocks_to_digits(text)) if _hhmm(m) not in known]


def _without_dates(text: str, events: Sequence[Event], timezone: str, allowed: set[str]) -> str:
    """The text less the days of the cited events, however they are written; a day is no free-standing number."""
    days = {local(e.at, timezone).date() for e in events if e.at}
    forms = {a for a in allowed if a.count("-") == 2}
    for day in days:
        forms |= {f"{day:%Y-%m-%d}", f"{day.month}月{day.day}日", f"{day.month} 月 {day.day} 日"}
        forms |= {f"{day.year}年{day.month}月{day.day}日", f"{day.year} 年 {day.month} 月 {day.day} 日"}
        for name in (f"{day:%B}", f"{day:%b}"):
            forms |= {f"{name} {day.day}", f"{day.day} {name}"}
            forms |= {f"{name} {day.day}, {day.year}", f"{day.day} {name} {day.year}"}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, " ")
    return text


def _hhmm(match: re.Match[str]) -> str:
    hour = int(match[1])
    if match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour:02d}:{match[2]}"


def _values(text: str) -> dict[float, str]:
    """Numbers of a text by value: `12,000`, `12k` and `1.2万` are one number."""
    bare = _NAME.sub(" ", _TIME.sub(" ", zh_clocks_to_digits(text)))
    found: dict[float, str] = {}
    for match in _NUMBER.finditer(bare):
        value = float(match[1].replace(",", ""))
        found[value] = match[0]
        scale = _SCALE_AFTER.match(bare, match.end())
        if scale:
            found[value * _SCALES[(scale[1] or scale[2]).lower()]] = match[0]
            del found[value]
    return found


def _numbers(text: str, source: str, allowed: set[str]) -> list[Problem]:
    known = set(_values(source)) | {
        float(a.replace(",", "")) for a in allowed if re.fullmatch(r"[\d,]+(?:\.\d+)?", a)
    }
    known |= {float(v) for w, v in _WORD_NUMBERS.items() if w in source.lower()}
    loose = {
        float(n.replace(",", ""))
        for n in re.findall(r"\d[\d,]*(?:\.\d+)?", source)
        if n.replace(",", "").replace(".", "", 1).isdigit()
    }
    return [
        Problem("number", shown)
        for value, shown in _values(text).items()
        if value not in known and value not in loose
    ]


def _polarity(text: str, events: Sequence[Event]) -> list[Problem]:
    """Negations and hedges that the statement lost, held against whole sentences of its lines: a cut quote loses its `maybe`."""
    lines = [s.text for event in events for s in split(event.text)]
    problems = _lost_negation(text, _nearest(text, lines))
    for own in (s.text for part in parts_of(text) for s in split(part)):
        near, stance = _nearest(own, lines), stance_of(_TRIMMED.sub("", own))
        said_as_fact = not (stance.uncertain or stance.hedged or stance.question)
        if near and said_as_fact and all(_unsure(sentence) for sentence in near):
            return [*problems, Problem("hedge", near[0][:80])]
    return problems


_TRIMMED = re.compile(r"^\W*\d{1,2}:\d{2}\W*|[\s.。”’\"']+$")
"""The clock before a quoted sentence and the marks behind it: neither says how sure it is."""


def _nearest(text: str, sentences: Sequence[str]) -> list[str]:
    """The sentences near enough to the text to compare the two."""
    mine = tokens(text)
    return [s for s in sentences if mine and len(mine & tokens(s)) >= max(2, 0.6 * len(mine))]


def _unsure(sentence: str) -> bool:
    stance = stance_of(sentence)
    return stance.uncertain or stance.question


def _lost_negation(text: str, nearest: Sequence[str]) -> list[Problem]:
    """A clause said as a fact whose nearest clauses in the evidence all deny it."""
    denied = [c for sentence in nearest for c in _clauses(sentence)]
    for clause in _clauses(text):
        mine = tokens(clause)
        near = [c for c in denied if mine and len(mine & tokens(c)) >= max(2, 0.6 * len(mine))]
        if near and not stance_of(clause).negated and all(stance_of(c).negated for c in near):
            return [Problem("negation", near[0][:80])]
    return []


_CLAUSE = re.compile(
    r"[,;，；]|\s[-–—]\s|\b(?:but|so|because|since|and|while|although)\b|但是?|所以|因为|而且|不过|结果"
    r"|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])",  # chats in Chinese put a blank where prose has a comma
    re.I,
)


def _clauses(sentence: str) -> list[str]:
    """A sentence denies one clause at a time: `queue kept growing, so not that`."""
    return [part for part in _CLAUSE.split(sentence) if part.strip()]


def supported_text(
    text: str, events: Sequence[Event], *, timezone: str = "UTC", computed: Iterable[str] = ()
) -> tuple[str, bool]:
    """The text where the cited events bear it, else nothing; and whether they do.

    Words taken from a cited line stand by themselves; only new wording is checked.
    """
    if not text.strip():
        return "", False
    if verbatim(text, events):
        return ("", False) if _polarity(text, events) else (text, True)
    return ("", False) if check(text, events, timezone=timezone, computed=computed) else (text, True)


def verbatim(text: str, events: Sequence[Event]) -> bool:
    """True where the words stand in a cited line, marks of chat and code aside; those of a row of several, in one line each."""
    lines = [
        " ".join(inner_quotes(form).split()) for event in events for form in (event.text, _bare(event.text))
    ]
    parts = {" ".join(inner_quotes(part).split()).rstrip("…?") for part in parts_of(text)}
    whole = " ".join(inner_quotes(text).split()).rstrip("…?")
    return any(whole in line for line in lines) or all(any(part in line for line in lines) for part in parts)


def _bare(text: str) -> str:
    return re.sub(r":[a-z0-9_+\-]+:", "", text).replace("`", "")
