"""Progress of reading: nothing within a second, then how far; and what a source reports while it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_agent.cli.progress import ReadingDisplay
from pm_agent.ingest import read
from pm_agent.settings import Settings


def test_a_quick_reading_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 0.5, 0.9])
    with ReadingDisplay(lambda: next(times)) as display:
        display.read("a.log", 10, 1, 100)
        display.read("a.log", 20, 2, 100)
    assert capsys.readouterr().err == ""


def test_a_long_reading_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 1.1, 2.0, 12.0])
    with ReadingDisplay(lambda: next(times)) as display:
        display.read("a.log", 30_000_000, 400_000, 80_000_000)
        display.read("a.log", 40_000_000, 500_000, 80_000_000)
        display.read("x.gz", 90_000_000, 900_000, None)
    assert capsys.readouterr().err == (
        "reading a.log: 30 of 80 MB, 400,000 lines so far\nreading x.gz: 90 MB, 900,000 lines so far\n"
    )


@pytest.mark.parametrize(
    "line", ["2026-03-04 10:00:00 ERROR x {n}\n", "10:{n} checkout is slow, {n} reports\n"]
)
def test_every_reader_reports(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join(line.format(n=10 + n % 50) for n in range(300)))
    seen: list[tuple[str, int, int, int | None]] = []
    read([path], Settings(), progress=lambda *args: seen.append(args))
    size = path.stat().st_size
    assert ("a.log", size, 300, size) in seen
