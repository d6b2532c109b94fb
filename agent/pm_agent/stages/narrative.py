"""Everything found so far → title, summary, what happened, one sentence, and the meeting's open questions.

With rules the sentences are composed from milestones and metrics; each carries the citations of what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase, span
from pm_agent.llm import Backend, Task
from pm_agent.llm.tokens import room_for, upper_estimate, weight
from pm_agent.reading.clock_face import local, local_minute
from pm_agent.reading.timeline_words import BETWEEN, cut, inner_quotes
from pm_agent.reading.topic import tokens
from pm_agent.report import (
    ActionItem,
    Ask,
    Cause,
    Impact,
    Meeting,
    Metric,
    Metrics,
    Milestone,
    Milestones,
    RootCauses,
    Statement,
    TemporaryFix,
    TimelineEntry,
    Why,
)
from pm_agent.settings import Settings
from pm_agent.wording import Voice


@dataclass(frozen=True)
class Story:
    """All that the narrative may speak of."""

    timeline: Sequence[TimelineEntry]
    milestones: Milestones
    metrics: Metrics
    impact: Impact
    whys: Sequence[Why]
    root_causes: RootCauses
    fixes: Sequence[TemporaryFix]
    actions: Sequence[ActionItem]
    unknowns: Sequence[Statement]


class NarrativeIn(BaseModel):
    """What the narrative question may mention: rows and facts, each with the ids behind it."""

    model_config = ConfigDict(frozen=True)
    facts: list[Fact]


class Fact(BaseModel):
    """One thing the report already says, with its evidence."""

    model_config = ConfigDict(frozen=True)
    about: str
    text: str
    ids: list[str]


class SentencePick(BaseModel):
    """One sentence and the ids of the evidence behind it."""

    ids: list[str]
    text: str


class NarrativeAnswer(BaseModel):
    """Summary of two to four sentences, the story in order, and one sentence; empty where the composed one should stand."""

    title: str
    summary: list[SentencePick]
    narrative: list[SentencePick]
    one_line: SentencePick | None


NarrativeIn.model_rebuild()


def by_rules(inputs: NarrativeIn) -> NarrativeAnswer:
    """Nothing beyond the composed sentences."""
    return NarrativeAnswer(title="", summary=[], narrative=[], one_line=None)


TASK = Task("narrative", NarrativeIn, NarrativeAnswer, by_rules)


@dataclass(frozen=True)
class NarrativePart:
    """What this stage writes into the report."""

    title: str
    summary: list[Statement]
    narrative: list[Statement]
    one_line: Statement
    meeting: Meeting
    rejected: list[str]


async def build_narrative(
    evidence: Evidence, settings: Settings, story: Story, timezone: str, backend: Backend
) -> NarrativePart:
    """Compose, ask for better prose where a model speaks, keep only sentences that their evidence bears."""
    composed = _composed_summary(evidence, story, timezone)
    voice = Voice(evidence, backend.speaks, timezone, frozenset(_computed(story, timezone)))
    answer = await backend.run(TASK, NarrativeIn(facts=_facts(evidence, story, timezone)))
    summary = _kept(voice, "S", answer.summary)
    narrative = _kept(voice, "N", answer.narrative)
    one = _kept(voice, "O", [answer.one_line] if answer.one_line else [])
    cited = [c for row in story.timeline for c in row.citations]
    said = voice.say(answer.title, cited) if answer.title.strip() else None
    title = said.text.rstrip(".。") if said else ""
    return NarrativePart(
        title=settings.facts.title or title or _title(evidence, story, timezone),
        summary=summary[:4] if len(summary) >= 2 else composed,
        narrative=narrative or _composed_story(evidence.language, story, timezone),
        one_line=one[0] if one else _one_line(evidence, story),
        meeting=_meeting(settings, story, evidence.language),
        rejected=voice.rejected,
    )


ROWS, STATED, PLANNED = 14, 5, 4
"""How many rows, impact statements and planned actions the prose is written from; the report lists them all."""
_TURNS = {"trigger", "detected", "cause_found", "fixed", "recovered"}
"""Without these rows the prose would say that the evidence does not tell them."""
SHARE, ALWAYS = 0.12, 4_000
"""Part of large evidence that the facts may take, and the tokens beside small evidence."""


def _facts(evidence: Evidence, story: Story, timezone: str) -> list[Fact]:
    """What the prose may be written from: the rows that carry the story, durations, impact, causes, plans, what is missing."""
    rest = [*_spans(story, timezone), *_stated(story), *_lacking(evidence.language, story)]
    room = room_for(weight(e.text for e in evidence.events), SHARE, ALWAYS)
    room -= sum(_cost(fact) for fact in rest)
    turns = {m.entry for n, m in story.milestones.items() if m.entry and n in _TURNS}
    keys = [e for e in story.timeline if e.key or e.id in turns] or list(story.timeline)
    kept: set[str] = set()
    for row in sorted(keys, key=lambda e: e.id not in turns)[:ROWS]:
        room -= _cost(_row(row, timezone))
        if room < 0 and row.id not in turns and kept:
            break
        kept.add(row.id)
    return [*(_row(e, timezone) for e in story.timeline if e.id in kept), *rest]


def _cost(fact: Fact) -> int:
    return upper_estimate(f"{fact.about}: {fact.text} {' '.join(fact.ids)}") + 4


def _row(row: TimelineEntry, timezone: str) -> Fact:
    at = local_minute(row.at, timezone) if row.at else "--:--"
    return Fact(about=f"{at} {row.kind}", text=row.text, ids=row.citations)


def _began(story: Story) -> datetime | None:
    """When the incident was noticed, else set off, else its first row: rows of days before tell of something earlier."""
    known = (story.milestones.detected.at, story.milestones.trigger.at, story.milestones.impact_start.at)
    return next((at for at in known if at), next((e.at for e in story.timeline if e.at), None))


def _spans(story: Story, timezone: str) -> list[Fact]:
    """The day, and the durations that code computed."""
    first = _began(story)
    found = [Fact(about="date", text=f"{local(first, timezone):%Y-%m-%d}", ids=[])] if first else []
    return found + [
        Fact(about=f"{_SPANS[n]}, minutes", text=str(m.minutes), ids=[])
        for n, m in _metrics(story.metrics)
        if m.minutes is not None and n in _SPANS
    ]


def _stated(story: Story) -> list[Fact]:
    """Impact, whys and plans as the report has them."""
    known = [s for s in _impact(story.impact) if s.support == "supported"]
    found = [Fact(about="impact", text=s.text, ids=s.citations) for s in known[:STATED]]
    for why in story.whys:
        if why.answer.support != "unknown":
            doubt = "suspected " if why.answer.support == "hypothesis" else ""
            about = f"{doubt}why ({why.branch}, {why.level})"
            found.append(Fact(about=about, text=why.answer.text, ids=why.answer.citations))
    planned = [a for a in story.actions if a.origin == "evidence"]
    return found + [Fact(about="planned", text=a.text, ids=a.citations) for a in planned[:PLANNED]]


def _lacking(language: Language, story: Story) -> list[Fact]:
    """What the evidence does not tell, so that the prose says so."""
    there = {
        "cause": any(w.answer.support != "unknown" for w in story.whys),
        "fix": bool(story.milestones.fixed.at or story.fixes),
        "recovery": story.milestones.recovered.at is not None,
        "plan": any(a.origin == "evidence" for a in story.actions),
    }
    blank = phrase(language, "not_in_evidence")
    return [Fact(about=name, text=blank, ids=[]) for name, told in there.items() if not told]


_SPANS = {"mttd": "trigger to detection", "mttr": "trigger to recovery", "duration": "impact lasted"}


def _metrics(metrics: Metrics) -> list[tuple[str, Metric]]:
    return [(name, getattr(metrics, name)) for name in type(metrics).model_fields]


def _impact(impact: Impact) -> list[Statement]:
    return [impact.scope, *impact.users, *impact.business, *impact.technical]


def _computed(story: Story, timezone: str) -> set[str]:
    """Times and durations that the report prints and so may be repeated."""
    found = {local_minute(m.at, timezone) for _, m in story.milestones.items() if m.at}
    found |= {str(m.minutes) for _, m in _metrics(story.metrics) if m.minutes is not None}
    found |= {f"{local(m.at, timezone):%Y-%m-%d}" for _, m in story.milestones.items() if m.at}
    hours = [m.minutes for _, m in _metrics(story.metrics) if m.minutes]
    return found | {str(n // 60) for n in hours} | {str(n % 60) for n in hours} | {"0"}


def _kept(voice: Voice, prefix: str, picks: Iterable[SentencePick]) -> list[Statement]:
    said = [one for pick in picks if (one := voice.say(pick.text, pick.ids))]
    return [
        Statement(id=f"{prefix}{n}", text=one.text, citations=one.citations, origin="model")
        for n, one in enumerate(said, 1)
    ]


def _title(evidence: Evidence, story: Story, timezone: str) -> str:
    began = _began(story)
    day = f"{local(began, timezone):%Y-%m-%d}" if began else ""
    row = next((e for e in story.timeline if e.id == story.milestones.detected.entry), None)
    what = (
        cut(_told(evidence, row, story.milestones.detected), 60)
        if row
        else phrase(evidence.language, "narrative.incident")
    )
    return phrase(evidence.language, "narrative.title", what=what, day=day).strip()


def _composed_summary(evidence: Evidence, story: Story, timezone: str) -> list[Statement]:
    language, milestones = evidence.language, story.milestones
    found: list[Statement] = []

    def add(code: str, citations: list[str], **values: object) -> None:
        origin = "evidence" if citations else "human"
        found.append(
            Statement(
                id=f"S{len(found) + 1}",
                text=_one_stop(phrase(language, f"narrative.{code}", **values)),
                citations=citations,
                origin=origin,
            )
        )

    first = next((e for e in story.timeline if e.id == milestones.detected.entry), None)
    if first and first.at:
        at = f"{local(first.at, timezone):%Y-%m-%d %H:%M}"
        add("began", first.citations, at=at, what=cut(_told(evidence, first, milestones.detected), 120))
    if milestones.recovered.at and story.metrics.duration.minutes is not None:
        start = milestones.impact_start if milestones.impact_start.at else milestones.trigger
        add(
            "lasted",
            [*start.citations, *milestones.recovered.citations],
            span=span(language, story.metrics.duration.minutes),
            at=_day_and_minute(start.at, milestones.recovered.at, timezone),
        )
    elif milestones.recovered.at:
        add("recovered", milestones.recovered.citations, at=local_minute(milestones.recovered.at, timezone))
    if story.root_causes.technical:
        cause = story.root_causes.technical[0]
        add("cause", cause.citations, cause=cut(cause.text, 140))
    if story.impact.scope.support == "supported":
        add("impact", story.impact.scope.citations, impact=cut(story.impact.scope.text, 120))
    return found[:4] or [_nothing(language)]


def _day_and_minute(start: datetime | None, end: datetime, timezone: str) -> str:
    """The minute of the end, with its day where that is another one than the start's."""
    same = start is None or local(start, timezone).date() == local(end, timezone).date()
    return local_minute(end, timezone) if same else f"{local(end, timezone):%Y-%m-%d %H:%M}"


