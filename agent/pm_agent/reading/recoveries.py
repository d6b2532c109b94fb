"""When users are served again and which change did it: what lasts counts, what a graver alert outlives does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.cues import read_cues
from pm_agent.reading.said_times import said_times
from pm_agent.reading.severity import gravity
from pm_agent.reading.window import end_of_talk


def recovered(scene: Scene, start: datetime | None) -> Choice:
    """The first stated recovery that no later trouble and no graver alert takes back."""
    sure = scene.candidates({"recovered", "resolved", "ended"}, least=1.5)
    sure = [c for c in sure if start is None or c.at > start]
    if any(c.line.signal != "ended" for c in sure):  # the end of one kind of log line is the weakest sign
        sure = [c for c in sure if c.line.signal != "ended"]
    if not sure:
        maybe = [c for c in scene.candidates({"maybe_recovered"}, least=1.0) if start is None or c.at > start]
        return Choice(
            None, "only_hoped" if maybe else "no_recovery", tuple((c, "uncertain") for c in maybe[-3:])
        )
    trouble = _trouble(scene, start)
    standing: list[Candidate] = []
    refuted: list[Candidate] = []
    for candidate in sure:
        after = [t for t in trouble if timedelta(minutes=1) < t - candidate.at <= timedelta(hours=3)]
        if candidate.line.signal == "resolved" and _a_graver_one_fires(scene, candidate):
            after.append(candidate.at)
        (refuted if after else standing).append(candidate)
    if not standing:
        return Choice(None, "recovery_refuted", tuple((c, "trouble_after") for c in refuted[-3:]))
    chosen = _main_recovery(standing)
    others = [(c, "trouble_after") for c in refuted[-3:]] + [
        (c, "later") for c in standing if c is not chosen
    ][:2]
    return Choice(chosen, "first_lasting", tuple(others))


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
    """The first that lasts; where alerts clear within a minute of it, the gravest of them."""
    near = [
        c for c in standing if c.at - standing[0].at <= timedelta(minutes=1) and c.line.signal == "resolved"
    ]
    return min(near, key=lambda c: (gravity(c.line.severity), c.at), default=standing[0])


def _trouble(scene: Scene, start: datetime | None) -> list[datetime]:
    """Moments at which somebody or something says that it is not over."""
    moments = [c.at for c in scene.candidates({"not_recovered"}, least=1.2)]
    moments += [c.at for c in scene.candidates({"fired", "onset"}, least=2.0)]
    moments += [
        c.at for c in scene.candidates({"symptom"}, least=1.8) if c.line.by_person and _present(c.words)
    ]
    return [m for m in moments if start is None or m >= start]


_PRESENT = re.compile(
    r"\b(?:still|again|now)\b|还在|还是|仍|依然|目前|又(?:开始|报|挂|掉|涨|卡|慢|超时|失败|不行|来|下去|高|有|出现|不可用)",
    re.I,
)


def _present(words: str) -> bool:
    return _PRESENT.search(words) is not None


def _of_talk(scene: Scene, candidate: Candidate) -> bool:
    """A completion that only the conversation tells: said after the recovery it ends something else."""
    return any(s.act == "fix_done" and s.of_talk for s in scene.said.get(candidate.line.id, ()))


def fixed(scene: Scene, start: datetime | None, recovery: Choice) -> tuple[Choice, Choice]:
    """The change that ended the failure, as fix and as mitigation: the last that was completed before the recovery."""
    done = [
        c
        for c in scene.candidates({"fix_done", "changed"}, least=1.5)
        if (start is None or c.at >= start - timedelta(minutes=2)) and _ends_a_change(scene, c)
    ]
    limit = recovery.chosen.at + timedelta(minutes=3) if recovery.chosen else end_of_talk(scene)
    before = [
        c
        for c in done
        if limit is None or c.at <= limit - (timedelta(minutes=3) if _of_talk(scene, c) else timedelta(0))
    ]
    if not before:
        late = [(c, "after_recovery") for c in done[:3]]
        return Choice(None, "no_fix", tuple(late)), Choice(None, "no_fix", tuple(late))
    failed = [c.at for c in scene.candidates({"fix_failed", "not_recovered"}, least=1.0)]
    effective = before[-1]
    best = max(before[-4:], key=lambda c: (c.score, c.at))
    if effective.score + 0.6 < best.score:
        effective = best
    others = tuple(
        (
            c,
            "did_not_end_it"
            if any(timedelta(0) < f - c.at < timedelta(minutes=40) for f in failed)
            else "earlier",
        )
        for c in before
        if c is not effective
    )
    return Choice(effective, "last_before_recovery", others[-4:]), Choice(
        effective, "last_before_recovery", others[-4:]
    )


def _ends_a_change(scene: Scene, candidate: Candidate) -> bool:
    """A fix that is done; a change that a responder calls done while the incident lasts is one too."""
    said = said_times(candidate.words, candidate.line.at, scene.timezone) if candidate.line.by_person else []
    if said and candidate.at - said[0].at > timedelta(minutes=5):
        return False  # `I deployed it at 15:58`, said much later: a change of before
    acts = {s.act for s in scene.said.get(candidate.line.id, ())}
    if "fix_done" in acts:
        return True
    cues = {cue.category for cue in read_cues(candidate.words) if cue.strong}
    return candidate.line.by_person and "done" in cues and "in_progress" not in cues
