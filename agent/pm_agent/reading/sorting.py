"""Which drawer a text belongs in: level of a cause, gap behind a factor, aspect of impact, category of an action."""

from __future__ import annotations

import re
from functools import cache

from pm_agent.language import words
from pm_agent.language.compiled import any_of
from pm_agent.reading.cues import languages_of


@cache
def _drawer(language: str, chest: str, name: str) -> re.Pattern[str]:
    return any_of(words(language, "kinds")[chest][name])


def drawer_of(text: str, chest: str) -> str | None:
    """The first drawer of `kinds.yaml` that a text fits, in the order of the file; None where it fits none."""
    for name in words("en", "kinds")[chest]:
        if any(_drawer(language, chest, name).search(text) for language in languages_of(text)):
            return str(name)
    return None


def fits(text: str, chest: str, name: str) -> bool:
    """True where the text fits that drawer."""
    return any(_drawer(language, chest, name).search(text) is not None for language in languages_of(text))
