"""`pm-agent draft`: paths in, a postmortem out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pm_agent.cli import EXIT_FOUND
from pm_agent.cli import options as o

if TYPE_CHECKING:
    from pm_agent.report import Report
    from pm_agent.settings import Settings


def draft(
    paths: o.Paths,
    output: Annotated[
        list[Path] | None,
        typer.Option("-o", "--output", help="Write here; the format follows the ending. May be given again."),
    ] = None,
    format: Annotated[str | None, typer.Option("--format", "-f", help="md or json. Default: md.")] = None,
    tz: o.Tz = None,
    date: o.Day = None,
    display_tz: o.DisplayTz = None,
    lang: o.Lang = None,
    since: o.Since = None,
    until: o.Until = None,
    channel: o.Channel = None,
    format_of: o.FormatOf = None,
    facts: o.FactsFile = None,
    names: Annotated[
        str,
        typer.Option("--names", help="alias, or full: names as actors of the timeline (never in a cause)."),
    ] = "alias",
    all_evidence: Annotated[
        bool, typer.Option("--all-evidence", help="Put every event into the JSON, not only cited ones.")
    ] = False,
    model: Annotated[str | None, typer.Option("--model", help="rules, auto, or a model's name.")] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit 1 where the checks find errors or a file could not be read."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary on standard error.")] = False,
) -> None:
    """Draft the postmortem of what PATHS hold.

    Example: pm-agent draft incident/ --tz Asia/Shanghai -o report.md
    """
    from pm_agent.errors import InputError

    settings = o.settings_from(
        tz=tz, day=date, display_tz=display_tz, lang=lang, since=since, until=until, channel=channel, format_of=format_of, facts=facts,
        names=names, all_evidence=all_evidence or None, model=model,
    )  # fmt: skip
    targets = _targets(output or [], format)
    if any(path and path.is_dir() for path, _ in targets):
        raise InputError("the output path is a folder", hint="name a file: -o report.md")
    report = _drafted(paths, settings)
    _write(report, targets)
    if not quiet:
        _summary(report, [path for path, _ in targets if path])
    if strict and _has_errors(report):
        raise typer.Exit(EXIT_FOUND)


def _drafted(paths: list[str], settings: Settings) -> Report:
    from pm_agent.api import draft_paths

    stdin = sys.stdin.buffer if "-" in paths else None
    return draft_paths(paths, settings, stdin=stdin)


def _targets(output: list[Path], format: str | None) -> list[tuple[Path | None, str]]:
    from pm_agent.errors import InputError
    from pm_agent.rendering import FORMATS

    def known(name: str) -> str:
        if name not in FORMATS:
            raise InputError(f"unknown output format {name!r}", hint=f"one of: {', '.join(FORMATS)}")
        return name

    endings = {"markdown": "md", "htm": "html"}
    if not output:
        return [(None, known(format or "md"))]
    return [
        (
            path,
            known(
                format
                or endings.get(path.suffix.lstrip(".").lower(), path.suffix.lstrip(".").lower())
                or "md"
            ),
        )
        for path in output
    ]


def _write(report: Report, targets: list[tuple[Path | None, str]]) -> None:
    from pm_agent.cli.files import write_whole
    from pm_agent.rendering import render

    for path, name in targets:
        text = render(report, name)
        if path is None:
            sys.stdout.write(text)
        else:
            write_whole(path, text)


def _has_errors(report: Report) -> bool:
    return bool(report.coverage.skipped) or any(f.severity == "error" for f in report.findings)


def _summary(report: Report, written: list[Path]) -> None:
    """What was read, what was found, what is missing, what to do next; to standard error."""
    coverage = report.coverage
    lines = [
        f"read {coverage.events} events from {len(coverage.files)} files; {coverage.cited} cited; {len(report.timeline)} timeline rows"
    ]
    unparsed = sum(f.unparsed for f in coverage.files)
    if unparsed:
        lines.append(f"not readable: {unparsed} lines (see the coverage appendix)")
    lines += [
        f"skipped {s.file!r}{f' line {s.line}' if s.line else ''}: {s.reason}{f' (×{s.count})' if s.count > 1 else ''}"
        for s in coverage.skipped[:10]
    ]
    lines += [
        f"time zone of {f.file!r} is assumed: {f.timezone} (give one with --tz)"
        for f in coverage.files
        if f.timezone_basis == "assumed" and f.events > f.undated
    ][:5]
    missing = [
        name
        for name, m in report.milestones.items()
        if m.at is None and name in {"trigger", "detected", "cause_found", "fixed", "recovered"}
    ]
    if missing:
        lines.append(f"not in the evidence: {', '.join(missing)} (pm-agent explain {missing[0]} says why)")
    if report.injections:
        lines.append(
            f"{len(report.injections)} lines try to command their reader; kept as data, listed under injections"
        )
    errors = sum(f.severity == "error" for f in report.findings)
    if errors:
        lines.append(f"{errors} errors found by the checks (see the last appendix)")
    lines += [f"wrote {path}" for path in written]
    sys.stderr.write("\n".join(lines) + "\n")
