"""What a rewording must not lose: numbers, times, names of systems, roles, hedges and negations."""

from __future__ import annotations

import re
from collections import Counter

from pm_agent.language import LANGUAGES, words
from pm_agent.reading.cues import languages_of, stance_of

_NUMBER = re.compile(r"\d+(?:[.,:：]\d+)*%?")
_SYSTEM = re.compile(
    r"`[^`\n]+`|[A-Za-z]+(?:[_.\-/][A-Za-z0-9]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+|\b[A-Z]{2,}\d*\b|\b[a-z]+\d+\b"
)
_NAMED = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][a-z]{2,}\b")
_ROLES = {name: re.compile(words(name, "neutral")["roles"], re.I) for name in LANGUAGES}


def roles_in(text: str) -> list[str]:
    """Roles that tell who sees to what (on-call, DBA, 运维): as written, in order."""
    return [m[0] for language in languages_of(text) for m in _ROLES[language].finditer(text)]


def _without_modals(text: str) -> str:
    """`should have` is no doubt about what happened."""
    for language in languages_of(text):
        text = re.sub(words(language, "neutral")["modals"], " ", text, flags=re.I)
    return text


def lost_facts(before: str, after: str, *, persons: str = "", flips: bool = False) -> list[str]:
    """What `before` holds and `after` does not.

    Args:
        before: the wording that is to be replaced.
        after: the neutral wording.
        persons: words of `before` that name the person who acted; they may go.
        flips: true where the wording says what should have been, so that the negation must turn round.
    """
    lost = list((Counter(_NUMBER.findall(before)) - Counter(_NUMBER.findall(after))).elements())
    kept = after.lower()
    names = [n for pattern in (_SYSTEM, _NAMED) for n in pattern.findall(before) if n not in persons]
    lost += [n for n in names if n.lower() not in kept]
    lost += [r for r in roles_in(before) if r.lower().rstrip("s") not in kept]
    was, now = stance_of(_without_modals(before) if flips else before), stance_of(after)
    if was.hedged and not now.hedged:
        lost.append("hedge")
    if (was.negated == now.negated) if flips else (was.negated and not now.negated):
        lost.append("negation")
    return lost
