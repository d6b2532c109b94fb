"""A report that came before the first sign and is told only later: `the desk got the first call at 8:27, I posted 6 min later`."""

from __future__ import annotations

from datetime import timedelta

from pm_agent.reading.candidates import Candidate, Scene
from pm_agent.reading.course import acts_of
from pm_agent.reading.cues import has_sign, stance_of
from pm_agent.reading.said_times import said_times
from pm_agent.reading.sentences import split

BEFORE = timedelta(hours=6)
"""A report so long before the first sign is another's, where its day is not named."""
LONG_BEFORE = timedelta(days=3)


def told_report(scene: Scene, sign: Candidate) -> Candidate | None:
    """The earliest report before the first sign that a person tells as a fact, at its own moment.

    Args:
        scene: all lines of the incident.
        sign: the first sign as it was written down.
    """
    found: list[Candidate] = []
    for line in scene.lines:
        if not line.by_person or line.at is None or line.id in scene.outside or line.at < sign.at:
            continue
        if acts_of(scene, line) & {"unrelated", "elsewhere"}:
            continue
        for sentence in split(line.text):
            stance = stance_of(sentence.text)
            if (
                sentence.pasted
                or stance.question
                or stance.future
                or not has_sign(sentence.text, "report_told")
            ):
                continue
            for said in said_times(sentence.text, line.at, scene.timezone)[:1]:
                back = sign.at - said.at
                if timedelta(minutes=1) <= back <= (LONG_BEFORE if said.dated else BEFORE) and not said.or_at:
                    found.append(Candidate(line, said.at, said.precision, sentence.text, 1.5))
    return min(found, key=lambda c: c.at, default=None)
