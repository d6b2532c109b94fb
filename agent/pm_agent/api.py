"""The library's door: draft(paths) → Report. Synchronous and awaitable; no printing, no exit, no global state."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, TypeVar

from pm_agent.errors import InputError
from pm_agent.evidence import Evidence
from pm_agent.ingest import Progress as Reading
from pm_agent.ingest import read as read_raw
from pm_agent.llm import Journal, Progress, Usage
from pm_agent.llm.dry import DryBackend, Planned
from pm_agent.reading.remembered import remembering
from pm_agent.redact import Keep, redact
from pm_agent.report import Finding, Report
from pm_agent.rubric.action_documents import JudgedItem, judge_document
from pm_agent.rubric.linting import LintFinding, lint_text
from pm_agent.rubric.team import team_of, using
from pm_agent.runs import write_private
from pm_agent.settings import Settings, load_facts
from pm_agent.stages.interview import InterviewAnswer, InterviewQuestion

T = TypeVar("T")


async def _wait_for(task: asyncio.Task[T]) -> T:
    return await task


def read(
    paths: str | Path | Iterable[str | Path],
    settings: Settings | None = None,
    *,
    stdin: BinaryIO | None = None,
    keep_map: Path | None = None,
    progress: Reading | None = None,
) -> Evidence:
    """Read files, folders and archives into redacted evidence on one line of time.

    Args:
        paths: what to read.
        settings: how to read it.
        stdin: what `-` stands for.
        keep_map: a file, private to the user, for what placeholders and aliases stand for; nothing reversible is kept otherwise.
        progress: called while a file is read: path, bytes and lines so far, size where it is known.

    Raises:
        InputError: a path does not exist, nothing could be read, or `keep_map` can't be written.
    """
    listed = _listed(paths)
    settings = with_facts(listed, settings or Settings())
    return redact(read_raw(listed, settings, stdin=stdin, progress=progress), settings, _keeper(keep_map))


def _keeper(path: Path | None) -> Keep | None:
    if path is None:
        return None

    def keep(secrets: dict[str, str], persons: Mapping[str, str]) -> None:
        content = json.dumps({"secrets": secrets, "persons": dict(persons)}, ensure_ascii=False, indent=1)
        try:
            write_private(path, content.encode())
        except OSError as error:
            raise InputError(f"can't write {str(path)!r}: {error.strerror}", hint="choose another --keep-map") from error  # fmt: skip

    return keep


def draft(paths: str | Path | Iterable[str | Path], settings: Settings | None = None) -> Report:
    r"""Draft the postmortem of what these paths hold.

    Works inside a running event loop too: it uses a loop of its own in a thread of its own.

    Raises:
        InputError: a path does not exist, or nothing could be read.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from pm_agent import Settings, draft, render
        >>> with TemporaryDirectory() as folder:
        ...     chat = Path(folder, "notes.txt")
        ...     _ = chat.write_text("10:02 checkout is down, users report errors\n10:20 rolled back v2, errors gone, all good now\n")
        ...     report = draft(chat, Settings(date="2026-03-04", timezone="UTC"))
        >>> report.milestones.detected.at.isoformat()
        '2026-03-04T10:02:00+00:00'
        >>> render(report, "md").splitlines()[0].startswith("# ")
        True
    """
    return in_own_loop(draft_async(paths, settings))


async def draft_async(
    paths: str | Path | Iterable[str | Path],
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
    interview: Interview | None = None,
) -> Report:
    """The awaitable twin of `draft`; reading files runs off the loop.

    `interview` is called with each question of the 5 Whys and answers it; without it the questions land in
    `report.meeting.open_questions`.
    """
    listed = _listed(paths)
    settings = with_facts(listed, settings or Settings())
    evidence = await asyncio.to_thread(read, listed, settings)
    drafted = await draft_evidence(evidence, settings, progress=progress, interview=interview)
    return drafted.report


Interview = Callable[[InterviewQuestion], InterviewAnswer | Awaitable[InterviewAnswer]]
"""Answers one question of the interview."""


def _asking(interview: Interview | None) -> Callable[[InterviewQuestion], Awaitable[InterviewAnswer]] | None:
    if interview is None:
        return None

    async def ask(question: InterviewQuestion) -> InterviewAnswer:
        reply = interview(question)
        return await reply if isinstance(reply, Awaitable) else reply

    return ask


@dataclass(frozen=True)
class Drafted:
    """A report, and how it came about."""

    report: Report
    usage: Usage
    why: str
    """Which model or why the rules."""


async def draft_evidence(
    evidence: Evidence,
    settings: Settings,
    *,
    journal: Journal | None = None,
    progress: Progress | None = None,
    interview: Interview | None = None,
    answered: Mapping[str, InterviewAnswer] | None = None,
) -> Drafted:
    """Run the stages over evidence that is already read and redacted.

    Args:
        evidence: from `read`.
        settings: the same that read it.
        journal: keeps each model answer before it is used.
        progress: called after each model answer.
        interview: puts one question of the 5 Whys to a person and returns the answer; may be a coroutine function.
        answered: answers of an earlier interview, by question id.
    """
    from pm_agent.assembly import assemble, tool_version
    from pm_agent.backends import fallback_findings, open_backend, provenance
    from pm_agent.graph import Deps, run

    team = team_of(settings)
    started, clock = datetime.now(UTC).replace(microsecond=0), monotonic()
    opened = await open_backend(settings, evidence.language, journal, progress)
    with using(team), remembering():
        try:
            deps = Deps(evidence, settings, opened.backend, interactive=interview is not None)
            parts = await run(deps, _asking(interview), answered)
        finally:
            await opened.backend.close()
        usage = opened.backend.usage
        findings = [*fallback_findings(usage, evidence.language), *team.applied(parts.findings)]
        about = provenance(tool_version(), opened.model, usage, monotonic() - clock, started)
        report = assemble(evidence, settings, replace(parts, findings=findings), about)
    return Drafted(report, usage, opened.why)


async def plan(evidence: Evidence, settings: Settings) -> list[Planned]:
    """What a draft with this model would send: task and tokens of each request; nothing is sent."""
    from pm_agent.graph import Deps, run
    from pm_agent.stages.support import TASK, rehearsal

    backend = DryBackend(settings.model, evidence.language, settings.context)
    with remembering():
        parts = await run(Deps(evidence, settings, backend))
        if not any(planned.task == TASK.name for planned in backend.planned):
            await backend.run(TASK, rehearsal(evidence, parts.by_weight()))
    return backend.planned


def verify(report: Report, settings: Settings | None = None) -> list[Finding]:
    """What the checks find in a report, errors first: each claim against the evidence lines that the report carries."""
    from pm_agent.rubric.response import check_response
    from pm_agent.stages.verify import verify as check

    given = settings or Settings()
    with using(team_of(given)):
        return [*check(report), *(f for f in check_response(report, given.response) if f.severity != "info")]


def lint(text: str, file: str = "stdin", settings: Settings | None = None) -> list[LintFinding]:
    """Blame-oriented wording in a text: where, why, and a neutral wording.

    Args:
        text: a document.
        file: its name, as findings show it.
        settings: with the team's own rules (`rubrics`, `disable`), where it has some.

    Example:
        >>> from pm_agent import lint
        >>> [f.rule for f in lint("Bob forgot to renew the certificate.")]
        ['blame.person_fault']
    """
    with using(team_of(settings or Settings())), remembering():
        return lint_text(text, file)


def check_actions(
    text: str, file: str = "stdin.txt", written_on: date | None = None, settings: Settings | None = None
) -> list[JudgedItem]:
    """The action items of a text, each with SMART verdicts; relative dates count from `written_on`.

    Example:
        >>> from pm_agent import check_actions
        >>> check_actions("- improve monitoring")[0].smart["specific"]["met"]
        False
    """
    with using(team_of(settings or Settings())), remembering():
        return judge_document(text, file, written_on)


def with_facts(paths: list[str | Path], settings: Settings) -> Settings:
    """The settings with the incident.yaml that lies in the only folder given, unless facts were given already."""
    if settings.facts.model_fields_set or len(paths) != 1:
        return settings
    found = Path(paths[0]) / "incident.yaml"
    return settings.model_copy(update={"facts": load_facts(found)}) if found.is_file() else settings


def _listed(paths: str | Path | Iterable[str | Path]) -> list[str | Path]:
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    if not listed:
        raise InputError("no path given", hint="name a file, a folder or `-` for standard input")
    return listed


AGAIN = 0.5
"""Seconds after which a draft that was told to stop is told again."""
STARTING = 4
"""How often a thread is told to stop that may not have begun yet."""


def in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, run to its end in a thread with a loop of its own; Ctrl-C ends the thread too."""
    outcome: list[T] = []
    failure: list[BaseException] = []
    ended = threading.Event()
    loop = asyncio.new_event_loop()
    task: asyncio.Task[T] = loop.create_task(work)

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                outcome.append(runner.run(_wait_for(task)))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            failure.append(error)
        finally:
            ended.set()

    thread = threading.Thread(target=run, name="pm-agent-draft")
    try:
        thread.start()
        thread.join()
    except KeyboardInterrupt:
        times = 0
        while not ended.is_set() and (thread.is_alive() or times < STARTING):
            with suppress(RuntimeError):  # the loop is closed by now
                loop.call_soon_threadsafe(task.cancel)  # a library may lose it: asked for until it is heard
            ended.wait(AGAIN)
            times += 1
        raise
    if failure:
        raise failure[0]
    return outcome[0]
