"""Which lines become rows: milestones, then the most telling; one row a minute; moments that are told later, at their own.

What is not picked is counted, not shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from pm_agent.reading.candidates import Choice, Scene
from pm_agent.reading.clock_face import minute_of
from pm_agent.reading.course import acts_of
from pm_agent.reading.cues import stance_of
from pm_agent.reading.identifiers import identifiers
from pm_agent.reading.lines import Line
from pm_agent.reading.said_times import SaidTime, said_times
from pm_agent.reading.salience import Pick, bounds, kind_of, milestone_picks, repeats, scored, whole_words
from pm_agent.reading.sentences import split
from pm_agent.reading.substance import answered, is_terse
from pm_agent.reading.suspicion import suspicions
from pm_agent.reading.timeline_words import BETWEEN, cut, inner_quotes, row_words
from pm_agent.reading.topic import tokens
from pm_agent.reading.worth import crowding

MOST = 90
_IN_ONE_ROW = 3
"""Of more lines in one minute the row has the words of these, and cites all."""
_SHARE = 140
"""Characters of each where a row has the words of several."""
_LATER = timedelta(minutes=3)
"""A moment told within these minutes is the line's own."""
NAMED_BACK = timedelta(days=30)
"""A change may lie dormant for so long."""
MOST_NAMED = 4
_TOLD = 0.0
"""Score of a moment that is told later: such rows never displace what was written as it happened."""


def select(
    scene: Scene, choices: Mapping[str, Choice], blames: Callable[[str], bool] = lambda text: False
) -> list[Pick]:
    """Milestones first, then what scores high enough; one row a minute, as people write timelines.

    Args:
        scene: all lines of the incident.
        choices: the chosen milestones.
        blames: true for words that blame; such a line is a row only where it says something of weight beside.
    """
    picks = milestone_picks(choices)
    taken = {p.line.id for p in picks}
    window = bounds(scene, choices)
    crowd = crowding(scene, window)
    astray = {s.first.line.id for s in suspicions(scene, choices) if s.verdict == "ruled_out"}
    others = [
        p
        for line in scene.lines
        if line.id not in taken
        and line.id not in astray
        and not _only_blames(scene, line, blames)
        and (p := scored(scene, line, choices, window, crowd)) is not None
    ]
    others.sort(key=lambda p: -p.score)
    for pick in others[: MOST * 2]:
        if len(picks) < MOST and not any(repeats(pick, known) for known in picks):
            picks.append(pick)
    picks += _named_since(scene, picks, window)
    picks += _suspected(scene, choices, picks)
    picks += _afterwards(scene, window)
    picks += _told_later(scene, choices, picks, window)
    place = {line.id: number for number, line in enumerate(scene.lines)}
    picks.sort(key=lambda p: (p.at is None, p.at.timestamp() if p.at else 0.0))
    minutes = [list(group) for _, group in groupby(picks, key=lambda p: p.minute or p)]
    return [_together(scene, group, place) for group in minutes]


def _only_blames(scene: Scene, line: Line, blames: Callable[[str], bool]) -> bool:
    """True for a person's words that blame and say nothing of weight beside."""
    weighty = any(s.weight >= SURE and not s.past for s in scene.said.get(line.id, ()))
    return line.by_person and not weighty and blames(line.text)


def _named_since(scene: Scene, known: Sequence[Pick], window: tuple[datetime, datetime] | None) -> list[Pick]:
    """What machines wrote before the incident and people name while it lasts.

    A change by its commit, request, version or ticket; a bot's report by a figure of it and what it is about.
    """
    if window is None:
        return []
    talk = scene.talk(*window)
    named = Counter(i for line in talk for i in identifiers(line.text))
    quoted = [(figures_in(line.text), tokens(line.text)) for line in talk if figures_in(line.text)]
    taken = {p.line.id for p in known}
    found = []
    for line in scene.lines:
        if line.at is None or line.id in taken or not window[0] - NAMED_BACK <= line.at < window[0]:
            continue
        told = line.signal == "change_finished" or (line.kind == "deploy" and line.signal is None)
        if told and identifiers(line.text[:HEAD]) & named.keys():
            found.append(Pick(line, line.at, "change", line.text, _TOLD, False))
        elif line.kind == "chat" and line.actor_kind == "bot" and _is_quoted(line, quoted):
            found.append(Pick(line, line.at, "other", line.text, _TOLD, False))
    return found[-MOST_NAMED:]


def _is_quoted(line: Line, quoted: Sequence[tuple[frozenset[str], frozenset[str]]]) -> bool:
    """True where somebody repeats a figure of the line together with two of its words."""
    mine, words = figures_in(line.text), tokens(line.text)
    return any(mine & figures and len(words & told - mine) >= 2 for figures, told in quoted)


HEAD = 300
"""Characters of a deploy in which it says what it brings."""
_FIGURE = re.compile(r"(?<![\w.:#-])\d{1,3}(?:,\d{3})+(?![\w:-])|(?<![\w.:#-])\d{3,}(?![\w:-])")


def figures_in(text: str) -> frozenset[str]:
    """Figures of three digits and more, without separators."""
    return frozenset(found.replace(",", "") for found in _FIGURE.findall(text))


def _suspected(scene: Scene, choices: Mapping[str, Choice], known: Sequence[Pick]) -> list[Pick]:
    """The suspicions that the report lists, where they were first told: each cost time, whether it held or not."""
    taken = {p.line.id for p in known}
    return [
        Pick(s.first.line, s.first.at, "investigate", whole_words(s.first.line, s.first.words), _TOLD, False)
        for s in suspicions(scene, choices)
        if s.first.line.id not in taken and s.first.at == s.first.line.at and s.verdict != "ruled_out"
    ]


