"""Text → sentences, with pasted blocks kept apart: what a machine printed is not what a person said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.S)
_END = re.compile(r"(?<=[.!?])(?=\s+[^\s.])|(?<=[。！？；!?])(?![」』”’)）])|\n+")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|mr|ms|dr|fig|cf)\.|\b[A-Z]\.)$", re.I)
_QUOTE = re.compile(r"^\s*(?:>|&gt;)\s?")

LONGEST = 600
"""Characters of a sentence. A longer run without an end is no sentence of a person's; it is read in pieces, so that the
time it takes grows with its length and not with the square of it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an event."""

    text: str
    start: int
    pasted: bool = False
    """Inside a code fence or a quoted line."""


def split(text: str) -> list[Sentence]:
    """Sentences in order; fenced code is one pasted sentence a line."""
    found: list[Sentence] = []
    at = 0
    for fence in _FENCE.finditer(text):
        found += _plain(text[at : fence.start()], at)
        inner = fence[0].strip("`")
        offset = fence.start() + 3
        for line in inner.split("\n"):
            found += [Sentence(piece, offset + begin, True) for begin, piece in _pieces(line)]
            offset += len(line) + 1
        at = fence.end()
    return found + _plain(text[at:], at)


def _plain(text: str, base: int) -> list[Sentence]:
    found: list[Sentence] = []
    start = 0
    cuts = [*((m.start(), m.end()) for m in _END.finditer(text)), (len(text), len(text))]
    for cut, resume in cuts:
        piece = text[start:cut]
        if cut == resume != len(text) and _ABBREVIATION.search(piece):
            continue
        for at, part in _pieces(piece):
            said = _QUOTE.sub("", part)
            if said:
                found.append(Sentence(said, base + start + at, said != part))
        start = resume
    return found


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Where in a text its pieces begin, and they: one, unless it is too long; cut at a blank where there is one."""
    at = 0
    while at < len(text):
        end = at + LONGEST
        if end < len(text):
            blank = text.rfind(" ", at + LONGEST // 2, end)
            end = blank if blank > 0 else end
        part = text[at:end]
        if part.strip():
            yield at + len(part) - len(part.lstrip()), part.strip()
        at = end
