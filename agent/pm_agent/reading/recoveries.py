"""When users are served again: what several signs agree on and lasts; what a graver alert outlives does not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.course import acts_of, reporters
from pm_agent.reading.cues import has_sign
from pm_agent.reading.lines import Line
from pm_agent.reading.said_times import said_times
from pm_agent.reading.says import WORKS
from pm_agent.reading.severity import gravity
from pm_agent.reading.window import end_of_talk

ENOUGH = 2.4
"""The first sign with this much for it is the recovery, though others that come later may have more."""
LEAST = 1.5
"""One person's `it works here` alone, before anything was done, is too little."""


def recovered(scene: Scene, start: datetime | None) -> Choice:
    """The first stated recovery that other signs bear out and no later trouble takes back."""
    sure = [c for c in _signs(scene) if start is None or c.at > start]
    end = end_of_talk(scene)
    sure = [c for c in sure if end is None or c.at <= end] or sure
    if any(c.line.signal != "ended" for c in sure):  # the end of one kind of log line is the weakest sign
        sure = [c for c in sure if c.line.signal != "ended"]
    if not sure:
        maybe = [c for c in scene.candidates({"maybe_recovered"}, least=1.0) if start is None or c.at > start]
        return Choice(
            None, "only_hoped" if maybe else "no_recovery", tuple((c, "uncertain") for c in maybe[-3:])
        )
    trouble = _trouble(scene, start)
    standing = [c for c in sure if not _taken_back(scene, c, trouble)]
    refuted = [c for c in sure if c not in standing]
    if not standing:
        return Choice(None, "recovery_refuted", tuple((c, "trouble_after") for c in refuted[-3:]))
    course = Course(
        sure,
        [c.at for c in scene.candidates({"fix_done", "fix_started"}, least=1.5)],
        reporters(scene, start),
        [a for a in scene.lines if a.signal in {"firing", "resolved"} and a.at and a.id not in scene.outside],
    )
    weight = {id(c): _weight(scene, c, course) for c in standing}
    best = max(weight.values())
    if best < LEAST:
        return Choice(None, "only_hoped", tuple((c, "uncertain") for c in standing[:3]))
    chosen = _main_recovery([c for c in standing if weight[id(c)] >= min(best, ENOUGH)])
    others = [(c, "trouble_after") for c in refuted[-3:]] + [
        (c, "later" if c.at >= chosen.at else "uncertain") for c in standing if c is not chosen
    ][:2]
    return Choice(chosen, "first_lasting", tuple(others))


def _signs(scene: Scene) -> list[Candidate]:
    """The stated recoveries; `last pair is 15:38, nothing after` is dated by the moment it names."""
    found = []
    for c in scene.candidates({"recovered", "resolved", "ended"}, least=1.5):
        times = said_times(c.words, c.line.at, scene.timezone) if c.line.by_person else []
        if times and has_sign(c.words, "last_seen"):
            c = replace(c, at=times[0].at, precision=times[0].precision, score=3.0)
        found.append(c)
    return sorted(found, key=lambda c: c.at)


@dataclass
class Course:
    """What each sign of recovery is held against."""

    signs: Sequence[Candidate]
    mended: Sequence[datetime]
    reporters: frozenset[str]
    alerts: Sequence[Line]


def _weight(scene: Scene, c: Candidate, course: Course) -> float:
    """How much speaks for it: what kind of sign, who says it, what was done before, who else says so at that time."""
    if c.line.signal == "resolved":
        own = 2.2 + (0.4 if gravity(c.line.severity) <= 2 else 0.0)
    else:
        own = 0.8 * c.score + 0.15 * min(scene.topic.relevance(c.words), 4.0)
        own += 0.4 if c.line.kind == "note" else 0.0  # who writes a note down tells what counted
        if c.score <= WORKS:  # it says less while an alert is on, or told with a change
            own -= 0.7 if _still_fires(course.alerts, c, timedelta(minutes=1)) else 0.0
            own -= 0.6 if "fix_done" in acts_of(scene, c.line) else 0.0
        own -= 1.0 if _still_fires(course.alerts, c, timedelta(minutes=12)) else 0.0
        own += 0.7 if c.line.actor in course.reporters else 0.0
    own += 0.5 if any(timedelta(0) <= c.at - m <= timedelta(minutes=40) for m in course.mended) else 0.0
    others = {
        s.line.actor or s.line.subject
        for s in course.signs
        if s.line.id != c.line.id and abs(s.at - c.at) <= timedelta(minutes=12)
    } - {c.line.actor}
    return own + 0.5 * min(len(others), 2)


def _still_fires(alerts: Sequence[Line], c: Candidate, lag: timedelta) -> bool:
    """True where an alert of this incident clears only later than that; alerts lag behind by some minutes."""
    open_ = {a.subject for a in alerts if a.signal == "firing" and a.at and a.at < c.at}
    return any(
        line.signal == "resolved"
        and line.actor_kind != "person"  # whoever closes an alert by hand does so afterwards
        and line.subject in open_
        and line.at
        and lag < line.at - c.at <= timedelta(hours=3)
        for line in alerts
    )


def _taken_back(scene: Scene, c: Candidate, trouble: Sequence[tuple[datetime, timedelta]]) -> bool:
    """True where trouble follows, or a graver alert is still on."""
    if any(timedelta(minutes=1) < moment - c.at <= reach for moment, reach in trouble):
        return True
    return c.line.signal == "resolved" and _a_graver_one_fires(scene, c)


def _a_graver_one_fires(scene: Scene, candidate: Candidate) -> bool:
    """True where a graver alert of this incident is resolved only later: the lesser one clearing ends nothing."""
    mine = gravity(candidate.line.severity)
    fired = {
        (line.subject or line.text): line
        for line in scene.lines
        if line.signal == "firing" and line.id not in scene.outside and line.at and line.at <= candidate.at
        and gravity(line.severity) < mine
    }  # fmt: skip
    return any(
        line.signal == "resolved"
        and (line.subject or line.text) in fired
        and line.at is not None
        and candidate.at + timedelta(minutes=1) < line.at <= candidate.at + timedelta(hours=3)
        for line in scene.lines
    )


def _main_recovery(standing: Sequence[Candidate]) -> Candidate:
    """The first; where alerts clear within a minute of it, the gravest of them."""
    near = [
        c for c in standing if c.at - standing[0].at <= timedelta(minutes=1) and c.line.signal == "resolved"
    ]
    return min(near, key=lambda c: (gravity(c.line.severity), c.at), default=standing[0])


def _trouble(scene: Scene, start: datetime | None) -> list[tuple[datetime, timedelta]]:
    """Moments at which somebody or something says that it is not over, and how far back each reaches."""
    moments = [(c.at, AN_HOUR) for c in scene.candidates({"not_recovered", "fix_failed"}, least=1.5)]
    moments += [(c.at, timedelta(hours=3)) for c in scene.candidates({"fired", "onset"}, least=2.0)]
    for c in scene.candidates({"symptom"}, least=1.8):
        if c.line.by_person and has_sign(c.words, "goes_on"):
            moments.append((c.at, AN_HOUR if c.line.kind != "note" else timedelta(hours=3)))
        elif c.line.by_person and has_sign(c.words, "present"):
            moments.append((c.at, timedelta(minutes=15)))
    end = end_of_talk(scene)
    return [(m, reach) for m, reach in moments if (start is None or m >= start) and (end is None or m <= end)]


AN_HOUR = timedelta(hours=1)
