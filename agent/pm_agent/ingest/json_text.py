"""JSON as text: values that follow each other, and the line on which each element of an array begins."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

_SPACE = re.compile(r"[ \t\r\n]*")


def one_after_another(text: str) -> list[Any] | None:
    """JSON objects and arrays that follow each other without a comma, or None where anything else stands there."""
    decoder, found, at = json.JSONDecoder(), [], _past_space(text, 0)
    try:
        while at < len(text):
            if text[at] not in "{[":
                return None
            _, end = decoder.raw_decode(text, at)
            found.append(orjson.loads(text[at:end]))
            at = _past_space(text, end)
    except (ValueError, RecursionError):
        return None
    return found or None


def element_lines(text: str, keys: list[str], count: int) -> list[int] | None:
    """The line on which each element of a (nested) JSON array begins, or None where it can't be told."""
    decoder = json.JSONDecoder()
    try:
        at = _skip_space(text, 0)
        for key in keys:
            at = _value_of(text, at, key, decoder)
        bare = not keys and text[at] == "{"  # values one after another
        if text[at] != "[" and not bare:
            return None
        starts: list[int] = []
        at = _past_space(text, at if bare else at + 1)
        while len(starts) < count and text[at] != "]":
            starts.append(at)
            _, at = decoder.raw_decode(text, at)
            at = _past_space(text, at)
            at = _past_space(text, at + 1) if text[at : at + 1] == "," else at
    except (ValueError, IndexError, KeyError, RecursionError):
        return None
    lines, line, last = [], 1, 0
    for start in starts:
        line += text.count("\n", last, start)
        last = start
        lines.append(line)
    return lines if len(lines) == count else None


def _value_of(text: str, at: int, key: str, decoder: json.JSONDecoder) -> int:
    """Where the value of `key` of the object (or of the element of the array) at `at` begins."""
    is_list = text[at] == "["
    at, index = _skip_space(text, at + 1), 0
    while True:
        if is_list:
            name: str = str(index)
            index += 1
        else:
            name, at = decoder.raw_decode(text, at)
            at = _skip_space(text, _skip_space(text, at) + 1)
        if name == key:
            return at
        _, at = decoder.raw_decode(text, at)
        at = _skip_space(text, _skip_space(text, at) + 1)


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _skip_space(text: str, at: int) -> int:
    """Past the space, where something must follow.

    Raises:
        IndexError: the text ends.
    """
    at = _past_space(text, at)
    _ = text[at]
    return at
