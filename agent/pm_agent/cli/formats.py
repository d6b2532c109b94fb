"""`pm-agent formats`: what can be read."""

from __future__ import annotations

import warnings

import typer


def formats() -> None:
    """List the formats that are read, with what each reads.

    Example: pm-agent formats
    """
    from pm_agent.ingest import adapters

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        known = sorted(adapters(), key=lambda a: a.name)
    for warning in caught:
        typer.echo(f"warning: {warning.message}", err=True)
    width = max(len(a.name) for a in known)
    for adapter in known:
        typer.echo(f"{adapter.name:<{width}}  {adapter.describes}")
