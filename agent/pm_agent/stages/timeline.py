"""Lines of evidence → timeline, milestones, window, severity, hypotheses and gaps.

The answer (rules or model) names lines and gives words. Times, order, milestones and gaps are computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.llm import Backend, Task
from pm_agent.llm.tokens import room_for, weight
from pm_agent.reading.candidates import Candidate, Choice
from pm_agent.reading.digest import ABOUT, About, notable
from pm_agent.reading.lines import Line, lines_of
from pm_agent.reading.milestones import choose
from pm_agent.reading.proposals import Proposal, settle
from pm_agent.reading.scene import read_scene
from pm_agent.reading.selection import select
from pm_agent.reading.severity import highest, incident_kind, stated, value_of
from pm_agent.reading.suspicion import suspicions
from pm_agent.reading.timeline_words import row_words
from pm_agent.report import (
    Alternative,
    Hypothesis,
    IncidentType,
    Milestone,
    Milestones,
    ReportGap,
    Severity,
    SeverityChange,
    TimelineEntry,
    Window,
)
from pm_agent.rubric import blame
from pm_agent.rubric.gaps import find_gaps
from pm_agent.settings import Facts, Overrides, Settings
from pm_agent.timeline_rows import EntryPick, row_at, rows_of
from pm_agent.wording import Voice


class TimelineIn(BaseModel):
    """What the timeline question may mention."""

    model_config = ConfigDict(frozen=True)
    lines: list[Line]
    timezone: str
    services: list[str]
    part: int = 1
    parts: int = 1
    """More than one where the lines are a window of the evidence."""


class MilestonePick(BaseModel):
    """The line that shows a milestone; an empty id where none does."""

    name: Literal[
        "impact_start", "trigger", "detected", "acknowledged", "declared", "cause_found", "mitigated", "fixed", "recovered", "closed",
    ]  # fmt: skip
    id: str
    when: str = ""


class HypothesisPick(BaseModel):
    """A suspected cause, with the ids of the lines for and against it."""

    text: str
    verdict: Literal["confirmed", "ruled_out", "open"]
    supporting: list[str]
    contradicting: list[str]


class NotablePick(BaseModel):
    """The ids of the lines that later questions are about."""

    about: About
    ids: list[str]


class BlamePick(BaseModel):
    """Blaming wording of a line: its words as they stand there, the rule it offends, and the same without blame."""

    id: str
    words: str
    rule: Literal[
        "human_error", "person_fault", "self_blame", "judgement", "counterfactual", "hindsight", "accident", "accusation", "sarcasm",
        "responsibility",
    ]  # fmt: skip
    neutral: str


class TimelineAnswer(BaseModel):
    """Rows, milestones, hypotheses, notable lines and blaming wording; ids and words only."""

    entries: list[EntryPick]
    milestones: list[MilestonePick]
    hypotheses: list[HypothesisPick]
    notable: list[NotablePick]
    blame: list[BlamePick]


def by_rules(inputs: TimelineIn) -> TimelineAnswer:
    """The rows that the cues of the lines pick; milestones are chosen by code either way."""
    scene = read_scene(inputs.lines, inputs.timezone, inputs.services)
    choices = choose(scene)
    picks = select(scene, choices, lambda text: bool(blame.find(text)))
    cause = choices["cause_found"].chosen
    telling = notable(inputs.lines, scene.said, inputs.timezone, cause.line if cause else None)
    return TimelineAnswer(
        entries=[EntryPick(ids=p.ids, when=p.when, kind=p.kind, text=p.words, key=p.key) for p in picks],
        milestones=[],
        hypotheses=[
            HypothesisPick(
                text=row_words(s.first.words),
                verdict=s.verdict,
                supporting=s.supporting,
                contradicting=s.contradicting,
            )
            for s in suspicions(scene, choices)
        ],
        notable=[NotablePick(about=about, ids=ids) for about, ids in telling.items()],
        blame=[],  # the rules read every line for it
    )


TASK = Task("timeline", TimelineIn, TimelineAnswer, by_rules)


@dataclass(frozen=True)
class TimelinePart:
    """What this stage writes into the report."""

    timeline: list[TimelineEntry]
    milestones: Milestones
    window: Window
    severity: Severity
    incident_type: IncidentType
    services: list[str]
    hypotheses: list[Hypothesis]
    gaps: list[ReportGap]
    notable: dict[About, list[str]]
    """Ids of the lines that later questions are about."""
    blame: list[BlamePick] = field(default_factory=list)
    """What a model found beside the rules; unchecked."""
    rejected: list[str] = field(default_factory=list)
    """Words of an answer that no cited line supports; counted as findings."""


async def build_timeline(evidence: Evidence, settings: Settings, backend: Backend) -> TimelinePart:
    """Ask for rows and milestones, then compute everything that is a time or a number."""
    facts = settings.facts
    lines = lines_of(evidence)
    asked = TimelineIn(
        lines=[line for line in lines if line.id not in facts.overrides.drop],
        timezone=evidence.timezone,
        services=facts.services,
    )
    answer = await backend.run(TASK, asked)
    scene = read_scene(lines, evidence.timezone, facts.services, facts.overrides.drop)
    choices = settle(scene, choose(scene), _proposed(answer.milestones))
    voice = Voice(evidence, backend.speaks)
    if (
        voice.wary
    ):  # later questions see what the rules found telling, whatever a line told the model to leave out
        answer = answer.model_copy(update={"notable": [*by_rules(asked).notable, *answer.notable]})
    rows = rows_of(voice, scene, choices, answer.entries, facts.overrides)
    milestones = _milestones(evidence, choices, rows, facts.overrides)
    return TimelinePart(
        timeline=rows,
        milestones=milestones,
        window=_window(milestones, rows),
        severity=_severity(lines, settings),
        incident_type=_incident_type(rows),
        services=facts.services,
        hypotheses=_hypotheses(voice, answer),
        gaps=find_gaps(evidence, milestones),
        notable=_notable(lines, answer, backend.speaks),
        blame=[] if voice.wary else answer.blame,
        rejected=voice.rejected,
    )


def _proposed(picks: Sequence[MilestonePick]) -> dict[str, list[Proposal]]:
    found: dict[str, list[Proposal]] = {}
    for pick in picks:
        found.setdefault(pick.name, []).append(Proposal(pick.id, pick.when))
    return found


def _notable(lines: Sequence[Line], answer: TimelineAnswer, speaks: bool) -> dict[About, list[str]]:
    """The answer's notable lines in the order of the evidence; ids that do not exist are dropped.

    What a model named is cut to a share of the evidence, the most telling lines of each matter first, so that
    asking about them again costs little beside reading everything once.
    """
    size = {line.id: weight([line.text]) for line in lines} if speaks else {}
    wanted: dict[About, list[str]] = {about: [] for about in ABOUT}
    known = {line.id for line in lines}
    for pick in answer.notable:
        wanted[pick.about] += [i for i in pick.ids if i in known]
    kept = _within(wanted, size, room_for(sum(size.values()), SHARE, ALWAYS)) if speaks else known
    return {
        about: [line.id for line in lines if line.id in kept and line.id in ids]
        for about, ids in wanted.items()
    }


def _within(wanted: Mapping[About, Sequence[str]], size: Mapping[str, int], room: float) -> set[str]:
    """The ids that fit, the first of each matter before the second of any."""
    kept: set[str] = set()
    for ids in zip_longest(*wanted.values()):
        for id_ in ids:
            if id_ is not None and id_ not in kept and size[id_] <= room:
                room -= size[id_]
                kept.add(id_)
    return kept


SHARE, ALWAYS = 0.12, 4_000
"""Part of large evidence that later questions may show again, and the tokens of small evidence."""


def _milestones(
    evidence: Evidence, choices: Mapping[str, Choice], rows: Sequence[TimelineEntry], overrides: Overrides
) -> Milestones:
    found: dict[str, Milestone] = {}
    row_of = {i: row.id for row in rows for i in row.citations}

    def entry_of(candidate: Candidate) -> str | None:
        """The row that shows it at its moment; a line may have two."""
        mine = [row for row in rows if candidate.line.id in row.citations]
        at_its_time = row_at(mine, candidate.at)
        return at_its_time.id if at_its_time else row_of.get(candidate.line.id)

    for name, choice in choices.items():
        others = [_alternative(evidence.language, c, code, row_of) for c, code in choice.others]
        reason = phrase(evidence.language, f"milestone.reason.{choice.reason}")
        chosen = choice.chosen
        if chosen is None:
            found[name] = Milestone(reason=reason, alternatives=others)
        else:
            found[name] = Milestone(
                at=chosen.at,
                precision=chosen.precision,
                entry=entry_of(chosen),
                citations=[chosen.line.id],
                alternatives=others,
                reason=reason,
            )
        if name in overrides.milestones:
            given = overrides.milestones[name]
            row = row_at(rows, given) if given else None
            entry = row.id if row else None
            text = phrase(evidence.language, "milestone.reason.by_author")
            found[name] = Milestone(
                at=given, entry=entry, citations=[], alternatives=others, reason=text, origin="human"
            )
    return Milestones(**found)


def _alternative(
    language: Language, candidate: Candidate, code: str, row_of: Mapping[str, str]
) -> Alternative:
    words = row_words(candidate.words)[:120]
    return Alternative(
        at=candidate.at,
        entry=row_of.get(candidate.line.id),
        why_not=phrase(language, f"milestone.why_not.{code}", words=words),
    )


def _window(milestones: Milestones, rows: Sequence[TimelineEntry]) -> Window:
    starts = [m.at for m in (milestones.impact_start, milestones.trigger, milestones.detected) if m.at]
    ends = [m.at for m in (milestones.closed, milestones.recovered) if m.at]
    return Window(start=min(starts, default=None), end=max(ends, default=None))


def _severity(lines: Sequence[Line], settings: Settings) -> Severity:
    facts: Facts = settings.facts
    found = stated(lines, settings.severity_map)
    history = [SeverityChange(at=s.line.at, label=s.label, citations=[s.line.id]) for s in found]
    by_hand = facts.overrides.severity or facts.severity
    if by_hand:
        return Severity(
            value=value_of(by_hand, settings.severity_map), label=by_hand, history=history, origin="human"
        )
    top = highest(found)
    if top is None:
        return Severity(history=history)
    return Severity(value=top.value, label=top.label, history=history, citations=[top.line.id])


def _incident_type(rows: Sequence[TimelineEntry]) -> IncidentType:
    kind, rows_ids = incident_kind([(row.id, row.text) for row in rows])
    cited = [c for row in rows if row.id in rows_ids for c in row.citations]
    return IncidentType(value=kind, citations=cited[:3])


def _hypotheses(voice: Voice, answer: TimelineAnswer) -> list[Hypothesis]:
    found = []
    known = voice.evidence.by_id
    for pick in answer.hypotheses:
        supporting = [i for i in pick.supporting if i in known]
        contradicting = [i for i in pick.contradicting if i in known]
        said = voice.say(pick.text, [*supporting, *contradicting])
        if said is not None:
            found.append(
                Hypothesis(
                    text=said.text, verdict=pick.verdict, supporting=supporting, contradicting=contradicting
                )
            )
    return found
