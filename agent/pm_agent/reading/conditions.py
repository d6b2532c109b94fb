"""What made it possible: sentences that tell of a missing defence, a default, or how a thing broke, and where a chain asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pm_agent.language import has_han, patterns, words
from pm_agent.reading.cues import languages_of, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.remembered import remembered
from pm_agent.reading.says import says
from pm_agent.reading.sentences import Sentence, split
from pm_agent.reading.timeline_words import row_words
from pm_agent.reading.topic import tokens

_SHORTEST, _LONGEST = 6, 280
_ALONE = 14
"""A shorter sentence (`no page.`) is told with the one before it."""
_CLAUSE = re.compile(r"[,;]\s*|\s(?:but|though)\s")
_ZH_CLAUSE = re.compile(r"[,，;；]\s*|\s+(?:但是?|不过)?|…+")
_OVER = {"recovered", "closed"}
_DONE = {"maybe_recovered", "fix_done", "confirmed", "acknowledged"}
"""What a sentence may say instead: it is over; it was mended, somebody looks."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One sentence that tells a condition."""

    line: Line
    text: str
    about: str
    """detection, response, organisation, process, design or technical."""


def conditions(line: Line) -> Iterator[Condition]:
    """The conditions that a person's line tells; a question, a guess or a plan tells none."""
    if not line.by_person or line.commands:
        return
    for text, about in _told(line.text):
        acts = {s.act for s in says(line.model_copy(update={"text": text})) if s.weight >= 1.0}
        if not acts & _OVER and (acts & {"poorly", "cause"} or not acts & _DONE):
            yield Condition(line, text, about)


@remembered
def _told(text: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[int, str, str]] = []
    sentences = [s for s in split(text) if not s.pasted and tokens(s.text)]
    for number, sentence in enumerate(sentences):
        if stance_of(sentence.text).question or _find(sentence.text, "guess"):
            continue
        for piece in _pieces(sentence.text):
            about = about_of(piece)
            if about is not None and _SHORTEST <= len(row_words(piece)) <= _LONGEST:
                _add(found, number, about, _whole(text, sentences, number, piece), text)
                break
    return tuple((row_words(told).lstrip("` .!、,，"), about) for _, about, told in found)


def _add(found: list[tuple[int, str, str]], number: int, about: str, told: str, text: str) -> None:
    """One more; in one piece with the sentence before where both tell of the same."""
    if found and found[-1][:2] == (number - 1, about):
        start = text.find(found[-1][2])
        end = text.find(told, start)
        joined = text[start : end + len(told)]
        if start >= 0 and end >= 0 and len(joined) <= _LONGEST:
            found[-1] = (number, about, joined)
            return
    found.append((number, about, told))


def _pieces(sentence: str) -> Iterator[str]:
    """The sentence; where a part of it is a plan or a person's deed, what stands before or behind that part."""
    yield sentence
    for section in ("plan", "deed"):
        match = _find(sentence, section)
        if match is not None:
            yield from around(sentence, *match.span())


def around(text: str, start: int, end: int) -> Iterator[str]:
    """The clauses before and behind a span, each in one piece as it stands in the text."""
    cuts = [m for m in _boundary(text).finditer(text)]
    before = max((m.start() for m in cuts if m.end() <= start), default=0)
    behind = min((m.end() for m in cuts if m.start() >= end), default=len(text))
    yield from (part.strip() for part in (text[:before], text[behind:]) if part.strip())


def _boundary(text: str) -> re.Pattern[str]:
    return _ZH_CLAUSE if has_han(text) else _CLAUSE


def _whole(text: str, sentences: list[Sentence], number: int, piece: str) -> str:
    """With the sentence before, as it stands in the line, where this one points back at it or says too little."""
    if number == 0 or piece != sentences[number].text:
        return piece
    if len(piece) >= _ALONE and not _find(piece, "points_back"):
        return piece
    before = sentences[number - 1]
    joined = text[before.start : sentences[number].start + len(piece)]
    return joined if len(joined) <= _LONGEST and not stance_of(before.text).question else piece


def about_of(text: str) -> str | None:
    """Where a chain asks for what this sentence tells; None where it tells no condition."""
    if any(_find(text, section) for section in ("plan", "deed", "guess")):
        return None
    return next((s for s in words("en", "conditions") if s not in _NO_CONDITION and _find(text, s)), None)


_NO_CONDITION = {"plan", "deed", "guess", "points_back", "shortfall"}


def tells(text: str, section: str) -> bool:
    """True where a section of `conditions.yaml` fits a text."""
    return _find(text, section) is not None


def _find(text: str, section: str) -> re.Match[str] | None:
    found = (patterns(language, "conditions", section).search(text) for language in languages_of(text))
    return next((match for match in found if match), None)
