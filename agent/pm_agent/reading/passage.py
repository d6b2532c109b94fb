"""A statement told over several messages: what the same person said just before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pm_agent.reading.cues import read_cues, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.says import says
from pm_agent.reading.sentences import split
from pm_agent.reading.topic import tokens

_AROUND = timedelta(minutes=2)
_SAME_BREATH = timedelta(minutes=1)
_LONGEST = 160
_MOST = 4
_OTHER_MATTERS = {
    "acknowledged", "fix_started", "fix_done", "fix_failed", "recovered", "maybe_recovered", "not_recovered", "action", "notified", "communicated",
    "declared", "closed", "confirmed", "chatter", "ruled_out", "suspected",
}  # fmt: skip
"""What a neighbour may be about instead: looking, restoring, asking somebody. The cause is told without it."""


def passage(lines: Sequence[Line], stated: Line) -> list[Line]:
    """The line with its neighbours by the same person in the same place that say something, in order.

    Questions, long pastes and lines without a telling word are left out.
    """
    if stated.at is None or not stated.by_person or stated.actor is None:
        return [stated]
    near = [line for line in lines if line.id == stated.id or _belongs(line, stated)]
    place = next(n for n, line in enumerate(near) if line.id == stated.id)
    start = max(0, min(place - _MOST + 2, len(near) - _MOST))
    return near[start : start + _MOST]


def _belongs(line: Line, stated: Line) -> bool:
    if line.at is None or stated.at is None or line.actor != stated.actor or line.thread != stated.thread:
        return False
    if abs(line.at - stated.at) > _AROUND or line.commands or len(line.text) > _LONGEST:
        return False
    acts = {saying.act for saying in says(line)}
    if acts & _OTHER_MATTERS and "cause" not in acts:
        return False
    if any(stance_of(s.text).question for s in split(line.text)):
        return False
    cues = {cue.category for cue in read_cues(line.text) if cue.strong}
    if cues & {"cause", "because", "explains"}:
        return True
    goes_on = abs(line.at - stated.at) <= _SAME_BREATH and not cues & {"mitigate", "order", "finished"}
    return bool(tokens(line.text) & tokens(stated.text)) or (goes_on and bool(tokens(line.text)))
