"""How a change reads, whichever program tells of it: what was changed, to which revision, where, and how it went.

A subject is `what revision to where`; `merge` joins two programs' reports of one change by the revision in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pm_agent.evidence import EventKind, Place, RawEvent, Signal
from pm_agent.ingest.signals import read_deploy

_STATES: dict[str, Signal] = {
    **dict.fromkeys(("success", "succeeded", "successful", "passed", "completed", "deployed"), "change_finished"),
    **dict.fromkeys(
        ("failure", "failed", "error", "timed_out", "timedout", "fault", "aborted", "canceled", "cancelled", "stopped", "stop"),
        "change_failed",
    ),
    **dict.fromkeys(("running", "in_progress", "started", "start"), "change_started"),
}  # fmt: skip
_SHA = re.compile(r"[0-9a-f]{12,64}", re.I)


def deploys(*names: str) -> bool:
    """True where the name of a job or pipeline says that it deploys, releases or rolls back."""
    return read_deploy(" ".join(names)) is not None


def signal_of(state: str, name: str = "") -> Signal | None:
    """What the program's own word for the state means; a job called rollback that ends well has rolled back."""
    signal = _STATES.get(state.lower().replace(" ", "_"))
    said = read_deploy(name) if signal == "change_finished" else None
    return "rolled_back" if said and said.signal == "rolled_back" else signal


def short(revision: str) -> str:
    """The first seven characters of a commit's hash; any other revision (v2.9.1, main) as it is."""
    return revision[:7] if _SHA.fullmatch(revision) else revision


def subject_of(*what: str, where: str = "") -> str:
    """`what revision to where` on one line, nothing said twice."""
    parts = dict.fromkeys(" ".join(part.split()) for part in what if part.strip())
    named = " ".join(parts)
    return (f"{named} to {where}" if where and named else named or where)[:160].strip()


def change_event(
    place: Place,
    said: str,
    at: str,
    *,
    program: str,
    signal: Signal | None = None,
    subject: str = "",
    person: str = "",
    bot: str = "",
    kind: EventKind = "deploy",
    severity: str = "",
    until: str = "",
    day: str = "",
    zone: str | None = None,
    count: int = 1,
    links: Sequence[str] = (),
) -> RawEvent:
    """One thing that happened to a change; `person` or `bot` is who did it, else the program itself."""
    return RawEvent(
        place=place,
        text=said,
        raw_time=at or None,
        kind=kind,
        raw_date=day or None,
        raw_until=until or None,
        zone=zone,
        actor=person or bot or program,
        actor_kind="person" if person else "bot" if bot else "system",
        signal=signal,
        subject=subject or None,
        severity=severity or None,
        count=count,
        links=tuple(link for link in links if link),
    )
