"""Which completed change ended the failure: near the recovery, not said to have done nothing, more than a notice to users."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.course import acts_of, categories
from pm_agent.reading.cues import has_sign, read_cues
from pm_agent.reading.lines import Line
from pm_agent.reading.said_times import said_times
from pm_agent.reading.window import end_of_talk

LAG = 3
"""Minutes by which a change may be reported later than users notice it."""
LINGERS = timedelta(minutes=15)
"""So long may the trouble go on after the change that ends it."""


def fixed(scene: Scene, start: datetime | None, recovery: Choice) -> tuple[Choice, Choice]:
    """The change that ended the failure, as fix and as mitigation; None where people doubt that any did."""
    done = [
        c
        for c in _completed(scene)
        if (start is None or c.at >= start - timedelta(minutes=2)) and _ends_a_change(scene, c)
    ]
    limit = recovery.chosen.at + timedelta(minutes=LAG) if recovery.chosen else end_of_talk(scene)
    before = [
        c
        for c in done
        if limit is None or c.at <= limit - (timedelta(minutes=3) if _of_talk(scene, c) else timedelta(0))
    ]
    if not before:
        late = tuple((c, "after_recovery") for c in done[:3])
        return Choice(None, "no_fix", late), Choice(None, "no_fix", late)
    weights = {id(c): _weight(scene, c, before, limit) for c in before}
    effective = max(before, key=lambda c: (weights[id(c)], c.at))
    others = tuple(
        (c, "did_not_end_it" if in_vain(scene, c, before) else "earlier")
        for c in before
        if c is not effective
    )[-4:]
    mitigated = Choice(effective, "last_before_recovery", others)
    if in_vain(scene, effective, before) and limit and limit - effective.at > LINGERS:
        return Choice(None, "no_fix", ((effective, "did_not_end_it"), *others)), mitigated
    if recovery.chosen and _doubted(scene, effective, recovery.chosen.at):
        return Choice(None, "no_fix", ((effective, "uncertain"), *others)), mitigated
    return mitigated, mitigated


def _completed(scene: Scene) -> list[Candidate]:
    found = scene.candidates({"fix_done", "changed"}, least=1.5)
    known = {c.line.id for c in found}
    found += [
        Candidate(line, line.at, line.precision, line.text.split("\n")[0][:300], 2.0)
        for line in scene.deploys
        if line.id not in known and line.id not in scene.outside and line.at and _ran_well(scene, line)
    ]
    return sorted(found, key=lambda c: c.at)


def _ran_well(scene: Scene, line: Line) -> bool:
    """A job that a person started and that succeeded."""
    if line.kind != "deploy" or line.signal or not has_sign(line.text, "succeeded") or not line.subject:
        return False
    return any(
        other.signal == "change_started" or "started" in other.text
        for other in scene.deploys
        if other.actor_kind == "person"
        and other.at
        and line.at
        and timedelta(0) < line.at - other.at <= timedelta(hours=6)
        and other.text.split(" started")[0][:40] == line.text.split(":")[0][:40]
    )


def _weight(scene: Scene, c: Candidate, done: Sequence[Candidate], limit: datetime | None) -> float:
    """How likely this one ended it: the later before the recovery the better, unless it is said to have done nothing."""
    own = min(c.score, 3.0)
    if c.line.kind == "deploy":
        own = 2.5
    else:
        own += 0.12 * min(scene.topic.relevance(c.words), 4.0)
    own -= 1.5 if in_vain(scene, c, done) else 0.0
    own -= 1.5 if _only_tells(scene, c) else 0.0
    own -= 0.5 if c.line.kind == "chat" and categories(c.words) & {"cause", "because", "explains"} else 0.0
    if limit is not None:
        late = (c.at - limit).total_seconds() / 60 + LAG
        own -= 0.4 * max(late, 0.0)
        gap = max((limit - c.at).total_seconds() / 1200, 0.0)
        own -= min(gap, 3.0) + 0.1 * max(gap - 3.0, 0.0)
    return own


def _only_tells(scene: Scene, c: Candidate) -> bool:
    """A banner or a mail that went out changes nothing for the failure."""
    return bool(categories(c.words) & {"communicate"}) or "communicated" in acts_of(scene, c.line)


def in_vain(scene: Scene, c: Candidate, done: Sequence[Candidate]) -> bool:
    """True where somebody says before the next change that it did not help."""
    place = bisect_right(done, c.at + timedelta(minutes=1), key=lambda d: d.at)
    following = done[place].at if place < len(done) else c.at + timedelta(minutes=40)
    until = min(following, c.at + timedelta(minutes=40))
    return has_sign(c.words, "no_help") or any(
        acts_of(scene, line, 1.5) & {"fix_failed"} or has_sign(line.text, "no_help")
        for line in scene.talk(c.at + timedelta(seconds=1), until)
    )


def _doubted(scene: Scene, c: Candidate, recovery: datetime) -> bool:
    """True where somebody says around the recovery that nobody knows what ended it, or that it ended by itself."""
    return any(
        "doubt" in categories(line.text)
        for line in scene.talk(min(c.at, recovery) - timedelta(minutes=2), recovery + timedelta(minutes=20))
    )


def _of_talk(scene: Scene, candidate: Candidate) -> bool:
    """A completion that only the conversation tells: said after the recovery it ends something else."""
    return any(s.act == "fix_done" and s.of_talk for s in scene.said.get(candidate.line.id, ()))


def _ends_a_change(scene: Scene, candidate: Candidate) -> bool:
    """A fix that is done; a change that a responder or a deploy calls done while the incident lasts is one too."""
    said = said_times(candidate.words, candidate.line.at, scene.timezone) if candidate.line.by_person else []
    if said and candidate.at - said[0].at > timedelta(minutes=5):
        return False  # `I deployed it at 15:58`, said much later: a change of before
    said_of = scene.said.get(candidate.line.id, ())
    if said_of and all(s.past for s in said_of):
        return False  # `we moved it yesterday`
    acts = {s.act for s in said_of if not s.past}
    if "fix_done" in acts:
        return True
    if candidate.line.kind == "deploy":
        return candidate.line.signal in {"change_finished", None}
    cues = {cue.category for cue in read_cues(candidate.words) if cue.strong}
    return candidate.line.by_person and bool(cues & {"done", "finished"}) and "in_progress" not in cues
