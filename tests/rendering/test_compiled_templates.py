"""Compiled templates: kept apart by how they escape, done without where nothing may be written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from pm_agent.rendering.compiled_templates import kept_in


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "one.j2").write_text("{{ text }}", encoding="utf-8")
    return tmp_path


def _render(folder: Path, *, escaped: bool) -> str:
    env = Environment(
        loader=FileSystemLoader(folder), autoescape=escaped, bytecode_cache=kept_in(folder, escaped=escaped)
    )
    return env.get_template("one.j2").render(text="<b>")


def test_one_file_is_kept_apart_for_each_way_of_escaping(folder: Path) -> None:
    for _ in range(2):  # compiled, then read back
        assert _render(folder, escaped=False) == "<b>"
        assert _render(folder, escaped=True) == "&lt;b&gt;"
    assert len(list((folder / "__pycache__").rglob("*.cache"))) == 2


def test_a_changed_template_is_compiled_again(folder: Path) -> None:
    assert _render(folder, escaped=False) == "<b>"
    (folder / "one.j2").write_text("now: {{ text }}", encoding="utf-8")
    assert _render(folder, escaped=False) == "now: <b>"


def test_a_full_disk_costs_time_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jinja2.bccache.tempfile.NamedTemporaryFile", full)
    assert _render(folder, escaped=True) == "&lt;b&gt;"


def test_nothing_is_kept_where_python_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert kept_in(folder, escaped=False) is None
    assert _render(folder, escaped=False) == "<b>"
    assert not (folder / "__pycache__").exists()
