"""Lines of evidence → timeline, milestones, window, severity, hypotheses and gaps.

The answer (rules or model) names lines and gives words. Times, order, milestones and gaps are computed here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Event, Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.llm import Backend, Task
from pm_agent.llm.tokens import room_for, weight
from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.clock_face import local_minute, minute_of
from pm_agent.reading.digest import ABOUT, About, notable
from pm_agent.reading.lines import Line, lines_of
from pm_agent.reading.milestones import choose
from pm_agent.reading.proposals import Proposal, anchors, settle, told_moment
from pm_agent.reading.said_times import SaidTime
from pm_agent.reading.salience import of_milestones, select
from pm_agent.reading.scene import read_scene
from pm_agent.reading.severity import highest, incident_kind, stated, value_of
from pm_agent.reading.suspicion import suspicions
from pm_agent.reading.timeline_words import row_words
from pm_agent.report import (
    ACTORS,
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
from pm_agent.rubric.blame import blameless
from pm_agent.rubric.gaps import find_gaps
from pm_agent.settings import Facts, Overrides, Settings
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


class EntryPick(BaseModel):
    """One row of the timeline: the ids of the lines that show it, another time that the first tells, and its words."""

    ids: list[str]
    when: str = ""
    kind: Literal[
        "change", "trigger", "detect", "notify", "acknowledge", "declare", "investigate", "cause_found", "mitigate", "recover", "confirm",
        "close", "communicate", "other",
    ]  # fmt: skip
    text: str
    key: bool


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


class TimelineAnswer(BaseModel):
    """Rows, milestones, hypotheses and notable lines; ids and words only."""

    entries: list[EntryPick]
    milestones: list[MilestonePick]
    hypotheses: list[HypothesisPick]
    notable: list[NotablePick]


def by_rules(inputs: TimelineIn) -> TimelineAnswer:
    """The rows that the cues of the lines pick; milestones are chosen by code either way."""
    scene = read_scene(inputs.lines, inputs.timezone, inputs.services)
    choices = choose(scene)
    picks = select(scene, choices)
    cause = choices["cause_found"].chosen
    telling = notable(inputs.lines, scene.said, inputs.timezone, cause.line if cause else None)
    return TimelineAnswer(
        entries=[EntryPick(ids=p.ids, kind=p.kind, text=row_words(p.words), key=p.key) for p in picks],
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
    rows = _numbered(evidence, _rows(voice, scene, choices, answer, facts.overrides))
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


def _rows(
    voice: Voice, scene: Scene, choices: Mapping[str, Choice], answer: TimelineAnswer, overrides: Overrides
) -> list[TimelineEntry]:
    """Rows of the answer that stand, rows of milestones it left out, rows the author pinned; in order of time."""
    evidence = voice.evidence
    see_line = phrase(evidence.language, "timeline.see_line")
    chosen: dict[str, list[tuple[str, Candidate]]] = {}
    for name, choice in choices.items():
        if choice.chosen:
            chosen.setdefault(choice.chosen.line.id, []).append((name, choice.chosen))
    drafts, again = _picked(voice, scene, answer, overrides, chosen)
    for spot in of_milestones(scene, choices) if drafts else select(scene, choices):
        if not _shows(evidence, drafts, spot.line.id):
            text = blameless(row_words(spot.words))[0] or see_line
            drafts[spot.line.id] = _Draft(spot.ids, spot.kind, text, spot.key)
    for pinned in overrides.pin:
        if pinned in evidence.by_id and not any(pinned in d.ids for d in drafts.values()):
            drafts[pinned] = _Draft(
                [pinned], "other", _own_words(evidence, pinned) or see_line, True, origin="human"
            )
    own = {
        i: (i, *(j for j in d.ids if j in chosen and j not in drafts)) for i, d in drafts.items()
    }  # a milestone belongs to the row of its own line, where it has one
    rows = [
        _row(evidence, draft, {i: chosen[i] for i in own[first] if i in chosen})
        for first, draft in drafts.items()
    ] + [_row(evidence, draft, chosen) for draft in again]
    rows += _second_moments(evidence, rows, drafts, choices)
    return rows + [
        _row_by_author(evidence.language, name, at)
        for name, at in overrides.milestones.items()
        if at and name in choices and _row_at(rows, at) is None
    ]


def _picked(
    voice: Voice, scene: Scene, answer: TimelineAnswer, overrides: Overrides, chosen: Collection[str]
) -> tuple[dict[str, _Draft], list[_Draft]]:
    """The answer's rows that stand by their first line; and further rows of lines that tell two moments."""
    evidence = voice.evidence
    see_line = phrase(evidence.language, "timeline.see_line")
    again: list[_Draft] = []
    drafts: dict[str, _Draft] = {}
    by_id = {line.id: line for line in scene.lines}
    before = anchors(scene.lines)
    for pick in answer.entries:
        ids = [
            i
            for i in dict.fromkeys(pick.ids)
            if i in by_id and not by_id[i].commands and i not in overrides.drop
        ]
        if not ids:
            continue
        moment = told_moment(by_id[ids[0]], pick.when, scene.timezone, before.get(ids[0]))
        if moment is None and by_id[ids[0]].at is None and by_id[ids[0]].relative is None:
            continue  # what nobody gave a time is told in the narrative, not in the timeline
        if ids[0] in drafts and (drafts[ids[0]].moment is None) == (moment is None):
            continue
        said = voice.say(pick.text, ids)
        text = said.text if said else _own_words(evidence, ids[0])
        if not text and ids[0] not in chosen:
            continue
        origin = said.origin if said else "evidence"
        draft = _Draft(ids, pick.kind, text or see_line, pick.key, origin, moment)
        if ids[0] in drafts:
            again.append(draft)
        else:
            drafts[ids[0]] = draft
    return drafts, again


