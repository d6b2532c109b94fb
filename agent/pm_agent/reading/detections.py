"""The first sign: the alert that fired for it or the person who reported it, whichever is earlier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.course import acts_of
from pm_agent.reading.cues import has_sign
from pm_agent.reading.lines import Line
from pm_agent.reading.told_reports import told_report
from pm_agent.reading.topic import tokens
from pm_agent.reading.window import main_window

NEAR = 200
"""Characters around a denial in which what it denies is named."""
UNSEEN = timedelta(hours=12)
"""A night: so long may an alert fire that nobody looks at."""


def detected(scene: Scene) -> Choice:
    """The first alert or report that belongs to the incident; one that fired long before counts while it lasts."""
    window = main_window(scene.lines, scene.said, scene.outside) or _worked_on(scene)
    if window is None:
        return Choice(None, "no_symptom")
    alerts = _of_this(scene, scene.candidates({"fired", "change_failed"}, least=1.0), window[0])
    reports = scene.candidates({"symptom", "detected"}, least=1.5)
    known = [c for c in reports if _reports(scene, c)]
    told = [c for c in reports if c in known or _joins(scene, c, [*alerts, *known])]
    found = sorted([*alerts, *told], key=lambda c: c.at)
    inside = _not_alone(scene, [c for c in found if window[0] <= c.at <= window[1]])
    early = [
        c
        for c in alerts
        if window[0] - UNSEEN <= c.at < window[0]
        and lasts_until(scene, c.line, window[0])
        and scene.topic.relevance(f"{c.line.subject or ''} {c.line.text}") > 0
    ]
    ranked = [*early[:1], *inside]
    if not ranked:  # notes that only narrate: the first symptom they tell is the first sign
        ranked = [
            c for c in scene.candidates({"symptom", "began"}, least=1.2) if window[0] <= c.at <= window[1]
        ]
    opening = _opening(scene, ranked[0].at if ranked else window[0])
    if opening is not None and (not ranked or _looked_at(scene, opening.at, ranked[0])):
        ranked = [opening, *(c for c in ranked if c.line.id != opening.line.id)]
    if not ranked:
        return Choice(None, "no_symptom")
    before = told_report(scene, ranked[0])
    ranked = [before, *ranked] if before else ranked
    return Choice(ranked[0], "first_sign", tuple((c, "later") for c in ranked[1:4]))


def _joins(scene: Scene, c: Candidate, known: Sequence[Candidate]) -> bool:
    """A report in other words than the incident's own, right before others that are of the incident."""
    away = {s.act for s in scene.said.get(c.line.id, ()) if s.past or s.act in {"unrelated", "elsewhere"}}
    return (
        c.line.kind in {"chat", "transcript"}
        and not away
        and any(timedelta(0) < k.at - c.at <= timedelta(minutes=4) for k in known)
    )


def _opening(scene: Scene, sign: datetime) -> Candidate | None:
    """What opened the conversation that leads to the first sign without a pause, if others took it up at once.

    `pushes hang for me`, `+1`: the words of a report are endless, that somebody joins in or looks is not.
    """
    talk = [
        line for line in scene.talk(sign - timedelta(hours=1), sign + SOON) if line.kind == "chat" and line.at
    ]
    found = None
    later = sign
    for number in range(len(talk) - 1, -1, -1):
        line = talk[number]
        assert line.at is not None  # talk() leaves out what has no time
        if line.at >= sign:
            continue
        if later - line.at > PAUSE:
            break
        later = line.at
        answers = [
            a
            for a in talk[number + 1 : number + 6]
            if a.at and a.at - line.at <= SOON and a.actor != line.actor
        ]
        if _says_something(scene, line) and any(_takes_up(scene, a) for a in answers):
            found = Candidate(line, line.at, line.precision, line.text[:NEAR], 1.0)
    return found


PAUSE = timedelta(minutes=12)
"""A longer silence parts two conversations."""
SOON = timedelta(minutes=6)


def _looked_at(scene: Scene, start: datetime, sign: Candidate) -> bool:
    """True where somebody already looks before a person's first sign: then it had been reported before."""
    return sign.line.by_person and any(
        "acknowledged" in acts_of(scene, line)
        for line in scene.talk(start, sign.at)
        if line.id != sign.line.id and line.at != sign.at
    )


def _says_something(scene: Scene, line: Line) -> bool:
    """No greeting, plan, deed or finding: what remains may be a report."""
    acts = acts_of(scene, line)
    return len(tokens(line.text)) > 1 and not acts & _NO_REPORT and not has_sign(line.text, "joins")


_NO_REPORT = {
    "acknowledged", "fix_started", "fix_done", "changed", "recovered", "closed", "chatter", "action", "unrelated", "elsewhere", "ruled_out",
    "communicated", "cause", "suspected", "confirmed",
}  # fmt: skip


