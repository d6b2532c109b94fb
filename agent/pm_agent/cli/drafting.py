"""What `draft` and `resume` share: reading, the run folder, progress, and handing over the result."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO

import typer

from pm_agent.cli import EXIT_BACKEND, EXIT_FOUND, EXIT_INTERRUPTED
from pm_agent.cli.output import Output, has_errors, summary, write

if TYPE_CHECKING:
    from pm_agent.api import Drafted
    from pm_agent.evidence import Evidence
    from pm_agent.runs import RunFolder
    from pm_agent.settings import Settings
    from pm_agent.stages.interview import InterviewAnswer


def say(text: str) -> None:
    """One line to standard error."""
    sys.stderr.write(text + "\n")


def read_evidence(
    paths: list[str],
    settings: Settings,
    stdin: BinaryIO | None,
    *,
    quiet: bool = False,
    keep_map: Path | None = None,
) -> tuple[Evidence, Settings]:
    """Redacted evidence, and the settings with the facts of the incident folder."""
    from pm_agent.api import read, with_facts
    from pm_agent.cli.progress import ReadingDisplay

    listed: list[str | Path] = list(paths)
    settings = with_facts(listed, settings)
    with nullcontext() if quiet else ReadingDisplay() as display:
        progress = display.read if display else None
        return read(listed, settings, stdin=stdin, keep_map=keep_map, progress=progress), settings


def print_plan(evidence: Evidence, settings: Settings) -> None:
    """What would be asked, to standard output."""
    from pm_agent.api import in_own_loop, plan
    from pm_agent.llm.consent import decide

    choice = decide(settings)
    if choice.model is None:
        typer.echo(f"nothing would be sent ({choice.why})")
        return
    planned = in_own_loop(plan(evidence, settings))
    for request in planned:
        typer.echo(f"{request.task:<12} {request.tokens:>8} tokens")
    typer.echo(
        f"{len(planned)} calls, about {sum(p.tokens for p in planned)} prompt tokens: what is asked later depends on the "
        f"first answers, and an answer that can't be used is asked for once more ({choice.why}); nothing was sent"
    )


@contextmanager
def run_folder(
    root: Path | None, evidence: Evidence, settings: Settings, paths: list[str], *, interactive: bool = False
) -> Iterator[RunFolder | None]:
    """A run folder where a model or a person will be asked; Ctrl-C leaves it and says how to go on."""
    from pm_agent.llm.consent import decide
    from pm_agent.redact.secrets import Vault
    from pm_agent.runs import RunFolder, home

    if root is None and not interactive and decide(settings).model is None:
        yield None
        return
    vault = Vault()  # a path with a secret in it is not written down, so changes of that file go unseen
    sources = [s for p in paths if p != "-" and vault.clean(s := str(Path(p).resolve())) == s]
    run = RunFolder.create(root or home(os.environ), evidence, settings, sources, datetime.now(UTC))
    with saying_how_to_go_on(run, interactive=interactive), run.locked():
        yield run


@contextmanager
def saying_how_to_go_on(run: RunFolder, *, interactive: bool) -> Iterator[None]:
    """Ctrl-C or `q` ends the run; what was answered is kept, and this says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        folder = shlex.quote(str(run.path))
        if interactive:
            say("stopped; every answer is kept")
            say(f"  go on with the questions: pm-agent resume {folder} -i -o report.md")
            say(f"  the draft as it stands:   pm-agent resume {folder} -o report.md")
        else:
            say(f"interrupted; what was answered is kept. Go on with: pm-agent resume {folder}")
        raise typer.Exit(EXIT_INTERRUPTED) from None


def draft_with_progress(
    evidence: Evidence, settings: Settings, run: RunFolder | None, *, quiet: bool, interactive: bool = False
) -> Drafted:
    """Draft, showing stages and windows: a display on a terminal, plain lines elsewhere."""
    from pm_agent.api import draft_evidence, in_own_loop
    from pm_agent.cli.interview import Terminal
    from pm_agent.cli.progress import Display

    started = monotonic()
    with nullcontext() if quiet else Display() as display:
        progress = display.show if display else None
        ask = Terminal(run, evidence.language) if run and interactive else None
        answered = kept_answers(run) if run else {}
        drafted = in_own_loop(
            draft_evidence(
                evidence, settings, journal=run, progress=progress, interview=ask, answered=answered
            )
        )
    if run is not None:
        usage = drafted.usage
        run.finish(
            {
                "seconds": round(monotonic() - started, 1), "calls": usage.calls, "replayed": usage.replayed,
                "prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens,
                "drafted_at": datetime.now(UTC).isoformat(timespec="seconds"),
            }
        )  # fmt: skip
    return drafted


def kept_answers(run: RunFolder) -> dict[str, InterviewAnswer]:
    """What people answered before; a damaged answer is asked again."""
    from pydantic import ValidationError

    from pm_agent.stages.interview import InterviewAnswer

    found = {}
    for question, answer in run.answers().items():
        try:
            found[question] = InterviewAnswer.model_validate(answer)
        except ValidationError:
            say(f"the kept answer to {question} is damaged; it is asked again")
    return found


def deliver(
    drafted: Drafted,
    output: Output,
    run: RunFolder | None,
    *,
    strict: bool,
    quiet: bool,
) -> None:
    """Write, sum up, and choose the exit code."""
    report, usage = drafted.report, drafted.usage
    said = write(report, output)
    if not quiet:
        lines = summary(report, output.paths) + said
        if report.provenance.model == "rules":
            lines.append(drafted.why)
        else:
            lines.append(
                f"{report.provenance.model}: {usage.calls} calls, {usage.replayed} from the journal, "
                f"{usage.prompt_tokens} prompt and {usage.completion_tokens} answer tokens ({drafted.why})"
            )
        lines += [f"{task}: the rules answered instead: {why}" for task, why in usage.fallbacks[:5]]
        if run is not None:
            lines.append(f"run folder: {run.path}")
        say("\n".join(lines))
    if usage.fallbacks:
        raise typer.Exit(EXIT_BACKEND)
    if strict and has_errors(report):
        raise typer.Exit(EXIT_FOUND)
