"""A text → the pieces that may each be one action item: rows of a list, sentences with the few words that belong to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from pm_agent.language import has_han, patterns
from pm_agent.reading.action_items import MARK
from pm_agent.reading.cues import languages_of
from pm_agent.reading.due_dates import due_date
from pm_agent.reading.owners import owner_of
from pm_agent.reading.remembered import remembered
from pm_agent.reading.sentences import split
from pm_agent.reading.speech import calls, has

_LONGEST_ROW = 1000


def pieces(text: str, in_list: bool) -> Iterator[tuple[list[str], bool]]:
    """Rows of lists as they are; of what is said, sentences, each with the few words after it that only say who and when."""
    rows = text.split("\n")
    for row, following in zip(rows, [*rows[1:], ""], strict=True):
        if _is_head(row, following):
            in_list = True
        elif row.strip() and in_list:
            yield [_work_of(row[:_LONGEST_ROW])], True
        elif row.strip():
            yield from ((piece, False) for piece in _joined([s.text for s in split(row) if not s.pasted]))


_CELL = re.compile(r"\s\|\s")
_NO_WORK = re.compile(
    r"^(?:[^:：|]{2,14}[:：]\s.*|\W*\d*\W*|\[?[Pp][0-3]\]?|high|medium|low|高|中|低|open|done|todo)$", re.I
)


def _work_of(row: str) -> str:
    """Of a row of a table, the cell that says what is to be done; any other row whole."""
    cells = [cell for cell in _CELL.split(row) if not _NO_WORK.match(cell.strip())]
    return max(cells, key=len) if cells and _CELL.search(row) else row


def _is_head(row: str, following: str) -> bool:
    bare = row.strip(" #*_")
    if len(row) >= 60 or MARK.match(row):
        return False
    opens = bool(following.strip()) and MARK.match(following) is not None
    return (opens or bare.endswith((":", "："))) and (has(bare, "head") or calls(bare))


def _by_person(sentence: str) -> list[str]:
    """`Ana gives us the file on Friday, Bo waits for it by the 20th` is two items."""
    parts: list[str] = []
    for part in (part.strip() for part in _ALIAS_CLAUSE.split(sentence)):
        if parts and (not owner_of(parts[-1]) or not owner_of(part) or _is_bare(part, 1)):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    return parts


def _joined(sentences: Sequence[str]) -> list[list[str]]:
    """`Rotate the key. Me, by Friday.` is one item."""
    joined: list[list[str]] = []
    for sentence in sentences:
        first, *others = _by_person(sentence)
        if joined and _is_tail(first):
            joined[-1].append(first)
        else:
            joined.append([first])
        joined += [[part] for part in others]
    return joined


_DAY_ONE = date(2026, 1, 5)
_ALIAS_CLAUSE = re.compile(
    r"(?<=[，,；;])\s*(?=(?:Engineer|工程师|Incident commander|事故指挥官|Tech lead|技术负责人)(?:\s[A-Z]{1,2}(?![A-Za-z]))?)"
)
"""Where the next person's work begins within one sentence."""
_SMALL_TALK = re.compile(
    r"\b(?:i(?:'?ll| will)?|do|does|take|it|this|that|by|on|in|at|the|for|end|of|and|prod|please|maybe|till|until|before|me|mine|"
    r"is|will|to|own|owns|can|you)\b|[我来做弄跟改吧的在之前内这个给]",
    re.I,
)


@remembered
def _is_tail(sentence: str) -> bool:
    """True for a few words that only say who, or by when."""
    if len(sentence) > 60 or MARK.match(sentence):
        return False
    if has(sentence, "tail"):
        return True
    return (due_date(sentence, _DAY_ONE) or owner_of(sentence, "me")) is not None and _is_bare(sentence)


@remembered
def _is_bare(sentence: str, words: int = 2) -> bool:
    """True where next to nothing is left beside a date, an owner and small words."""
    due, owner = due_date(sentence, _DAY_ONE), owner_of(sentence)
    rest = sentence.replace(due.written, " ") if due else sentence
    for name in (owner or "").split(", "):
        rest = rest.replace(name, " ") if name else rest
    rest = _SMALL_TALK.sub(" ", rest)
    return (
        len(re.findall(r"[A-Za-z]{2,}", rest)) <= words
        and len(re.findall(r"[\u4e00-\u9fff]", rest)) <= 2 * words
    )


def is_empty(text: str, least: int = 3) -> bool:
    """True where next to nothing is to be done: fewer words than `least`, or only who and when."""
    if len(text) < 5 - has_han(text) or (text.isascii() and len(text.split()) < least):
        return True
    if len(text) >= 30:
        return False
    answer = next(
        (
            m
            for language in languages_of(text)
            if (m := patterns(language, "follow_ups", "agrees").search(text))
        ),
        None,
    )
    return _is_bare(text, 0) or (answer is not None and _is_bare(text[answer.end() :], 0))
