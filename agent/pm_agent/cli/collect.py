"""`pm-agent collect`: how to fetch what the evidence lacks."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pm_agent.cli import options as o


def collect(
    paths: o.Paths,
    tz: o.Tz = None,
    date: o.Day = None,
    format_of: o.FormatOf = None,
    facts: o.FactsFile = None,
    service: Annotated[
        list[str] | None, typer.Option("--service", help="A service that was hit; may be given again.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Print the commands for every kind, not only missing ones.")
    ] = False,
) -> None:
    """Print commands that fetch what is missing for the incident's window, ready to paste. Runs none of them.

    Example: pm-agent collect chat.txt --tz Europe/Berlin --service checkout
    """
    from pm_agent.api import draft_evidence, in_own_loop
    from pm_agent.cli.drafting import read_evidence
    from pm_agent.errors import InputError
    from pm_agent.rendering.commands import commands
    from pm_agent.rubric.sources import KINDS, missing

    settings = o.settings_from(tz=tz, day=date, format_of=format_of, facts=facts).model_copy(
        update={"model": "rules"}
    )
    evidence, settings = read_evidence(paths, settings, sys.stdin.buffer if "-" in paths else None)
    report = in_own_loop(draft_evidence(evidence, settings)).report
    rows = [row.at for row in report.timeline if row.at]
    moments = [m for m in (report.window.start, report.window.end, *rows) if m]
    moments = moments or [e.at for e in evidence.events if e.at]
    if not moments:
        raise InputError("no time in the evidence, so no window to fetch", hint="give --date and --tz")
    lacking = (
        list(KINDS)
        if everything
        else missing((e.kind for e in evidence.events), has_series=bool(evidence.series))
    )
    start, end = min(moments), max(moments)
    typer.echo(f"# window {start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M} UTC, half an hour added on each side")
    if not lacking:
        typer.echo("# every kind of evidence is there: chat, alerts, metrics, logs, changes")
    for kind, lines in commands(lacking, start, end, service or report.services):
        typer.echo(f"\n# {kind}")
        for line in lines:
            typer.echo(line)
