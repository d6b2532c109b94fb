"""Where people speak of work for after the incident: lists under a head, answers to a call, promises and requests.

First principles: an action item is a speech act (somebody promises, asks, assigns or wishes) about work that lasts
(an alert, a limit, a test, a runbook) for later than now. What is done while it burns is mitigation; what was, is a
remark. Where somebody asks for follow-ups, or several people name some at once, a single sign is enough; alone it
takes more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pm_agent.language import has_han, patterns
from pm_agent.reading.action_items import LEAD, MARK, Item, item_of
from pm_agent.reading.clock_face import local
from pm_agent.reading.cues import languages_of, read_cues
from pm_agent.reading.due_dates import due_date
from pm_agent.reading.lines import Line
from pm_agent.reading.owners import owner_of
from pm_agent.reading.remembered import remembered
from pm_agent.reading.sentences import split

ROUND = timedelta(minutes=15)
"""How long after the last follow-up, or the call for them, the next one still belongs to the same round."""
LONGEST_ROUND = timedelta(minutes=60)
BESIDE = timedelta(minutes=8)
EARLY, ALONE, AMONG, CALLED, LISTED = 2.6, 2.0, 1.2, 0.9, -0.9
"""What a sentence has to weigh before anything was better, where nobody asked, among other follow-ups, after a call, in a list."""
_STRONG = 1.6
"""What makes others of the same minutes likely."""
_WEIGHT = {
    "commit": 1.2, "offer": 0.6, "assign": 1.2, "ask": 1.0, "wish": 1.0, "later": 0.8, "imperative": 0.8, "durable": 0.5, "also": 0.5,
    "state": 0.4, "remark": -1.6, "past": -1.2,
}  # fmt: skip
_MEANWHILE = {"now": -0.6, "mitigation": -0.8}
"""What speaks of the incident itself; in a round of follow-ups it speaks of the next one."""
_ACTS = frozenset({"commit", "offer", "assign", "ask", "wish", "imperative"})
_SECTION = "§ "
"""How the thread of a note begins that stands under a head which says that a list of work follows."""


def has(text: str, section: str) -> bool:
    """True where a section's patterns of either language apply."""
    return any(patterns(language, "follow_ups", section).search(text) for language in languages_of(text))


def is_head(heading: str) -> bool:
    """True for the heading of a list of work."""
    return len(heading) < 60 and has(heading, "head")


def asks_for_items(line: Line) -> bool:
    """True where somebody asks everybody for follow-ups, or begins to list them."""
    return line.by_person and any(_calls(row) for row in line.text.split("\n")[:3])


@remembered
def _calls(row: str) -> bool:
    return len(row) < 120 and has(row, "call") and not has(row, "now")


@remembered
def _signs(sentence: str) -> frozenset[str]:
    return frozenset(kind for kind in (*_WEIGHT, *_MEANWHILE) if has(sentence, kind))


@dataclass(frozen=True)
class _Found:
    """A piece that may be an item, and how much speaks for it: in a round of follow-ups, and anywhere else."""

    item: Item
    in_round: float
    alone: float
    listed: bool
    marked: bool


def items_in(lines: Sequence[Line], timezone: str) -> list[Item]:
    """Action items in evidence, in its order; the same words count once."""
    talk = [line for line in lines if line.by_person and not line.commands]
    found = [(line, list(_found(line, timezone))) for line in talk]
    beside, better = _among_others(found), _better_at(lines)
    unique: dict[str, Item] = {}
    rounds: dict[str, tuple[datetime, datetime]] = {}
    lists: dict[str, Line] = {}
    for line, pieces in found:
        place = _place(line)
        called = _is_open(rounds.get(place), line)
        early = bool(line.at and better and line.at < better)
        among = AMONG if line.id in beside and not early else None
        alone = EARLY if early else ALONE
        if asks_for_items(line) and "\n" not in line.text.strip():
            pieces = []
        if line.at and place in lists and _answers_list(line, lists[place]):
            continue
        kept = [f.item for f in pieces if _stands(f, CALLED if called else among, alone)]
        if line.at and kept and "\n" in line.text:
            lists[place] = line
        for item in kept:
            unique.setdefault(re.sub(r"\W+", "", item.text.lower()), item)
        if line.at and asks_for_items(line):
            rounds[place] = (line.at, line.at)
        elif line.at and kept and called:
            rounds[place] = (rounds[place][0], line.at)
    return list(unique.values())


def _answers_list(line: Line, listed: Line) -> bool:
    """`3 is mine` after a numbered list is no item of its own."""
    number = numbered(line.text)
    soon = line.at is not None and listed.at is not None and line.at - listed.at <= ROUND
    return soon and number is not None and any(numbered(row) == number for row in listed.text.split("\n"))


_NUMBERED = re.compile(r"^\W*#?(?P<n>\d{1,2})\s*[.:：、)）]?\s+(?=\D)")


def numbered(row: str) -> str | None:
    """The number a row begins with, as those of a list do."""
    match = _NUMBERED.match(row)
    return match["n"] if match else None


def _place(line: Line) -> str:
    """The source a line stands in."""
    return line.id.split(":")[0]


def _stands(found: _Found, in_round: float | None, alone: float) -> bool:
    if found.listed:
        return found.in_round >= LISTED
    if in_round is not None and found.in_round + 0.5 * found.marked >= in_round:
        return True
    return found.alone >= alone


def _is_open(round_: tuple[datetime, datetime] | None, line: Line) -> bool:
    return bool(round_ and line.at and line.at - round_[1] <= ROUND and line.at - round_[0] <= LONGEST_ROUND)


