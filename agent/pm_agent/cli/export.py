"""`pm-agent export`: action items as tickets, tables or calendar entries."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pm_agent.cli import EXIT_FOUND

if TYPE_CHECKING:
    from pm_agent.cli.sending import Ask
    from pm_agent.export import Ticket, TicketOptions
    from pm_agent.report import Report

_TARGETS = ("github", "jira", "gitlab", "csv", "markdown", "ics")


def export(
    report: Annotated[Path, typer.Argument(help="A report.json that draft wrote.", show_default=False)],
    to: Annotated[str, typer.Option("--to", help=f"{', '.join(_TARGETS)}.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write here, not to standard output.")
    ] = None,
    project: Annotated[
        str | None, typer.Option("--project", help="OWNER/REPO, GROUP/PROJECT or Jira's project key.")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url",
            help="Jira: https://NAME.atlassian.net. GitHub Enterprise: https://HOST/api/v3. GitLab: https://HOST.",
        ),
    ] = None,
    assignee: Annotated[
        list[str] | None,
        typer.Option(
            "--assignee", help="OWNER=ACCOUNT: an owner's login (Jira: account id). May be given again."
        ),
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", help="One more label; may be given again.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only this item (AI-001); may be given again.")
    ] = None,
    issue_type: Annotated[str, typer.Option("--issue-type", help="Jira's issue type.")] = "Task",
    report_id: Annotated[
        str | None,
        typer.Option(
            "--report-id", help="Name of the report in marks. Default: document.id, else day and title."
        ),
    ] = None,
    report_url: Annotated[
        str | None,
        typer.Option("--report-url", help="Where the report can be read; evidence links lead there."),
    ] = None,
    quotes: Annotated[
        bool, typer.Option("--quotes/--no-quotes", help="Quote the cited evidence lines in tickets.")
    ] = True,
    allow_incomplete: Annotated[
        bool,
        typer.Option("--allow-incomplete", help="Take items that are not specific, measurable or dated too."),
    ] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Create the tickets, after showing them and asking.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --send: do not ask.")] = False,
    public: Annotated[
        bool, typer.Option("--public", help="With --send: the project is public, and may read this.")
    ] = False,
    again: Annotated[
        list[str] | None,
        typer.Option(
            "--again", help="With --send: create this item although its number has a ticket with other words."
        ),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="With --send: write the tickets' addresses into REPORT.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Print a report's action items as tickets, a table or a calendar; with --send, create the tickets.

    Example: pm-agent export report.json --to github --project acme/checkout --assignee "Alice Chen=alice"
    """
    from pm_agent.cli.report_file import load_report
    from pm_agent.cli.sending import Ask, send_tickets
    from pm_agent.export import TRACKERS, TicketOptions

    _check(to, output, report_url, send=send, force=force)
    loaded = load_report(report)
    options = TicketOptions(
        report_id,
        report_url,
        _accounts(assignee or [], loaded),
        tuple(label or ()),
        tuple(only or ()),
        quotes,
    )
    if to not in TRACKERS:
        _deliver(_document(loaded, to, options), output, bom=to == "csv")
        return
    ask = Ask(TRACKERS[to], base_url, project, issue_type, yes=yes, public=public, again=tuple(again or ()))
    tickets, refused = _sorted_out(loaded, options, allow_incomplete=allow_incomplete)
    if send:
        send_tickets(ask, tickets, report if record else None)
    else:
        _deliver(_payloads(ask, tickets), output)
    if refused:
        raise typer.Exit(EXIT_FOUND)


def _check(to: str, output: Path | None, report_url: str | None, *, send: bool, force: bool) -> None:
    from pm_agent.errors import InputError
    from pm_agent.export import TRACKERS

    if to not in _TARGETS:
        raise InputError(f"can't export to {to!r}", hint=f"one of: {', '.join(_TARGETS)}")
    if send and to not in TRACKERS:
        raise InputError(
            f"{to} is written, not sent", hint=f"leave --send out, or --to {', '.join(TRACKERS)}"
        )
    if report_url and not re.fullmatch(r"https?://[^\s()<>\"\\]+", report_url):
        raise InputError(
            f"--report-url {report_url!r} is no address", hint="https://…, without blanks or brackets"
        )
    if output and output.exists() and not force:
        raise InputError(
            f"{str(output)!r} is there already", hint="--force writes over it, -o takes another name"
        )


def _accounts(pairs: list[str], report: Report) -> dict[str, str]:
    """Owner → account.

    Raises:
        InputError: no pair, or nobody of that name owns an item.
    """
    from pm_agent.errors import InputError

    owners = {action.owner for action in report.actions if action.owner}
    found = {}
    for pair in pairs:
        owner, _, account = (part.strip() for part in pair.rpartition("="))
        if not owner or not re.fullmatch(r"[\w.@:-]+", account):
            raise InputError(f"--assignee {pair!r} names no account", hint="write OWNER=ACCOUNT")
        if owner not in owners:
            raise InputError(
                f"nobody called {owner!r} owns an item", hint=f"owners: {', '.join(sorted(owners)) or 'none'}"
            )
        found[owner] = account
    return found


def _document(report: Report, to: str, options: TicketOptions) -> str:
    from pm_agent.export import to_csv, to_ics, to_markdown_table

    if to == "ics":
        return to_ics(report, datetime.now(UTC), options.report_id, options.report_url)
    return to_csv(report) if to == "csv" else to_markdown_table(report)


def _sorted_out(
    report: Report, options: TicketOptions, *, allow_incomplete: bool
) -> tuple[list[Ticket], int]:
    """The tickets to make, and how many items were refused; each refusal is told with its reason."""
    from pm_agent.cli.sending import say
    from pm_agent.export import tickets_of

    found, refused = [], 0
    for ticket in tickets_of(report, options):
        if ticket.lacks and not allow_incomplete:
            refused += 1
            say(f"refused {ticket.title}: not {', not '.join(ticket.lacks).replace('time_bound', 'dated')}")
            continue
        found.append(ticket)
        if ticket.item.owner and not ticket.account:
            say(f"{ticket.mark.item}: nobody is assigned; --assignee '{ticket.item.owner}=ACCOUNT' does")
    if refused:
        say(f"{refused} refused: complete them in the review, or --allow-incomplete takes them as they are")
    return found, refused


def _payloads(ask: Ask, tickets: list[Ticket]) -> str:
    """What would be sent, as JSON."""
    import orjson

    from pm_agent.cli.sending import say

    if ask.project is None:
        say(f"the project is left blank; --project {ask.tracker.blank} fills it in")
    base = ask.base_url or ask.tracker.default_url or "https://NAME.atlassian.net"
    requests = [(ticket.mark.item, ask.tracker.request(ticket, ask.place)) for ticket in tickets]
    listed = [
        {"item": i, "request": f"POST {base.rstrip('/')}{r.path}", "payload": r.payload} for i, r in requests
    ]
    return orjson.dumps(listed, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _deliver(text: str, output: Path | None, *, bom: bool = False) -> None:
    """To standard output, or to a file; a CSV file begins with the mark by which spreadsheets know UTF-8."""
    import sys

    from pm_agent.cli.files import write_whole

    if output is None:
        sys.stdout.buffer.write(text.encode())
    else:
        write_whole(output, text.encode("utf-8-sig" if bom else "utf-8"))
