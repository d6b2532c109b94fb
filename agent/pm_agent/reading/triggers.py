"""What set the failure going: a change, a restart or a job that something ties to the symptom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.topic import tokens

_CHANGE = re.compile(
    r"\b(?:deploy\w*|release\w*|rollout|push\w*|merge\w*|change|config\w*|migration|upgrade|job|cron|flag)\b|发布|上线|变更|配置|升级|推送|任务|脚本|活动",
    re.I,
)


def trigger(scene: Scene, start: datetime | None, found: Mapping[str, Choice]) -> Choice:
    """The change that words of the cause or the fix, or its own name, tie to the symptom; None where nothing does."""
    changes = _changes(scene)
    first = start or (found["recovered"].chosen.at if found["recovered"].chosen else None)
    if first is None:
        return Choice(None, "no_detection")
    telling = [found[n].chosen.words for n in ("cause_found", "fixed") if found[n].chosen]  # type: ignore[union-attr]
    telling += [
        c.words for c in scene.candidates({"cause", "fix_done", "fix_started"}, least=1.2) if c.at >= first
    ]
    telling += _told_around(scene, found["cause_found"].chosen)
    scored = []
    for change in changes:
        if change.at > first + timedelta(minutes=2) or first - change.at > timedelta(hours=30):
            continue
        tie = max((_tie(scene, change, words) for words in telling), default=0.0)
        near = 1.0 / (1 + (first - change.at).total_seconds() / 3600)
        machine = 0.8 if change.line.kind == "deploy" or change.line.signal else 0.0
        scored.append((tie + near + machine + change.score * 0.2, tie, near, change))
    tied = [
        item
        for item in scored
        if item[1] >= (0.5 if item[3].line.kind == "note" else 1.0)
        or (item[2] > 0.6 and item[3].line.signal and _names_the_same(scene, item[3], found))
    ]
    tied.sort(key=lambda item: -item[0])
    if not tied:
        return Choice(
            None,
            "no_change_tied",
            tuple((item[3], "not_tied") for item in sorted(scored, key=lambda i: -i[0])[:3]),
        )
    return Choice(tied[0][3], "tied_to_symptom", tuple((item[3], "less_tied") for item in tied[1:4]))


def _names_the_same(scene: Scene, change: Candidate, found: Mapping[str, Choice]) -> bool:
    """A change right before the first sign that names, by an identifier, what the incident's own lines speak of."""
    named = {
        t for t in tokens(f"{change.line.subject or ''} {change.line.text}") if t.isascii() and len(t) > 3
    }
    sign = found["detected"].chosen
    shown = tokens(f"{sign.line.subject or ''} {sign.line.text}") if sign else frozenset()
    return bool(named & shown) or sum(scene.topic.weights.get(t, 0.0) for t in named) > 2.0


def _told_around(scene: Scene, cause: Candidate | None) -> list[str]:
    """What was said within a few minutes of the finding of the cause: it names what set it off."""
    if cause is None:
        return []
    return [
        line.text
        for line in scene.lines
        if line.at is not None
        and line.by_person
        and line.id not in scene.outside
        and timedelta(minutes=-5) <= line.at - cause.at <= timedelta(minutes=3)
    ]


def _changes(scene: Scene) -> list[Candidate]:
    """Everything that may have set a failure going: changes, restarts, and changes that a sentence about the cause dates."""
    found = scene.candidates({"changed"}, least=1.5, said_time=True) + scene.candidates(
        {"restart"}, least=1.5
    )
    dated = scene.candidates({"cause", "investigated"}, least=1.0, said_time=True)
    found += [c for c in dated if c.line.at and c.at < c.line.at and _CHANGE.search(c.words)]
    return found + [c for c in scene.candidates({"fix_done"}, least=1.5) if c.line.kind == "note"]


def _tie(scene: Scene, change: Candidate, words: str) -> float:
    """How many telling words a change shares with what people said of cause and fix."""
    shared = tokens(f"{change.words} {change.line.subject or ''}") & tokens(words)
    total = sum(
        1.0
        if any(ch.isdigit() for ch in token)
        else 0.5 + min(scene.topic.weights.get(token, 0.0), 3.0) * 0.1
        for token in shared
    )
    return (
        total if any(token.isascii() for token in shared) else total * 0.6
    )  # pairs of characters are common words
