"""`pm-agent lint`: blame-oriented wording in documents you already have."""

from __future__ import annotations

from typing import Annotated

import typer

from pm_agent.cli import EXIT_FOUND


def lint(
    files: Annotated[
        list[str] | None, typer.Argument(help="Markdown or text files, folders, or - for standard input.")
    ] = None,
    format: Annotated[
        str,
        typer.Option("--format", "-f", help="text, json, or github: notes at the lines of a pull request."),
    ] = "text",
) -> None:
    """Find blame-oriented wording, with the reason and a neutral wording. Exits 1 where it finds any.

    Example: pm-agent lint postmortem.md
    """
    from pm_agent.api import lint as lint_text
    from pm_agent.cli.annotations import annotation
    from pm_agent.cli.options import settings_from
    from pm_agent.cli.reading_files import documents
    from pm_agent.errors import InputError
    from pm_agent.rendering.plain import visible

    if format not in {"text", "json", "github"}:
        raise InputError(f"unknown format {format!r}", hint="text, json or github")
    settings = settings_from(tz=None, day=None)
    found = [finding for name, text in documents(files or []) for finding in lint_text(text, name, settings)]
    if format == "json":
        import orjson

        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    for finding in found if format == "github" else []:
        message = f"“{finding.span}”: {finding.message}\n→ {finding.suggestion}"
        typer.echo(annotation(finding.file, finding.line, finding.rule, message, severity=finding.severity))
    for finding in found if format == "text" else []:
        typer.echo(
            visible(
                f"{finding.file}:{finding.line}:{finding.column}: {finding.rule} “{finding.span}”: {finding.message}"
            )
        )
        typer.echo(visible(f"    → {finding.suggestion}"))
    if found:
        raise typer.Exit(EXIT_FOUND)
