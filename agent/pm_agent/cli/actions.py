"""`pm-agent actions`: SMART verdicts on the action items of documents you already have."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pm_agent.cli import EXIT_FOUND
from pm_agent.cli.options import day_of, settings_from

if TYPE_CHECKING:
    from pm_agent.rubric.action_documents import JudgedItem

_LETTERS = (
    ("specific", "S"),
    ("measurable", "M"),
    ("achievable", "A"),
    ("relevant", "R"),
    ("time_bound", "T"),
)


def actions(
    files: Annotated[
        list[str] | None, typer.Argument(help="Markdown or text files, folders, or - for standard input.")
    ] = None,
    format: Annotated[
        str,
        typer.Option("--format", "-f", help="text, json, or github: notes at the lines of a pull request."),
    ] = "text",
    written: Annotated[
        str | None, typer.Option("--date", help="Day the document was written; relative dates count from it.")
    ] = None,
) -> None:
    """Find action items and judge each by SMART. Exits 1 where one has a finding.

    Example: pm-agent actions postmortem.md --date 2026-03-05
    """
    from pm_agent.api import check_actions
    from pm_agent.cli.annotations import annotation
    from pm_agent.cli.reading_files import documents
    from pm_agent.errors import InputError

    if format not in {"text", "json", "github"}:
        raise InputError(f"unknown format {format!r}", hint="text, json or github")
    day = day_of(written) or date.today()  # noqa: DTZ011 - the day on the clock of whoever types
    settings = settings_from(tz=None, day=None)
    found = [
        item for name, text in documents(files or []) for item in check_actions(text, name, day, settings)
    ]
    if format == "json":
        import orjson

        typer.echo(orjson.dumps([asdict(item) for item in found], option=orjson.OPT_INDENT_2).decode())
    elif format == "github":
        for item in (i for i in found if i.is_action and i.findings):
            message = "\n".join([item.text, *item.findings.values(), f"→ {item.suggestion or ''}"])
            typer.echo(annotation(item.file, item.line, ", ".join(item.findings), message))
    else:
        for item in found:
            _print(item)
        for line in _together([item for item in found if item.is_action]):
            typer.echo(line)
    if any(item.findings for item in found if item.is_action):
        raise typer.Exit(EXIT_FOUND)


def _together(items: list[JudgedItem]) -> list[str]:
    """How strong the items are and what they are for, at one look."""
    from collections import Counter

    if not items:
        return []
    strengths, purposes = Counter(i.strength for i in items), Counter(i.category for i in items)
    return [
        f"{len(items)} action items: {', '.join(f'{n} {name}' for name, n in purposes.most_common())}",
        f"strength: {', '.join(f'{n} {name}' for name, n in strengths.most_common())}",
    ]


def _print(item: JudgedItem) -> None:
    from pm_agent.rendering.plain import visible

    marks = {True: "✓", False: "✗", None: "?"}
    verdict = " ".join(f"{letter}{marks[item.smart[name]['met']]}" for name, letter in _LETTERS)
    kind = verdict if item.is_action else "not an action item"
    typer.echo(
        visible(
            f"{item.file}:{item.line}: {kind}  [{item.strength}] owner {item.owner or '—'}, due {item.due or '—'}"
        )
    )
    typer.echo(visible(f"    {item.text}"))
    for message in item.findings.values() if item.is_action else []:
        typer.echo(visible(f"    - {message}"))
    if item.is_action and item.suggestion:
        typer.echo(visible(f"    → {item.suggestion}"))
