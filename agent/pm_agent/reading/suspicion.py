"""Hypotheses: what was suspected, what spoke for and against it, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.course import acts_of
from pm_agent.reading.cues import has_sign
from pm_agent.reading.topic import tokens


@dataclass
class Suspicion:
    """One suspected cause."""

    first: Candidate
    words: frozenset[str]
    supporting: list[str] = field(default_factory=list)
    contradicting: list[str] = field(default_factory=list)
    verdict: Literal["confirmed", "ruled_out", "open"] = "open"


MOST = 8


def suspicions(scene: Scene, choices: Mapping[str, Choice]) -> list[Suspicion]:
    """Suspected causes in order of first telling, with verdicts; the confirmed cause is one of them."""
    found: list[Suspicion] = []
    start, cause = choices["detected"].chosen, choices["cause_found"].chosen
    found_in = cause.line.id if cause else None
    for candidate in scene.candidates({"suspected", "cause"}, least=0.9):
        if not candidate.line.by_person or (start and candidate.at < start.at):
            continue
        if candidate.line.id != found_in and not _may_be_a_cause(scene, candidate):
            continue
        mine = tokens(candidate.words)
        home = next((s for s in found if len(s.words & mine) >= 2), None)
        if home is not None:
            home.supporting.append(candidate.line.id)
        elif len(mine) >= 2:
            found.append(Suspicion(candidate, mine, [candidate.line.id]))
    _judge(scene, choices, found)
    telling = [
        s
        for s in found
        if s.verdict != "open" or len(s.supporting) > 1 or scene.topic.relevance(s.first.words) > 0.8
    ]
    telling.sort(key=lambda s: (s.verdict == "open", -len(s.supporting)))
    return sorted(telling[:MOST], key=lambda s: s.first.at)


def _may_be_a_cause(scene: Scene, candidate: Candidate) -> bool:
    """True for what may have caused it; not for a guess at a figure, a hope, a request, or that nobody knows.

    What is stated as the cause is one; a guess is one where it names a change, a system or somebody outside.
    """
    acts = acts_of(scene, candidate.line, 1.0)
    if acts & _NO_CAUSE or has_sign(candidate.words, "no_hypothesis"):
        return False
    return bool(acts & {"cause"}) or has_sign(candidate.words, "names_cause")


_NO_CAUSE = {"recovered", "maybe_recovered", "impact", "communicated", "action", "fix_done", "closed", "acknowledged", "poorly"}  # fmt: skip
"""What else a guess may be about."""


def _judge(scene: Scene, choices: Mapping[str, Choice], found: list[Suspicion]) -> None:
    cause = choices["cause_found"].chosen
    final = tokens(cause.words) if cause else frozenset()
    for against in scene.candidates({"ruled_out"}, least=1.0):
        mine = tokens(against.words)
        target = next((s for s in reversed(found) if s.first.at <= against.at and s.words & mine), None)
        if target is not None and against.line.id not in target.supporting:
            target.contradicting.append(against.line.id)
            target.verdict = "ruled_out"
    for suspicion in found:
        if cause and (cause.line.id in suspicion.supporting or len(suspicion.words & final) >= 2):
            suspicion.verdict = "confirmed"
