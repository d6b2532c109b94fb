"""Nothing is paid for twice: the run folder, killed at every call, shared by nobody, damaged, outdated."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from llm.conftest import ModelServer, Reply, failure, hang, serving
from llm.generous import generous
from llm.incidents import long_texts, slack_export
from pm_agent.runs import RunFolder

Start = Callable[[Callable[[dict[str, Any]], Reply]], ModelServer]
TESTS = Path(__file__).parents[1]


@dataclass
class Shell:
    """A warm process that runs the command line as one would in a shell."""

    process: subprocess.Popen[str]
    home: Path
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, *argv: str, folder: Path | None = None, **env: str) -> tuple[int, Path]:
        """Exit status (negative: killed by that signal) and the folder with `out`, `err` and `pid`."""
        folder = folder or self.folder()
        with self.lock:
            asked = {"argv": argv, "cwd": str(folder), "env": {"OPENAI_API_KEY": "very-secret-key", **env}}
            assert self.process.stdin
            assert self.process.stdout
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            return int(json.loads(self.process.stdout.readline())["status"]), folder

    def folder(self) -> Path:
        """A fresh folder to run in."""
        self.count += 1
        path = self.home / f"run{self.count}"
        path.mkdir()
        return path


def start_shell(home: Path) -> Shell:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent / "agent"), str(TESTS)])}
    return Shell(
        subprocess.Popen(
            [sys.executable, "-m", "llm.forker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
        ),
        home,
    )


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    one = start_shell(tmp_path_factory.mktemp("shell"))
    yield one
    assert one.process.stdin
    one.process.stdin.close()
    one.process.wait(10)
    assert one.process.stdout
    one.process.stdout.close()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return slack_export(tmp_path / "export", long_texts(34), step=60)


@dataclass
class Finished:
    """A run that ended well, to be copied and spoiled."""

    server: ModelServer
    folder: Path
    export: Path

    def copy(self, shell: Shell) -> Path:
        """The folder of a run like it."""
        self.server.requests.clear()
        return Path(shutil.copytree(run_of(self.folder), shell.folder() / "run"))


@pytest.fixture(scope="module")
def finished(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    servers = serving()
    server = next(servers)(generous)
    export = slack_export(tmp_path_factory.mktemp("bundle") / "export", long_texts(34), step=60)
    code, folder = shell.run(*draft_args(export, server))
    assert code == 0, (folder / "err").read_text()
    yield Finished(server, folder, export)
    next(servers, None)


def draft_args(export: Path, server: ModelServer) -> list[str]:
    return [
        "draft", str(export), "--model", "test", "--base-url", server.url, "--run-dir", "runs", "--context", "4000", "-f", "json",
    ]  # fmt: skip


def report_of(folder: Path) -> dict[str, Any]:
    """The report on standard output, without what a clock wrote."""
    report: dict[str, Any] = json.loads((folder / "out").read_text())
    report["provenance"] |= {"seconds": None, "drafted_at": None, "digest": None}
    return report


def run_of(folder: Path) -> Path:
    [run] = (folder / "runs").iterdir()
    return run


def test_killed_at_every_call_a_run_goes_on_where_it_stopped(
    model_server: Start, shell: Shell, export: Path
) -> None:
    """`kill -9` while a call is out; `resume` asks only what was not answered, and gives the same report."""
    server = model_server(generous)
    code, whole = shell.run(*draft_args(export, server))
    assert code == 0, (whole / "err").read_text()
    total = len(server.requests)
    assert total > 4
    for boundary in range(total):
        folder = shell.folder()
        server.requests.clear()

        def answer(request: dict[str, Any], boundary: int = boundary, folder: Path = folder) -> Reply:
            if len(server.requests) > boundary:
                os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
                return None
            return generous(request)

        server.answer = answer
        code, _ = shell.run(*draft_args(export, server), folder=folder)
        assert code == -signal.SIGKILL
        run = run_of(folder)
        kept = len((run / "journal.jsonl").read_bytes().splitlines())
        server.answer = generous
        server.requests.clear()
        code, resumed = shell.run("resume", str(run), "-f", "json")
        assert code == 0, (resumed / "err").read_text()
        assert len(server.requests) == total - kept
        assert report_of(resumed) == report_of(whole)
    server.requests.clear()
    code, again = shell.run("resume", str(run), "-f", "json")
    assert (code, server.requests) == (0, [])
    assert report_of(again) == report_of(whole)


def test_two_runs_at_once_do_not_disturb_each_other(
    model_server: Start, shell: Shell, export: Path, tmp_path: Path
) -> None:
    """They share a folder of runs; each has its own, and the reports are the same."""
    server = model_server(generous)
    second = start_shell(tmp_path)
    runs = tmp_path / "shared"
    with ThreadPoolExecutor() as pool:
        args = [a if a != "runs" else str(runs) for a in draft_args(export, server)]
        ended = [pool.submit(one.run, *args) for one in (shell, second)]
        folders = [e.result()[1] for e in ended if e.result()[0] == 0]
    second.process.communicate()
    assert len(list(runs.iterdir())) == 2
    assert report_of(folders[0]) == report_of(folders[1])


def test_a_run_is_held_by_one_process(shell: Shell, finished: Finished) -> None:
    """Who resumes a run that is being worked on is told so."""
    run = finished.copy(shell)
    with RunFolder.open(run).locked():
        code, second = shell.run("resume", str(run))
    assert code == 2
    assert "another process is working on" in (second / "err").read_text()


def test_the_run_folder_is_private_and_redacted(finished: Finished) -> None:
    """Only the user can read it; no key stands in it, and a name only in the table of aliases."""
    run = run_of(finished.folder)
    assert run.stat().st_mode & 0o077 == 0
    names = {file.name for file in run.iterdir()}
    assert {
        "evidence.json",
        "settings.json",
        "journal.jsonl",
        "people.json",
        "run.json",
        "finished.json",
    } <= names
    for file in run.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
        content = file.read_text()
        assert "very-secret-key" not in content
        assert file.name == "people.json" or "Mira" not in content


@pytest.mark.parametrize("how", ["changed", "torn"])
def test_a_damaged_journal_is_said_and_the_rest_kept(shell: Shell, finished: Finished, how: str) -> None:
    """One bad line costs one call; what is written after it is not spoiled by it."""
    run = finished.copy(shell)
    journal = run / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    if how == "changed":
        journal.write_bytes(lines[0].replace(b'"answer":"', b'"answer":"x', 1) + b"".join(lines[1:]))
    else:
        journal.write_bytes(b"".join(lines[:-1]) + lines[-1][:50])
    for asked in (1, 0):
        finished.server.requests.clear()
        code, resumed = shell.run("resume", str(run), "-f", "json")
        assert code == 0
        assert len(finished.server.requests) == asked
        assert "is damaged and left out" in (resumed / "err").read_text()
        assert report_of(resumed) == report_of(finished.folder)


@pytest.mark.parametrize("year", [1971, 2090])
def test_a_clock_that_jumped_changes_nothing(shell: Shell, finished: Finished, year: int) -> None:
    """Files of a run may come from before 1980 or from the future: no time of a report is read off them."""
    run = finished.copy(shell)
    stamp = datetime(year, 1, 1, tzinfo=UTC).timestamp()
    for path in run.rglob("*"):
        os.utime(path, (stamp, stamp))
    code, resumed = shell.run("resume", str(run), "-f", "json")
    assert (code, finished.server.requests) == (0, [])
    assert report_of(resumed) == report_of(finished.folder)


def test_changed_sources_are_said_and_the_kept_evidence_used(shell: Shell, finished: Finished) -> None:
    """The report is that of the evidence as it was read."""
    run = finished.copy(shell)
    more = finished.export / "incidents" / "2026-02-04.json"
    more.write_text("[]")
    code, resumed = shell.run("resume", str(run), "-f", "json")
    more.unlink()
    assert (code, finished.server.requests) == (0, [])
    said = (resumed / "err").read_text()
    assert "changed since the run began" in said
    assert str(finished.export) in said
    assert report_of(resumed) == report_of(finished.folder)


def test_ctrl_c_leaves_a_run_to_go_on_with(model_server: Start, shell: Shell, export: Path) -> None:
    """Exit 130 at once, with the command that goes on; the answered calls are not asked again."""
    server = model_server(generous)
    folder = shell.folder()

    def answer(request: dict[str, Any]) -> Reply:
        if len(server.requests) == 3:
            os.kill(int((folder / "pid").read_text()), signal.SIGINT)
        if len(server.requests) > 2:
            return hang
        return generous(request)

    server.answer = answer
    code, _ = shell.run(*draft_args(export, server), folder=folder)
    said = (folder / "err").read_text()
    assert code == 130, said
    command = next(line for line in said.splitlines() if "pm-agent resume" in line)
    run = folder / command.split("pm-agent resume ")[1]
    assert run == run_of(folder)
    assert "Traceback" not in said
    kept = len((run / "journal.jsonl").read_bytes().splitlines())
    server.answer = generous
    server.requests.clear()
    code, _ = shell.run("resume", str(run), "-f", "json")
    assert code == 0
    assert kept > 0
    assert len(server.requests) > 0


def test_the_exit_code_and_the_message_say_that_the_rules_answered(
    model_server: Start, shell: Shell, export: Path
) -> None:
    """A key that is not accepted: the draft comes, exit 3, and why."""
    server = model_server(lambda request: failure(401))
    code, folder = shell.run(*draft_args(export, server))
    assert code == 3
    assert "the key is not accepted" in (folder / "err").read_text()
    assert [f["rule"] for f in report_of(folder)["findings"] if f["rule"] == "model.fallback"]
