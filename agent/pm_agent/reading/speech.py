"""Signs of how somebody speaks of work for later, by the word lists of `language/*/follow_ups.yaml`."""

from __future__ import annotations

import re

from pm_agent.language import patterns
from pm_agent.reading.cues import languages_of
from pm_agent.reading.remembered import remembered

WEIGHT = {
    "commit": 1.2, "offer": 0.6, "assign": 1.2, "ask": 1.0, "wish": 1.0, "later": 0.8, "imperative": 0.8, "durable": 0.5, "also": 0.5,
    "state": 0.4, "remark": -1.6, "past": -1.2,
}  # fmt: skip
MEANWHILE = {"now": -0.6, "mitigation": -0.8}
"""What speaks of the incident itself; in a round of follow-ups it speaks of the next one."""


def has(text: str, section: str) -> bool:
    """True where a section's patterns of either language apply."""
    return any(patterns(language, "follow_ups", section).search(text) for language in languages_of(text))


def is_head(heading: str) -> bool:
    """True for the heading of a list of work."""
    return len(heading) < 60 and has(heading, "head")


@remembered
def calls(row: str) -> bool:
    """True where a row asks for follow-ups, or begins to list them."""
    return len(row) < 120 and has(row, "call") and not has(row, "now")


@remembered
def signs(sentence: str) -> frozenset[str]:
    """The kinds of signs a sentence shows."""
    return frozenset(kind for kind in (*WEIGHT, *MEANWHILE) if has(sentence, kind))


_NUMBERED = re.compile(r"^\W*#?(?P<n>\d{1,2})\s*[.:：、)）]?\s+(?=\D)")


def numbered(row: str) -> str | None:
    """The number a row begins with, as those of a list do."""
    match = _NUMBERED.match(row)
    return match["n"] if match else None
