"""What changes are held against: the words of cause and fix, moments and numbers that people name, what was cleared or taken back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.course import acts_of
from pm_agent.reading.cues import has_sign
from pm_agent.reading.fixes import in_vain
from pm_agent.reading.identifiers import identifiers
from pm_agent.reading.remembered import remembered
from pm_agent.reading.said_times import said_times
from pm_agent.reading.topic import tokens

LAST = datetime.max.replace(tzinfo=UTC)
MOST = 60
"""Tellings of cause and fix that changes are held against."""


@dataclass
class Ties:
    """What changes are held against."""

    first: datetime
    telling: list[frozenset[str]]
    named: list[tuple[datetime, timedelta]]
    """Moments that people name around the cause, and how exactly."""
    cleared: list[frozenset[str]]
    vain: list[frozenset[str]]
    """Words of the changes that were taken back and nothing came of it."""
    undone: frozenset[str]
    identified: frozenset[str]
    """Commits, requests, versions and tickets that people name while it lasts."""
    talked: Counter[str]
    """How many lines name a version or number while it lasts."""
    common: frozenset[str]


_ID = re.compile(r"\b[A-Za-z]{1,10}-\d{2,}\b|#\d{2,}|(?<![\d:.,])\d{3,6}(?![\d:.,])")


@remembered
def names_in(text: str) -> frozenset[str]:
    """The telling words of a text and the numbers of tickets, builds and changes in it."""
    ids = {part for found in _ID.findall(text) for part in (found.lower(), re.sub(r"\D", "", found))}
    return tokens(text) | {i for i in ids if len(i) > 2} | identifiers(text)


def ties_of(scene: Scene, first: datetime, found: Mapping[str, Choice]) -> Ties:
    """What the evidence ties a change by.

    Args:
        scene: all lines of the incident.
        first: the first sign of it.
        found: the milestones chosen so far; cause and fix are looked at.
    """
    cause, fix = found["cause_found"].chosen, found["fixed"].chosen
    around = scene.talk(cause.at - timedelta(minutes=6), cause.at + timedelta(minutes=5)) if cause else []
    telling = [names_in(c.words) for c in (cause, fix) if c] + [names_in(line.text) for line in around]
    telling += [
        names_in(c.words)
        for c in scene.candidates({"cause", "fix_done", "fix_started"}, least=1.2)
        if c.at >= first
    ]
    named = [
        (t.at, timedelta(minutes=5 if t.precision == "approximate" else 1))
        for line in around
        if line.at
        for t in said_times(line.text, line.at, scene.timezone)
    ]
    cleared = [names_in(c.words) for c in scene.candidates({"ruled_out"}, least=1.0) if c.at >= first]
    done = [c for c in scene.candidates({"fix_done", "changed"}, least=1.5) if c.at > first]
    vain = [
        names_in(c.line.subject or c.words)
        for c in done
        if _takes_back(c) and in_vain(scene, c, done) and c.line is not (fix and fix.line)
    ]
    common = frozenset.intersection(*telling) if len(telling) > 3 else frozenset()
    common |= _boilerplate(scene)
    talked = Counter(
        t
        for line in scene.talk(first, LAST)
        for t in names_in(line.text)
        if len(t) > 2 and any(ch.isdigit() for ch in t)
    )
    identified = frozenset(i for line in scene.talk(first, LAST) for i in identifiers(line.text))
    return Ties(first, telling[:MOST], named, cleared, vain, _undoing(scene, fix), identified, talked, common)


def _boilerplate(scene: Scene) -> frozenset[str]:
    """Words that all changes of this evidence share tie none of them: `deployment of … to production: success`."""
    told = [names_in(f"{line.subject or ''} {line.text.split(chr(10))[0]}") for line in scene.deploys]
    if len(told) < _SOME:
        return frozenset()
    counts = Counter(word for names in told for word in names)
    return frozenset(word for word, times in counts.items() if times >= _NEARLY_ALL * len(told))


_SOME, _NEARLY_ALL = 4, 0.6


def _undoing(scene: Scene, fix: Candidate | None) -> frozenset[str]:
    """The words of a fix that takes a change back."""
    if fix is None:
        return frozenset()
    before = scene.talk(fix.at - timedelta(minutes=20), fix.at)
    texts = [
        f"{fix.words} {fix.line.subject or ''}",
        *(line.text for line in before if acts_of(scene, line) & {"fix_started", "fix_done"}),
    ]
    back = [t for t in texts if has_sign(t, "undoes")]
    return names_in(" ".join([texts[0], *back])) if back or fix.line.kind == "deploy" else frozenset()


def _takes_back(c: Candidate) -> bool:
    """A rollback, or a deploy after the first sign; a rollout that is only halted leaves what it brought."""
    if has_sign(c.words, "only_halts"):
        return False
    return c.line.signal == "change_finished" or has_sign(c.words, "takes_back")
