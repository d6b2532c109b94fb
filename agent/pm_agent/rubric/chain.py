"""Tests of a causal chain: ends at a person, circular, not a cause, not needed, empty.

Reasons, sources and examples: `rubrics/five-whys.yaml`; words: `language/*/chain.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from pm_agent.language import Language, has_han, patterns
from pm_agent.language.phrases import phrase
from pm_agent.reading.cues import languages_of
from pm_agent.reading.topic import tokens
from pm_agent.report import Finding, Why
from pm_agent.rubric import blame

_PERSON_RULES = {
    "blame.human_error",
    "blame.person_fault",
    "blame.self_blame",
    "blame.accusation",
    "blame.responsibility",
    "blame.accident",
}
_PERSON_ACTED = re.compile(
    r"^\W*(?:the|an?|one|some|our) (?:\w+ ){0,2}?(?:developer|engineer|operator|admin\w*|dba|sre|intern|reviewer|author|employee|on-?call(?: engineer)?)s? "
    r"(?:(?:then|also|just) )?(?:ran|\w+ed|set|put|made|wrote|sent|chose|took|left|cut|gave)\b",
    re.I,
)
_PARTICLES = frozenset("的了已经被在是又也都把给这那个还就再新")


def findings(whys: Sequence[Why], language: Language) -> list[Finding]:
    """Every test on the chains of a draft."""
    pairs = {"circular": circular(whys), "therefore": broken(whys)}
    found = [
        _finding(code, later, language, earlier=earlier)
        for code, offending in pairs.items()
        for earlier, later in offending
    ]
    supported = [w for w in whys if w.answer.support == "supported"]
    found += [_finding("padding", id_, language) for id_ in padding(whys)]
    found += [_finding("without_it", w.id, language) for w in supported if not_needed(w.answer.text)]
    return found + [
        _finding("ends_at_person", w.id, language) for w in supported if ends_at_person(w.answer.text)
    ]


_SEVERITY: dict[str, Literal["error", "warning", "info"]] = {"ends_at_person": "error", "without_it": "info"}


def _finding(code: str, where: str, language: Language, **values: str) -> Finding:
    message = phrase(language, f"check.{code}", **values)
    return Finding(rule=f"whys.{code}", severity=_SEVERITY.get(code, "warning"), where=where, message=message)


def ends_at_person(text: str) -> bool:
    """True where a sentence gives a person, or a person's error, as the reason."""
    return any(found.rule in _PERSON_RULES for found in blame.find(text)) or bool(_PERSON_ACTED.match(text))


def circular(whys: Sequence[Why]) -> list[tuple[str, str]]:
    """Pairs of links of one branch that say the same thing: the later one explains nothing."""
    supported = [w for w in whys if w.answer.support == "supported"]
    found = []
    for index, later in enumerate(supported):
        mine = _told(later.answer.text)
        for earlier in supported[:index]:
            theirs = _told(earlier.answer.text)
            if earlier.branch == later.branch and mine and len(mine & theirs) >= 0.8 * len(mine):
                found.append((earlier.id, later.id))
    return found


def _told(text: str) -> frozenset[str]:
    """What a sentence names: telling words; in Chinese its characters, since a turn of phrase reorders the words."""
    if not has_han(text):
        return tokens(text)
    return frozenset(c for c in text.lower() if c.isalnum() and c not in _PARTICLES)


_DAY = 24 * 60
"""Minutes; of two clock times the nearer way round counts, so that 23:50 stands before 00:10."""
_CLOCK = re.compile(r"(?<!\d)(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?!\d)")


def broken(whys: Sequence[Why]) -> list[tuple[str, str]]:
    """Pairs that do not read backwards with "therefore": the deeper link is an effect, a repair, or came later."""
    return [
        (earlier.id, later.id)
        for earlier, later in pairwise(w for w in whys if w.answer.support == "supported")
        if earlier.branch == later.branch and _comes_after(earlier.answer.text, later.answer.text)
    ]


def _comes_after(effect: str, cause: str) -> bool:
    if _says(cause, "consequence") or _says(cause, "repair"):
        return True
    shown, began = _CLOCK.search(effect), _CLOCK.search(cause)
    if not shown or not began:
        return False
    later = (_minute(began) - _minute(shown)) % _DAY
    return 0 < later < _DAY // 2


def _minute(clock: re.Match[str]) -> int:
    return 60 * int(clock["h"]) + int(clock["m"])


def not_needed(text: str) -> bool:
    """True where a sentence itself says that it would have happened without this: a contributing factor, no cause."""
    return _says(text, "contributing")


def padding(whys: Sequence[Why]) -> list[str]:
    """Links that name nothing: without "problem", "system", "insufficient" no word is left."""
    return [w.id for w in whys if w.answer.support == "supported" and not _named(w.answer.text)]


def _named(text: str) -> bool:
    for language in languages_of(text):
        text = patterns(language, "chain", "empty").sub(" ", text)
    return re.search(r"[^\W_]", text) is not None


def _says(text: str, section: str) -> bool:
    return any(patterns(language, "chain", section).search(text) for language in languages_of(text))
