"""Which line is the trigger, the detection, the finding of the cause, the fix, the recovery; and why not another.

Chosen by what lines say and by order. Restore-first is normal: recovery may come before the cause is known. What
the evidence does not say stays None with a reason; nothing is filled in to make a row complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from pm_agent.reading.candidates import Choice, Scene
from pm_agent.reading.causes import cause_found
from pm_agent.reading.detections import detected
from pm_agent.reading.fixes import fixed
from pm_agent.reading.recoveries import recovered
from pm_agent.reading.remembered import remembered
from pm_agent.reading.says import Act
from pm_agent.reading.triggers import trigger

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

_RISE = 2.0
"""A log shows where the impact began by a rise; a message that it never had before may be of anything."""


@remembered
def choose(scene: Scene) -> dict[str, Choice]:
    """Every milestone, in the order in which one depends on another."""
    found: dict[str, Choice] = {}
    found["detected"] = detected(scene)
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


def _impact_start(scene: Scene, start: datetime | None) -> Choice:
    onset = [
        c
        for c in scene.candidates({"onset", "began"}, least=1.2)
        if (c.line.by_person or c.score >= _RISE)
        and (start is None or timedelta(0) <= start - c.at <= timedelta(hours=3))
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