def _shows(evidence: Evidence, drafts: Mapping[str, _Draft], id_: str) -> bool:
    """True where a row stands at the minute of this line and cites it."""
    event = evidence.by_id[id_]
    return any(id_ in d.ids and _same_minute(evidence.by_id[d.ids[0]], event) for d in drafts.values())


def _same_minute(one: Event, other: Event) -> bool:
    if one.at is None or other.at is None:
        return one.id == other.id
    return abs(one.at - other.at) < timedelta(minutes=1)


def _second_moments(
    evidence: Evidence,
    rows: Sequence[TimelineEntry],
    drafts: Mapping[str, _Draft],
    choices: Mapping[str, Choice],
) -> list[TimelineEntry]:
    """One line may tell two moments: `so it began at 8 when the campaign went live` is trigger and cause."""
    found = []
    for name, choice in choices.items():
        candidate = choice.chosen
        draft = drafts.get(candidate.line.id) if candidate else None
        if candidate is None or draft is None or name not in _KIND_BY_MILESTONE:
            continue
        if any(candidate.line.id in r.citations and _row_at([r], candidate.at) for r in rows):
            continue
        at_its_time = replace(draft, moment=None, kind=_KIND_BY_MILESTONE[name])
        found.append(_row(evidence, at_its_time, {candidate.line.id: [(name, candidate)]}))
    return found


