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
