"""A secret planted in a file of any format stands nowhere afterwards: no prompt, journal, run folder, log, message, report, temporary file."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from evals.trust.obedient import server
from evals.trust.planted import LAYOUTS, Plant, plants, seen, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pm_agent.cli import main

PLANTS = plants(200, seed=9)


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[str, list[str]]]:
    """A model server, and everything it is sent."""
    prompts: list[str] = []
    with server(prompts) as url:
        yield url, prompts


def written(folder: Path) -> list[str]:
    """Every file below a folder, as text, and every name."""
    files = [p for p in folder.rglob("*") if p.is_file()]
    return [str(p.relative_to(folder)) for p in files] + [p.read_text("utf-8", "replace") for p in files]


def run(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, len(PLANTS) - 1), lang=st.sampled_from(["en", "zh"]))
def test_a_planted_secret_stands_nowhere(
    number: int,
    lang: str,
    asked: tuple[str, list[str]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    plant, (url, prompts) = PLANTS[number], asked
    source, out, temporary = (tmp_path_factory.mktemp(name) for name in ("source", "out", "tmp"))
    path = write(plant, source)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    prompts.clear()
    caplog.set_level(logging.DEBUG)
    run(
        [
            "draft", str(path), "--date", "2026-03-04", "--tz", "UTC", "--lang", lang, "--model", "m", "--base-url", url, "--all-evidence",
            "--run-dir", str(out / "runs"), "-o", str(out / "r.md"), "-o", str(out / "r.html"), "-o", str(out / "r.json"), "-o", str(out / "r.xhtml"),
            "--debug",
        ]
    )  # fmt: skip
    run(["timeline", str(path), "--date", "2026-03-04"])
    texts = [*prompts, *written(out), *written(temporary), *capfd.readouterr(), caplog.text]
    assert seen(plant, [t for text in texts for t in (text, unescaped(text))]) == [], plant


def unescaped(text: str) -> str:
    """As it reads once JSON's and Markdown's escapes are taken away."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text.replace("\\\\", "\x00").replace("\\", "").replace("\x00", "\\")


def test_a_message_about_a_file_does_not_repeat_the_secret_in_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant = next(p for p in PLANTS if p.layout == "name")
    path = tmp_path / f"{plant.text}.txt"
    path.write_text("")
    for command in ("draft", "timeline", "collect"):
        run([command, str(path)])
    run(["draft", str(tmp_path / f"missing-{plant.text}")])
    shown = "".join(capsys.readouterr())
    assert "error" in shown
    assert seen(plant, [shown]) == []


def test_the_plants_stand_in_every_way_that_is_named() -> None:
    assert {p.layout for p in PLANTS} == set(LAYOUTS)
    assert len({p.carrier.file.parent.name for p in PLANTS}) > 40


def test_looking_for_a_secret_finds_it_where_it_is() -> None:
    """The check itself: unredacted text is a leak."""
    plant: Plant = PLANTS[0]
    assert seen(plant, [f"x {plant.text} y"]) != []
