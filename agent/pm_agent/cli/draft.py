"""`pm-agent draft`: paths in, a postmortem out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pm_agent.cli import options as o

if TYPE_CHECKING:
    from pm_agent.settings import Settings


def draft(
    paths: o.Paths,
    output: Annotated[
        list[Path] | None,
        typer.Option("-o", "--output", help="Write here; the format follows the ending. May be given again."),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="md, html, json, docx or confluence; several with commas. Default: the ending of -o, else md.",
        ),
    ] = None,
    template: o.TemplateName = None,
    update: Annotated[
        Path | None,
        typer.Option(
            "--update", help="Draft this Markdown report anew; what people changed in it stays, marked."
        ),
    ] = None,
    force: o.Force = False,
    author_notes: o.AuthorNotes = None,
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
        str | None,
        typer.Option("--names", help="alias, or full: names as actors of the timeline (never in a cause)."),
    ] = None,
    keep_map: Annotated[
        Path | None,
        typer.Option(
            "--keep-map", help="Write what placeholders and aliases stand for to this private file."
        ),
    ] = None,
    all_evidence: Annotated[
        bool, typer.Option("--all-evidence", help="Put every event into the JSON, not only cited ones.")
    ] = False,
    fix_skew: Annotated[
        bool,
        typer.Option(
            "--fix-skew", help="Correct clocks that differ, as found; without it they are only shown."
        ),
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", help="rules, auto, or a model's name. auto asks only a server on this machine."
        ),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="Address of an OpenAI-compatible server.")
    ] = None,
    context: Annotated[
        int | None, typer.Option("--context", help="Context window of the model in tokens.")
    ] = None,
    max_calls: Annotated[
        int | None, typer.Option("--max-calls", help="Ask at most this often; the rules do the rest.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", help="Send at most this many prompt tokens.")
    ] = None,
    interactive: Annotated[
        bool,
        typer.Option("--interactive", "-i", help="Go through the 5 Whys with me, one question at a time."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be asked, and send nothing.")
    ] = False,
    run_dir: Annotated[Path | None, typer.Option("--run-dir", help="Where run folders lie.")] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit 1 where the checks find errors or a file could not be read."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary on standard error.")] = False,
) -> None:
    """Draft the postmortem of what PATHS hold.

    Example: pm-agent draft incident/ --tz Asia/Shanghai -o report.md
    """
    from pm_agent.cli import drafting
    from pm_agent.cli.output import output_of

    settings = o.settings_from(
        tz=tz, day=date, display_tz=display_tz, lang=lang, since=since, until=until, channel=channel, format_of=format_of, facts=facts,
        names=names, all_evidence=all_evidence or None, fix_skew=fix_skew or None, model=model, base_url=base_url, context=context, max_calls=max_calls,
        max_tokens=max_tokens, template=template,
    )  # fmt: skip
    settings = _auto(settings)
    written = output_of(
        output or [],
        format,
        settings.template,
        force=force,
        update=update,
        asked=template,
        author_notes=author_notes,
    )
    stdin = sys.stdin.buffer if "-" in paths else None
    evidence, settings = drafting.read_evidence(paths, settings, stdin, quiet=quiet, keep_map=keep_map)
    if dry_run:
        drafting.print_plan(evidence, settings)
        return
    with drafting.run_folder(run_dir, evidence, settings, paths, interactive=interactive) as run:
        drafted = drafting.draft_with_progress(evidence, settings, run, quiet=quiet, interactive=interactive)
    drafting.deliver(drafted, written, run, strict=strict, quiet=quiet)


def _auto(settings: Settings) -> Settings:
    """The command line's default is `auto`; a library call's is `rules`."""
    return settings if "model" in settings.model_fields_set else settings.model_copy(update={"model": "auto"})
