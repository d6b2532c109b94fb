"""Where a report goes: files by their ending, or standard output; and the summary on standard error."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pm_agent.cli.files import write_whole

if TYPE_CHECKING:
    from pm_agent.rendering import Merged
    from pm_agent.report import Report

_STEM = Path("postmortem")


@dataclass(frozen=True)
class Output:
    """All that one run writes."""

    targets: list[tuple[Path | None, str]]
    """(path or None for standard output, format)."""
    template: str
    force: bool = False
    update: Path | None = None
    """A Markdown report of an earlier run whose human edits stay."""
    author_notes: Path | None = None
    """Wording that `lint` would flag, for the author alone."""

    @property
    def paths(self) -> list[Path]:
        """The files that are written."""
        return [p for p, _ in self.targets if p] + [p for p in (self.update, self.author_notes) if p]


def output_of(
    paths: list[Path],
    format: str | None,
    template: str,
    *,
    force: bool = False,
    update: Path | None = None,
    asked: str | None = None,
    author_notes: Path | None = None,
) -> Output:
    """What to write where; everything that can be refused is refused before a draft is begun.

    A report that is drafted anew keeps the built-in template it was written in, whatever the settings say; `asked` is a
    template that the user named in this very call.

    Raises:
        InputError: an unknown format or template, a path that is a folder, a missing package, or a file that a
            person has edited.
    """
    from pm_agent.rendering import choose

    if update:
        template = _written_in(update, template, asked)
    chosen = choose(template)
    formats = [f.strip() for f in format.split(",") if f.strip()] if format else []
    targets = [] if update and not paths and not formats else _targets(paths, formats)
    for path, name in targets:
        _check(path, name, public=chosen.public)
        if path and not force:
            check_unedited(path, name)
    if author_notes:
        _check(author_notes, "md", public=False)
        if not force:
            check_unedited(author_notes, "md", keep="")
    return Output(targets, template, force, update, author_notes)


def _targets(paths: list[Path], formats: list[str]) -> list[tuple[Path | None, str]]:
    from pm_agent.errors import InputError

    if len(formats) > 1:
        if len(paths) > 1:
            raise InputError(
                "several formats and several files", hint="give several -o, or one -o and --format md,html"
            )
        stem = paths[0] if paths else _STEM
        return [(_ended(stem, name), name) for name in dict.fromkeys(formats)]
    if not paths:
        return [(None, formats[0] if formats else "md")]
    return [(path, formats[0] if formats else _format_of(path)) for path in paths]


def _format_of(path: Path) -> str:
    """The format that a file name's ending asks for."""
    from pm_agent.rendering import FORMATS

    ending = path.suffix.lstrip(".").lower() or "md"
    return next((name for name, f in FORMATS.items() if ending in f.endings), ending)


def _ended(stem: Path, name: str) -> Path:
    """A path with the ending of a format."""
    from pm_agent.rendering import FORMATS

    known = {e for f in FORMATS.values() for e in f.endings}
    ending = FORMATS[name].endings[0] if name in FORMATS else name
    bare = stem.with_suffix("") if stem.suffix.lstrip(".").lower() in known else stem
    return bare.with_name(f"{bare.name}.{ending}")


def _check(path: Path | None, name: str, *, public: bool) -> None:
    from pm_agent.errors import InputError
    from pm_agent.rendering import FORMATS

    if name not in FORMATS:
        raise InputError(f"unknown output format {name!r}", hint=f"one of: {', '.join(FORMATS)}")
    made = FORMATS[name]
    made.check_installed()
    if public and made.whole:
        raise InputError(
            f"{name} holds the whole report, this template only what may be published",
            hint="ask for md, docx or confluence; write the whole report in a run of its own",
        )
    if path and path.is_dir():
        raise InputError(f"{str(path)!r} is a folder", hint="name a file: -o report.md")
    if path is None and not made.is_text and sys.stdout.isatty():
        raise InputError(f"{name} is no text for a terminal", hint=f"-o report.{made.endings[0]}")


def check_unedited(path: Path, name: str, keep: str = "--update {path} keeps the edits, ") -> None:
    """Nothing, where a file may be written over.

    Raises:
        InputError: a person has edited it, or it is not a report of ours.
    """
    from pm_agent.errors import InputError
    from pm_agent.rendering import FORMATS

    content = _content(path)
    if not content.strip():
        return
    state = FORMATS[name].state(content)
    if state == "untouched":
        return
    why = "has been edited since it was written" if state == "edited" else "was not written by pm-agent"
    kept = keep.format(path=path) if name == "md" and state == "edited" else ""
    raise InputError(f"{str(path)!r} {why}", hint=f"{kept}--force writes over it, -o takes another name")


def _content(path: Path) -> bytes:
    from pm_agent.errors import InputError

    try:
        return path.read_bytes() if path.is_file() else b""  # a device may have no end
    except OSError as error:
        raise InputError(
            f"can't read {str(path)!r}: {error.strerror or error}", hint="check the path"
        ) from error


def _written_in(path: Path, template: str, asked: str | None) -> str:
    """The template of a report that is drafted anew: the file's own, where that is a built-in one."""
    from pm_agent.errors import InputError
    from pm_agent.rendering import TEMPLATES
    from pm_agent.rendering.stamp import split_stamp

    if not path.is_file():
        raise InputError(f"no such report {str(path)!r}", hint="write it first with -o")
    _, stamp = split_stamp(_text(path))
    if stamp is None or not stamp.lines:
        raise InputError(
            f"{str(path)!r} does not say how it was written (its last lines are missing)",
            hint="write a new file with -o, and carry the changes over by hand",
        )
    if stamp.template not in TEMPLATES:
        return template
    if asked and asked != stamp.template:
        raise InputError(
            f"{str(path)!r} was written with --template {stamp.template}",
            hint="leave --template out, or write a new file with -o",
        )
    return stamp.template


def _text(path: Path) -> str:
    from pm_agent.errors import InputError

    try:
        return _content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{str(path)!r} is not UTF-8", hint="--update reads Markdown reports") from error


def write(report: Report, output: Output) -> list[str]:
    """Render everything, then write each file whole; returns what there is to say about it."""
    from pm_agent.rendering import author_notes, document, update

    merged = None
    if output.update:
        merged = update(report, _text(output.update), output.template)
    made = [(path, name, document(report, name, output.template, merged)) for path, name in output.targets]
    said = _keep(output.update, merged) if output.update and merged else []
    if output.author_notes:
        write_whole(output.author_notes, author_notes(report), private=True)
        said.append(
            f"wording for the author alone: {len(report.language_findings)} found, in {str(output.author_notes)!r}"
        )
    for path, name, content in made:
        if path is None:
            sys.stdout.buffer.write(content)
            continue
        if not output.force:
            check_unedited(path, name)  # somebody may have edited it while the draft was made
        write_whole(path, content)
        if output.template != "eleven" and name == "html":
            said.append(
                f"{str(path)!r}: HTML keeps the eleven sections; --template shapes md, docx, confluence"
            )
    return said


def _keep(path: Path, merged: Merged) -> list[str]:
    """Write a draft with what people wrote, and say what became of their lines."""
    write_whole(path, merged.text)
    said = [
        f"kept in {str(path)!r}: {merged.kept} lines that people wrote, {merged.removed} that they left out"
    ]
    said += [f"the new draft says there instead: {line[:100]}" for line in merged.passed_over[:10]]
    if len(merged.passed_over) > 10:
        said.append(f"… and {len(merged.passed_over) - 10} more such lines")
    return said


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