def _afterwards(scene: Scene, window: tuple[datetime, datetime] | None) -> list[Pick]:
    """What ends it for good a day later: the deploy of the lasting fix, the way back from a workaround."""
    if window is None:
        return []
    found = []
    for line in scene.lines:
        if line.at is None or line.id in scene.outside or not window[1] < line.at <= window[1] + AFTER:
            continue
        acts = {s.act for s in scene.said.get(line.id, ()) if not s.past and s.weight >= SURE}
        shipped = line.signal == "change_finished" and scene.topic.relevance(line.text) >= 1
        undone = line.by_person and {"fix_done", "recovered"} <= acts and "action" not in acts
        if shipped or undone:
            found.append(Pick(line, line.at, "change" if shipped else "mitigate", line.text, _TOLD, False))
    return found[:MOST_NAMED]


AFTER = timedelta(hours=48)
SURE = 2.0
"""Weight of a saying that needs no second sign."""


def _told_later(
    scene: Scene,
    choices: Mapping[str, Choice],
    known: Sequence[Pick],
    window: tuple[datetime, datetime] | None,
) -> list[Pick]:
    """Moments of the incident that somebody tells afterwards (`it began at 8:04`), in minutes where no row stands."""
    taken = {minute_of(p.at) + timedelta(minutes=n) for p in known if p.at for n in (-1, 0, 1)}
    found: list[Pick] = []
    for line, sentence, told in _moments(scene):
        said = _within(told, window, sure=not acts_of(scene, line) & {"ruled_out", "suspected"})
        if said and minute_of(said.at) not in taken and scene.topic.relevance(sentence):
            taken.add(minute_of(said.at))
            saying = next((s for s in scene.said.get(line.id, ()) if s.words == sentence), None)
            kind = kind_of(saying, line.model_copy(update={"at": said.at}), choices) if saying else "other"
            found.append(
                Pick(line, said.at, kind, whole_words(line, sentence), _TOLD, False, when=said.written)
            )
    return found


def _within(said: SaidTime, window: tuple[datetime, datetime] | None, *, sure: bool) -> SaidTime | None:
    """The moment in the incident's time; of two that the words may mean the one that lies there, if only one does.

    One whose day is named may lie before it, if the line is `sure`: `mon 2 nov 16:42, a customer called`.
    """
    if window is None:
        return None if said.or_at else said
    first = window[0] - NAMED_BACK if said.dated and sure else window[0]
    meant = [at for at in (said.at, said.or_at) if at and first <= at <= window[1]]
    return replace(said, at=meant[0]) if len(meant) == 1 else None


def _moments(scene: Scene) -> Iterator[tuple[Line, str, SaidTime]]:
    """The first past moment that each sentence of a person tells; questions and plans tell none."""
    for line in scene.lines:
        if not line.by_person or line.at is None or line.id in scene.outside:
            continue
        for sentence in split(line.text):
            stance = stance_of(sentence.text)
            if sentence.pasted or stance.question or stance.future:
                continue
            said = said_times(sentence.text, line.at, scene.timezone)
            if said and line.at - said[0].at >= _LATER and not said[0].begins_span:
                yield line, sentence.text, said[0]


def of_milestones(scene: Scene, choices: Mapping[str, Choice]) -> list[Pick]:
    """The rows of the chosen milestones alone, each its own."""
    place = {line.id: number for number, line in enumerate(scene.lines)}
    rows = [_in_context(scene, pick, place[pick.line.id]) for pick in milestone_picks(choices)]
    return [replace(row, words=row_words(row.words)) for row in rows]


def with_context(scene: Scene, ids: Sequence[str]) -> tuple[str, list[str]]:
    """The first line's own words, a terse line's with what it answers or goes on with, and all the lines that they cite."""
    place = next(number for number, line in enumerate(scene.lines) if line.id == ids[0])
    line = scene.lines[place]
    row = _in_context(scene, Pick(line, line.at, "other", line.text, 0.0, False), place)
    return row_words(row.words), list(dict.fromkeys([*ids, *row.ids]))


def _together(scene: Scene, picks: list[Pick], place: Mapping[str, int]) -> Pick:
    """One row of what was picked in one minute: the most telling is its kind, all of it its words."""
    whole = [_in_context(scene, pick, place[pick.line.id]) for pick in picks]
    if len(whole) == 1:
        return replace(whole[0], words=row_words(whole[0].words))
    main = max(whole, key=lambda p: p.score)
    told = sorted(whole, key=lambda p: -p.score)[:_IN_ONE_ROW]
    words = {line.id: cut(row_words(line.text), _SHARE) for p in told for line in p.context}
    own = {p.line.id: p.words for p in picks}
    words |= {p.line.id: cut(row_words(own[p.line.id]), _SHARE) for p in told}
    lines = {line.id: line for p in whole for line in (*p.context, p.line)}
    order = sorted(lines, key=place.__getitem__)
    return replace(
        main,
        words=BETWEEN.join(words[i] for i in order if i in words),
        key=any(p.key for p in whole),
        context=tuple(lines[i] for i in order if i != main.line.id),
    )


def _in_context(scene: Scene, pick: Pick, place: int) -> Pick:
    """A terse line together with what it answers or goes on with."""
    if not pick.line.by_person or not is_terse(pick.words):
        return pick
    before = [line for line in answered(scene.lines, place) if line.id not in scene.outside]
    words = pick.words
    for line in reversed(before):
        said = cut(row_words(line.text), 70)
        same = line.actor == pick.line.actor
        words = f"{said}{BETWEEN}{words}" if same else f"“{inner_quotes(said)}” → {words}"
    return replace(pick, words=words, context=tuple(before))
