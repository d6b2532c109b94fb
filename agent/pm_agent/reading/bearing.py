"""How likely a remark tells what made the incident possible, from many signs that each say little.

The weights are log odds, fitted on the remarks of the development incidents against the causes that careful readers
found, and rounded; with each incident left out in turn, eight remarks hold seven causes in ten. No sign decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pm_agent.reading.action_items import Item
from pm_agent.reading.conditions import conditions, tells
from pm_agent.reading.cues import has_sign, read_cues, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.says import says
from pm_agent.reading.sentences import split
from pm_agent.reading.shortfalls import shortfalls
from pm_agent.reading.speech import calls
from pm_agent.reading.speech import signs as work_signs
from pm_agent.reading.substance import is_bare, is_terse
from pm_agent.reading.timeline_words import LONGEST, row_words
from pm_agent.reading.topic import tokens

EVEN = -2.9
"""Log odds of a remark without any sign."""
LEAST = -0.6
"""From here on a remark is given: of those given on the development incidents, three in four hold a cause."""
WEIGHTS: Mapping[str, float] = {
    "condition": 1.7, "shared_item": 1.1, "length": 1.0, "shared_cause": 0.9, "near": 0.7, "durable": 0.6, "after": 0.5, "note": 0.4,
    "shortfall": 0.3, "explains": 0.3, "because": 0.3, "poorly": 0.2,
    "terse": -0.6, "bare": -0.5, "asked": -0.3,
}  # fmt: skip
_BECAUSE = re.compile(
    r"\bbecause|\bsince\b|\bso\b|that's why|which means|due to|因为|所以|导致|结果|就是|怪不得|难怪", re.I
)
_NEAR = 600.0
"""Seconds from the telling of the cause after which this sign is half as strong."""


@dataclass(frozen=True)
class Known:
    """What remarks are held against."""

    cause: frozenset[str]
    cause_at: datetime | None
    items: tuple[frozenset[str], ...]
    item_lines: frozenset[str]
    lacking: frozenset[str]
    common: frozenset[str]
    """Words that a good part of the talk uses."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence, or a whole short line, and how likely it tells a cause."""

    line: Line
    text: str
    odds: float


def remarks(
    lines: Sequence[Line], items: Sequence[Item], cause: str, cause_at: datetime | None
) -> Iterator[Remark]:
    """What persons said that is likely enough, in the order of the lines.

    Args:
        lines: what was said.
        items: the action items found in it; an item itself is no cause.
        cause: the cause as it was stated; empty where nobody stated it.
        cause_at: when.
    """
    known = _known(lines, items, cause, cause_at)
    for line in lines:
        if not line.by_person or line.commands or line.id in known.item_lines:
            continue
        for text in (
            [line.text] if len(line.text) <= LONGEST else [s.text for s in split(line.text) if not s.pasted]
        ):
            if tokens(text) and _asserts(line, text):
                odds = EVEN + sum(WEIGHTS[name] * value for name, value in signs(line, text, known).items())
                if odds >= LEAST:
                    yield Remark(line, text, odds)


def _known(lines: Sequence[Line], items: Sequence[Item], cause: str, cause_at: datetime | None) -> Known:
    talk = [line for line in lines if line.by_person and not line.commands]
    spread = Counter(token for line in talk for token in tokens(line.text))
    usual = max(4, len(talk) // 12)
    return Known(
        tokens(cause),
        cause_at,
        tuple(tokens(item.text) for item in items),
        frozenset(item.line.id for item in items if item.line),
        frozenset(told.line.id for told in shortfalls(lines, items)),
        frozenset(token for token, count in spread.items() if count > usual),
    )


_EVENTS = {
    "recovered", "maybe_recovered", "communicated", "closed", "declared", "acknowledged", "notified", "confirmed", "fix_started", "fix_done",
}  # fmt: skip
_OUTPUT = re.compile(
    r"^\s*(?:[$#>]\s|(?:mysql|psql|kubectl|curl|ssh|sudo|git|rm|docker|helm|aws|systemctl)\s|at\s[\w.$]+\(|\w+=\S)|https?://|\w+://|\[\d+\]:|[{}]|\w\(\w+\.\w+:\d+\)"
)


def _asserts(line: Line, text: str) -> bool:
    """False for a question, a guess, what was ruled out, output; for a plan, an order and an event that tell no condition."""
    stance = stance_of(text)
    cues = {cue.category for cue in read_cues(text)}
    if stance.question or tells(text, "guess") or cues & {"hypothesis", "ruled_out"} or _OUTPUT.search(text):
        return False
    if has_sign(text, "no_hypothesis") or calls(text):
        return False
    work = work_signs(text)
    acts = {s.act for s in says(line.model_copy(update={"text": text})) if s.weight >= 1.0}
    told = (
        stance.uncertain
        or stance.future
        or bool(acts & _EVENTS)
        or ("imperative" in work and "past" not in work)
    )
    return not told or _holds_condition(line, text)


def _holds_condition(line: Line, text: str) -> bool:
    return any(told.text in row_words(text) or told.text in text for told in conditions(line))


def signs(line: Line, text: str, known: Known) -> dict[str, float]:
    """What speaks for and against a remark, each 0 … about 1."""
    acts = {s.act for s in says(line.model_copy(update={"text": text})) if s.weight >= 1.0}
    cues = {cue.category for cue in read_cues(text)}
    work = work_signs(text)
    mine = tokens(text) - known.common
    found = {
        "condition": float(_holds_condition(line, text)),
        "shortfall": float(line.id in known.lacking),
        "shared_item": min(max((len(mine & words) for words in known.items), default=0), 3) / 3,
        "shared_cause": min(len(mine & known.cause), 3) / 3,
        "length": min(len(text), 200) / 200,
        "durable": float("durable" in work),
        "asked": float(bool(work & {"assign", "ask", "commit", "imperative"})),
        "note": float(line.kind in {"note", "page"}),
        "explains": float("cause" in acts or bool(cues & {"cause", "explains", "because"})),
        "poorly": float("poorly" in acts or "poorly" in cues),
        "because": float(_BECAUSE.search(text) is not None),
        "terse": float(is_terse(text)),
        "bare": float(is_bare(text)),
    }
    if line.at and known.cause_at:
        found["near"] = 1 / (1 + abs((line.at - known.cause_at).total_seconds()) / _NEAR)
        found["after"] = float(line.at >= known.cause_at)
    return found
