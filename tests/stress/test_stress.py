"""Small, seeded runs of what `make chaos` and `make fuzz` do at length, and faults of the disk and of a run folder."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from evals.stress.chaos import chaos
from evals.stress.fuzz import TARGETS, some

import pm_agent
from pm_agent.cli import main

NOTES = "10:02 checkout is down, users report errors\n10:20 rolled back v2, errors gone, all good now\n"
ENV = {**os.environ, "PYTHONPATH": str(Path(pm_agent.__file__).parents[1])}


def test_killed_at_random_moments_a_draft_goes_on(tmp_path: Path) -> None:
    outcome = chaos(6, 7, tmp_path)
    assert outcome.faults == []
    assert outcome.resumed > 0


@pytest.mark.parametrize("place", range(len(TARGETS)), ids=lambda place: TARGETS[place][0].__name__)
def test_inputs_nobody_would_write_are_read_or_refused(place: int) -> None:
    assert some((place, "suite", 20)).findings == []


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text(NOTES)
    return tmp_path


def draft(folder: Path, *arguments: str, largest: int | None = None) -> subprocess.CompletedProcess[str]:
    """A draft in a process of its own, where no file may grow beyond `largest` bytes: a disk that fills up."""

    def limit() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.run(
        [sys.executable, "-m", "pm_agent", "draft", "notes.txt", "--date", "2026-03-04", "--tz", "UTC", *arguments],
        cwd=folder, env=ENV, capture_output=True, text=True, check=False, preexec_fn=limit,
    )  # fmt: skip


def test_a_full_disk_leaves_the_old_report_whole_and_no_rest(notes: Path) -> None:
    assert draft(notes, "-o", "a.md").returncode == 0
    before = (notes / "a.md").read_bytes()
    done = draft(notes, "-o", "a.md", "-o", "b.json", largest=4_096)
    assert done.returncode == 2, done.stderr
    assert "can't write" in done.stderr
    assert (notes / "a.md").read_bytes() == before
    assert sorted(p.name for p in notes.iterdir()) == ["a.md", "notes.txt"]


def test_a_full_disk_under_the_run_folder_is_said(notes: Path) -> None:
    done = draft(
        notes, "--run-dir", "runs", "--model", "m", "--base-url", "http://127.0.0.1:9/v1", "--max-calls", "0", largest=64
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "runs" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [("evidence.json", "evidence"), ("people.json", "evidence"), ("settings.json", "settings")],
)
def test_a_corrupt_run_folder_is_said(
    notes: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    """Exit 2 with the file's part in the run and the next step; nothing is written in its place."""
    arguments = [
        "--run-dir",
        "runs",
        "--model",
        "m",
        "--base-url",
        "http://127.0.0.1:9/v1",
        "--max-calls",
        "0",
    ]
    with pytest.raises(SystemExit):
        main(["draft", "notes.txt", "--date", "2026-03-04", "--tz", "UTC", "-o", "a.md", *arguments])
    [run] = (notes / "runs").iterdir()
    content = (run / name).read_bytes()
    (run / name).write_bytes(content[: len(content) // 2])
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["resume", str(run), "-o", "b.md"])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in told
    assert "damaged" in told
    assert not (notes / "b.md").exists()
    assert (run / name).read_bytes() == content[: len(content) // 2]
