"""Where a report goes: files by their ending, or standard output; and the summary on standard error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pm_agent.cli.files import write_whole

if TYPE_CHECKING:
    from pm_agent.report import Report

_ENDINGS = {"markdown": "md", "htm": "html"}


def targets_of(output: list[Path], format: str | None) -> list[tuple[Path | None, str]]:
    """(path or None for standard output, format) of each output.

    Raises:
        InputError: an unknown format, or a path that is a folder.
    """
    from pm_agent.errors import InputError
    from pm_agent.rendering import FORMATS

    found: list[tuple[Path | None, str]] = []
    wanted: list[Path | None] = [*output] or [None]
    for path in wanted:
        ending = path.suffix.lstrip(".").lower() if path else "md"
        name = format or _ENDINGS.get(ending, ending) or "md"
        if name not in FORMATS:
            raise InputError(f"unknown output format {name!r}", hint=f"one of: {', '.join(FORMATS)}")
        if path and path.is_dir():
            raise InputError(f"{str(path)!r} is a folder", hint="name a file: -o report.md")
        found.append((path, name))
    return found


def write(report: Report, targets: list[tuple[Path | None, str]]) -> None:
    """Render and write each output whole."""
    from pm_agent.rendering import render

    for path, name in targets:
        text = render(report, name)
        if path is None:
            sys.stdout.write(text)
        else:
            write_whole(path, text)


def has_errors(report: Report) -> bool:
    """What `--strict` fails on."""
    return bool(report.coverage.skipped) or any(f.severity == "error" for f in report.findings)


_WANTED = {"trigger", "detected", "cause_found", "fixed", "recovered"}


def summary(report: Report, written: list[Path]) -> list[str]:
    """What was read, what was found, what is missing, what to do next."""
    coverage = report.coverage
    lines = [
        f"read {coverage.events} events from {len(coverage.files)} files; {coverage.cited} cited; {len(report.timeline)} timeline rows"
    ]
    unparsed = sum(f.unparsed for f in coverage.files)
    if unparsed:
        lines.append(f"not readable: {unparsed} lines (see the coverage appendix)")
    for skip in coverage.skipped[:10]:
        where = f" line {skip.line}" if skip.line else ""
        lines.append(
            f"skipped {skip.file!r}{where}: {skip.reason}{f' (×{skip.count})' if skip.count > 1 else ''}"
        )
    more = sum(skip.count for skip in coverage.skipped[10:])
    if more:
        lines.append(f"and {more} more (see the coverage appendix)")
    assumed = [f for f in coverage.files if f.timezone_basis == "assumed" and f.events > f.undated]
    lines += [f"time zone of {f.file!r} is assumed: {f.timezone} (give one with --tz)" for f in assumed[:5]]
    missing = [name for name, m in report.milestones.items() if m.at is None and name in _WANTED]
    if missing:
        lines.append(
            f"not in the evidence: {', '.join(missing)} (pm-agent explain {missing[0]} --report report.json says why)"
        )
    if report.injections:
        lines.append(
            f"{len(report.injections)} lines try to command their reader; kept as data, listed under injections"
        )
    errors = sum(f.severity == "error" for f in report.findings)
    if errors:
        lines.append(f"{errors} errors found by the checks (see the last appendix)")
    return lines + [f"wrote {path}" for path in written]
