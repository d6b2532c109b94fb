"""What a draft by rules does to the machine: it reads, it writes its output, and nothing else."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pm_agent

INCIDENT = Path(__file__).parent.parent / "evals" / "incidents" / "dingdan-chaoshi"
WATCHED = """
import json, sys
seen, opened = [], []
def watch(event, args):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn",
                         "urllib.", "http.", "smtplib.", "ftplib.", "webbrowser.", "pty.")):
        seen.append(event)
    if event == "open" and isinstance(args[0], str) and isinstance(args[2], int) and args[2] & 3:
        opened.append(args[0])
sys.addaudithook(watch)
from pm_agent.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    code = end.code or 0
sys.stderr.write("\\n" + json.dumps([code, seen, opened]))
"""
HOSTILE = {
    "LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true", "LANGSMITH_API_KEY": "k", "OPENAI_API_KEY": "k",
    "LANGSMITH_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9",
}  # fmt: skip


def watched(folder: Path, *arguments: str, umask: int = 0) -> tuple[int, set[str], list[str]]:
    """Exit code, events beyond files, and files opened for writing, of one command."""
    env = {
        **os.environ, **HOSTILE, "PYTHONPATH": str(Path(pm_agent.__file__).parents[1]), "HOME": str(folder / "home"),
        "XDG_STATE_HOME": str(folder / "state"), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments],
        cwd=folder, env=env, capture_output=True, text=True, check=True, umask=umask,
    )  # fmt: skip
    code, seen, opened = json.loads(done.stderr.splitlines()[-1])
    return code, set(seen), opened


def test_a_draft_by_rules_connects_to_nobody_starts_no_program_and_writes_its_output_only(
    tmp_path: Path,
) -> None:
    """Whatever tracing the shell asks for."""
    code, seen, opened = watched(
        tmp_path, "draft", str(INCIDENT), "-o", "a.md", "-o", "a.json", "-o", "a.html", "-o", "a.docx"
    )
    assert code == 0
    harmless = {
        "socket.__new__",
        "socket.bind",
    }  # an event loop wakes itself; urllib3 looks whether IPv6 is there
    assert seen <= harmless, seen
    written = {Path(name).name.split(".")[1] if Path(name).name[0] == "." else name for name in opened}
    assert written <= {"a", os.devnull}, opened
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.docx", "a.html", "a.json", "a.md"]


def test_outputs_follow_the_umask_and_runs_are_private_whatever_it_is(tmp_path: Path) -> None:
    """`umask 077` makes a report private from its first byte; a run folder always is."""
    assert watched(tmp_path, "draft", str(INCIDENT), "-o", "new/a.md", umask=0o077)[0] == 0
    assert stat.S_IMODE((tmp_path / "new" / "a.md").stat().st_mode) == 0o600
    server = ["--model", "m", "--base-url", "http://127.0.0.1:9/v1", "--max-calls", "0"]
    assert watched(tmp_path, "draft", str(INCIDENT), "-o", "b.md", "--run-dir", "runs/here", *server)[0] == 3
    for path in (tmp_path / "runs" / "here").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE((tmp_path / "runs" / "here").stat().st_mode) == 0o700
