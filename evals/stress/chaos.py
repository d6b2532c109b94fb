"""`kill -9` at random moments of a draft with a model server, then `resume`: `python -m evals.stress.chaos [KILLS] [SEED]`.

Checked after each: no output is half written, the run folder says what it is, the report is that of an unbroken run,
and no call whose answer was on disk is asked again.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llm.conftest import ModelServer, Reply, serving
from llm.generous import generous
from llm.incidents import long_texts, slack_export
from llm.test_resume import Shell, draft_args, run_of, start_shell


@dataclass
class Outcome:
    """What the kills came to."""

    before: int = 0
    """No run folder yet: the draft is begun anew."""
    resumed: int = 0
    over: int = 0
    """The draft had ended."""
    calls: int = 0
    """Calls of an unbroken run."""
    kept: int = 0
    asked: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.before + self.resumed + self.over} kills: {self.resumed} resumed, {self.before} before a run was kept, "
            f"{self.over} after the end; {self.calls} calls a run, {self.kept} answers on disk at the kills, "
            f"{self.asked} asked on resuming, {len(self.faults)} faults"
        )


def _slowly(request: dict[str, Any]) -> Reply:
    """An answer that takes as long as a quick model's."""
    time.sleep(0.02)
    return generous(request)


def chaos(kills: int, seed: int, home: Path) -> Outcome:
    """So many kills at random moments of a draft: one in five while it reads, the others once it asks the model."""
    dice, shell, servers = random.Random(seed), start_shell(home), serving()
    server = next(servers)(_slowly)
    try:
        export = slack_export(home / "export", long_texts(34), step=60)
        code, _ = shell.run(*_args(export, server))  # the first reads every word list
        server.requests.clear()
        started, asked = time.monotonic(), []

        def first(request: dict[str, Any]) -> Reply:
            asked.append(time.monotonic() - started)
            return _slowly(request)

        server.answer = first
        code, whole = shell.run(*_args(export, server))
        lasted = time.monotonic() - started
        assert code == 0, (whole / "err").read_text()
        outcome = Outcome(calls=len(server.requests))
        for number in range(kills):
            moment = dice.uniform(0, asked[0]) if number % 5 == 0 else dice.uniform(asked[0], lasted)
            for fault in _one(shell, server, export, moment, _report(whole), outcome):
                outcome.faults.append(f"kill {number} at {moment:.3f} s: {fault}")
        return outcome
    finally:
        next(servers, None)
        shell.process.communicate()


def _args(export: Path, server: ModelServer) -> list[str]:
    return [*draft_args(export, server)[:-2], "-o", "report.json", "-o", "report.md"]


def _report(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "report.json").read_text())
    report["provenance"] |= {"seconds": None, "drafted_at": None, "digest": None}
    return report


def _one(
    shell: Shell, server: ModelServer, export: Path, moment: float, whole: dict[str, Any], outcome: Outcome
) -> list[str]:
    """Kill one draft at a moment after it began, go on with it, and say what is wrong."""
    folder = shell.folder()
    timer = threading.Timer(moment, _kill, [folder])
    timer.start()
    code, _ = shell.run(*_args(export, server), folder=folder)
    timer.cancel()
    timer.join()
    faults = _half_written(folder, whole)
    if code == 0:
        outcome.over += 1
        return faults
    runs = list((folder / "runs").iterdir()) if (folder / "runs").is_dir() else []
    if not runs or not (runs[0] / "evidence.json").is_file():
        outcome.before += 1
        if runs:
            code, said = shell.run("resume", str(runs[0]))
            if code != 2 or "no run folder" not in (said / "err").read_text():
                faults.append(f"an unfinished run folder is met with {code}")
        return faults
    return faults + _resumed(shell, server, run_of(folder), whole, outcome)


def _resumed(
    shell: Shell, server: ModelServer, run: Path, whole: dict[str, Any], outcome: Outcome
) -> list[str]:
    """Go on, and say what differs from an unbroken run."""
    journal = run / "journal.jsonl"
    kept = journal.read_bytes().count(b"\n") if journal.exists() else 0
    server.requests.clear()
    code, resumed = shell.run("resume", str(run), "-o", "report.json")
    outcome.resumed += 1
    outcome.kept += kept
    outcome.asked += len(server.requests)
    if code != 0:
        return [f"resume ended with {code}: {(resumed / 'err').read_text()[-300:]}"]
    faults = [] if _report(resumed) == whole else ["another report"]
    if len(server.requests) != outcome.calls - kept:
        faults.append(f"{len(server.requests)} calls, {kept} of {outcome.calls} were on disk")
    return faults


def _half_written(folder: Path, whole: dict[str, Any]) -> list[str]:
    """An output that is there and is not whole."""
    try:
        good = not (folder / "report.json").exists() or _report(folder) == whole
    except ValueError:
        good = False
    page = folder / "report.md"
    ends = not page.exists() or page.read_text(encoding="utf-8").endswith("-->\n")
    return ["report.json is half written"] * (not good) + ["report.md is half written"] * (not ends)


def _kill(folder: Path) -> None:
    """The process that works in a folder, once it says who it is."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with suppress(OSError, ValueError):
            os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
            return
        time.sleep(0.001)


def main(kills: int, seed: int) -> int:
    """Print the figures; 1 where something was lost, repeated or half written."""
    with tempfile.TemporaryDirectory(prefix="pm-agent-chaos-") as name:
        outcome = chaos(kills, seed, Path(name))
    print(outcome)
    print("\n".join(outcome.faults))
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 50, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    )
