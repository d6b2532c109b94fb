"""`export --send`: look, show, ask, create, say what became of each."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pm_agent.cli import EXIT_FOUND
from pm_agent.rendering.plain import visible

if TYPE_CHECKING:
    from pm_agent.export import HttpApi, Outcome, Place, Plan, Ticket, Tracker


@dataclass(frozen=True)
class Ask:
    """Where tickets go, and what the user agreed to."""

    tracker: Tracker
    base_url: str | None
    project: str | None
    issue_type: str
    yes: bool = False
    public: bool = False
    again: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """The project, or a blank."""
        from pm_agent.export import Place

        return Place(self.project or self.tracker.blank, self.issue_type)


def say(text: str) -> None:
    """One line to standard error, free of control codes."""
    sys.stderr.write(visible(text) + "\n")


def send_tickets(ask: Ask, tickets: list[Ticket], record: Path | None) -> None:
    """Create what is missing, after showing it and asking.

    Raises:
        InputError: a token or the project is missing, or nobody agreed.
        TrackerError: the tracker could not be asked what is there, or creating stopped on the way.
    """
    import typer

    from pm_agent.export import create, plan

    api = _open(ask)
    try:
        is_public = ask.tracker.is_public(api, ask.place)
        key = tickets[0].mark.key if tickets else ""
        made = plan(tickets, ask.tracker.find(api, ask.place, key) if tickets else [], ask.again)
        _show(ask, made, is_public=is_public)
        if made.create:
            _agree(ask, made, is_public=is_public)
        outcome = create(ask.tracker, api, ask.place, made.create, lambda t, url: print_created(t, url))
    finally:
        api.close()
    if record:
        _record(record, {t.mark.item: url for t, url in [*made.there, *outcome.created] if url})
    _sum_up(made, outcome)
    if outcome.failed:
        raise outcome.failed[-1][1]
    if made.unclear:
        raise typer.Exit(EXIT_FOUND)


def print_created(ticket: Ticket, url: str) -> None:
    """The product of sending, on standard output: item and address."""
    sys.stdout.write(visible(f"{ticket.mark.item}\t{url}") + "\n")
    sys.stdout.flush()


def _open(ask: Ask) -> HttpApi:
    from pm_agent.errors import InputError
    from pm_agent.export import HttpApi

    name = ask.tracker.name
    if not ask.project:
        raise InputError("no project to send to", hint=f"--project {ask.tracker.blank}")
    base = ask.base_url or ask.tracker.default_url
    if base is None:
        raise InputError(f"{name} has no address of its own", hint="--base-url https://NAME.atlassian.net")
    secrets = {variable: os.environ.get(variable, "").strip() for variable in ask.tracker.variables}
    if missing := [variable for variable, value in secrets.items() if not value]:
        raise InputError(
            f"{' and '.join(missing)} not set",
            hint=f"export {missing[0]}=…; tokens come from the environment only",
        )
    return HttpApi(base, ask.tracker.headers(secrets), wait=_wait)


def _wait(seconds: float) -> None:
    if seconds > 5:
        say(f"asked to wait {seconds:.0f} s")
    time.sleep(seconds)


def _show(ask: Ask, made: Plan, *, is_public: bool) -> None:
    for ticket, url in made.there:
        say(f"there   {ticket.title}  {url}")
    for ticket, found in made.unclear:
        say(f"unclear {ticket.title}: {found.url} has its number and other words ({found.title})")
    if made.unclear:
        say("  → the same incident drafted anew: --again ITEM creates it; another incident: --report-id NAME")
    for ticket in made.create:
        who = ticket.account or "nobody"
        say(f"create  {ticket.title}  [{', '.join(ticket.labels)}] for {who}, due {ticket.due or '—'}")
    where = f"{ask.tracker.name} {ask.project}" + (" (PUBLIC)" if is_public else "")
    say(f"{where}: {len(made.create)} to create, {len(made.there)} there, {len(made.unclear)} unclear")


def _agree(ask: Ask, made: Plan, *, is_public: bool) -> None:
    from pm_agent.errors import InputError

    if is_public and not ask.public:
        raise InputError(
            f"{ask.project} is public: anybody reads the tickets and the evidence that they quote",
            hint="--public sends all the same; --no-quotes leaves the evidence lines out",
        )
    if ask.yes:
        return
    if not sys.stdin.isatty():
        raise InputError("nobody there to ask", hint="--yes creates them without asking")
    sys.stderr.write(f"Create {len(made.create)} tickets? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes", "是"}:
        raise InputError("nothing was created", hint="the same command without --send prints the payloads")


def _sum_up(made: Plan, outcome: Outcome) -> None:
    for ticket, error in outcome.failed:
        say(f"failed  {ticket.title}: {error}")
    left = len(outcome.failed) + len(outcome.untried)
    say(f"{len(outcome.created)} created, {len(made.there)} were there, {left} not created")
    if left:
        say("  → run the same command again: what is there is not created twice")


def _record(path: Path, urls: dict[str, str]) -> None:
    """Write the addresses into the report. Its digest stays, so that a new draft won't silently write over them."""
    from pm_agent.cli.files import write_whole
    from pm_agent.cli.report_file import load_report

    report = load_report(path)
    actions = [a.model_copy(update={"ticket": urls.get(a.id, a.ticket)}) for a in report.actions]
    if actions != report.actions:
        write_whole(path, report.model_copy(update={"actions": actions}).model_dump_json(indent=2) + "\n")
        say(f"wrote the tickets' addresses into {path}")
