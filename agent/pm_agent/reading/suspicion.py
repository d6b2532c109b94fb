"""Hypotheses: what was suspected, what spoke for and against it, and what became of it.

A suspicion is told in many ways (`network then?`, `is it the proxy`, `my money is on the index`). Many signs that each
say little tell it from other talk; their weights are log odds, fitted on the false leads that the development incidents
list and rounded. With each incident left out in turn, two of three that are found so are listed there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.course import acts_of, categories
from pm_agent.reading.cues import has_sign, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.sentences import split
from pm_agent.reading.substance import is_bare, is_terse
from pm_agent.reading.timeline_words import LONGEST
from pm_agent.reading.topic import tokens

EVEN = -4.5
"""Log odds of a sentence without any sign."""
LEAST = -0.7
WEIGHTS: Mapping[str, float] = {
    "guess": 2.1, "asks": 1.1, "soon": 0.9, "names": 0.8, "unsure": 0.7, "past": 0.7, "rare": 0.6, "length": 0.5, "hypothesis": 0.5,
    "suspected": 0.4, "order": 0.4,
    "after": -1.5, "terse": -0.8, "bare": -0.6, "relevance": -0.5, "symptom": -0.4, "future": -0.3, "negated": -0.3,
}  # fmt: skip
MOST = 8
BEFORE, BEHIND = timedelta(minutes=10), timedelta(minutes=30)
"""How long before the first sign, and after the last of cause, fix and recovery, people suspect causes."""
_ANSWERED = timedelta(minutes=5)
"""Within these minutes another person's `no` answers a suspicion."""
_NEXT = 2
"""Lines behind a suspicion that may answer it without naming it."""


@dataclass
class Suspicion:
    """One suspected cause."""

    first: Candidate
    words: frozenset[str]
    supporting: list[str] = field(default_factory=list)
    contradicting: list[str] = field(default_factory=list)
    verdict: Literal["confirmed", "ruled_out", "open"] = "open"


def suspicions(scene: Scene, choices: Mapping[str, Choice]) -> list[Suspicion]:
    """Suspected causes in order of first telling, with verdicts; the confirmed cause is one of them."""
    found: list[Suspicion] = []
    common = _common(scene)
    cause = choices["cause_found"].chosen
    told = list(_told(scene, choices, common))
    if cause and not is_bare(cause.words) and all(c.line.id != cause.line.id for c in told):
        told = sorted([*told, cause], key=lambda c: c.at)
    for candidate in told:
        mine = tokens(candidate.words) - common or tokens(candidate.words)
        same = _is_same if cause and candidate.line.id == cause.line.id else _is_near
        home = next((s for s in found if same(s.words, mine)), None)
        if home is None:
            found.append(Suspicion(candidate, mine, [candidate.line.id]))
        elif candidate.line.id not in home.supporting:
            home.supporting.append(candidate.line.id)
    _judge(scene, choices, found, common)
    found.sort(key=lambda s: (s.verdict == "open", -s.first.score))
    return sorted(found[:MOST], key=lambda s: s.first.at)


def _is_near(one: frozenset[str], other: frozenset[str]) -> bool:
    """Enough to be told beside it."""
    return len(one & other) >= 2


def _is_same(suspected: frozenset[str], stated: frozenset[str]) -> bool:
    """Most of what was suspected is in what was stated: enough to call it confirmed."""
    return len(suspected & stated) >= max(2, 0.6 * len(suspected))


