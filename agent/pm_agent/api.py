"""The library's door: draft(paths) → Report. Synchronous and awaitable; no printing, no exit, no global state."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from pm_agent.errors import InputError
from pm_agent.evidence import Evidence
from pm_agent.ingest import read as read_raw
from pm_agent.llm import Backend
from pm_agent.llm.rules import RulesBackend
from pm_agent.redact import redact
from pm_agent.report import Provenance, Report
from pm_agent.settings import Settings, load_facts

T = TypeVar("T")


def read(
    paths: str | Path | Iterable[str | Path],
    settings: Settings | None = None,
    *,
    stdin: BinaryIO | None = None,
) -> Evidence:
    """Read files, folders and archives into redacted evidence on one line of time.

    Raises:
        InputError: a path does not exist, or nothing could be read.
    """
    listed = _listed(paths)
    settings = with_facts(listed, settings or Settings())
    return redact(read_raw(listed, settings, stdin=stdin), settings)


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
    return _in_own_loop(draft_async(paths, settings))


def draft_paths(paths: list[str], settings: Settings, *, stdin: BinaryIO | None = None) -> Report:
    """What the command line does: read, then draft; `-` among the paths is `stdin`."""
    listed = _listed(paths)
    settings = with_facts(listed, settings)
    evidence = read(listed, settings, stdin=stdin)
    return _in_own_loop(draft_evidence(evidence, settings, RulesBackend()))


async def draft_async(paths: str | Path | Iterable[str | Path], settings: Settings | None = None) -> Report:
    """The awaitable twin of `draft`; reading files runs off the loop."""
    listed = _listed(paths)
    settings = with_facts(listed, settings or Settings())
    evidence = await asyncio.to_thread(read, listed, settings)
    return await draft_evidence(evidence, settings, RulesBackend())


async def draft_evidence(evidence: Evidence, settings: Settings, backend: Backend) -> Report:
    """Run the stages over evidence that is already read and redacted."""
    from pm_agent.assembly import assemble, tool_version
    from pm_agent.graph import Deps, run

    parts = await run(Deps(evidence, settings, backend))
    return assemble(evidence, settings, parts, Provenance(tool=tool_version()))


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


def _in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, run to its end in a thread with a loop of its own."""
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            failure.append(error)

    thread = threading.Thread(target=run, name="pm-agent-draft")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]