def _takes_up(scene: Scene, line: Line) -> bool:
    return bool(acts_of(scene, line) & {"acknowledged", "symptom"}) or has_sign(line.text, "joins")


def _of_this(scene: Scene, alerts: Sequence[Candidate], start: datetime) -> list[Candidate]:
    """Without failed changes while it lasts, without alerts that go on after it, and without those of what was ruled out."""
    cleared = {
        _rule(line) for line in scene.lines if line.signal == "resolved" and line.id not in scene.outside
    }
    kept = [
        a
        for a in alerts
        if (a.line.signal != "change_failed" or a.at < start)
        and not (cleared and a.line.signal == "firing" and _rule(a.line) not in cleared)
    ]
    ruled = [tokens(c.line.text[:NEAR]) for c in scene.candidates({"ruled_out"}, least=1.0)]
    worth = {id(a): scene.topic.relevance(_name(a)) for a in kept}
    best = max(worth.values(), default=0.0)
    common = frozenset.intersection(*(tokens(_name(a)) for a in kept)) if kept else frozenset()
    told_of = frozenset(t for words in ruled for t in words if len(t) > 4) - common
    return [a for a in kept if worth[id(a)] * 1.5 >= best or not told_of & tokens(_name(a))] or list(alerts)


def _rule(alert: Line) -> str:
    """The rule that fires, without the place: what resolves it may name the place otherwise."""
    return next(iter((alert.subject or alert.text).lower().split()), "")


def _name(alert: Candidate) -> str:
    return f"{alert.line.subject or ''} {alert.line.text}"


def _not_alone(scene: Scene, signs: Sequence[Candidate]) -> list[Candidate]:
    """Without first signs that nothing follows: somebody's own trouble, an alert that was over before the next sign."""
    for number, sign in enumerate(signs):
        following = signs[number + 1 : number + 2]
        if not following:
            break
        if sign.line.signal == "firing":
            if _counts(scene, sign, following[0].at):
                return list(signs[number:])
        elif following[0].at - sign.at <= ALONE:
            return list(signs[number:])
    if len(signs) > 1 and not _all_over(scene, signs):
        return list(signs[-1:])
    lasting = [
        sign
        for number, sign in enumerate(signs)
        if number + 1 == len(signs)
        or sign.line.signal != "firing"
        or _counts(scene, sign, signs[number + 1].at)
    ]
    return lasting or list(signs)


def _worked_on(scene: Scene) -> tuple[datetime, datetime] | None:
    """Where nobody names a symptom: from an hour before something is mended to that moment."""
    mended = scene.candidates({"fix_started", "fix_done"}, least=1.5)
    return (mended[0].at - timedelta(hours=1), mended[-1].at) if mended else None


def _counts(scene: Scene, sign: Candidate, following: datetime) -> bool:
    """True for an alert that lasts until the next sign, or that somebody took up before."""
    return lasts_until(scene, sign.line, following) or any(
        acts_of(scene, line) & {"acknowledged", "fix_started", "fix_done"}
        for line in scene.talk(sign.at, min(following, sign.at + timedelta(hours=1)))
    )


def _all_over(scene: Scene, signs: Sequence[Candidate]) -> bool:
    """True where every sign stands alone; then the first of them is the first sign after all."""
    return all(following.at - sign.at > ALONE for sign, following in pairwise(signs))


ALONE = timedelta(minutes=25)


def lasts_until(scene: Scene, alert: Line, moment: datetime) -> bool:
    """True for an alert that was not resolved before that moment."""
    over = [
        line
        for line in scene.lines
        if line.signal == "resolved" and line.subject == alert.subject and line.at and alert.at
        and alert.at < line.at < moment
    ]  # fmt: skip
    return not over


def _reports(scene: Scene, candidate: Candidate) -> bool:
    """Somebody notices or reports; a note that narrates how it began is not yet a detection."""
    if candidate.line.kind == "note" and not any(
        s.act == "detected" for s in scene.said.get(candidate.line.id, ())
    ):
        return False
    return candidate.line.kind == "note" or _speaks_of_incident(scene, candidate)


_TOPIC = 5
"""With fewer words that its lines share, nothing tells what an incident is about."""


def _speaks_of_incident(scene: Scene, candidate: Candidate) -> bool:
    said = scene.said.get(candidate.line.id, ())
    past = any(s.act in {"symptom", "detected"} and s.past for s in said)
    elsewhere = any(s.act in {"unrelated", "elsewhere"} for s in said)
    known = len(scene.topic.weights) >= _TOPIC
    return not past and not elsewhere and (scene.topic.relevance(candidate.words) > 0 or not known)
