"""Which draft row is which gold row: one-to-one, within a minute, by text.

Two rows may be the same when their minutes differ by at most one and their texts share enough telling words (a
quarter of the shorter one, or three); in Chinese, where a paraphrase breaks every pair of characters, half of the
shorter text's characters, four at least, do as well. Rows of kind acknowledge, declare and close need no shared word, only the
same kind: "on it" and "Bob acknowledges" share none. Among the possible pairs the largest one-to-one matching is
taken, better pairs (same kind, same minute, more shared words) first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evals.case import GoldEntry
from evals.view import Row
from pm_agent.reading.clock_face import printed_minutes
from pm_agent.reading.topic import tokens

TEXTLESS = {"acknowledge", "declare", "close"}
_FIGURE = re.compile(r"(?<![\w.])\d[\d,]*\d(?:\.\d+)?|(?<![\w.])\d\.\d+")
_EMPTY = frozenset("的了已经被在是又也都把给这那个还就再呢吧啊我你他她们到有一不没")
_PLURAL = re.compile(r"(?:ing|ed|es|s)$")


@dataclass(frozen=True)
class Matched:
    """Pairs of (gold index, row index), and rows that are neutral."""

    pairs: list[tuple[int, int]]
    neutral: set[int]


def words_of(text: str) -> frozenset[str]:
    """Telling words, English ones without their endings, and figures."""
    figures = {f.replace(",", "") for f in _FIGURE.findall(text)}
    return figures | {_PLURAL.sub("", t) if t.isascii() and len(t) > 4 else t for t in tokens(text)}


def similarity(one: str, other: str) -> float:
    """Share of the shorter text's telling words that the other has; 0 … 1."""
    a, b = words_of(one), words_of(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _same_characters(one: str, other: str) -> float:
    """Share of the shorter Chinese text's characters that the other has, where it is a half and four at least, else 0."""
    a, b = (
        frozenset(c for c in text if "\u4e00" <= c <= "\u9fff" and c not in _EMPTY) for text in (one, other)
    )
    shared = len(a & b)
    return shared / min(len(a), len(b)) if shared >= 4 and shared * 2 >= min(len(a), len(b)) else 0.0


def match(gold: Sequence[GoldEntry], neutral: Sequence[GoldEntry], rows: Sequence[Row]) -> Matched:
    """Match rows to gold; what is left to the neutral list."""
    pairs = _assign(gold, rows, set(range(len(rows))))
    left = set(range(len(rows))) - {row for _, row in pairs}
    free = {row for row in left for entry in neutral if _score(entry, rows[row]) is not None}
    return Matched(pairs, free)


def _assign(gold: Sequence[GoldEntry], rows: Sequence[Row], usable: set[int]) -> list[tuple[int, int]]:
    """A largest matching, found along augmenting paths over pairs in order of their score."""
    edges: dict[int, list[int]] = {}
    scored = sorted(
        (
            (score, g, r)
            for g, entry in enumerate(gold)
            for r in usable
            if (score := _score(entry, rows[r])) is not None
        ),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    for _, g, r in scored:
        edges.setdefault(g, []).append(r)
    owner: dict[int, int] = {}

    def place(g: int, seen: set[int]) -> bool:
        for r in edges.get(g, []):
            if r in seen:
                continue
            seen.add(r)
            if r not in owner or place(owner[r], seen):
                owner[r] = g
                return True
        return False

    for g in dict.fromkeys(g for _, g, _ in scored):
        place(g, set())
    return sorted((g, r) for r, g in owner.items())


def _score(entry: GoldEntry, row: Row) -> float | None:
    """How well a row fits, or None where it can't be the same."""
    if row.at is None or minutes_apart(entry.at, row.at) > 1:
        return None
    same_kind = row.kind == entry.kind
    shared = len(words_of(entry.text) & words_of(row.text))
    close = max(similarity(entry.text, row.text), _same_characters(entry.text, row.text))
    if close < 0.25 and shared < 3 and not (same_kind and entry.kind in TEXTLESS):
        return None
    return close + 0.3 * same_kind + 0.1 * (minutes_apart(entry.at, row.at) == 0)


def minutes_apart(one: datetime, other: datetime) -> int:
    """Whole minutes between two minutes as printed."""
    return abs(printed_minutes(one, other))
