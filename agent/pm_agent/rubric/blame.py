"""Blame-oriented wording: where it stands, why it is a problem, and a neutral wording that keeps every fact.

Patterns are data (`language/*/blame.yaml`), their reasons and examples too (`rubrics/blameless.yaml`). What a
machine printed, and talk about blame as a principle, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pm_agent.language import Language, has_han, words
from pm_agent.reading.cues import languages_of, stance_of
from pm_agent.reading.sentences import Sentence, split

_CODE = re.compile(r"`[^`\n]*`|https?://\S+")
_QUOTED_OUTPUT = re.compile(
    r"[\"“][^\"”\n]*(?:error|failed|failure|exception|denied|refused|timeout|错误|失败|异常)[^\"”\n]*[\"”]",
    re.I,
)
_FRAGMENT = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*%?")
_SYSTEM = re.compile(r"[A-Za-z]+(?:[_.\-/][A-Za-z0-9]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z]{2,}\d*")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to word a rule's offence."""

    rule: str
    find: re.Pattern[str]
    unless: re.Pattern[str] | None
    rewrite: str | None


@dataclass(frozen=True, slots=True)
class Blame:
    """One finding in a text."""

    start: int
    end: int
    span: str
    rule: str
    rewrite: str | None
    """The whole sentence in neutral words; None where only a person can put it otherwise."""


def _expand(pattern: str, fragments: dict[str, str]) -> str:
    """Named fragments filled in, inner ones first; a quantifier such as `{1,3}` is no name."""
    for _ in range(4):
        pattern = _FRAGMENT.sub(lambda m: f"(?:{fragments[m[1]]})" if m[1] in fragments else m[0], pattern)
    return pattern


@cache
def rules_of(language: Language) -> tuple[Pattern, ...]:
    """Every pattern of a language, in the order of the file."""
    content = words(language, "blame")
    fragments: dict[str, str] = content["fragments"]
    found = []
    for rule, entries in content["rules"].items():
        for entry in entries:
            unless = entry.get("unless")
            found.append(
                Pattern(
                    f"blame.{rule}",
                    re.compile(_expand(entry["find"], fragments), re.I if language == "en" else 0),
                    re.compile(_expand(unless, fragments), re.I) if unless else None,
                    entry.get("rewrite"),
                )
            )
    return tuple(found)


def find(text: str) -> list[Blame]:
    """Every finding, at most one a rule and sentence, in order of the text."""
    return [blame for sentence in split(text) if not sentence.pasted for blame in _in_sentence(sentence)]


def _in_sentence(sentence: Sentence) -> Iterator[Blame]:
    for start, end, span, rule, rewrite in _findings(sentence.text):
        yield Blame(sentence.start + start, sentence.start + end, span, rule, rewrite)


@lru_cache(maxsize=10_000)
def _findings(text: str) -> tuple[tuple[int, int, str, str, str | None], ...]:
    masked = _QUOTED_OUTPUT.sub(lambda m: " " * len(m[0]), _CODE.sub(lambda m: " " * len(m[0]), text))
    found: list[tuple[int, int, str, str, str | None]] = []
    for language in languages_of(masked):
        for pattern in rules_of(language):
            match = pattern.find.search(masked)
            if match is None or any(rule == pattern.rule for *_, rule, _ in found):
                continue
            if pattern.unless and pattern.unless.search(masked):
                continue
            if any(start < match.end() and match.start() < end for start, end, *_ in found):
                continue
            rewrite = _reworded(text, masked, match, pattern)
            found.append(
                (match.start(), match.end(), text[match.start() : match.end()], pattern.rule, rewrite)
            )
    return tuple(sorted(found))


def _reworded(text: str, masked: str, match: re.Match[str], pattern: Pattern) -> str | None:
    """The sentence with the match put neutrally; None where a fact would be lost."""
    if pattern.rewrite is None:
        return None
    groups = {name: text[slice(*match.span(name))] for name in match.re.groupindex if match[name] is not None}
    neutral = re.sub(r"\\g<(\w+)>", lambda m: groups.get(m[1], ""), pattern.rewrite)
    sentence = (text[: match.start()] + neutral + text[match.end() :]).strip()
    sentence = sentence[:1].upper() + sentence[1:] if text[:1].isupper() else sentence
    return sentence if not lost_facts(text, sentence) else None


def lost_facts(before: str, after: str) -> list[str]:
    """Numbers, times, systems and hedges of `before` that `after` no longer holds."""
    lost = [n for n in _NUMBER.findall(before) if n not in after]
    lost += [s for s in _SYSTEM.findall(before) if s.lower() not in after.lower()]
    if stance_of(before).hedged and not stance_of(after).hedged:
        lost.append("hedge")
    if stance_of(before).negated and not stance_of(after).negated:
        lost.append("negation")
    return lost


def blameless(text: str) -> tuple[str, bool]:
    """A text for the shared report, and whether it could be made blameless.

    A sentence whose wording can't be mended without losing a fact is left out; when nothing is left, the text
    comes back empty and its line is shown by its source alone.
    """
    sentences = split(text)
    kept: list[str] = []
    clean = True
    for sentence in sentences:
        worded: str | None = sentence.text
        for _ in range(4):
            findings = _findings(worded or "") if worded and not sentence.pasted else ()
            if not findings:
                break
            worded = findings[0][4]
            clean = False
        if worded:
            kept.append(worded)
    if clean:
        return text, True
    joiner = "" if has_han(text) else " "
    return joiner.join(kept), bool(kept)
