"""The commands of `pm-agent`, one file each."""

from __future__ import annotations

import typer

from pm_agent.cli.actions import actions
from pm_agent.cli.collect import collect
from pm_agent.cli.draft import draft
from pm_agent.cli.explain import explain
from pm_agent.cli.export import export
from pm_agent.cli.formats import formats
from pm_agent.cli.lint import lint
from pm_agent.cli.manual import manual
from pm_agent.cli.resume import resume
from pm_agent.cli.schema import schema
from pm_agent.cli.timeline import timeline
from pm_agent.cli.verify import verify

app = typer.Typer(
    name="pm-agent",
    help="Draft a blameless incident postmortem from chats, alerts, logs, deploys and notes. Every statement cites its source line.",
    epilog="pm-agent COMMAND --help ends with examples and exit codes. Settings: flags, then the environment, then pm-agent.toml in this folder.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks print locals, and locals hold evidence
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)
for command in (draft, resume, timeline, verify, lint, actions, export, collect, formats, explain, schema):
    app.command(epilog=manual(command.__name__))(command)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(version("pm-agent"))
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    return None
