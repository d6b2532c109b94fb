"""Sentences of the program itself, per language: `phrase("en", "metric.reason.trigger")`."""

from __future__ import annotations

from typing import Any

from pm_agent.language import Language, words


def phrase(language: Language, code: str, **values: Any) -> str:
    """The sentence of that code with its blanks filled.

    Raises:
        KeyError: there is no such sentence, or a blank has no value.
    """
    node: Any = words(language, "phrases")
    for part in code.split("."):
        node = node[part]
    return str(node).format(**values)


def span(language: Language, minutes: int) -> str:
    """A duration as people say it: `45 min`, `29 h 6 min`."""
    hours, rest = divmod(minutes, 60)
    code = "narrative.hours" if hours else "narrative.minutes"
    return phrase(language, code, h=hours, m=rest, n=minutes)
