"""The action items of one incident judged together: duplicates, how strong they are, what they are for, which causes they leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.reading.sorting import drawer_of
from pm_agent.reading.topic import tokens
from pm_agent.report import Finding
from pm_agent.rubric.smart import strength_of

_SAME = 0.75
"""Share of the shorter item's telling words that both must have to be one piece of work."""
_WEAK = frozenset({"reminder", "training", "document"})


def findings(items: Sequence[tuple[str, str]], language: Language) -> list[Finding]:
    """What is found only by looking at all items, given as id and words, at once."""
    texts = [text for _, text in items]
    return [
        Finding(
            rule="actions.duplicate",
            severity="warning",
            where=items[later][0],
            message=phrase(language, "check.duplicate", earlier=items[earlier][0]),
        )
        for earlier, later in duplicates(texts)
    ] + _lean(texts, language)


def duplicates(items: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of items that are the same work in other words."""
    return [
        (i, j)
        for (i, one), (j, other) in combinations(enumerate(map(_told, items)), 2)
        if min(len(one), len(other)) >= 2 and len(one & other) >= _SAME * max(len(one), len(other))
    ]


def _told(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in tokens(text))


def _lean(items: Sequence[str], language: Language) -> list[Finding]:
    """Nothing but reminders, training and documents; or nothing that keeps it from happening."""
    strengths = [strength_of(item) for item in items]
    purposes = Counter(drawer_of(item, "category") or "other" for item in items)
    found = []
    if len(items) >= 2 and all(s in _WEAK for s in strengths):
        found.append("only_weak")
    if len(items) >= 2 and purposes["prevent"] == 0 and not any(s == "system_change" for s in strengths):
        found.append("nothing_prevents")
    return [
        Finding(
            rule=f"actions.{code}",
            severity="info",
            where="actions",
            message=phrase(language, f"check.{code}"),
        )
        for code in found
    ]


def uncovered(causes: Sequence[str], actions: Sequence[str]) -> list[str]:
    """Causes with which no action shares a telling word."""
    taken_up = frozenset(t for action in actions for t in _told(action))
    return [cause for cause in causes if not _told(cause) & taken_up]
