"""Picked lines → rows of the timeline: timed by code, in words that their lines bear, each with its sources.

A row of a chosen milestone that was not picked is added; what the author pinned or timed stands as the author's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel

from pm_agent.evidence import Event, Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.clock_face import local_minute, minute_of
from pm_agent.reading.lines import lines_of
from pm_agent.reading.proposals import anchors, told_moment
from pm_agent.reading.said_times import SaidTime
from pm_agent.reading.selection import of_milestones, select, with_context
from pm_agent.reading.substance import is_bare
from pm_agent.reading.timeline_words import row_words
from pm_agent.report import ACTORS, TimelineEntry
from pm_agent.rubric.blame import blameless
from pm_agent.settings import Overrides
from pm_agent.wording import Voice


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


def rows_of(
    voice: Voice,
    scene: Scene,
    choices: Mapping[str, Choice],
    picks: Sequence[EntryPick],
    overrides: Overrides,
) -> list[TimelineEntry]:
    """Rows of the answer that stand, rows of milestones it left out, rows the author pinned; in order of time."""
    evidence = voice.evidence
    see_line = phrase(evidence.language, "timeline.see_line")
    chosen: dict[str, list[tuple[str, Candidate]]] = {}
    for name, choice in choices.items():
        if choice.chosen:
            chosen.setdefault(choice.chosen.line.id, []).append((name, choice.chosen))
    drafts, again = _picked(voice, scene, picks, overrides, chosen)
    for spot in of_milestones(scene, choices) if drafts else select(scene, choices):
        if not _shows(evidence, drafts, spot.line.id):
            text = blameless(spot.words)[0] or see_line
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
    rows += [
        _row_by_author(evidence.language, name, at)
        for name, at in overrides.milestones.items()
        if at and name in choices and row_at(rows, at) is None
    ]
    return _numbered(evidence, rows)


def _picked(
    voice: Voice, scene: Scene, picks: Sequence[EntryPick], overrides: Overrides, chosen: Collection[str]
) -> tuple[dict[str, _Draft], list[_Draft]]:
    """The answer's rows that stand by their first line; and further rows of lines that tell two moments."""
    evidence = voice.evidence
    see_line = phrase(evidence.language, "timeline.see_line")
    again: list[_Draft] = []
    drafts: dict[str, _Draft] = {}
    by_id = {line.id: line for line in scene.lines}
    before = anchors(scene.lines)
    for pick in picks:
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
        if said is None:  # its words are not borne by its lines: the lines' own instead
            own, ids = with_context(scene, ids)
        text = said.text if said else blameless(own)[0]
        if ids[0] not in chosen and (not text or (said is None and is_bare(own))):
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
    """True for one event, and for two that are printed with the same minute."""
    if one.at is None or other.at is None:
        return one.id == other.id
    return minute_of(one.at) == minute_of(other.at)


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
        if candidate is None or draft is None:
            continue
        if any(candidate.line.id in r.citations and row_at([r], candidate.at) for r in rows):
            continue
        moment = SaidTime(candidate.at, candidate.precision, "", 0)
        at_its_time = replace(draft, moment=moment, kind=_KIND_BY_MILESTONE.get(name, draft.kind))
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


def row_at(rows: Sequence[TimelineEntry], at: datetime) -> TimelineEntry | None:
    """The row that is printed with the minute of this moment."""
    return next((r for r in rows if r.at and minute_of(r.at) == minute_of(at)), None)


def _row_by_author(language: Language, milestone: str, at: datetime) -> TimelineEntry:
    text = phrase(language, "timeline.set_by_author", name=phrase(language, f"milestone.name.{milestone}"))
    kind = _KIND_BY_MILESTONE.get(milestone, "other")
    return TimelineEntry(id="T", at=at, kind=kind, text=text, key=True, origin="human", citations=[])


def _own_words(evidence: Evidence, id_: str) -> str:
    """The line's own words, blameless; empty where they can't be made so."""
    return blameless(row_words(evidence.by_id[id_].text))[0]


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
    there = [evidence.by_id[i] for i in ids if _same_minute(first, evidence.by_id[i])]
    return ACTORS.join(dict.fromkeys(e.actor for e in there if e.actor)) or None


def _clock(evidence: Evidence, at: datetime | None) -> str:
    return local_minute(at, evidence.timezone) if at else "?"
