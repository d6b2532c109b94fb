"""The README is kept true: its generated blocks are what the program says. Rewritten by --update."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

import pytest
import yaml
from evals.__main__ import HOME, UNSEEN
from evals.board import shown
from typer.testing import CliRunner

from pm_agent.cli.app import app
from pm_agent.graph import compiled
from pm_agent.ingest.formats import BUILT_INS
from pm_agent.rendering import FORMATS, TEMPLATES
from pm_agent.settings import Facts, load_facts

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SAMPLE = ["docs/sample/chat.txt", "docs/sample/alerts.json"]


def _example() -> str:
    command = ["timeline", *SAMPLE, "--tz", "Europe/Berlin"]
    with contextlib.chdir(ROOT):
        result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    chat = (ROOT / SAMPLE[0]).read_text(encoding="utf-8").rstrip()
    return f"```console\n$ cat {SAMPLE[0]}\n{chat}\n$ pm-agent {' '.join(command)}\n{result.stdout.rstrip()}\n```"


def _commands() -> str:
    rows = []
    for info in app.registered_commands:
        assert info.callback is not None
        assert info.callback.__doc__
        rows.append(
            f"| `pm-agent {info.callback.__name__}` | {info.callback.__doc__.strip().splitlines()[0]} |"
        )
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def _formats() -> str:
    rows = [f"| `{a.name}` | {a.describes} |" for a in sorted(BUILT_INS, key=lambda a: a.name)]
    return "\n".join(["| format | reads |", "|---|---|", *rows])


def _families() -> str:
    names = ", ".join(f"`{a.name}`" for a in sorted(BUILT_INS, key=lambda a: a.name))
    return f"{len(BUILT_INS)} formats, each described in [docs/formats.md](docs/formats.md): {names}. In folders, zip, tar.gz, gz, or from standard input."


def _flow() -> str:
    return "```mermaid\n" + compiled().get_graph().draw_mermaid(with_styles=False).strip() + "\n```"


def _templates() -> str:
    rows = [f"| `{name}` | {text} |" for name, text in TEMPLATES.items()]
    made = [f"| `{name}` | {', '.join('`.' + e + '`' for e in f.endings)} | {f.describes} |" for name, f in FORMATS.items()]  # fmt: skip
    return "\n".join(["| `--template` | for |", "|---|---|", *rows, "", "| `--format` | ending of `-o` | gives |", "|---|---|---|", *made])  # fmt: skip


def _headings() -> str:
    """Each section of a source with what it and its parts are filled from."""
    lines = []
    for source in yaml.safe_load((ROOT / "tests/rendering/headings.yaml").read_text(encoding="utf-8")):
        lines += [f"<details><summary>{source['template']} ({source['source']})</summary>", "", "| section | filled from |", "|---|---|"]  # fmt: skip
        sections: list[tuple[str, list[str]]] = []
        for heading, origin, *_ in source["headings"]:
            name = re.sub(r"^#+ ", "", heading).rstrip(":：")
            if heading.startswith("## ") or not sections:
                sections.append((name, [origin]))
            else:
                sections[-1][1].append(f"{name}: {origin}")
        lines += [f"| {name} | {' · '.join(parts)} |" for name, parts in sections]
        lines += ["", "</details>"]
    return "\n".join(lines)


SCORES = (
    "timeline F1", "timeline precision", "key recall", "milestones ±1 min", "cause coverage", "abstention", "action recall", "SMART specific κ", "blame recall", "blame residue",
    "names in prose", "invented owners, dates", "unsupported statements",
)  # fmt: skip
COLUMNS = {
    "rules": "rules, all",
    "rules, unseen": "rules, unseen",
    "model": "model, all recorded",
    "model, unseen": "model, unseen",
    "rules, naive's": "rules, six",
    "model, naive's": "model, six",
    "naive": "naive, six",
}


def _corpus() -> str:
    """How many incidents there are, in which language, and how many of them nobody looked into."""
    golds = [yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted(HOME.glob("*/gold.yaml"))]
    english = sum(gold["language"] == "en" for gold in golds)
    return f"{len(golds)} invented incidents, {english} English and {len(golds) - english} Chinese, {len(UNSEEN)} of them *unseen*."


def _scores() -> str:
    """Figures of `evals/baseline.json`; counts are sums over the incidents of the column."""
    kept = json.loads((ROOT / "evals/baseline.json").read_text(encoding="utf-8"))
    names = [name for name in COLUMNS if name in kept]

    head = [f"| figure | {' | '.join(COLUMNS[n] for n in names)} |", "|---" * (len(names) + 1) + "|"]
    return "\n".join(
        [*head, *(f"| {f} | {' | '.join(shown(f, kept[n].get(f)) for n in names)} |" for f in SCORES)]
    )


def _incidents() -> str:
    """The table by incident of `evals/README.md`."""
    page = (ROOT / "evals/README.md").read_text(encoding="utf-8")
    table = re.search(r"^\| incident, .*?(?=\n\n)", page, re.DOTALL | re.MULTILINE)
    assert table
    return table[0]


BLOCKS = {
    "example": ("README.md", _example),
    "commands": ("README.md", _commands),
    "families": ("README.md", _families),
    "formats": ("docs/formats.md", _formats),
    "flow": ("README.md", _flow),
    "corpus": ("README.md", _corpus),
    "scores": ("README.md", _scores),
    "incidents": ("README.md", _incidents),
    "templates": ("README.md", _templates),
    "headings": ("README.md", _headings),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_generated_block_is_what_the_program_says(name: str, update: bool) -> None:
    page, made = ROOT / BLOCKS[name][0], BLOCKS[name][1]
    text = page.read_text(encoding="utf-8")
    block = re.compile(rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    assert block.search(text)
    fresh = block.sub(lambda m: f"{m[1]}{made()}\n{m[2]}", text)
    if update:
        page.write_text(fresh, encoding="utf-8")
    assert fresh == page.read_text(encoding="utf-8"), "run pytest tests/test_readme.py --update and read it"


def test_two_make_commands_stand_on_top() -> None:
    assert README.read_text(encoding="utf-8").splitlines()[2:6] == [
        "```sh",
        "make demo     # sets itself up, drafts the postmortem of a sample incident, says where it lies",
        "make test     # sets itself up, runs the whole suite",
        "```",
    ]


def test_documented_incident_yaml_is_read_whole(tmp_path: Path) -> None:
    page = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    example = re.search(r"## incident.yaml\n.*?```yaml\n(.*?)```", page, re.DOTALL)
    assert example
    (tmp_path / "incident.yaml").write_text(example[1], encoding="utf-8")
    facts = load_facts(tmp_path / "incident.yaml")
    assert facts.status == "ongoing"
    assert facts.overrides.milestones["recovered"] is not None
    assert [g.met for g in facts.task.goals] == [None, "missed"]
    assert facts.task.planned[0].plan == "30 min"
    assert set(facts.model_fields_set) <= set(Facts.model_fields)
