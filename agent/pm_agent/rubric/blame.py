"""Blame-oriented wording: where it stands, why it is a problem, and a neutral wording that keeps every fact.

Patterns are data (`language/*/blame.yaml`), their reasons and examples too (`rubrics/blameless.yaml`). What a
machine printed, and talk about blame as a principle, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pm_agent.language import Language, has_han, words
from pm_agent.language.lazy_pattern import Fragments, LazyPattern
from pm_agent.reading.cues import languages_of
from pm_agent.reading.remembered import remembered
from pm_agent.reading.sentences import split
from pm_agent.reading.timeline_words import BETWEEN, REPLY
from pm_agent.rubric.neutral import neutral
from pm_agent.rubric.team import Team, in_force

_CODE = re.compile(r"`[^`\n]*`|https?://\S+")
_QUOTED_OUTPUT = re.compile(
    r"[\"“][^\"”\n]*(?:error|failed|failure|exception|denied|refused|timeout|错误|失败|异常)[^\"”\n]*[\"”]",
    re.I,
)
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to word a rule's offence."""

    rule: str
    find: LazyPattern
    unless: LazyPattern | None


@dataclass(frozen=True, slots=True)
class Blame:
    """One finding in a text."""

    start: int
    end: int
    span: str
    rule: str
    rewrite: str | None
    """The whole sentence in neutral words; None where only a person can put it otherwise."""


@cache
def rules_of(language: Language) -> tuple[Pattern, ...]:
    """Every pattern of a language, in the order of the file."""
    content = words(language, "blame")
    fragments = Fragments(content["fragments"])
    flags = re.I if language == "en" else 0
    found = []
    for rule, entries in content["rules"].items():
        for entry in entries:
            unless = entry.get("unless")
            found.append(
                Pattern(
                    f"blame.{rule}",
                    LazyPattern(entry["find"], fragments, flags),
                    LazyPattern(unless, fragments, re.I) if unless else None,
                )
            )
    return tuple(found)


@cache
def _of_wording(language: Language) -> re.Pattern[str]:
    return re.compile(words(language, "blame")["of_wording"], re.I)


def _masked(text: str) -> str:
    """The text with its code, quoted output and, where the talk is of wording, quoted words blanked out."""
    text = _QUOTED_OUTPUT.sub(_blanks, _CODE.sub(_blanks, text))
    said = _QUOTED.sub(" ", text)
    if any(_of_wording(language).search(said) for language in languages_of(text)):
        text = _QUOTED.sub(_blanks, text)
    return text


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def find(text: str) -> list[Blame]:
    """Every finding, at most one a rule and sentence, in order of the text."""
    team = in_force()
    return [
        Blame(sentence.start + span.start, sentence.start + span.end, span.text, span.rule, rewrite)
        for sentence in split(text)
        if not sentence.pasted
        for span, rewrite in _judged(sentence.text, team)
    ]


@dataclass(frozen=True, slots=True)
class _Span:
    """Where in a sentence a rule is offended."""

    start: int
    end: int
    rule: str
    text: str


@remembered
def _judged(text: str, team: Team) -> tuple[tuple[_Span, str | None], ...]:
    spans = _spans(text, team)
    if not spans:
        return ()
    rewrite = neutral(text, lambda worded: bool(_spans(worded, team)))
    return tuple((span, rewrite) for span in spans)


def _spans(text: str, team: Team) -> list[_Span]:
    found: list[_Span] = []
    for rule, match in _matches(_masked(text), team):
        apart = all(rule != s.rule and (s.end <= match.start() or match.end() <= s.start) for s in found)
        if apart and rule not in team.disabled:
            found.append(_Span(match.start(), match.end(), rule, text[match.start() : match.end()]))
    return sorted(found, key=lambda span: span.start)


_WORD = re.compile(r"(?<![\w.])[A-Za-z']{2,}(?![\w.])|(?<!\w)I(?!\w)")


def _matches(masked: str, team: Team) -> Iterator[tuple[str, re.Match[str]]]:
    folded = masked.casefold()
    for language in languages_of(masked):
        if language == "en" and has_han(masked) and len(_WORD.findall(masked)) < 3:
            continue  # names of systems in a Chinese sentence are no English clause
        for pattern in rules_of(language):
            match = pattern.find.search(masked, folded)
            if match and not (pattern.unless and pattern.unless.search(masked, folded)):
                yield pattern.rule, match
    for own in team.own:
        match = own.match(masked) if own.rule.judges == "text" else None
        if match:
            yield own.rule.id, match


def blameless(text: str) -> tuple[str, bool]:
    """A text for the shared report, and whether it could be made blameless.

    A sentence whose wording can't be mended without losing a fact is left out; of a row that has the words of several
    lines, the others' words stay. When nothing is left, the text comes back empty and its line is shown by its source alone.
    """
    whole, clean = _mended(text)
    if clean:
        return text, True
    parts = text.split(BETWEEN)
    if len(parts) > 1 or REPLY.fullmatch(text):
        kept = BETWEEN.join(filter(None, (_part(part) for part in parts)))
        if kept and _mended(kept)[1]:
            return kept, True
    return whole, bool(whole)


def _part(text: str) -> str:
    """The words of one line of a row; an answer without the question where only that blames."""
    answered = REPLY.fullmatch(text)
    if answered and not _mended(answered["said"])[1]:
        text = answered["reply"]
    return _mended(text)[0]


def _mended(text: str) -> tuple[str, bool]:
    """What is left of a text sentence by sentence, and whether nothing had to be mended."""
    team, clean = in_force(), True
    kept: list[str] = []
    for sentence in split(text):
        judged = () if sentence.pasted else _judged(sentence.text, team)
        clean = clean and not judged
        worded = judged[0][1] if judged else sentence.text
        if worded:
            kept.append(worded)
    return (text if clean else ("" if has_han(text) else " ").join(kept)), clean
