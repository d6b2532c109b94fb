"""Who says one thing only is a speaker too, where every line has a time and a name: the name must not stay in the words."""

from __future__ import annotations

from pathlib import Path

from pm_agent.api import read
from pm_agent.settings import Settings

TALK = [
    "[2026-03-04 10:00] mira: checkout is down",
    "[2026-03-04 10:03] jo: looking",
    "[2026-03-04 10:05] ana: redis is fine, 2 ms everywhere",
    "[2026-03-04 10:09] mira: thanks",
    "[2026-03-04 10:10] jo: rolled back",
]


def _read(folder: Path, lines: list[str]) -> list[tuple[bool, str]]:
    path = folder / "chat.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [(event.actor is not None, event.text) for event in read(path, Settings(timezone="UTC")).events]


def test_a_name_that_comes_once_is_a_name_in_a_regular_chat(tmp_path: Path) -> None:
    assert (True, "redis is fine, 2 ms everywhere") in _read(tmp_path, TALK)


def test_a_word_before_a_colon_is_no_name_in_notes(tmp_path: Path) -> None:
    """Nobody's name comes back, so `plan:` is a heading and no speaker."""
    notes = ["10:00 plan: restart the api", "10:03 idea: redis upgrade", "10:05 fix: rolled back", "10:09 later: add an alert"]  # fmt: skip
    assert any("plan: restart the api" in text for _, text in _read(tmp_path, notes))