_STOPS = re.compile(r"([.。!！?？…])[.。]$")


def _one_stop(sentence: str) -> str:
    """A sentence that ends with quoted words keeps their mark: `any issues?`, not `any issues?.`."""
    return _STOPS.sub(r"\1", sentence)


def _quotable(text: str, limit: int) -> str:
    """Words that stand between quotation marks: theirs are single, and their full stop goes."""
    return cut(inner_quotes(text).rstrip(".。 "), limit)


def _nothing(language: Language) -> Statement:
    ask = Ask(whom=phrase(language, "ask.summary.whom"), question=phrase(language, "ask.summary.question"))
    return Statement(id="S1", text=phrase(language, "not_in_evidence"), support="unknown", ask=ask)


def _composed_story(language: Language, story: Story, timezone: str) -> list[Statement]:
    """The key rows as prose, for templates that want a paragraph."""
    rows = [e for e in story.timeline if e.key and e.at] or [e for e in story.timeline if e.at][:8]
    return [
        Statement(
            id=f"N{n}",
            text=phrase(language, "narrative.row", at=local_minute(e.at, timezone), what=e.text),
            citations=e.citations,
            origin=e.origin,
        )
        for n, e in enumerate(rows, 1)
        if e.at and (e.citations or e.origin == "human")
    ]


