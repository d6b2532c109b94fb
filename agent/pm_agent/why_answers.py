"""The question about causes and what the rules answer: the cause as it was told, conditions, gaps that work is to close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.llm import Task
from pm_agent.reading.action_items import Item
from pm_agent.reading.bearing import LEAST, Remark, remarks
from pm_agent.reading.conditions import Condition, about_of, around, conditions
from pm_agent.reading.follow_ups import items_in
from pm_agent.reading.lines import Line
from pm_agent.reading.passage import passage
from pm_agent.reading.sentences import split
from pm_agent.reading.shortfalls import shortfalls
from pm_agent.reading.sorting import drawer_of
from pm_agent.reading.timeline_words import row_words
from pm_agent.report.statements import Branch, CauseRole, FactorGap, Level
from pm_agent.rubric import blame
from pm_agent.rubric.chain import ends_at_person


class WhysIn(BaseModel):
    """What the whys question may mention."""

    model_config = ConfigDict(frozen=True)
    cause: str
    cause_ids: list[str]
    lines: list[Line]
    timezone: str
    planned: list[Line] = []
    """The lines that speak of work for later; what it is to change, lacked."""


Certain = Literal["stated", "suspected"]


class WhyPick(BaseModel):
    """One answer of the chain: the ids of the lines that show it, its words, and how sure those lines are."""

    branch: Branch
    level: Level
    ids: list[str]
    text: str
    certain: Certain = "stated"


class FactorPick(BaseModel):
    """Something that contributed: the ids of the lines that show it and its words."""

    ids: list[str]
    text: str
    role: CauseRole
    gap: FactorGap
    certain: Certain = "stated"


class WhysAnswer(BaseModel):
    """Answers by branch and level, and contributing factors."""

    answers: list[WhyPick]
    factors: list[FactorPick]


def by_rules(inputs: WhysIn) -> WhysAnswer:
    """The cause as it was told, then the conditions that people told, each where the chain asks for it; the rest contributed."""
    answers = [_direct(inputs)] if inputs.cause else []
    taken = {id_ for pick in answers for id_ in pick.ids}
    lines = {line.id: line for line in (*inputs.lines, *inputs.planned)}
    items = items_in(list(lines.values()), inputs.timezone)
    stated = next((line for line in inputs.lines if line.id in inputs.cause_ids), None)
    likely = list(remarks(inputs.lines, items, inputs.cause, stated.at if stated else None))
    beside: list[_Told] = []
    filled: set[tuple[str, str]] = set()
    for found in _ranked(inputs, items, taken, likely):
        branch, level = _PLACES[found.about]
        certain: Certain = "stated"
        if not inputs.cause and found.about == "technical":
            certain = "suspected"  # nobody called it the cause
            level = level if answers else "direct"
        if (branch, level) not in filled:
            filled.add((branch, level))
            pick = WhyPick(branch=branch, level=level, ids=[found.line.id], text=found.text, certain=certain)
            answers.append(pick)
        else:
            beside.append(
                _Told(found.line, found.text, _odds(likely, found.line.id), _GAPS.get(found.about), certain)
            )
    beside += [
        _Told(found.line, found.text, _odds(likely, found.line.id)) for found in _wanted(inputs, items, taken)
    ]
    beside += [
        _Told(found.line, text, found.odds)
        for found in likely
        if found.line.id not in taken and (text := _without_blame(found.text))
    ]
    return WhysAnswer(answers=answers, factors=_factors(answers, beside))


@dataclass(frozen=True, slots=True)
class _Told:
    """Something that may have contributed."""

    line: Line
    text: str
    odds: float
    gap: FactorGap | None = None
    certain: Certain = "stated"


def _factors(answers: Sequence[WhyPick], beside: Sequence[_Told]) -> list[FactorPick]:
    """The likeliest, each once and none that an answer gives."""
    told = [pick.text for pick in answers]
    found: list[FactorPick] = []
    for one in sorted(beside, key=lambda t: -t.odds):
        if len(found) < MOST and not any(one.text in text or text in one.text for text in told):
            told.append(one.text)
            found.append(
                FactorPick(
                    ids=[one.line.id], text=one.text, role="contributing", certain=one.certain,
                    gap=one.gap or drawer_of(one.text, "gap") or "other",
                )
            )  # fmt: skip
    return found


def _odds(likely: Sequence[Remark], id_: str) -> float:
    return max((r.odds for r in likely if r.line.id == id_), default=LEAST)


def _without_blame(text: str) -> str:
    """The sentences that blame nobody; nothing where they end at a person."""
    kept = " ".join(s.text for s in split(text) if not s.pasted and not blame.find(s.text))
    worded = row_words(kept)
    return worded if worded and not ends_at_person(worded) else ""


MOST = 8
"""Contributing factors that the rules give; a longer list is not read."""
_PLACES: dict[str, tuple[Branch, Level]] = {
    "detection": ("detection", "process"),
    "response": ("response", "process"),
    "organisation": ("occurrence", "organisation"),
    "process": ("occurrence", "process"),
    "design": ("occurrence", "design"),
    "technical": ("occurrence", "technical"),
}
_GAPS: dict[str, FactorGap] = {"detection": "monitoring", "organisation": "process"}


def _wanted(inputs: WhysIn, items: Sequence[Item], taken: set[str]) -> list[Condition]:
    """Gaps that an item of work is to close, each once and without blame."""
    found: dict[str, Condition] = {}
    for told in shortfalls(inputs.lines, items):
        if told.line.id not in taken and not blame.find(told.text) and not ends_at_person(told.text):
            found.setdefault(told.text, told)
    return [
        c for c in found.values() if not any(c.text in item.text or item.text in c.text for item in items)
    ]


def _ranked(
    inputs: WhysIn, items: Sequence[Item], taken: set[str], likely: Sequence[Remark]
) -> list[Condition]:
    """Conditions by how likely they tell of the cause, each once; those that are as likely in the order they were told."""
    found: dict[str, Condition] = {}
    for line in inputs.lines:
        for told in conditions(line) if line.id not in taken else ():
            fit = _fit(told)
            if fit and not any(fit.text in item.text or item.text in fit.text for item in items):
                found.setdefault(fit.text, fit)
    whole = [c for c in found.values() if not any(c.text in o and c.text != o for o in found)]
    return sorted(whole, key=lambda c: -_odds(likely, c.line.id))


def _fit(told: Condition) -> Condition | None:
    """The condition without blame: the clauses before or behind it, where they tell one too."""
    found = blame.find(told.text)
    if not found:
        return None if ends_at_person(told.text) else told
    for text in around(told.text, found[0].start, found[-1].end):
        about = about_of(text)
        if about and not blame.find(text) and not ends_at_person(text):
            return replace(told, text=text, about=about)
    return None


def _direct(inputs: WhysIn) -> WhyPick:
    """The cause with what the same person said around it: a cause is seldom told in one message."""
    stated = next((line for line in inputs.lines if line.id in inputs.cause_ids), None)
    told = passage(inputs.lines, stated) if stated else []
    if len(told) < 2:
        return WhyPick(branch="occurrence", level="direct", ids=inputs.cause_ids, text=inputs.cause)
    words = [inputs.cause if line.id in inputs.cause_ids else row_words(line.text) for line in told]
    ids = dict.fromkeys([*(line.id for line in told), *inputs.cause_ids])
    return WhyPick(branch="occurrence", level="direct", ids=list(ids), text="; ".join(dict.fromkeys(words)))


TASK = Task("whys", WhysIn, WhysAnswer, by_rules)
