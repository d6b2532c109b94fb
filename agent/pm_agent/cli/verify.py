"""`pm-agent verify`: a report against the evidence lines it carries, after people have edited it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pm_agent.cli import EXIT_FOUND

if TYPE_CHECKING:
    from pm_agent.report import Finding, Report


def verify(
    report: Annotated[Path, typer.Argument(help="A report.json, as draft wrote it or as people edited it.")],
    format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """Check a report against the evidence lines it carries. Exits 1 where it finds errors.

    Example: pm-agent verify report.json
    """
    import orjson

    from pm_agent.api import verify as check
    from pm_agent.cli.options import settings_from
    from pm_agent.errors import InputError
    from pm_agent.rendering.plain import visible

    if format not in {"text", "json"}:
        raise InputError(f"unknown format {format!r}", hint="text or json")
    loaded = _load(report)
    found = loaded if isinstance(loaded, list) else check(loaded, settings_from(tz=None, day=None))
    if format == "json":
        typer.echo(orjson.dumps([f.model_dump() for f in found], option=orjson.OPT_INDENT_2).decode())
    for f in found if format == "text" else []:
        typer.echo(visible(f"{f.severity:<7} {f.rule:<34} {f.where}: {f.message}"))
    counts = {s: sum(f.severity == s for f in found) for s in ("error", "warning", "info")}
    typer.echo(f"{counts['error']} errors, {counts['warning']} warnings, {counts['info']} notes", err=True)
    if counts["error"]:
        raise typer.Exit(EXIT_FOUND)


def _load(path: Path) -> Report | list[Finding]:
    """The report; where an edit broke a rule of its form (a supported sentence that cites nothing), that as findings.

    Raises:
        InputError: no report.
    """
    from pydantic import ValidationError

    from pm_agent.errors import InputError
    from pm_agent.report import Finding, Report

    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"{str(path)!r}: {(error.strerror or str(error)).lower()}", hint="check the path"
        ) from error
    except ValidationError as error:
        problems: list[Any] = error.errors()
        broken = [p for p in problems if p["type"] == "value_error"]
        if len(broken) < len(problems):
            first = next(p for p in problems if p["type"] != "value_error")
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(
                f"{str(path)!r} is no report: {where}: {first['msg']}"
                if where
                else f"{str(path)!r} is no report: {first['msg']}",
                hint="make one with pm-agent draft … -o report.json; `pm-agent schema` prints its form",
            ) from error
        return [
            Finding(
                rule="grounding.nothing_cited", severity="error", where=".".join(str(part) for part in p["loc"]),
                message=p["msg"].removeprefix("Value error, "),
            )
            for p in broken
        ]  # fmt: skip
