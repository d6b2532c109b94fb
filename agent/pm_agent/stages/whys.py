"""Cause, symptom and talk about why → the 5 Whys over five levels, in three branches; each answer cited or unknown.

Nothing is padded to five: a level about which the evidence is silent is a question for the meeting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from pm_agent.evidence import Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.llm import Backend
from pm_agent.reading.lines import Line
from pm_agent.reading.sorting import drawer_of
from pm_agent.report import Ask, Cause, Milestones, RootCauses, Statement, TimelineEntry, Why
from pm_agent.report.statements import Branch, CauseRole, Level, Support
from pm_agent.rubric.chain import ends_at_person
from pm_agent.why_answers import TASK, Certain, FactorPick, WhysAnswer, WhysIn, by_rules
from pm_agent.wording import Voice

LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True)
class WhysPart:
    """What this stage writes into the report."""

    whys: list[Why]
    root_causes: RootCauses
    contributing_factors: list[Cause]
    answer: WhysAnswer
    """As the backend gave it, so that an interview need not ask it twice."""
    rejected: list[str]


async def build_whys(
    evidence: Evidence,
    notable: Sequence[Line],
    planned: Sequence[Line],
    timeline: Sequence[TimelineEntry],
    milestones: Milestones,
    backend: Backend,
    answered: Mapping[str, Statement] | None = None,
    given: WhysAnswer | None = None,
) -> WhysPart:
    """Ask for answers, ground each, and ask the meeting where there is none.

    Args:
        evidence: the redacted evidence.
        notable: the lines that speak of causes.
        planned: the lines that speak of work for later.
        timeline: the rows, of which the cause is one.
        milestones: the chosen milestones.
        backend: rules or a model.
        answered: answers that people gave in the interview, by why id.
        given: the backend's answer of an earlier round; it is not asked again.
    """
    row = next((e for e in timeline if e.id == milestones.cause_found.entry), None)
    cause, cause_ids = (row.text, row.citations) if row else ("", [])
    asked = WhysIn(
        cause=cause,
        cause_ids=cause_ids,
        lines=list(notable),
        timezone=evidence.timezone,
        planned=list(planned),
    )
    answer = given or await backend.run(TASK, asked)
    voice = Voice(evidence, backend.speaks)
    if voice.wary:  # what the model left out because a line told it to
        ours = by_rules(asked)
        answer = answer.model_copy(update={"answers": [*answer.answers, *ours.answers]})
    whys = _chains(voice, answer, answered or {})
    factors = _factors(voice, answer.factors)
    return WhysPart(whys, _roots(whys, milestones), factors + _latent(whys), answer, voice.rejected)


def _chains(voice: Voice, answer: WhysAnswer, answered: Mapping[str, Statement]) -> list[Why]:
    whys: list[Why] = []
    for branch, levels in _BRANCHES.items():
        parent: str | None = None
        for level in levels:
            id_ = f"W{len(whys) + 1}"
            statement = answered.get(id_) or _answer(voice, answer, branch, level, id_)
            before = whys[-1].answer if parent else None
            question = _question(voice.evidence.language, branch, level, before)
            whys.append(
                Why(id=id_, parent=parent, branch=branch, level=level, question=question, answer=statement)
            )
            parent = id_
    return whys


_BRANCHES: dict[Branch, tuple[Level, ...]] = {
    "occurrence": LEVELS,
    "detection": ("process",),
    "response": ("process",),
}
"""Which levels each branch asks; the occurrence chain has all five of the template."""


def _answer(voice: Voice, answer: WhysAnswer, branch: Branch, level: Level, id_: str) -> Statement:
    language = voice.evidence.language
    for pick in answer.answers:
        if pick.branch != branch or pick.level != level or not pick.text.strip():
            continue
        if ends_at_person(pick.text):
            ask = Ask(
                whom=phrase(language, "ask.whys.whom"), question=phrase(language, "ask.whys.made_possible")
            )
            known = [i for i in pick.ids if i in voice.evidence.by_id]
            return Statement(
                id=f"{id_}.a",
                text=phrase(language, "whys.beyond_person"),
                support="unknown",
                ask=ask,
                citations=known,
            )
        said = voice.say(pick.text, pick.ids)
        if said is not None:
            return Statement(
                id=f"{id_}.a", text=said.text, citations=said.citations, origin=said.origin, support=_SUPPORT[pick.certain]
            )  # fmt: skip
    ask = Ask(whom=phrase(language, f"ask.whys.{branch}.whom"), question=_question(language, branch, level))
    return Statement(id=f"{id_}.a", text=phrase(language, "not_in_evidence"), support="unknown", ask=ask)


_SUPPORT: dict[Certain, Support] = {"stated": "supported", "suspected": "hypothesis"}


def _question(language: Language, branch: Branch, level: Level, before: Statement | None = None) -> str:
    """The template's question; after a person's own answer, asked of that answer."""
    standard = phrase(language, f"whys.{branch}.{level}")
    if before is None or before.origin != "human" or before.support == "unknown":
        return standard
    return phrase(language, "whys.next", answer=before.text, standard=standard)


def _factors(voice: Voice, picks: Sequence[FactorPick]) -> list[Cause]:
    found: list[Cause] = []
    for pick in picks:
        said = None if ends_at_person(pick.text) else voice.say(pick.text, pick.ids)
        if said is not None:
            found.append(
                Cause(
                    id=f"C{len(found) + 1}",
                    text=said.text,
                    citations=said.citations,
                    role=pick.role,
                    gap=pick.gap,
                    origin=said.origin,
                    support=_SUPPORT[pick.certain],
                )
            )
    return found


def _latent(whys: Sequence[Why]) -> list[Cause]:
    """Supported answers at design, process and organisation level are conditions that were there before."""
    return [
        Cause(
            id=f"C-{w.id}",
            text=w.answer.text,
            citations=w.answer.citations,
            role="latent",
            from_whys=[w.id],
            gap="monitoring" if w.branch == "detection" else drawer_of(w.answer.text, "gap") or "other",
        )
        for w in whys
        if w.answer.support == "supported" and w.level in {"design", "process", "organisation"}
    ]


def _roots(whys: Sequence[Why], milestones: Milestones) -> RootCauses:
    """The conclusion: technical from the first two levels, process from the next, conditions of people's work last."""
    drawers: dict[Literal["technical", "process", "human_factors"], list[Cause]] = {
        "technical": [],
        "process": [],
        "human_factors": [],
    }
    for why in whys:
        if why.answer.support != "supported" or why.branch != "occurrence":
            continue
        drawer: Literal["technical", "process", "human_factors"] = (
            "technical"
            if why.level in {"direct", "technical", "design"}
            else "process"
            if why.level == "process"
            else "human_factors"
        )
        role: CauseRole = "cause" if why.level in {"direct", "technical"} else "latent"
        drawers[drawer].append(
            Cause(
                id=f"RC-{why.id}",
                text=why.answer.text,
                citations=why.answer.citations,
                role=role,
                from_whys=[why.id],
                origin=why.answer.origin,
            )
        )
    return RootCauses(**drawers)
