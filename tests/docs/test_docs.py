"""The documentation is kept true: its examples are run, its links lead somewhere, its options exist."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Command
from click.testing import Result
from typer.main import get_command
from typer.testing import CliRunner

import pm_agent
from pm_agent.cli.app import app
from pm_agent.cli.manual import manual

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = re.compile(r"<!-- run(?:: (?P<code>\d))? -->\n```(?P<kind>\w+)\n(?P<body>.*?)```", re.DOTALL)
COMMANDS: dict[str, Command] = get_command(app).commands  # type: ignore[attr-defined]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a reader would stand: the samples are there, what is written lands nowhere else."""
    (tmp_path / "docs").mkdir()
    shutil.copytree(ROOT / "docs/sample", tmp_path / "docs/sample")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def examples(kind: str) -> list[tuple[Path, str]]:
    found = []
    for page in PAGES:
        found += [
            (page, m["body"]) for m in RUN.finditer(page.read_text(encoding="utf-8")) if m["kind"] == kind
        ]
    return found


def _names(case: tuple[Path, str]) -> str:
    return f"{case[0].stem}:{case[1].splitlines()[0][:30]}"


@pytest.mark.parametrize(
    "page", [p for p in PAGES if RUN.search(p.read_text(encoding="utf-8"))], ids=lambda p: p.stem
)
def test_console_examples_print_what_the_page_shows(page: Path, folder: Path, update: bool) -> None:
    text = page.read_text(encoding="utf-8")

    def fresh(block: re.Match[str]) -> str:
        if block["kind"] != "console":
            return block[0]
        commands = [line[2:] for line in block["body"].splitlines() if line.startswith("$ ")]
        codes, printed = [], []
        for command in commands:
            code, said = shell(command)
            codes.append(code)
            printed.append(f"$ {command}\n{said}")
        assert max(codes) == int(block["code"] or 0), printed
        return block[0].replace(block["body"], "".join(printed))

    now = RUN.sub(fresh, text)
    if update:
        page.write_text(now, encoding="utf-8")
    assert now == page.read_text(encoding="utf-8"), "run pytest tests/docs --update and read it"


def shell(line: str) -> tuple[int, str]:
    """Exit code and printed text of a pipe; `pm-agent` runs in this process, which is quicker."""
    fed, aside, code = "", "", 0
    for part in line.split(" | "):
        words = shlex.split(part)
        if words[0] == "pm-agent":
            result: Result = CliRunner().invoke(app, words[1:], input=fed)
            assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
            fed, aside, code = result.stdout, aside + result.stderr, max(code, result.exit_code)
        else:
            fed = subprocess.run(words, input=fed, capture_output=True, text=True, check=True).stdout
    return code, aside + fed


@pytest.mark.parametrize("case", examples("python"), ids=_names)
def test_python_examples_run(case: tuple[Path, str], folder: Path) -> None:
    exec(compile(case[1], str(case[0]), "exec"), {"__name__": "example"})


def command_lines() -> Iterator[tuple[str, str]]:
    """Every `pm-agent …` of the pages and of the manual."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in re.findall(r"^(?:.*\| |\$ )?(pm-agent [a-z].*)$", "\n".join(re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL)), re.MULTILINE):  # fmt: skip
            yield page.name, line
    for name in COMMANDS:
        for line in re.findall(r"^\s+(?:.*\| )?(pm-agent .*)$", manual(name), re.MULTILINE):
            yield f"--help of {name}", line


def test_every_option_that_is_shown_exists() -> None:
    shown = list(command_lines())
    assert len(shown) > 40
    for where, line in shown:
        words = shlex.split(re.split(r" \| | > | {2,}#|;", line)[0], comments=True)
        if words[1].startswith("-"):
            continue
        assert words[1] in COMMANDS, f"{where}: {line}"
        known = {
            name
            for parameter in COMMANDS[words[1]].params
            for name in (*parameter.opts, *parameter.secondary_opts)
        }
        strange = {w.split("=")[0] for w in words[2:] if re.match(r"--?[a-z]", w)} - known
        assert not strange, f"{where}: {line}"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_and_exit_codes(name: str) -> None:
    said = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "80"}).output
    assert re.search(rf"^    .*pm-agent {name}", said, re.MULTILINE)
    assert "Exit codes: 0 " in said


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)]+)\)", prose):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


def test_completion_works_in_bash(tmp_path: Path) -> None:
    """As documented: installed once, then sourced by a new shell."""
    program = tmp_path / "pm-agent"
    program.write_text(f"#!{sys.executable}\nfrom pm_agent.cli import main\nmain()\n", encoding="utf-8")
    program.chmod(0o755)
    script = (
        "pm-agent --install-completion >&2; . ~/.bashrc\n"
        'complete_() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); COMPREPLY=(); _pm_agent_completion pm-agent; echo "${COMPREPLY[*]}"; }\n'
        "complete_ pm-agent ex; complete_ pm-agent export --repo; complete -p pm-agent"
    )
    source = str(Path(pm_agent.__file__).parent.parent)
    env = {"HOME": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": source}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "export", "explain", "--report-id", "--report-url",
        "complete", "-o", "default", "-F", "_pm_agent_completion", "pm-agent",
    ], done.stderr  # fmt: skip
