"""`pm-agent verify` on a report that people have edited."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pm_agent.api import draft
from pm_agent.cli.app import app
from pm_agent.rendering import render
from pm_agent.settings import Settings

CHAT = """mira [9:58 AM]
deployed checkout v42

mira [10:00 AM]
checkout is down, users report 502s

jo [10:04 AM]
found it: release v42 dropped the cart index, so every checkout does a full table scan

mira [10:10 AM]
rolled back to v41, done

mira [10:12 AM]
checkout error rate back to normal, 312 orders failed
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    chat = tmp_path_factory.mktemp("in") / "chat.txt"
    chat.write_text(CHAT)
    content: dict[str, Any] = json.loads(
        render(draft(chat, Settings(timezone="UTC", date="2026-03-04")), "json")
    )
    return content


def _run(path: Path, content: Any) -> tuple[int, str]:
    path.write_text(json.dumps(content))
    result = CliRunner().invoke(app, ["verify", str(path), "--format", "json"])
    return result.exit_code, result.stdout


def test_a_draft_as_it_came_has_no_errors(report: dict[str, Any], tmp_path: Path) -> None:
    code, out = _run(tmp_path / "r.json", report)
    assert (code, [f for f in json.loads(out) if f["severity"] == "error"]) == (0, [])


def _more_orders(r: dict[str, Any]) -> None:
    r["summary"][0]["text"] = "checkout was down and 999 orders failed"


def _later(r: dict[str, Any]) -> None:
    r["timeline"][-1]["at"] = "2026-03-04T10:31:00Z"


def _no_line(r: dict[str, Any]) -> None:
    r["evidence"] = [line for line in r["evidence"] if "502" not in line["text"]]


def _uncited(r: dict[str, Any]) -> None:
    r["summary"][0]["citations"] = []


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (_more_orders, "grounding.number"),
        (_later, "timeline.time"),
        (_no_line, "grounding.no_such_event"),
        (_uncited, "grounding.nothing_cited"),
    ],
)
def test_an_edit_is_held_against_the_lines(
    report: dict[str, Any], tmp_path: Path, edit: Callable[[dict[str, Any]], None], rule: str
) -> None:
    content = json.loads(json.dumps(report))
    edit(content)
    code, out = _run(tmp_path / "r.json", content)
    assert code == 1
    assert rule in {f["rule"] for f in json.loads(out) if f["severity"] == "error"}


@pytest.mark.parametrize("content", [{}, [], {"title": 3}])
def test_what_is_no_report_is_refused(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(content))
    result = CliRunner().invoke(app, ["verify", str(path)])
    assert result.exit_code == 1
    assert "is no report" in str(result.exception)
