"""Lines of evidence → who and what was hit, with the figures as stated and which of them a later one corrects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Evidence, Series
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.llm import Backend, Task
from pm_agent.reading.clock_face import minute_of
from pm_agent.reading.cues import has_sign, read_cues
from pm_agent.reading.figures import Found, counted, figures, same_unit
from pm_agent.reading.follow_ups import items_in
from pm_agent.reading.lines import Line
from pm_agent.reading.says import says
from pm_agent.reading.sorting import drawer_of
from pm_agent.reading.speech import signs
from pm_agent.reading.timeline_words import row_words
from pm_agent.report import Ask, Figure, Impact, Measurement, Statement
from pm_agent.report.timeline import Milestones
from pm_agent.wording import Voice

_USERS = {"affected_users", "experience", "complaints"}
_BUSINESS = {"orders", "traffic", "partners", "reputation"}
MOST = 6


class ImpactIn(BaseModel):
    """What the impact question may mention."""

    model_config = ConfigDict(frozen=True)
    lines: list[Line]
    timezone: str


Aspect = Literal[
    "affected_users", "experience", "complaints", "orders", "traffic", "partners", "reputation", "data", "cascade", "alerting",
]  # fmt: skip


class ImpactPick(BaseModel):
    """One sentence about impact: the ids of the lines that say it, its words, and what it is about."""

    ids: list[str]
    text: str
    aspect: Aspect


class ImpactAnswer(BaseModel):
    """Sentences about who and what was hit; `scope` is the one that says how far it reached."""

    scope: ImpactPick | None
    statements: list[ImpactPick]


def by_rules(inputs: ImpactIn) -> ImpactAnswer:
    """Sentences with a figure or with a group of users in them."""
    picks: list[ImpactPick] = []
    items = {item.text for item in items_in(inputs.lines, inputs.timezone)}
    told = [
        f for f in _told(inputs.lines) if not any(text in f.sentence or f.sentence in text for text in items)
    ]
    for found in told:
        if _only_guessed(found.sentence):
            continue
        aspect = _aspect(found.unit, found.sentence)
        picks.append(ImpactPick(ids=[found.line.id], text=row_words(found.sentence), aspect=aspect))
    for line in inputs.lines:
        for saying in says(line):
            if _counts_nothing(saying.words, told):
                continue
            if saying.act == "impact" and not (saying.question or saying.past or _is_work(saying.words)):
                picks.append(
                    ImpactPick(
                        ids=[line.id],
                        text=row_words(saying.words),
                        aspect=_aspect(saying.words),
                    )
                )
            elif (
                saying.act == "symptom"
                and saying.weight >= 2.0
                and line.by_person
                and drawer_of(saying.words, "aspect") in _USERS
            ):
                picks.append(ImpactPick(ids=[line.id], text=row_words(saying.words), aspect="experience"))
    seen: dict[str, ImpactPick] = {}
    for pick in picks:
        seen.setdefault(pick.text, pick)
    unique = list(seen.values())
    odds = {row_words(found.sentence): found.odds for found in reversed(told)}
    scope = max((p for p in unique if p.text in odds), key=lambda p: odds[p.text], default=None)
    return ImpactAnswer(scope=scope, statements=unique[: MOST * 4])


def _only_guessed(sentence: str) -> bool:
    """`Could it be the hot key, like in May` holds a number and no impact."""
    return any(cue.category == "hypothesis" and cue.strong for cue in read_cues(sentence))


def _counts_nothing(sentence: str, told: Sequence[Found]) -> bool:
    """`4989 records, serial 2026030811` has numbers, and none of them is of the impact."""
    return bool(_DIGITS.search(sentence)) and not any(found.sentence == sentence for found in told)


_DIGITS = re.compile(r"(?<![\w:.])\d{2,}(?![\w:])", re.A)


def _told(lines: Sequence[Line]) -> list[Found]:
    """The figures of lines but those of work that is to be done."""
    return [found for found in figures(lines) if found.odds >= SURE or not _is_work(found.sentence)]


SURE = 1.0
"""Log odds from which a sentence counts an impact, whatever work its verbs seem to ask for."""


def _is_work(sentence: str) -> bool:
    """`Add 40 invoices with known totals to the tests` is to be done, `I mailed 400 customers` was; neither is an impact."""
    shown = signs(sentence)
    return ("imperative" in shown and not shown & {"past", "remark"}) or has_sign(sentence, "tells_users")


def _aspect(*texts: str) -> Aspect:
    """The first drawer that one of the texts fits."""
    found = next((d for text in texts if (d := drawer_of(text, "aspect")) in get_args(Aspect)), None)
    return found or "affected_users"  # type: ignore[return-value]


TASK = Task("impact", ImpactIn, ImpactAnswer, by_rules)


@dataclass(frozen=True)
class ImpactPart:
    """What this stage writes into the report."""

    impact: Impact
    measurements: list[Measurement]
    rejected: list[str]


async def build_impact(
    evidence: Evidence, notable: Sequence[Line], milestones: Milestones, backend: Backend
) -> ImpactPart:
    """Ask for the sentences, ground them, read the figures by code."""
    lines = [line for line in notable if backend.speaks or _speaks_of_impact(line, milestones)]
    answer = await backend.run(TASK, ImpactIn(lines=lines, timezone=evidence.timezone))
    voice = Voice(evidence, backend.speaks)
    statements = [s for n, pick in enumerate(answer.statements, 1) if (s := _statement(voice, f"I{n}", pick))]
    scope = _statement(voice, "I0", answer.scope) if answer.scope else None
    language = evidence.language
    users = [s for s in statements if s.aspect in _USERS][:MOST]
    business = [s for s in statements if s.aspect in _BUSINESS][:MOST]
    technical = [s for s in statements if s.aspect not in _USERS | _BUSINESS][:MOST]
    impact = Impact(
        scope=scope or _unknown(language, "scope"),
        users=users or [_unknown(language, "affected_users")],
        business=business or [_unknown(language, "orders")],
        technical=technical or [_unknown(language, "data")],
        figures=_figures([*_told(lines), *_counted(lines, [*statements, *([scope] if scope else [])])]),
    )
    return ImpactPart(impact, _measurements(evidence.series, milestones), voice.rejected)


def _counted(lines: Sequence[Line], statements: Sequence[Statement]) -> list[Found]:
    """What a model's sentences on the impact count: units that no list of ours foresees (vans, gate passes)."""
    by_id = {line.id: line for line in lines}
    return [
        replace(found, beside=tuple(s.citations))
        for s in statements
        if s.origin == "model" and (line := next((by_id[c] for c in s.citations if c in by_id), None))
        for found in counted(line, s.text)
    ]