def _numbered(evidence: Evidence, rows: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """In order of time, then of the evidence; a row without a time stays behind what its file tells before it."""
    place = {event.id: n for n, event in enumerate(evidence.events)}
    before = anchors(lines_of(evidence))

    def order(row: TimelineEntry) -> tuple[bool, float, int]:
        first = row.citations[0] if row.citations else ""
        at = row.at or before.get(first)
        return at is None, at.timestamp() if at else 0.0, place.get(first, 0)

    return [row.model_copy(update={"id": f"T{n:02d}"}) for n, row in enumerate(sorted(rows, key=order), 1)]


def _row_at(rows: Sequence[TimelineEntry], at: datetime) -> TimelineEntry | None:
    """The row in the minute that the author gives."""
    return next((r for r in rows if r.at and abs(r.at - at) < timedelta(minutes=1)), None)


def _row_by_author(language: Language, milestone: str, at: datetime) -> TimelineEntry:
    text = phrase(language, "timeline.set_by_author", name=phrase(language, f"milestone.name.{milestone}"))
    kind = _KIND_BY_MILESTONE.get(milestone, "other")
    return TimelineEntry(id="T", at=at, kind=kind, text=text, key=True, origin="human", citations=[])


def _own_words(evidence: Evidence, id_: str) -> str:
    """The line's own words, blameless; empty where they can't be made so."""
    return blameless(row_words(evidence.by_id[id_].text))[0]


@dataclass(frozen=True)
class _Draft:
    ids: list[str]
    kind: str
    text: str
    key: bool
    origin: Literal["evidence", "model", "human"] = "evidence"
    moment: SaidTime | None = None
    """The moment that the first line tells, where it is not its own."""


_KIND_BY_MILESTONE = {
    "trigger": "trigger",
    "detected": "detect",
    "cause_found": "cause_found",
    "recovered": "recover",
    "declared": "declare",
    "closed": "close",
}


def _milestone_of(
    evidence: Evidence, draft: _Draft, chosen: Mapping[str, Sequence[tuple[str, Candidate]]]
) -> tuple[str, Candidate] | None:
    """The milestone that a row shows: at its moment; else one whose line tells its time only by the way."""
    first = evidence.by_id[draft.ids[0]]
    at = draft.moment.at if draft.moment else first.at
    mine = [pair for i in draft.ids if _same_minute(first, evidence.by_id[i]) for pair in chosen.get(i, ())]
    same = [pair for pair in mine if at and abs(pair[1].at - at) < timedelta(minutes=1)]
    told = [
        (name, c)
        for name, c in mine
        if draft.moment is None and (draft.origin != "model" or _KIND_BY_MILESTONE.get(name) == draft.kind)
    ]
    return next(iter(same or told), None)


def _row(
    evidence: Evidence, draft: _Draft, chosen: Mapping[str, Sequence[tuple[str, Candidate]]]
) -> TimelineEntry:
    first = evidence.by_id[draft.ids[0]]
    milestone = _milestone_of(evidence, draft, chosen)
    at, precision, kind, key, note = first.at, first.precision, draft.kind, draft.key, ""
    if draft.moment is not None:
        at, precision = draft.moment.at, draft.moment.precision
    if milestone is not None:
        name, candidate = milestone
        kind, key = _KIND_BY_MILESTONE.get(name, kind), key or name in _KIND_BY_MILESTONE
        if candidate.at != candidate.line.at:
            at, precision = candidate.at, candidate.precision
    if at and first.at and abs(at - first.at) >= timedelta(minutes=1):
        note = phrase(evidence.language, "timeline.said_later", at=_clock(evidence, first.at))
    if first.severity and first.kind == "alert":
        note = note or phrase(evidence.language, "timeline.alert_severity", severity=first.severity)
    if first.count > 1:
        note = note or phrase(evidence.language, "timeline.lines", count=first.count)
    return TimelineEntry(
        id="T", at=at, relative=None if at else first.relative, until=first.until, precision=precision,
        kind=kind, text=draft.text, actor=_actors(evidence, draft.ids), note=note, key=key,
        origin=draft.origin, citations=draft.ids,
    )  # fmt: skip


def _actors(evidence: Evidence, ids: Sequence[str]) -> str | None:
    """Who did or said it: the actors of the row's minute, that of its first line first."""
    first = evidence.by_id[ids[0]]
    there = [evidence.by_id[i] for i in ids if i == ids[0] or _in_minute(first, evidence.by_id[i])]
    return ACTORS.join(dict.fromkeys(e.actor for e in there if e.actor)) or None


def _in_minute(one: Event, other: Event) -> bool:
    """True for two events that are printed with the same minute."""
    return bool(one.at and other.at and minute_of(one.at) == minute_of(other.at))


def _clock(evidence: Evidence, at: datetime | None) -> str:
    return local_minute(at, evidence.timezone) if at else "?"


def _milestones(
    evidence: Evidence, choices: Mapping[str, Choice], rows: Sequence[TimelineEntry], overrides: Overrides
) -> Milestones:
    found: dict[str, Milestone] = {}
    row_of = {i: row.id for row in rows for i in row.citations}

    def entry_of(candidate: Candidate) -> str | None:
        """The row that shows it at its moment; a line may have two."""
        mine = [row for row in rows if candidate.line.id in row.citations]
        at_its_time = _row_at(mine, candidate.at)
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
            row = _row_at(rows, given) if given else None
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
