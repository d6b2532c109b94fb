"""Long inputs → windows by tokens, never truncated; answers of windows → one answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)
FIELD = "lines"
"""The field that windows cut; inputs without it go as they are."""


def windows(inputs: In, count: Callable[[str], int], frame: int, budget: int) -> list[In]:
    """Inputs cut into runs of lines, each within `budget` tokens where a single line is.

    Every line is in exactly one window, in order.

    Args:
        inputs: the task's inputs.
        count: tokens of a text.
        frame: tokens of the prompt without any line.
        budget: tokens that one request may have.
    """
    lines: list[Any] = list(getattr(inputs, FIELD, []))
    costs = [line_tokens(line, count) for line in lines]
    if len(lines) < 2 or frame + sum(costs) <= budget:
        return [inputs]
    found: list[In] = []
    start, used = 0, frame
    for index, cost in enumerate(costs):
        if index > start and used + cost > budget:
            found.append(_with(inputs, lines[start:index]))
            start, used = index, frame
        used += cost
    found.append(_with(inputs, lines[start:]))
    return [_numbered(one, number, len(found)) for number, one in enumerate(found, 1)]


def _numbered(inputs: In, number: int, of: int) -> In:
    """A window that knows which part it is, where its inputs have a place for that."""
    if "parts" not in type(inputs).model_fields:
        return inputs
    return inputs.model_copy(update={"part": number, "parts": of})


def line_tokens(line: Any, count: Callable[[str], int]) -> int:
    """Tokens of a line as prompts print it: id, time, actor, text."""
    cites = " ".join(getattr(line, "cites", []))
    return count(f"{line.id} 00:00 {getattr(line, 'actor', None) or ''}: {line.text} {cites}\n") + 4


def halves(inputs: In) -> list[In]:
    """The inputs in two, where there is something to cut; else none."""
    lines: list[Any] = list(getattr(inputs, FIELD, []))
    if len(lines) < 2:
        return []
    middle = len(lines) // 2
    return [_with(inputs, lines[:middle]), _with(inputs, lines[middle:])]


def _with(inputs: In, lines: list[Any]) -> In:
    return inputs.model_copy(update={FIELD: lines})


def _has_lists(answer: BaseModel) -> bool:
    """True for an answer of its own, false for one pick."""
    names = set(type(answer).model_fields)
    return any(isinstance(getattr(answer, name), list) for name in names - {"ids"})


def union(answers: list[Out]) -> Out:
    """One answer of many: lists one after the other, other fields from the first that fills them."""
    first = answers[0]
    if len(answers) == 1:
        return first
    merged: dict[str, Any] = {}
    for name in type(first).model_fields:
        values = [getattr(answer, name) for answer in answers]
        if isinstance(values[0], list):
            merged[name] = [item for value in values for item in value]
        elif all(isinstance(value, BaseModel) for value in values) and _has_lists(values[0]):
            merged[name] = union(values)
        else:
            merged[name] = next((value for value in values if value), values[0])
    return type(first).model_construct(**merged)
