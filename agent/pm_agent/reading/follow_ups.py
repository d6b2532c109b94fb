"""Where people speak of work for after the incident: lists under a head, answers to a call, promises and requests.

First principles: an action item is a speech act (somebody promises, asks, assigns or wishes) about work that lasts
(an alert, a limit, a test, a runbook) for later than now. What is done while it burns is mitigation; what was, is a
remark. Where somebody asks for follow-ups, or several people name some at once, a single sign is enough; alone it
takes more.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import fsum

from pm_agent.reading.action_items import LEAD, MARK, Item, item_of
from pm_agent.reading.clock_face import local
from pm_agent.reading.cues import read_cues
from pm_agent.reading.lines import Line
from pm_agent.reading.pieces import is_empty, pieces
from pm_agent.reading.remembered import remembered
from pm_agent.reading.speech import MEANWHILE, WEIGHT, calls, has, numbered, signs

ROUND = timedelta(minutes=15)
"""How long after the last follow-up, or the call for them, the next one still belongs to the same round."""
LONGEST_ROUND = timedelta(minutes=60)
BESIDE = timedelta(minutes=8)
EARLY, ALONE, AMONG, CALLED, LISTED = 2.6, 2.0, 1.2, 0.9, -0.9
"""What a sentence has to weigh before anything was better, where nobody asked, among other follow-ups, after a call, in a list."""
_STRONG = 1.6
"""What makes others of the same minutes likely."""
_ACTS = frozenset({"commit", "offer", "assign", "ask", "wish", "imperative"})
_SECTION = "§"
"""How the thread of a note begins that stands under a head which says that a list of work follows."""


def asks_for_items(line: Line) -> bool:
    """True where somebody asks everybody for follow-ups, or begins to list them."""
    return line.by_person and any(calls(row) for row in line.text.split("\n")[:3])


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
    found = [(line, _found(line, timezone)) for line in talk]
    rounds = _Rounds(_better_at(lines), _among_others(found))
    unique: dict[str, Item] = {}
    for line, offered in found:
        kept = [one.item for one in offered if rounds.admits(line, one)]
        rounds.note(line, bool(kept))
        for item in kept:
            unique.setdefault(re.sub(r"\W+", "", item.text.lower()), replace(item, line=line))
    return list(unique.values())


class _Rounds:
    """Which rounds of follow-ups are open, by source, while the talk goes on.

    Args:
        better: when something was better for the first time.
        beside: lines within minutes of others that are follow-ups by themselves.
    """

    def __init__(self, better: datetime | None, beside: frozenset[str]) -> None:
        self._better, self._beside = better, beside
        self._open: dict[str, tuple[datetime, datetime]] = {}
        """When the round began, and when the last follow-up was named."""
        self._listed: dict[str, Line] = {}

    def admits(self, line: Line, one: _Found) -> bool:
        """True where enough speaks for an item, for its place in the talk."""
        if one.listed:
            return one.in_round >= LISTED
        if self._answers_list(line):
            return False
        if asks_for_items(line) and "\n" not in line.text.strip():
            return one.alone >= ALONE and bool(one.item.owner or one.item.due)
        early = bool(line.at and self._better and line.at < self._better)
        if self._is_open(line):
            bar = CALLED
        elif line.id in self._beside and not early:
            bar = AMONG
        else:
            return one.alone >= (EARLY if early else ALONE)
        return one.in_round + 0.5 * one.marked >= bar or one.alone >= ALONE

    def note(self, line: Line, kept: bool) -> None:
        """A call opens a round; a follow-up within it keeps it open."""
        place = _place(line)
        if line.at is None:
            return
        if kept and "\n" in line.text:
            self._listed[place] = line
        if asks_for_items(line):
            self._open[place] = (line.at, line.at)
        elif kept and self._is_open(line):
            self._open[place] = (self._open[place][0], line.at)

    def _is_open(self, line: Line) -> bool:
        began, last = self._open.get(_place(line), (None, None))
        if line.at is None or began is None or last is None:
            return False
        return line.at - last <= ROUND and line.at - began <= LONGEST_ROUND

    def _answers_list(self, line: Line) -> bool:
        """`3 is mine` after a numbered list is no item of its own."""
        number, listed = numbered(line.text), self._listed.get(_place(line))
        if number is None or listed is None or line.at is None or listed.at is None:
            return False
        return line.at - listed.at <= ROUND and number in map(numbered, listed.text.split("\n"))


def _place(line: Line) -> str:
    """The source a line stands in."""
    return line.id.split(":")[0]


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


def _among_others(found: Sequence[tuple[Line, Sequence[_Found]]]) -> frozenset[str]:
    """Lines within minutes of two others that are follow-ups by themselves."""
    strong: dict[str, list[datetime]] = defaultdict(list)
    own: set[str] = set()
    for line, offered in found:
        if line.at and any(one.alone >= _STRONG for one in offered):
            strong[_place(line)].append(line.at)
            own.add(line.id)
    for times in strong.values():
        times.sort()
    return frozenset(
        line.id
        for line, _ in found
        if line.at and _near(strong[_place(line)], line.at) >= 2 + (line.id in own)
    )


def _near(times: Sequence[datetime], at: datetime) -> int:
    return bisect_right(times, at + BESIDE) - bisect_left(times, at - BESIDE)


def _found(line: Line, timezone: str) -> tuple[_Found, ...]:
    on = local(line.at, timezone).date() if line.at else None
    return _offered(line.text, line.actor, on, (line.thread or "").startswith(_SECTION))


@remembered
def _offered(whole: str, actor: str | None, on: date | None, in_list: bool) -> tuple[_Found, ...]:
    """The pieces of a text that may be items."""
    found = []
    for parts, in_rows in pieces(whole, in_list):
        text = " ".join(parts)
        item = item_of(text, on, speaker=actor)
        shown, weight = _shown(text, parts)
        listed = in_rows or LEAD.match(text) is not None
        in_round = weight + (
            -9.0 if is_empty(item.text, 2 if listed else 3) else _extra(text, item, shown, on)
        )
        alone = in_round + fsum(MEANWHILE.get(sign, 0.0) for sign in shown)
        if not shown & _ACTS and not item.owner:
            alone = min(alone, ALONE - 0.1)
        found.append(_Found(item, in_round, alone, listed, MARK.match(text) is not None))
    return tuple(found)


def _shown(text: str, parts: Sequence[str]) -> tuple[frozenset[str], float]:
    """The signs of a text and their weight; of its best clause, where the rest speaks of something else."""
    clauses = [clause for part in parts for clause in _HAN_GAP.split(MARK.sub("", part))]
    whole = signs(MARK.sub("", text))
    clause = max((signs(one) for one in clauses), key=_sum)
    if _sum(whole) >= _sum(clause) - _ELSEWHERE:
        return whole, _sum(whole)
    return clause, _sum(clause) - _ELSEWHERE


_ELSEWHERE = 0.5
"""What the rest of a text takes from the clause that speaks of work."""
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
"""A blank between Chinese words stands for a comma."""


def _sum(shown: frozenset[str]) -> float:
    weight = fsum(WEIGHT.get(sign, 0.0) for sign in shown)
    if "past" in shown and shown & {"ask", "assign", "imperative"}:
        weight -= WEIGHT["past"]  # what is asked for may speak of what was
    if "remark" in shown and "assign" in shown:
        weight -= WEIGHT["remark"] / 2
    return weight


def _extra(text: str, item: Item, shown: frozenset[str], on: date | None) -> float:
    """What a date, an owner, a question mark add; a word or two are no item."""
    is_call = calls(item.text) and not (item.owner and item.due)
    if is_call or item.text.endswith((":", "：")):
        return -9.0
    extra = 0.9 if item.due is not None and (on is None or item.due.on >= on) else 0.0
    if item.owner is not None and "commit" not in shown:
        extra += 0.6
    extra += 0.6 if item.ticket else 0.0
    if "durable" not in shown and len(text) <= 24 and has(text, "agrees"):
        extra -= 0.9
    if text.rstrip().endswith(("?", "？")) and not shown & {"ask", "assign", "wish"}:
        extra -= 0.8
    return extra
