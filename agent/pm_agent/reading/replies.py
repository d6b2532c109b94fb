"""What the words around an action item say of its owner and its date: consent, a promise, the same as before.

`pm draft? Bob?` — `ok, Wednesday`. `3 mine` after a numbered list. `and the index name too. same MR`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pm_agent.evidence import Event
from pm_agent.reading.action_items import Item
from pm_agent.reading.clock_face import local
from pm_agent.reading.due_dates import due_date
from pm_agent.reading.lines import Line, line_of
from pm_agent.reading.owners import takes_on
from pm_agent.reading.speech import calls, has, numbered
from pm_agent.reading.topic import tokens

_REPLIES, _SOON = 5, timedelta(minutes=5)
ROUND = timedelta(minutes=15)
"""How long a round of follow-ups goes on without another."""
_FEW = 30
"""Characters of an answer that is nothing but an answer."""


def following(
    events: Sequence[Event], event: Event, most: int = _REPLIES, within: timedelta = _SOON
) -> list[Line]:
    """The next few things that persons say in the same place within minutes."""
    place = event.id.split(":")[0]
    at = events.index(event) if event.at else len(events)
    found: list[Line] = []
    for after in events[at + 1 :]:
        if len(found) == most or (after.at and event.at and after.at - event.at > within):
            break
        line = line_of(after)
        if line.by_person and line.at and line.id.split(":")[0] == place:
            found.append(line)
    return found


def preceding(events: Sequence[Event], event: Event) -> list[Line]:
    """What persons said in the same place in the quarter of an hour before, the nearest last."""
    place = event.id.split(":")[0]
    found: list[Line] = []
    for earlier in reversed(events[: events.index(event)]):
        if earlier.at and event.at and event.at - earlier.at > ROUND:
            break
        line = line_of(earlier)
        if line.by_person and line.at and event.at and line.id.split(":")[0] == place:
            found.append(line)
    return found[::-1]


def answered(item: Item, whole: str, replies: Sequence[Line], timezone: str) -> Item:
    """The item with the owner and the date that the next lines give it.

    Args:
        item: as its own words have it.
        whole: the text it stands in; of a numbered list `3 mine, Friday` answers the third.
        replies: what is said next in the same place.
        timezone: of the days.
    """
    number, listed = _number(item, whole), "\n" in whole.strip()
    asked_when = True
    for place, reply in enumerate(replies):
        answers = numbered(reply.text)
        if answers is not None and answers == number:
            item = _dated(_owned(item, reply, named=True), reply, timezone, longest=2 * _FEW)
        elif answers is None and listed:
            item = _dated(item, reply, timezone)
        elif answers is None and place < 3:
            named = reply.actor is not None and reply.actor in item.text
            item = _owned(item, reply, named=named) if named or place == 0 else item
            item = _dated(item, reply, timezone) if named or asked_when else item
            asked_when = has(reply.text, "when")
    return item


def _owned(item: Item, reply: Line, *, named: bool) -> Item:
    """Consent of whom the item names, of the first who answers a dated order, or a short promise."""
    words = reply.text
    if (
        item.owner is not None
        or len(words) > 2 * _FEW
        or has(words, "declines")
        or has(item.text, "everybody")
    ):
        return item
    consents = has(words, "agrees") and (named or item.due is not None or takes_on(words))
    if reply.actor and ((named and takes_on(words)) or (consents and (named or len(words) <= _FEW // 2))):
        return replace(item, owner=reply.actor)
    return item


def _dated(item: Item, reply: Line, timezone: str, longest: int = _FEW) -> Item:
    """The day that the owner answers with."""
    if item.due is not None or item.owner is None or reply.at is None or len(reply.text) > longest:
        return item
    if reply.actor not in item.owner.split(", ") or has(reply.text, "declines"):
        return item
    on = local(reply.at, timezone).date()
    due = due_date(reply.text, on) or due_date(f"by {reply.text}", on)
    return replace(item, due=due) if due and due.on >= on else item


def claim_of(item: Item, later: Sequence[Line]) -> Line | None:
    """The later line in which somebody takes on an item that has no owner, and names the same thing.

    Args:
        item: one that stands in a list, or that asks for its owner.
        later: what is said after it in the same place.
    """
    if item.owner is not None:
        return None
    wanted = tokens(item.text)
    least = 1 if has(item.text, "owner_wanted") else CLAIM
    for line in later:
        says_so = takes_on(line.text) and not has(line.text, "declines") and "\n" not in line.text.strip()
        if line.actor and says_so and len(wanted & tokens(line.text)) >= least:
            return line
    return None


CLAIM = 2
"""Telling words, or pairs of Chinese characters, that an item and its taking on share."""


def claimed(item: Item, claim: Line, timezone: str) -> Item:
    """The item with the owner and the date of the line in which somebody takes it on."""
    return _dated(replace(item, owner=claim.actor), claim, timezone, longest=2 * _FEW)


def posted(item: Item, line: Line, before: Sequence[Line]) -> Item:
    """Whoever answers `post yours here, with dates` by one dated item takes it on.

    Args:
        item: one without an owner.
        line: the whole message that it stands in.
        before: what was said before it in the same place, the nearest last.
    """
    own = "\n" not in line.text.strip() and item.due is not None and item.owner is None
    if not own or line.actor is None or any(has(line.text, s) for s in ("everybody", "assign", "wish")):
        return item
    asked = any(calls(b.text) and has(b.text, "everybody") and b.actor != line.actor for b in before)
    return replace(item, owner=line.actor) if asked else item


def as_before(item: Item, whole: str, before: Item | None) -> Item:
    """`same MR`: owner and date of what the same person said before, for every item of the line that says so."""
    if before is None or not has(whole, "same"):
        return item
    return replace(item, owner=item.owner or before.owner, due=item.due or before.due)


def _number(item: Item, whole: str) -> str | None:
    """The number of the item in its list."""
    rows = (row for row in whole.split("\n") if item.text and item.text in row)
    return next((number for row in rows if (number := numbered(row))), None)