def _common(scene: Scene) -> frozenset[str]:
    """Words that a good part of the talk uses: they tell no suspicion from another."""
    talk = [line for line in scene.lines if line.by_person]
    spread = Counter(token for line in talk for token in tokens(line.text))
    usual = max(4, len(talk) // 12)
    return frozenset(token for token, count in spread.items() if count > usual)


def _told(scene: Scene, choices: Mapping[str, Choice], common: frozenset[str]) -> Iterator[Candidate]:
    start = choices["detected"].chosen
    ends = [c.at for name in ("cause_found", "fixed", "recovered") if (c := choices[name].chosen)]
    dated = [line.at for line in scene.lines if line.at]
    if not dated:
        return
    first = start.at - BEFORE if start else min(dated)
    for line in scene.talk(first, max(ends) + BEHIND if ends else max(dated)):
        if (
            line.at is None
            or line.id in scene.outside
            or line.commands
            or acts_of(scene, line, 1.0) & _NO_CAUSE
        ):
            continue
        for text in (
            [line.text] if len(line.text) <= LONGEST else [s.text for s in split(line.text) if not s.pasted]
        ):
            if not tokens(text) or has_sign(text, "no_hypothesis"):
                continue  # a guess at a figure, a hope, a request
            odds = likelihood(scene, line, text, choices, common)
            if odds >= LEAST:
                yield Candidate(line, line.at, line.precision, text, odds)


_NO_CAUSE = {"recovered", "maybe_recovered", "impact", "communicated", "action", "fix_done", "closed", "acknowledged", "poorly"}  # fmt: skip
"""What else a guess may be about."""


def likelihood(
    scene: Scene, line: Line, text: str, choices: Mapping[str, Choice], common: frozenset[str]
) -> float:
    """Log odds that a sentence suspects a cause; 0 for even."""
    stance, cues = stance_of(text), categories(text)
    found = {
        "guess": float(has_sign(text, "guesses")),
        "asks": float(has_sign(text, "asks")),
        "names": float(has_sign(text, "names_cause")),
        "unsure": float(stance.uncertain),
        "past": float(stance.past),
        "rare": min(len(tokens(text) - common), 5) / 5,
        "length": min(len(text), 150) / 150,
        "hypothesis": float("hypothesis" in cues),
        "suspected": float("suspected" in acts_of(scene, line, 0.8)),
        "order": float("order" in cues),
        "terse": float(is_terse(text)),
        "bare": float(is_bare(text)),
        "relevance": min(scene.topic.relevance(text), 6.0) / 6,
        "symptom": float("symptom" in cues),
        "future": float(stance.future),
        "negated": float(stance.negated),
    }
    start, cause = choices["detected"].chosen, choices["cause_found"].chosen
    if line.at and start:
        found["soon"] = 1 / (1 + abs((line.at - start.at).total_seconds()) / 900)
    if line.at and cause:
        found["after"] = float(line.at > cause.at)
    return EVEN + sum(WEIGHTS[name] * value for name, value in found.items())


def _judge(
    scene: Scene, choices: Mapping[str, Choice], found: list[Suspicion], common: frozenset[str]
) -> None:
    """Ruled out by who names it and denies it, or answers no at once; confirmed where the final cause says the same."""
    cause = choices["cause_found"].chosen
    final = tokens(cause.words) - common if cause else frozenset()
    for against in scene.candidates({"ruled_out"}, least=1.0):
        mine = tokens(against.line.text) - common
        named = next((s for s in reversed(found) if s.first.at <= against.at and s.words & mine), None)
        target = named or next(
            (s for s in reversed(found) if _answers(scene, s.first.line, against.line)), None
        )
        if target is not None and against.line.id not in target.supporting:
            target.contradicting.append(against.line.id)
            target.verdict = "ruled_out"
    for suspicion in found:
        if cause and (cause.line.id in suspicion.supporting or _is_same(suspicion.words, final)):
            suspicion.verdict = "confirmed"


def _answers(scene: Scene, told: Line, answer: Line) -> bool:
    """True for one of the next lines, by somebody else and at once."""
    if told.at is None or answer.at is None or told.actor == answer.actor:
        return False
    behind = [line.id for line in scene.talk(told.at, told.at + _ANSWERED) if line.id != told.id]
    return answer.id in behind[:_NEXT]
