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
from pm_agent.reading.speech import has, numbered

_REPLIES, _SOON = 5, timedelta(minutes=5)
_FEW = 30
"""Characters of an answer that is nothing but an answer."""


def following(events: Sequence[Event], event: Event) -> list[Line]:
    """The next few things that persons say in the same place within minutes."""
    place = event.id.split(":")[0]
    at = events.index(event) if event.at else len(events)
    found: list[Line] = []
    for after in events[at + 1 :]:
        if len(found) == _REPLIES or (after.at and event.at and after.at - event.at > _SOON):
            break
        line = line_of(after)
        if line.by_person and line.at and line.id.split(":")[0] == place:
            found.append(line)
    return found


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


def as_before(item: Item, before: Item | None) -> Item:
    """`same MR`: owner and date of what the same person said before."""
    if before is None or not has(item.text, "same"):
        return item
    return replace(item, owner=item.owner or before.owner, due=item.due or before.due)


def _number(item: Item, whole: str) -> str | None:
    """The number of the item in its list."""
    rows = (row for row in whole.split("\n") if item.text and item.text in row)
    return next((number for row in rows if (number := numbered(row))), None)
