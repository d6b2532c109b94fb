"""The minute in which the cause that stood in the end is first stated; suspicions and what was ruled out are none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.cues import read_cues, stance_of
from pm_agent.reading.says import ANSWERS_WHY
from pm_agent.reading.substance import substance
from pm_agent.reading.topic import tokens
from pm_agent.reading.window import end_of_talk


def cause_found(scene: Scene, start: datetime | None, fixed: Choice) -> Choice:
    """The first telling of the cause that stood in the end; None where causes were only suspected."""
    sure = [c for c in scene.candidates({"cause"}, least=2.0) if start is None or c.at >= start]
    hedged = [
        c
        for c in scene.candidates({"cause", "suspected"}, least=0.9)
        if (start is None or c.at >= start) and c not in sure
    ]
    ruled = [c for c in scene.candidates({"ruled_out"}, least=1.0)]
    standing: list[Candidate] = []
    refuted: list[Candidate] = []
    for candidate in sure:
        if scene.topic.relevance(candidate.words) <= 0 and len(tokens(candidate.words)) < 2:
            continue
        against = [r for r in ruled if r.at > candidate.at and _about_same(scene, r.words, candidate.words)]
        (refuted if against else standing).append(candidate)
    end = end_of_talk(scene)
    early = [c for c in standing if end is None or c.at <= end]
    standing = early or _explained_then_mended(scene, hedged, fixed) or standing
    if not standing:
        return Choice(
            None,
            "only_suspected" if hedged else "no_cause",
            tuple((c, "ruled_out") for c in refuted[-3:]) + tuple((c, "uncertain") for c in hedged[-3:]),
        )
    chosen = _first_of_final_cause(scene, standing, fixed)
    others = [(c, "ruled_out") for c in refuted] + [
        (c, "later" if c.at > chosen.at else "other_cause") for c in standing if c is not chosen
    ]
    return Choice(chosen, "first_stated", tuple(others[:5]))


def _explained_then_mended(scene: Scene, candidates: Sequence[Candidate], fixed: Choice) -> list[Candidate]:
    """Nobody calls it the cause: the plainest unhedged explanation right before the fix that stood is taken as one."""
    if fixed.chosen is None or fixed.chosen.line.at is None:
        return []
    begun = [c.at for c in scene.candidates({"fix_started", "fix_done"}, least=1.5)]
    explained = [
        c
        for c in [*candidates, *_explanations(scene, fixed.chosen.at)]
        if c.score >= 1.6
        and c.at <= fixed.chosen.at
        and c.line.by_person
        and scene.topic.relevance(c.words) > 0
        and any(timedelta(0) <= b - c.at <= timedelta(minutes=10) for b in begun)
        and not stance_of(c.words).uncertain
    ]
    best = max((c.score for c in explained), default=0.0)
    return [c for c in explained if c.score >= best - 0.5][-1:]


def _explanations(scene: Scene, until: datetime) -> list[Candidate]:
    """Statements that name things and say how one leads to the other, whoever made them."""
    found = []
    for line in scene.lines:
        if line.at is None or line.at > until or not line.by_person or line.commands:
            continue
        cues = {cue.category: cue for cue in read_cues(line.text) if cue.strong}
        stance = cues["explains"].stance if "explains" in cues else None
        if (
            stance is None
            or stance.question
            or stance.uncertain
            or stance.future
            or ANSWERS_WHY.match(line.text)
        ):
            continue
        if cues.keys() & {"ruled_out", "finished"}:
            continue
        told = substance(line, scene.topic)
        if told >= 0.8:
            found.append(Candidate(line, line.at, line.precision, line.text, 1.0 + told))
    return found


def _about_same(scene: Scene, one: str, other: str) -> bool:
    shared = tokens(one) & tokens(other)
    return bool(shared) and len(shared) >= min(2, len(tokens(one)))


def _first_of_final_cause(scene: Scene, standing: Sequence[Candidate], fixed: Choice) -> Candidate:
    """Statements of a cause that share words form a story; the story told most and last is the cause, its first telling the finding."""
    stories: list[list[Candidate]] = []
    for candidate in standing:
        mine = tokens(candidate.words)
        home = next(
            (
                s
                for s in reversed(stories)
                if candidate.at - s[-1].at <= timedelta(minutes=2)  # one conversation
                or any(len(mine & tokens(c.words)) >= 2 for c in s)
            ),
            None,
        )
        if home is None:
            stories.append([candidate])
        else:
            home.append(candidate)
    fix_words = tokens(fixed.chosen.words) if fixed.chosen else frozenset()

    def weight(story: list[Candidate]) -> float:
        support = sum(c.score + min(scene.topic.relevance(c.words), 6.0) * 0.3 for c in story)
        return support + sum(len(tokens(c.words) & fix_words) for c in story) * 0.8

    best = max(stories, key=lambda s: (weight(s), s[0].at.timestamp()))
    return best[0]
