"""How others take what somebody says: who reported it first, who reacts, what is ordered next, who says it did not help."""

from __future__ import annotations

from datetime import datetime, timedelta

from pm_agent.reading.candidates import Scene
from pm_agent.reading.cues import read_cues
from pm_agent.reading.lines import Line
from pm_agent.reading.says import Act

SOON = timedelta(minutes=3)


def categories(text: str) -> frozenset[str]:
    """The categories of cue that stand in a person's own words; pasted output counts for none."""
    return frozenset(cue.category for cue in read_cues(text) if cue.strong and not cue.sentence.pasted)


def acts_of(scene: Scene, line: Line, least: float = 1.0) -> set[Act]:
    """What a line says with some weight."""
    return {s.act for s in scene.said.get(line.id, ()) if s.weight >= least}


def reactions(scene: Scene, line: Line) -> int:
    """How many exclamations, confessions and agreements follow within minutes; the line's own confession is one."""
    if line.at is None:
        return 0
    found = 1 if "reaction" in categories(line.text) else 0
    after = list(scene.talk(line.at, line.at + SOON))
    place = next((n for n, other in enumerate(after) if other.id == line.id), -1)
    return found + sum("reaction" in categories(other.text) for other in after[place + 1 : place + 6])


_TO_DO: set[Act] = {"fix_started", "fix_done"}


def acted_on(scene: Scene, line: Line, within: timedelta = timedelta(minutes=12)) -> bool:
    """True where somebody orders, announces or does something about it soon after."""
    if line.at is None:
        return False
    return any(
        acts_of(scene, other) & _TO_DO or "order" in categories(other.text)
        for other in scene.talk(line.at, line.at + within)
        if other.id != line.id
    ) or any(other.at and line.at < other.at <= line.at + within and other.signal for other in scene.deploys)


def reporters(scene: Scene, start: datetime | None) -> frozenset[str]:
    """Who told of the trouble without working on it: users, support, other teams."""
    if start is None:
        return frozenset()
    told: dict[str, set[str]] = {}
    for line in scene.talk(start - timedelta(minutes=5), start + timedelta(hours=12)):
        if line.actor:
            told.setdefault(line.actor, set()).update(acts_of(scene, line))
    return frozenset(
        actor
        for actor, acts in told.items()
        if "symptom" in acts and not acts & {"fix_done", "cause", "fix_failed"}
    )
