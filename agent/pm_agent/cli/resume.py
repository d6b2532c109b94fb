"""`pm-agent resume`: go on with a run; no finished call is repeated."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pm_agent.cli import options as o


def resume(
    run: Annotated[Path, typer.Argument(help="The run folder that a draft printed.")],
    output: Annotated[
        list[Path] | None, typer.Option("-o", "--output", help="Write here; the format follows the ending.")
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="Format of the output. Default: md.")
    ] = None,
    template: o.TemplateName = None,
    force: o.Force = False,
    author_notes: o.AuthorNotes = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="Go on with the interview where it stopped.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary on standard error.")] = False,
) -> None:
    """Go on with an interrupted run from its folder, with the evidence as it was read then.

    Example: pm-agent resume ~/.local/state/pm-agent/runs/20260304-021700-a1b2c3 -o report.md
    """
    from pm_agent.cli import drafting
    from pm_agent.cli.output import output_of
    from pm_agent.runs import RunFolder

    folder = RunFolder.open(run)
    written = output_of(
        output or [], format, template or folder.settings().template, force=force, author_notes=author_notes
    )
    for note in folder.damaged:
        drafting.say(f"run folder: {note}")
    changed = folder.changed_sources()
    if changed:
        drafting.say(
            f"changed since the run began: {', '.join(changed)}; going on with the evidence as it was read then"
        )
    settings = folder.settings().model_copy(update={"api_key": _key()})
    with drafting.saying_how_to_go_on(folder, interactive=interactive), folder.locked():
        drafted = drafting.draft_with_progress(
            folder.evidence(), settings, folder, quiet=quiet, interactive=interactive
        )
    drafting.deliver(drafted, written, folder, strict=False, quiet=quiet)


def _key() -> str | None:
    """The key of today: of the environment, else of pm-agent.toml; run folders keep none."""
    from pm_agent.settings import CONFIG_NAME, read_config

    config = Path(CONFIG_NAME)
    named = read_config(config).get("api_key") if config.is_file() else None
    return os.environ.get("OPENAI_API_KEY") or named