def _told(evidence: Evidence, row: TimelineEntry, milestone: Milestone) -> str:
    """Of a row with the words of a whole minute, those of the line that shows the milestone."""
    shown = tokens(" ".join(evidence.by_id[i].text for i in milestone.citations if i in evidence.by_id))
    return max(row.text.split(BETWEEN), key=lambda part: len(tokens(part) & shown))


def _one_line(evidence: Evidence, story: Story) -> Statement:
    language = evidence.language
    cause: Cause | None = story.root_causes.technical[0] if story.root_causes.technical else None
    fix = next((e for e in story.timeline if e.id == story.milestones.fixed.entry), None)
    plan = [a for a in story.actions if a.origin == "evidence"]
    blank = phrase(language, "narrative.unknown_part")
    text = phrase(
        language,
        "narrative.one_line",
        cause=_quotable(cause.text, 100) if cause else blank,
        fix=_quotable(_told(evidence, fix, story.milestones.fixed), 80) if fix else blank,
        plan=_quotable(plan[0].text, 80) if plan else blank,
    )
    citations = [
        *(cause.citations if cause else []),
        *(fix.citations if fix else []),
        *(plan[0].citations if plan else []),
    ]
    if citations:
        return Statement(id="O1", text=text, citations=list(dict.fromkeys(citations)))
    ask = Ask(whom=phrase(language, "ask.summary.whom"), question=phrase(language, "ask.summary.question"))
    return Statement(id="O1", text=text, support="unknown", ask=ask)


def _meeting(settings: Settings, story: Story, language: Language) -> Meeting:
    facts = settings.facts.meeting
    ask = Ask(whom=phrase(language, "ask.meeting.whom"), question=phrase(language, "ask.meeting.question"))
    conclusions = [Statement(id="M1", text=phrase(language, "not_in_evidence"), support="unknown", ask=ask)]
    return Meeting(
        at=facts.at,
        facilitator=facts.facilitator,
        participants=list(facts.participants),
        conclusions=conclusions,
        open_questions=list(story.unknowns),
        guide=[phrase(language, f"meeting.guide.{n}") for n in range(1, 6)],
    )
