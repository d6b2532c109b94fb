"""Creates what is not there yet, once: looks first, creates one by one, and says what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pm_agent.errors import TrackerError, TrackerRefused, TrackerSilent
from pm_agent.export.http_api import HttpApi, json_of
from pm_agent.export.tickets import Ticket
from pm_agent.export.tracker import Found, Place, Tracker

_ONE_ITEM = {400, 422}
"""Answers that concern this ticket alone; any other refusal would meet the next one too."""


@dataclass(frozen=True)
class Plan:
    """What a run would do."""

    create: list[Ticket] = field(default_factory=list)
    there: list[tuple[Ticket, str]] = field(default_factory=list)
    """Tickets that exist, with their address."""
    unclear: list[tuple[Ticket, Found]] = field(default_factory=list)
    """Items whose number has a ticket with other words: the report was drafted anew, or is another one."""


@dataclass
class Outcome:
    """What became of a plan."""

    created: list[tuple[Ticket, str]] = field(default_factory=list)
    failed: list[tuple[Ticket, TrackerError]] = field(default_factory=list)
    untried: list[Ticket] = field(default_factory=list)


def plan(tickets: Iterable[Ticket], existing: Iterable[Found], again: Iterable[str] = ()) -> Plan:
    """Which tickets are missing.

    Args:
        tickets: what the report asks for.
        existing: what the tracker holds of this report.
        again: items to create although their number has a ticket with other words.
    """
    asked = list(tickets)
    by_words = {found.mark.wording: found for found in existing}
    still_said = {ticket.mark.wording for ticket in asked}
    by_item = {found.mark.item: found for words, found in by_words.items() if words not in still_said}
    forced, made = set(again), Plan()
    for ticket in asked:
        same, namesake = by_words.get(ticket.mark.wording), by_item.get(ticket.mark.item)
        if same or ticket.item.ticket:
            made.there.append((ticket, same.url if same else ticket.item.ticket or ""))
        elif namesake and ticket.mark.item not in forced:
            made.unclear.append((ticket, namesake))
        else:
            made.create.append(ticket)
    return made


def create(
    tracker: Tracker,
    api: HttpApi,
    place: Place,
    tickets: list[Ticket],
    told: Callable[[Ticket, str], None] = lambda ticket, url: None,
) -> Outcome:
    """Create tickets in their order; what fails for all stops the run, what fails for one is noted.

    Args:
        tracker: whose dialect.
        api: where.
        place: in which project.
        tickets: of a plan.
        told: called with each ticket and its address as soon as it exists.
    """
    outcome = Outcome()
    for position, ticket in enumerate(tickets):
        try:
            url = _create_one(tracker, api, place, ticket)
        except TrackerError as error:
            outcome.failed.append((ticket, error))
            if not (isinstance(error, TrackerRefused) and error.status in _ONE_ITEM):
                outcome.untried = tickets[position + 1 :]
                break
        else:
            outcome.created.append((ticket, url))
            told(ticket, url)
    return outcome


def _create_one(tracker: Tracker, api: HttpApi, place: Place, ticket: Ticket) -> str:
    """The address of a new ticket; where no answer came, it is looked up before it counts as failed."""
    request = tracker.request(ticket, place)
    try:
        return tracker.address(api, json_of(api.post(request.path, request.payload)))
    except TrackerSilent as silence:
        try:
            known = tracker.find(api, place, ticket.mark.key)
        except TrackerError:
            raise silence from None
        for found in known:
            if found.mark == ticket.mark:
                return found.url
        raise
