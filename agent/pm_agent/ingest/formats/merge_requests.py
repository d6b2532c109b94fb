"""A pull or merge request as events: who proposed it, and that it went in or was turned down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pm_agent.evidence import RawEvent, Signal
from pm_agent.ingest.formats.change_events import change_event, subject_of
from pm_agent.ingest.formats.payloads import Payload

Who = tuple[str, str]
"""Person and bot; at most one of them is known."""
NOBODY: Who = ("", "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What GitHub calls a pull request, GitLab a merge request; times as written, empty where it did not happen."""

    program: str
    called: str
    number: str
    """With the program's own sign: `#2207`, `!12`."""
    title: str
    where: str
    into: str
    link: str
    opened: str = ""
    author: Who = NOBODY
    merged: str = ""
    merger: Who = NOBODY
    closed: str = ""


def told(payload: Payload, one: Proposal) -> Iterator[RawEvent]:
    """The opening and the refusal change nothing that runs; the merge is a change, finished."""
    name = f"{one.number} {one.title}".strip()
    into = f" into {one.into}" if one.into else ""
    if one.opened:
        yield _event(
            payload, 0, one, f"{one.called} {name} opened{into and f', to go{into}'}", one.opened, one.author
        )
    if one.merged:
        yield _event(payload, 1, one, f"{name} merged{into}", one.merged, one.merger, "change_finished")
    elif one.closed:
        yield _event(payload, 1, one, f"{one.called} {name} closed, not merged", one.closed, NOBODY)


def _event(
    payload: Payload, part: int, one: Proposal, said: str, at: str, who: Who, signal: Signal | None = None
) -> RawEvent:
    return change_event(
        payload.place(part=part), said, at, program=one.program, signal=signal,
        subject=subject_of(one.where, one.number), person=who[0], bot=who[1], links=(one.link,),
    )  # fmt: skip