def _better_at(lines: Sequence[Line]) -> datetime | None:
    """When something is said to be better for the first time; what is asked for before is mostly mitigation."""
    return next((line.at for line in lines if line.at and _tells_better(line)), None)


def _tells_better(line: Line) -> bool:
    if line.signal == "resolved":
        return True
    return line.by_person and any(
        cue.category == "recover" and cue.strong and not (cue.stance.question or cue.stance.negated)
        for cue in read_cues(line.text)
    )


def _among_others(found: Sequence[tuple[Line, list[_Found]]]) -> frozenset[str]:
    """Lines within minutes of two others that are follow-ups by themselves."""
    strong = [
        (_place(line), line.at, line.id)
        for line, pieces in found
        if line.at and any(f.alone >= _STRONG for f in pieces)
    ]
    return frozenset(
        line.id
        for line, _ in found
        if line.at
        and sum(
            place == _place(line) and abs(line.at - at) <= BESIDE and id_ != line.id
            for place, at, id_ in strong
        )
        >= 2
    )


def _found(line: Line, timezone: str) -> Iterator[_Found]:
    on = local(line.at, timezone).date() if line.at else None
    in_list = (line.thread or "").startswith(_SECTION)
    for parts, listed in _pieces(line.text, in_list):
        text = " ".join(parts)
        item = item_of(text, on, speaker=line.actor, line=line)
        clauses = [clause for part in parts for clause in _HAN_GAP.split(MARK.sub("", part))]
        whole, clause = _signs(MARK.sub("", text)), max((_signs(c) for c in clauses), key=_sum)
        signs = whole if _sum(whole) >= _sum(clause) - _ELSEWHERE else clause
        in_round = _sum(signs) - _ELSEWHERE * (signs is not whole) + _extra(text, item, signs, on)
        alone = in_round + sum(_MEANWHILE.get(sign, 0.0) for sign in signs)
        if not signs & _ACTS and not item.owner:
            alone = min(alone, ALONE - 0.1)
        listed = listed or LEAD.match(text) is not None
        yield _Found(item, in_round, alone, listed, MARK.match(text) is not None)


_ELSEWHERE = 0.5
"""What the rest of a text takes from the clause that speaks of work."""
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
"""A blank between Chinese words stands for a comma."""


def _sum(signs: frozenset[str]) -> float:
    asks = signs & {"ask", "assign", "imperative"}
    return sum(_WEIGHT.get(sign, 0.0) for sign in signs if not (asks and sign == "past"))


def _extra(text: str, item: Item, signs: frozenset[str], on: date | None) -> float:
    """What a date, an owner, a question mark add; a word or two are no item."""
    if _is_empty(item.text) or _calls(item.text) or item.text.endswith((":", "：")):
        return -9.0
    extra = 0.9 if item.due is not None and (on is None or item.due.on >= on) else 0.0
    if item.owner is not None and "commit" not in signs:
        extra += 0.6
    if "durable" not in signs and len(text) <= 24 and has(text, "agrees"):
        extra -= 0.9
    if text.rstrip().endswith(("?", "？")) and not signs & {"ask", "assign", "wish"}:
        extra -= 0.8
    return extra


def _is_empty(text: str) -> bool:
    return (
        len(text) < 5 - has_han(text) or (text.isascii() and len(text.split()) < 3) or (len(text) < 30 and _is_bare(text, 0))
    )


def _pieces(text: str, in_list: bool) -> Iterator[tuple[list[str], bool]]:
    """Rows of lists as they are; of what is said, sentences, each with the few words after it that only say who and when."""
    rows = text.split("\n")
    for row, following in zip(rows, [*rows[1:], ""], strict=True):
        if _is_head(row, following):
            in_list = True
        elif row.strip() and in_list:
            yield [row], True
        elif row.strip():
            sentences = [part for s in split(row) if not s.pasted for part in _by_person(s.text)]
            yield from ((piece, False) for piece in _joined(sentences))


def _is_head(row: str, following: str) -> bool:
    bare = row.strip(" #*_")
    if len(row) >= 60 or MARK.match(row):
        return False
    opens = bool(following.strip()) and MARK.match(following) is not None
    return (opens or bare.endswith((":", "："))) and (has(bare, "head") or _calls(bare))


def _by_person(sentence: str) -> list[str]:
    """`Ana gives us the file on Friday, Bo waits for it by the 20th` is two items."""
    parts: list[str] = []
    for part in (part.strip() for part in _ALIAS_CLAUSE.split(sentence)):
        if parts and (not owner_of(parts[-1]) or not owner_of(part) or _is_tail(part)):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    return parts


def _joined(sentences: Sequence[str]) -> list[list[str]]:
    """`Rotate the key. Me, by Friday.` is one item."""
    joined: list[list[str]] = []
    for sentence in sentences:
        if joined and _is_tail(sentence):
            joined[-1].append(sentence)
        else:
            joined.append([sentence])
    return joined


_DAY_ONE = date(2026, 1, 5)
_ALIAS_CLAUSE = re.compile(
    r"(?<=[，,；;])\s*(?=(?:Engineer|工程师|Incident commander|事故指挥官|Tech lead|技术负责人)(?:\s[A-Z]{1,2}(?![A-Za-z]))?)"
)
"""Where the next person's work begins within one sentence."""
_SMALL_TALK = re.compile(
    r"\b(?:i(?:'?ll| will)?|do|does|take|it|this|that|by|on|in|at|the|for|end|of|and|prod|please|maybe|till|until|before|me|mine|"
    r"is|will|to|own|owns|can|you)\b|[我来做弄跟改吧的在之前内]",
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
