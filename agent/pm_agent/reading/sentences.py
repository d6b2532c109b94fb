"""Text → sentences, with pasted blocks kept apart: what a machine printed is not what a person said."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.S)
_END = re.compile(r"(?<=[.!?])(?=\s+[^\s.])|(?<=[。！？；!?])(?![」』”’)）])|\n+")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|mr|ms|dr|fig|cf)\.|\b[A-Z]\.)$", re.I)
_QUOTE = re.compile(r"^\s*(?:>|&gt;)\s?")


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
            if line.strip():
                found.append(Sentence(line.strip(), offset, True))
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
        stripped = piece.strip()
        if stripped:
            quoted = _QUOTE.match(stripped) is not None
            found.append(
                Sentence(_QUOTE.sub("", stripped), base + start + len(piece) - len(piece.lstrip()), quoted)
            )
        start = resume
    return found