def _speaks_of_impact(line: Line, milestones: Milestones) -> bool:
    """Chat of the day; what stands hours before the first sign speaks of something else."""
    first = milestones.trigger.at or milestones.impact_start.at or milestones.detected.at
    return line.at is None or first is None or line.at >= minute_of(first)


def _statement(voice: Voice, id_: str, pick: ImpactPick) -> Statement | None:
    said = voice.say(pick.text, pick.ids)
    if said is None:
        return None
    return Statement(id=id_, text=said.text, citations=said.citations, aspect=pick.aspect, origin=said.origin)


def _unknown(language: Language, aspect: str) -> Statement:
    whom, question = (
        phrase(language, f"ask.impact.{aspect}.whom"),
        phrase(language, f"ask.impact.{aspect}.question"),
    )
    text = phrase(language, "not_in_evidence")
    return Statement(
        id=f"I-{aspect}", text=text, support="unknown", aspect=aspect, ask=Ask(whom=whom, question=question)
    )


def _figures(found: Sequence[Found]) -> list[Figure]:
    """One figure a value and unit; an earlier one is superseded by a later one of the same unit that corrects it."""
    kept: list[Found] = []
    for figure in found:
        if not any(k.value == figure.value and same_unit(k.unit, figure.unit) for k in kept):
            kept.append(figure)
    return [
        Figure(
            text=row_words(f.sentence), value=int(f.value) if f.value == int(f.value) else f.value, unit=f.unit, qualifier=f.qualifier,
            superseded_by=_successor(kept, index), citations=list(dict.fromkeys((f.line.id, *f.beside))),
        )
        for index, f in enumerate(kept)
    ]  # fmt: skip


def _successor(found: Sequence[Found], index: int) -> int | None:
    mine = found[index]
    for later in range(len(found) - 1, index, -1):
        other = found[later]
        close = 0.2 <= (other.value + 1) / (mine.value + 1) <= 5
        if (
            same_unit(mine.unit, other.unit)
            and close
            and (other.corrects or (mine.qualifier == "about" and other.qualifier == "exact"))
        ):
            return later
    return None


def _measurements(series: Sequence[Series], milestones: Milestones) -> list[Measurement]:
    """Each metric before, during (worst) and after, where the series covers it."""
    start, end = milestones.trigger.at or milestones.detected.at, milestones.recovered.at
    if start is None or end is None:
        return []
    found = []
    for one in series:
        before = [v for t, v in one.points if t < start.timestamp() and v == v]
        during = [v for t, v in one.points if start.timestamp() <= t <= end.timestamp() and v == v]
        after = [v for t, v in one.points if t > end.timestamp() and v == v]
        if during and (before or after):
            level = _middle(before or after) or 0.0
            worst = max(during, key=lambda v: abs(v - level))
            found.append(
                Measurement(
                    name=one.name,
                    before=_middle(before),
                    during=worst,
                    after=_middle(after),
                    unit=one.unit,
                    citations=[],
                )
            )
    return found[:12]


def _middle(values: Sequence[float]) -> float | None:
    return round(sorted(values)[len(values) // 2], 4) if values else None
