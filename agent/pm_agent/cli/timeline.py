"""`pm-agent timeline`: the timeline alone, for the channel."""

from __future__ import annotations

import sys

import typer

from pm_agent.cli import options as o


def timeline(
    paths: o.Paths,
    tz: o.Tz = None,
    date: o.Day = None,
    display_tz: o.DisplayTz = None,
    lang: o.Lang = None,
    since: o.Since = None,
    until: o.Until = None,
    channel: o.Channel = None,
    format_of: o.FormatOf = None,
    facts: o.FactsFile = None,
) -> None:
    """Print the timeline and the durations, one row a line.

    Example: pm-agent timeline chat.txt --date 2026-03-04 --tz Europe/Berlin
    """
    from pm_agent.api import draft_evidence, in_own_loop
    from pm_agent.cli.drafting import read_evidence
    from pm_agent.rendering.page import Page
    from pm_agent.rendering.plain import visible

    settings = o.settings_from(
        tz=tz,
        day=date,
        display_tz=display_tz,
        lang=lang,
        since=since,
        until=until,
        channel=channel,
        format_of=format_of,
        facts=facts,
    )
    settings = settings.model_copy(update={"model": "rules"})
    evidence, settings = read_evidence(paths, settings, sys.stdin.buffer if "-" in paths else None)
    report = in_own_loop(draft_evidence(evidence, settings)).report
    page = Page(report)
    for entry in report.timeline:
        typer.echo(
            visible(
                f"{page.row_time(entry)}  {page.words['s2']['kinds'][entry.kind]:<16}  {entry.text}  [{', '.join(entry.citations)}]"
            )
        )
    for name in ("mttd", "mtti", "mttf", "mttr"):
        metric = getattr(report.metrics, name)
        typer.echo(
            f"{name.upper()}: {page.duration(metric.minutes) if metric.minutes is not None else metric.reason}"
        )
