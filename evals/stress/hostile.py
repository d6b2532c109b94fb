"""For each regular expression, long texts that would make it slow: what it repeats, repeated, with an end that does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LENGTH = 5_000
_ENDS = ("\x00", "!", "\n")
PLAIN = ("a", "A", "0", " ", "\n", "\t", "-", ".", "_", "/", ":", '"', "'", "`", "(", "[", "{", "<", "=", ",", "|", "*", "#", "@", "\\", "%", "，", "。", "中", "没", "的", "a ", "a\n", "0:", "0.", "a.", "a-", "A1", "a, ", "中 ", "中，", "a@", "a/", '"a', "(a", "[a]", "a=", "a=b ", "=\"", "\n ", " \n", "- ", "| ", "<a>")  # fmt: skip
"""Repeated as they are: the classes that most patterns are made of."""


def attacks(pattern: str, flags: int, length: int = LENGTH) -> Iterator[str]:
    """Texts of `length` characters made for this pattern: each thing it repeats behind what comes before it."""
    try:
        tree = parser.parse(pattern, flags)
    except re.error:
        return
    seen: set[str] = set()
    for before, body in _repeats(tree, ""):
        if not body or len(seen) > 60:
            continue
        for lead in {"", before}:
            if lead + body in seen:
                continue
            seen.add(lead + body)
            for pumped in (lead + body * length, (lead + body) * length):
                for end in _ENDS:
                    yield pumped[: length - 1] + end


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """(what leads to it, one round of it) of everything that may be repeated more than a few times."""
    for kind, value in tree:
        if kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            _, most, inner = value
            if most > 3:
                yield before, _example(inner) or ""
                yield before, _example(inner, last=True) or ""
            yield from _repeats(inner, before)
        elif kind is c.SUBPATTERN:
            yield from _repeats(value[-1], before)
        elif kind is c.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before)
        elif kind in (c.ASSERT, c.ASSERT_NOT):
            yield from _repeats(value[1], before)
        elif kind is c.ATOMIC_GROUP:
            yield from _repeats(value, before)
        before += _example([(kind, value)])


def _example(tree: Any, *, last: bool = False) -> str:
    """A short text that a part of a pattern matches; the last alternative with `last`."""
    return "".join(_one(kind, value, last) for kind, value in tree)


def _one(kind: Any, value: Any, last: bool) -> str:
    if kind is c.LITERAL:
        return chr(value)
    if kind is c.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if kind is c.ANY:
        return "a"
    if kind is c.IN:
        return _member(value, last)
    if kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
        least, most, inner = value
        return _example(inner, last=last) * max(least, 1 if most else 0)
    if kind is c.SUBPATTERN:
        return _example(value[-1], last=last)
    if kind is c.ATOMIC_GROUP:
        return _example(value, last=last)
    if kind is c.BRANCH:
        return _example(value[1][-1 if last else 0], last=last)
    return ""


_OF_CATEGORY = {
    c.CATEGORY_DIGIT: "0",
    c.CATEGORY_SPACE: " ",
    c.CATEGORY_WORD: "a",
    c.CATEGORY_NOT_DIGIT: "a",
    c.CATEGORY_NOT_SPACE: "a",
    c.CATEGORY_NOT_WORD: " ",
}


def _member(items: Any, last: bool) -> str:
    """One character of a class."""
    if items[0][0] is c.NEGATE:
        whole = {chr(v) for k, v in items[1:] if k is c.LITERAL}
        return next(ch for ch in "a 0中-.~\x01" if ch not in whole)
    kind, value = items[-1 if last else 0]
    if kind is c.LITERAL:
        return chr(value)
    if kind is c.RANGE:
        return chr(value[0])
    return _OF_CATEGORY[value]
