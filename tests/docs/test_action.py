"""The GitHub Action and the pre-commit hooks: their own commands, run as GitHub and pre-commit run them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import pm_agent
from pm_agent.cli.annotations import annotation

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
INSTALL, CHECK = ACTION["runs"]["steps"]


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A runner on which the first step has run: the program in its own folder."""
    bin_ = tmp_path / "pm-agent" / "bin"
    bin_.mkdir(parents=True)
    program = bin_ / "pm-agent"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pm_agent "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    source = str(Path(pm_agent.__file__).parent.parent)
    return {"PATH": f"{bin_}:{os.environ['PATH']}", "PYTHONPATH": source, "RUNNER_TEMP": str(tmp_path)}


def check(machine: dict[str, str], folder: Path, command: str, files: str) -> tuple[int, str]:
    env = {**machine, "COMMAND": command, "FILES": files}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", CHECK["run"]],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_inputs_reach_the_script_only_as_variables() -> None:
    """An expression within the script would run what a pull request names its files."""
    assert "${{" not in INSTALL["run"] + CHECK["run"]
    assert CHECK["env"] == {"COMMAND": "${{ inputs.command }}", "FILES": "${{ inputs.files }}"}
    assert "$GITHUB_ACTION_PATH" in INSTALL["run"]
    assert set(ACTION["inputs"]) == {"command", "files"}


def test_lint_notes_the_line_in_the_pull_request(machine: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "my review.md").write_text("Fine.\nBob forgot to renew the certificate.\n", encoding="utf-8")
    code, said = check(machine, tmp_path, "lint", "my review.md\n")
    assert code == 1
    assert re.fullmatch(
        r"::(error|warning) file=my review\.md,line=2,title=blame\.person_fault::“.*%0A→ .*\n", said
    )


def test_actions_of_a_folder_and_of_a_file_named_like_an_option(
    machine: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "reviews").mkdir()
    (tmp_path / "--help").write_text("- Rename the queue to orders by 2026-04-01 (Ana)\n", encoding="utf-8")
    (tmp_path / "reviews/a.md").write_text("## Action items\n\n- Improve monitoring\n", encoding="utf-8")
    code, said = check(machine, tmp_path, "actions", "\n--help\nreviews\n")
    assert code == 1
    assert "::warning file=reviews/a.md,line=3,title=" in said
    assert "Usage" not in said, "a file named like an option is a file"


def test_a_clean_file_passes_in_silence(machine: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Rolled back at 10:20.\n", encoding="utf-8")
    assert check(machine, tmp_path, "lint", "a.md") == (0, "")


@pytest.mark.parametrize(("command", "files"), [("draft", "a.md"), ("lint; id", "a.md"), ("lint", "\n")])
def test_other_commands_and_no_files_are_refused(
    machine: dict[str, str], tmp_path: Path, command: str, files: str
) -> None:
    code, said = check(machine, tmp_path, command, files)
    assert code == 2
    assert said.startswith("::error::pm-agent: ")


def test_a_finding_begins_no_command_of_its_own() -> None:
    line = annotation("a,b:c.md\n::error::x", 3, "r", "100%\n::set-output name=x::y")
    assert "\n" not in line
    assert (
        line
        == "::warning file=a%2Cb%3Ac.md%0A%3A%3Aerror%3A%3Ax,line=3,title=r::100%25%0A::set-output name=x::y"
    )


@pytest.mark.parametrize("hook", yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")), ids=lambda h: h["id"])  # fmt: skip
def test_a_hook_fails_on_a_bad_file_and_passes_over_a_good_one(
    hook: dict[str, Any], machine: dict[str, str], tmp_path: Path
) -> None:
    bad = "## Action items\n\n- Improve monitoring because Bob forgot to renew the certificate.\n"
    (tmp_path / "bad.md").write_text(bad, encoding="utf-8")
    (tmp_path / "good.md").write_text("Rolled back at 10:20.\n", encoding="utf-8")
    entry = [*shlex.split(hook["entry"]), "good.md", "bad.md"]
    done = subprocess.run(entry, cwd=tmp_path, env=machine, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "bad.md:3" in done.stdout
    assert "good.md" not in done.stdout
