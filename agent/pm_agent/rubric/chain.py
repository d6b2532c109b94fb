"""Tests of a causal chain: ends at a person, circular.

Sources: PagerDuty's guide (a person's action is never a root cause) and the five-whys rules collected in
`rubrics/five-whys.yaml`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pm_agent.reading.topic import tokens
from pm_agent.report import Why
from pm_agent.rubric import blame

_PERSON_RULES = {
    "blame.human_error",
    "blame.person_fault",
    "blame.self_blame",
    "blame.accusation",
    "blame.responsibility",
}


def ends_at_person(text: str) -> bool:
    """True where a sentence gives a person, or a person's error, as the reason."""
    return any(found.rule in _PERSON_RULES for found in blame.find(text))


def circular(whys: Sequence[Why]) -> list[tuple[str, str]]:
    """Pairs of links of one branch that say the same thing: the later one explains nothing."""
    supported = [w for w in whys if w.answer.support == "supported"]
    found = []
    for index, later in enumerate(supported):
        mine = tokens(later.answer.text)
        for earlier in supported[:index]:
            theirs = tokens(earlier.answer.text)
            if (
                earlier.branch == later.branch
                and mine
                and len(mine & theirs) >= 0.8 * max(len(mine), len(theirs))
            ):
                found.append((earlier.id, later.id))
    return found
