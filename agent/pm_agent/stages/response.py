"""Lines of evidence → how the response went: roles, went well, poorly, lucky, communications, temporary fixes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.llm import Backend, Task
from pm_agent.reading.course import categories
from pm_agent.reading.follow_ups import items_in
from pm_agent.reading.lines import Line, lines_of
from pm_agent.reading.says import Saying, says
from pm_agent.reading.timeline_words import row_words
from pm_agent.report import (
    Ask,
    Communication,
    Milestones,
    Response,
    Role,
    Statement,
    TemporaryFix,
    TimelineEntry,
)
from pm_agent.wording import Voice

Side = Literal["well", "poorly", "lucky"]
MOST = 6


class ResponseIn(BaseModel):
    """What the response question may mention."""

    model_config = ConfigDict(frozen=True)
    lines: list[Line]
    timezone: str


class ResponsePick(BaseModel):
    """One observation about the response: the ids of the lines that show it and its words."""

    ids: list[str]
    text: str
    side: Side
    phase: Literal["detection", "diagnosis", "mitigation", "communication"]
    why: str


class FixPick(BaseModel):
    """Something done to stop the bleeding, and what came of it."""

    ids: list[str]
    text: str
    effect: Literal["success", "failure", "partial", "unknown"]


class ResponseAnswer(BaseModel):
    """Observations and temporary fixes."""

    observations: list[ResponsePick]
    fixes: list[FixPick]


_PHASE: dict[str, Literal["detection", "diagnosis", "mitigation", "communication"]] = {
    "fired": "detection", "symptom": "detection", "cause": "diagnosis", "investigated": "diagnosis", "fix_done": "mitigation",
    "fix_started": "mitigation", "communicated": "communication", "notified": "communication",
}  # fmt: skip


def by_rules(inputs: ResponseIn) -> ResponseAnswer:
    """Praise, regret and luck as people said them; fixes with what was said of their effect afterwards."""
    observations, fixes = [], []
    later = {item.line.id for item in items_in(inputs.lines, inputs.timezone) if item.line}
    for index, line in enumerate(inputs.lines):
        sayings = says(line)
        for saying in sayings:
            if saying.act in {"well", "poorly", "lucky"} and not saying.question:
                observations.append(
                    ResponsePick(
                        ids=[line.id],
                        text=row_words(saying.words),
                        side=saying.act,
                        phase=_phase(sayings),
                        why="",
                    )
                )
            if _is_fix(saying) and line.id not in later:
                fixes.append(
                    FixPick(
                        ids=[line.id],
                        text=row_words(saying.words),
                        effect=_effect(inputs.lines, index, saying),
                    )
                )
    return ResponseAnswer(observations=observations, fixes=fixes)


def _is_fix(saying: Saying) -> bool:
    """What was done; not what only says that it did not help, nor a command that only reads."""
    if saying.weight < 1.5 or _READS.search(saying.words):
        return False
    return saying.act == "fix_done" or (saying.act == "fix_failed" and "mitigate" in categories(saying.words))


_READS = re.compile(
    r"^\s*[$#>]\s.*\b(?:info|get|describe|logs?|show|select|explain|status|top|ps|df|du|cat|tail|less|grep|ls|dig|ping|curl|fio)\b",
    re.I,
)


def _phase(sayings: Sequence[Saying]) -> Literal["detection", "diagnosis", "mitigation", "communication"]:
    return next((_PHASE[s.act] for s in sayings if s.act in _PHASE), "detection")


def _effect(
    lines: Sequence[Line], index: int, saying: Saying
) -> Literal["success", "failure", "partial", "unknown"]:
    """What the next half hour says: recovered, not recovered, or nothing."""
    if saying.act == "fix_failed":
        return "failure"
    start = lines[index].at
    for line in lines[index:]:
        if start is None or line.at is None or line.at - start > timedelta(minutes=30):
            continue
        acts = {s.act for s in says(line) if not s.question}
        if line is not lines[index] and acts & {"not_recovered", "fix_failed"}:
            return "failure"
        if acts & {"recovered", "resolved", "ended"}:
            return "success"
        if "maybe_recovered" in acts:
            return "partial"
    return "unknown"


TASK = Task("response", ResponseIn, ResponseAnswer, by_rules)


@dataclass(frozen=True)
class ResponsePart:
    """What this stage writes into the report."""

    response: Response
    temporary_fixes: list[TemporaryFix]
    rejected: list[str]


async def build_response(
    evidence: Evidence,
    notable: Sequence[Line],
    timeline: Sequence[TimelineEntry],
    milestones: Milestones,
    backend: Backend,
) -> ResponsePart:
    """Ask for observations and fixes; roles, communications and the rubric's checks are code."""
    language = evidence.language
    answer = await backend.run(TASK, ResponseIn(lines=list(notable), timezone=evidence.timezone))
    voice = Voice(evidence, backend.speaks)
    sides: dict[Side, list[Statement]] = {"well": [], "poorly": [], "lucky": []}
    for pick in answer.observations:
        statement = _observation(voice, pick, f"R-{pick.side}-{len(sides[pick.side]) + 1}")
        if (
            statement
            and len(sides[pick.side]) < MOST
            and statement.text not in {s.text for s in sides[pick.side]}
        ):
            sides[pick.side].append(statement)
    communications = _communications(evidence)
    roles = _roles(evidence)
    response = Response(
        roles=roles,
        went_well=sides["well"] or [_unknown(language, "well")],
        went_poorly=sides["poorly"] or [_unknown(language, "poorly")],
        got_lucky=sides["lucky"],
        suggestions=_suggestions(sides["poorly"], language),
        communications=communications,
    )
    return ResponsePart(response, _fixes(voice, answer.fixes, milestones), voice.rejected)


