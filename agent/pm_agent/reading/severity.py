"""Severity as somebody stated it, and what kind of incident the words speak of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pm_agent.language import LANGUAGES, words
from pm_agent.reading.cues import stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.sentences import split

Priority = Literal["P0", "P1", "P2", "P3"]

_LABEL = re.compile(
    r"(?<![A-Za-z0-9.])(?:(?P<sev>sev(?:erity)?[ -]?(?P<n>[0-5]|one|two|three))|(?P<p>P(?P<pn>[0-4]))|(?P<s>S(?P<sn>[0-5])(?=级|\s*(?:故障|事故|incident)))|(?P<zh>[一二三四]级(?=故障|事故|事件)))(?![A-Za-z0-9]|\.\d)",
    re.I,
)
_ZH_LEVEL = {"一级": "P0", "二级": "P1", "三级": "P2", "四级": "P3"}
_BY_SEV: dict[str, Priority] = {"0": "P0", "1": "P0", "2": "P1", "3": "P2", "4": "P3", "5": "P3"}
_SPOKEN = {"one": "1", "two": "2", "three": "3"}
_ORDER: tuple[Priority, ...] = ("P0", "P1", "P2", "P3")
_ABOUT_INCIDENT = re.compile(
    r"incident|sev|outage|declar|call(?:ing)? (?:it|this)|this is|making (?:it|this)|bump|upgrad|downgrad|escalat|rais|priority|故障|事故|定级|级别|升级|降级|按|定为|算|事件|应急|升到|升为|[升定](?=\s*[PpSs]\d)|等级|P\d for now|(?:so|then|it'?s(?: an?)?) P\d",
    re.I,
)
_ABOUT_ALERT = re.compile(r"alert|ticket|backlog|告警|报警|工单|需求|bug", re.I)


@dataclass(frozen=True, slots=True)
class Stated:
    """A severity that one line states."""

    line: Line
    label: str
    value: Priority | None


def value_of(label: str, mapping: Mapping[str, Priority] | None = None) -> Priority | None:
    """P0 … P3 of a label as written; SEV1 and 一级 are P0 unless the team maps them otherwise."""
    compact = re.sub(r"[\s_-]", "", label).upper()
    own = {re.sub(r"[\s_-]", "", key).upper(): value for key, value in (mapping or {}).items()}
    if compact in own:
        return own[compact]
    if label.strip() in _ZH_LEVEL:
        return _ZH_LEVEL[label.strip()]  # type: ignore[return-value]
    match = _LABEL.search(label) or re.fullmatch(r"(?P<s>S(?P<sn>[0-5]))", label, re.I)
    if match is None:
        return None
    groups = match.groupdict()
    if groups.get("pn") is not None:
        number = groups["pn"]
        return "P3" if number == "4" else f"P{number}"  # type: ignore[return-value]
    if groups.get("zh"):
        return _ZH_LEVEL[groups["zh"]]  # type: ignore[return-value]
    number = groups.get("n") or groups.get("sn") or "5"
    return _BY_SEV[_SPOKEN.get(number.lower(), number)]


_GRAVE = (
    ("critical", "disaster", "emergency", "fatal", "page", "严重", "紧急", "灾难", "致命"),
    ("high", "major", "error", "重要", "高"),
    ("average", "medium", "warning", "warn", "警告", "一般", "中"),
)


def gravity(label: str | None) -> int:
    """How grave an alert calls itself: 0 the gravest; alerts that don't say come last."""
    if not label:
        return 9
    value = value_of(label)
    if value is not None:
        return _ORDER.index(value)
    low = label.strip().lower()
    return next((n for n, words_ in enumerate(_GRAVE) if any(word in low for word in words_)), 5)


def stated(lines: Sequence[Line], mapping: Mapping[str, Priority] | None = None) -> list[Stated]:
    """Every severity of the incident that is stated as a fact, in order of time; questions and wishes are none."""
    found: list[Stated] = []
    for line in lines:
        if line.commands:
            continue
        if line.kind == "page" and line.severity and value_of(line.severity, mapping):
            found.append(Stated(line, line.severity, value_of(line.severity, mapping)))
        if line.by_person or line.signal == "declared":
            found += _in_words(line, mapping)
    return found


def _in_words(line: Line, mapping: Mapping[str, Priority] | None) -> list[Stated]:
    found = []
    for sentence in split(line.text):
        stance = stance_of(sentence.text)
        if sentence.pasted or stance.question or (stance.negated and "not" in sentence.text.lower()):
            continue
        about = _ABOUT_INCIDENT.search(sentence.text)
        if not about or (
            _ABOUT_ALERT.search(sentence.text)
            and not re.search(r"incident|sev|故障|事故", sentence.text, re.I)
        ):
            continue
        if stance.uncertain and not re.search(r"declar|定级|定为|making", sentence.text, re.I):
            continue
        found += [Stated(line, m[0].strip(), value_of(m[0], mapping)) for m in _LABEL.finditer(sentence.text)]
    return found


def highest(found: Sequence[Stated]) -> Stated | None:
    """The highest severity stated."""
    known = [s for s in found if s.value is not None]
    return min(known, key=lambda s: _ORDER.index(s.value)) if known else None


IncidentKind = Literal["unavailable", "degraded", "data", "security", "other"]


def incident_kind(texts: Sequence[tuple[str, str]]) -> tuple[IncidentKind | None, list[str]]:
    """The kind that most (id, text) pairs speak of, and the ids that say so."""
    votes: Counter[str] = Counter()
    ids: dict[str, list[str]] = {}
    for id_, text in texts:
        for kind in ("security", "data", "unavailable", "degraded"):
            if any(
                re.search(p, text, re.I)
                for language in LANGUAGES
                for p in words(language, "kinds")["incident"][kind]
            ):
                votes[kind] += 2 if kind in {"security", "data"} else 1
                ids.setdefault(kind, []).append(id_)
    if not votes:
        return None, []
    kind = votes.most_common(1)[0][0]
    return kind, ids[kind][:3]  # type: ignore[return-value]
