"""What the sentences of an event say, by the word lists of `language/`: symptom, cause, fix, recovery.

A cue is a reading of one sentence with its stance (question, negated, uncertain, future, about the past). Which
milestone it becomes is decided by the stages, over all the evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pm_agent.language import LANGUAGES, Language, has_han, patterns, words
from pm_agent.language.compiled import any_of
from pm_agent.reading.remembered import remembered
from pm_agent.reading.sentences import Sentence, split

CATEGORIES = tuple(words("en", "cues"))


@dataclass(frozen=True, slots=True)
class Stance:
    """How a sentence stands to what it says."""

    question: bool
    negated: bool
    hedged: bool
    uncertain: bool
    future: bool
    past: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """One category found in one sentence."""

    category: str
    sentence: Sentence
    stance: Stance
    strong: bool
    match: str


@cache
def _compiled(language: Language, category: str, strength: str) -> re.Pattern[str] | None:
    found = words(language, "cues").get(category, {}).get(strength) or []
    return any_of(found) if found else None


@cache
def _stance_pattern(language: Language, name: str) -> re.Pattern[str]:
    return any_of(words(language, "stance")[name])


def languages_of(text: str) -> tuple[Language, ...]:
    """Which word lists apply: Chinese chats are full of English, English ones hold no Chinese."""
    return LANGUAGES if has_han(text) else ("en",)


def has_sign(text: str, name: str) -> bool:
    """True where a weak sign of `signs.yaml` stands in a text."""
    return any(patterns(language, "signs", name).search(text) for language in languages_of(text))


@remembered
def stance_of(text: str) -> Stance:
    """The stance of one sentence."""
    languages = languages_of(text)

    def has(name: str) -> bool:
        return any(_stance_pattern(language, name).search(text) for language in languages)

    return Stance(*(has(name) for name in ("question", "negation", "hedge", "uncertain", "future", "past")))


def is_hedged(text: str) -> bool:
    """True where the text is less than sure."""
    return stance_of(text).hedged


@remembered
def read_cues(text: str) -> tuple[Cue, ...]:
    """Every cue of a text, sentence by sentence."""
    found: list[Cue] = []
    for sentence in split(text):
        stance = stance_of(sentence.text)
        text = _EMOJI.sub(" ", sentence.text)  # the code of an emoji is no word: `:confused:`
        languages = languages_of(text)
        for category in CATEGORIES:
            for strength in ("strong", "weak"):
                match = _match(category, strength, text, languages)
                if match:
                    found.append(Cue(category, sentence, stance, strength == "strong", match[0]))
                    break
    return tuple(found)


_EMOJI = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+\-]*:(?![\w:])")


def _match(category: str, strength: str, text: str, languages: tuple[Language, ...]) -> re.Match[str] | None:
    for language in languages:
        pattern = _compiled(language, category, strength)
        match = pattern.search(text) if pattern else None
        if match:
            return match
    return None