def _observation(voice: Voice, pick: ResponsePick, id_: str) -> Statement | None:
    said = voice.say(pick.text, pick.ids)
    if said is None:
        return None
    why = voice.say(pick.why, pick.ids) if pick.why else None
    return Statement(
        id=id_,
        text=said.text,
        citations=said.citations,
        phase=pick.phase,
        why=why.text if why else None,
        origin=said.origin,
    )


def _unknown(language: Language, side: str) -> Statement:
    ask = Ask(
        whom=phrase(language, f"ask.response.{side}.whom"),
        question=phrase(language, f"ask.response.{side}.question"),
    )
    return Statement(id=f"R-{side}", text=phrase(language, "not_in_evidence"), support="unknown", ask=ask)


def _suggestions(poorly: Sequence[Statement], language: Language) -> list[Statement]:
    """For each thing that went poorly, the question that leads to an improvement; proposals are people's to make."""
    found = [
        Statement(
            id=f"R-suggest-{n}",
            text=phrase(language, f"response.suggest.{s.phase or 'detection'}"),
            citations=s.citations,
            support="hypothesis",
            phase=s.phase,
        )
        for n, s in enumerate(poorly[:3], 1)
    ]
    unique: dict[str, Statement] = {}
    for statement in found:
        unique.setdefault(statement.text, statement)
    return list(unique.values()) or [_unknown(language, "suggestions")]


def _communications(evidence: Evidence) -> list[Communication]:
    found = []
    for line in lines_of(evidence):
        saying = next(
            (
                s
                for s in says(line)
                if s.act in {"communicated", "status_update"} and s.weight >= 1.5 and not s.question
            ),
            None,
        )
        if saying:
            external = line.signal == "status_update" or any(
                w in saying.words.lower()
                for w in ("status page", "statuspage", "customer", "公告", "用户", "客户", "状态页", "对外")
            )
            found.append(
                Communication(
                    at=line.at,
                    audience="external" if external else "internal",
                    text=row_words(saying.words),
                    citations=[line.id],
                )
            )
    return found[:20]


_ROLE_NAMES = {"incident_commander", "tech_lead", "communications", "scribe"}


def _roles(evidence: Evidence) -> list[Role]:
    stated = [
        Role(role=role if role in _ROLE_NAMES else "other", actor=alias)
        for alias, role in evidence.roles.items()
    ]
    if any(r.role == "incident_commander" for r in stated):
        return stated
    for line in lines_of(evidence):
        low = line.text.lower()
        if (
            line.by_person
            and line.actor
            and any(
                p in low
                for p in (
                    "i'm ic",
                    "i am ic",
                    "i'll ic",
                    "i'll be ic",
                    "taking ic",
                    "i'm incident commander",
                    "i'll take ic",
                    "我来指挥",
                    "我当指挥",
                    "我做指挥",
                    "我是ic",
                    "我来当ic",
                )
            )
        ):
            return [*stated, Role(role="incident_commander", actor=line.actor, citations=[line.id])]
    return stated


def _fixes(voice: Voice, picks: Sequence[FixPick], milestones: Milestones) -> list[TemporaryFix]:
    found: list[TemporaryFix] = []
    start = milestones.detected.at
    for pick in picks:
        said = voice.say(pick.text, pick.ids)
        if said is None:
            continue
        first = voice.evidence.by_id[said.citations[0]]
        if start and first.at and first.at < start - timedelta(minutes=2):
            continue
        long_term = True if pick.effect in {"success", "partial"} else None
        fix = TemporaryFix(
            text=said.text,
            actor=first.actor,
            at=first.at,
            effect=pick.effect,
            needs_long_term=long_term,
            citations=said.citations,
        )
        if not any(_same_fix(fix, known) for known in found):
            found.append(fix)
    return found[:12]


def _same_fix(one: TemporaryFix, other: TemporaryFix) -> bool:
    """Told twice within two minutes by the same actor."""
    near = one.at and other.at and abs(one.at - other.at) < timedelta(minutes=2)
    return bool(near) and one.actor == other.actor
