"""Which line is the trigger, the detection, the finding of the cause, the fix, the recovery; and why not another.

Chosen by what lines say and by order. Restore-first is normal: recovery may come before the cause is known. What
the evidence does not say stays None with a reason; nothing is filled in to make a row complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.causes import cause_found
from pm_agent.reading.lines import Line
from pm_agent.reading.fixes import fixed
from pm_agent.reading.recoveries import recovered
from pm_agent.reading.says import Act
from pm_agent.reading.triggers import trigger
from pm_agent.reading.window import main_window

NAMES = (
    "impact_start",
    "trigger",
    "detected",
    "acknowledged",
    "declared",
    "cause_found",
    "mitigated",
    "fixed",
    "recovered",
    "closed",
)


def choose(scene: Scene) -> dict[str, Choice]:
    """Every milestone, in the order in which one depends on another."""
    found: dict[str, Choice] = {}
    found["detected"] = _detected(scene)
    start = found["detected"].chosen.at if found["detected"].chosen else None
    found["recovered"] = recovered(scene, start)
    found["fixed"], found["mitigated"] = fixed(scene, start, found["recovered"])
    found["cause_found"] = cause_found(scene, start, found["fixed"])
    found["trigger"] = trigger(scene, start, found)
    found["impact_start"] = _impact_start(scene, start)
    found["acknowledged"] = _first_after(scene, {"acknowledged"}, start, least=1.5)
    found["declared"] = _first_after(scene, {"declared"}, start, least=2.0, before=timedelta(minutes=10))
    found["closed"] = _closed(scene, found)
    return {name: found[name] for name in NAMES}


def _detected(scene: Scene) -> Choice:
    window = main_window(scene.lines, scene.said, scene.outside)
    if window is None:
        return Choice(None, "no_symptom")
    alerts = scene.candidates({"fired"}, least=1.0)
    told = [c for c in scene.candidates({"symptom", "detected"}, least=1.5) if _reports(scene, c)]
    found = sorted([*alerts, *told], key=lambda c: c.at)
    inside = _not_alone(scene, [c for c in found if window[0] <= c.at <= window[1]])
    early = [
        c
        for c in alerts
        if window[0] - timedelta(hours=6) <= c.at < window[0]
        and lasts_until(scene, c.line, window[0])
        and scene.topic.relevance(f"{c.line.subject or ''} {c.line.text}") > 0
    ]
    ranked = [*early[:1], *inside]
    if not ranked:  # notes that only narrate: the first symptom they tell is the first sign
        ranked = [
            c for c in scene.candidates({"symptom", "began"}, least=1.2) if window[0] <= c.at <= window[1]
        ]
    if not ranked:
        return Choice(None, "no_symptom")
    return Choice(ranked[0], "first_sign", tuple((c, "later") for c in ranked[1:4]))


def _not_alone(scene: Scene, signs: Sequence[Candidate]) -> list[Candidate]:
    """Without first signs that nothing follows: somebody's own trouble, an alert that was over before the next sign."""
    for number, sign in enumerate(signs):
        following = signs[number + 1 : number + 2]
        if not following:
            break
        if sign.line.signal == "firing":
            if lasts_until(scene, sign.line, following[0].at):
                return list(signs[number:])
        elif following[0].at - sign.at <= timedelta(minutes=15):
            return list(signs[number:])
    return list(signs[-1:] if len(signs) > 1 and not _all_over(scene, signs) else signs)


def _all_over(scene: Scene, signs: Sequence[Candidate]) -> bool:
    """True where every sign stands alone; then the first of them is the first sign after all."""
    return all(following.at - sign.at > timedelta(minutes=15) for sign, following in pairwise(signs))


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


def _impact_start(scene: Scene, start: datetime | None) -> Choice:
    onset = [
        c
        for c in scene.candidates({"onset", "began"}, least=1.2)
        if start is None or timedelta(0) <= start - c.at <= timedelta(hours=3)
    ]
    said = [
        c
        for c in scene.candidates({"symptom", "investigated"}, least=1.2, said_time=True)
        if c.line.at != c.at and start and timedelta(0) <= start - c.at <= timedelta(hours=6)
    ]
    ranked = sorted([*onset, *said], key=lambda c: c.at)
    if ranked:
        return Choice(ranked[0], "first_sign", tuple((c, "later") for c in ranked[1:3]))
    return Choice(None, "no_onset")


def _first_after(
    scene: Scene,
    acts: set[Act],
    start: datetime | None,
    *,
    least: float,
    before: timedelta = timedelta(minutes=1),
) -> Choice:
    found = [c for c in scene.candidates(acts, least=least) if start is None or c.at >= start - before]
    return (
        Choice(found[0], "first_after_detection", tuple((c, "later") for c in found[1:3]))
        if found
        else Choice(None, "not_said")
    )


def _closed(scene: Scene, found: Mapping[str, Choice]) -> Choice:
    after = found["recovered"].chosen or found["fixed"].chosen or found["detected"].chosen
    closing = [
        c
        for c in scene.candidates({"closed"}, least=1.5)
        if after is None or c.at >= after.at - timedelta(minutes=2)
    ]
    return (
        Choice(closing[0], "said_closed", tuple((c, "later") for c in closing[1:3]))
        if closing
        else Choice(None, "not_said")
    )
