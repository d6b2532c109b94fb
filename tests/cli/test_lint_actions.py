"""`lint`, `actions` and `explain` as a shell and a pre-commit hook see them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from pm_agent.cli.app import app
from pm_agent.rubric.rules import all_rules

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = """# Outage of checkout

## Root cause

- The connection pool was exhausted by a retry loop.

## Action items

- Raise the connection pool limit to 200 (Priya, 2026-03-20)
- Improve monitoring
- Raise the limit of the connection pool to 200
- Buy new headsets by 2026-03-10 — Amit
"""


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), input=stdin)
    return result.exit_code, result.stdout


def test_lint_names_place_rule_reason_and_wording() -> None:
    code, out = run("lint", "--format", "json", stdin="All fine.\n- Marek forgot to renew the certificate.\n")
    (found,) = json.loads(out)
    assert code == 1
    assert (found["line"], found["column"], found["rule"]) == (2, 3, "blame.person_fault")
    assert found["suggestion"] == "The certificate was not renewed."
    assert found["message"]
    assert set(found) == {
        "file", "line", "column", "end_column", "span", "rule", "severity", "message", "suggestion",
    }  # fmt: skip


def test_a_clean_text_exits_zero() -> None:
    assert run("lint", stdin="Rolled back at 10:20.\n") == (0, "")
    assert run("actions", stdin="Nothing to do here.\n") == (0, "")


def test_lint_takes_several_files_as_pre_commit_gives_them(tmp_path: Path) -> None:
    for name, text in (("a.md", "小王忘了续证书\n"), ("b.md", "Fine.\n"), ("c.txt", "It was human error.\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    code, out = run("lint", *(str(tmp_path / n) for n in ("a.md", "b.md", "c.txt")))
    assert code == 1
    assert out.count("blame.") == 2
    assert "没有续证书" in out


def test_actions_says_what_each_item_lacks_and_how_they_stand_together(tmp_path: Path) -> None:
    path = tmp_path / "pm.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    code, out = run("actions", str(path), "--format", "json", "--date", "2026-03-04")
    items = {item["line"]: item for item in json.loads(out) if item["is_action"]}
    assert code == 1
    assert items[9]["findings"] == {}
    assert items[9]["owner"] == "Priya"
    assert "actions.not_specific" in items[10]["findings"]
    assert items[10]["suggestion"].count("〔") == 4
    assert "actions.duplicate" in items[11]["findings"]
    assert "actions.not_relevant" in items[12]["findings"]
    _, text = run("actions", str(path), "--date", "2026-03-04")
    assert "action items:" in text
    assert "strength:" in text


@pytest.mark.parametrize("rule", [rule.id for rule in all_rules()])
def test_explain_tells_reason_source_and_examples(rule: str) -> None:
    """A rule over a whole report has four examples of each verdict, each of them run in both languages."""
    judges = next(r.judges for r in all_rules() if r.id == rule)
    code, out = run("explain", rule)
    assert code == 0
    assert all(word in out for word in ("why:", "source:", "good:", "bad:"))
    assert out.count("    + ") >= (4 if judges in {"report", "response"} else 8)


def test_explain_lists_every_rule() -> None:
    _, out = run("explain", "rules")
    assert all(rule.id in out for rule in all_rules())


def test_team_rules_come_from_pm_agent_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pm-agent.toml").write_text('disable = ["blame.sarcasm"]\n')
    assert run("lint", stdin="Bravo, another Friday deploy.\n")[0] == 0
    assert "turned off" in run("explain", "blame.sarcasm")[1]
    Path("pm-agent.toml").write_text('disable = ["blame.nothing"]\n')
    result = CliRunner().invoke(app, ["lint"], input="x\n")
    assert result.exit_code != 0
    assert "blame.nothing" in str(result.exception)


def test_the_hooks_name_commands_that_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["pm-agent-lint", "pm-agent-actions"]
    names = {c.callback.__name__ for c in app.registered_commands if c.callback}
    assert {hook["entry"].split()[1] for hook in hooks} <= names
