"""The library's promises: its docstring example, running loops, threads, no printing, the same bytes twice."""

from __future__ import annotations

import asyncio
import doctest
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

import pm_agent
import pm_agent.api
from pm_agent import Report, Settings, draft, draft_async, render
from pm_agent.report import Statement, TimelineEntry

DEMO = Path(__file__).parent.parent / "evals" / "incidents" / "dingdan-chaoshi"
SETTINGS = Settings(date="2026-03-04", timezone="UTC")  # type: ignore[arg-type]


def notes(folder: Path, name: str, service: str) -> Path:
    path = folder / name
    path.write_text(
        f"10:02 {service} is down, users report errors\n10:11 found it: bad config in {service} v2\n"
        f"10:20 rolled back {service} v2, errors gone, all good now\n"
    )
    return path


def test_docstring_examples_run() -> None:
    results = doctest.testmod(pm_agent.api)
    assert results.attempted > 5
    assert results.failed == 0


def test_every_public_name_is_there() -> None:
    for name in pm_agent.__all__:
        assert getattr(pm_agent, name) is not None
    with pytest.raises(AttributeError):
        _ = pm_agent.nothing  # type: ignore[attr-defined]


def test_sync_call_works_inside_a_running_loop(tmp_path: Path) -> None:
    path = notes(tmp_path, "a.txt", "checkout")

    async def bot() -> tuple[Report, Report]:
        return draft(path, SETTINGS), await draft_async(path, SETTINGS)

    one, two = asyncio.run(bot())
    assert one == two
    assert one.milestones.detected.at is not None


def test_drafts_in_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    services = ["checkout", "search", "payments", "mail", "login", "images"]
    paths = [notes(tmp_path, f"{s}.txt", s) for s in services]
    with ThreadPoolExecutor(6) as pool:
        reports = list(pool.map(lambda p: draft(p, SETTINGS), paths * 3))
    for report, service in zip(reports, services * 3, strict=True):
        text = render(report, "md")
        assert service in text
        assert not any(other in text for other in services if other != service)
        assert {line.sources[0].file for line in report.evidence} == {f"{service}.txt"}


def test_it_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    draft(notes(tmp_path, "a.txt", "checkout"), SETTINGS)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_an_interview_prints_nothing_in_a_program_that_sets_up_no_logging(tmp_path: Path) -> None:
    """pytest catches logging, so only another process shows what a bot's operator would see."""
    program = (
        "import asyncio, sys; from pm_agent import InterviewAnswer, Settings, draft_async\n"
        "settings = Settings(date='2026-03-04', timezone='UTC')\n"
        "ask = lambda question: InterviewAnswer(kind='accept' if question.proposed else 'unknown')\n"
        "assert asyncio.run(draft_async(sys.argv[1], settings, interview=ask)).whys"
    )
    env = {"PYTHONPATH": str(Path(pm_agent.__file__).parent.parent), "PATH": "/usr/bin:/bin"}
    path = str(notes(tmp_path, "a.txt", "checkout"))
    done = subprocess.run([sys.executable, "-c", program, path], env=env, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_same_input_gives_the_same_bytes_in_another_process() -> None:
    """Another process has another hash seed: an order that comes from a set would show."""
    program = (
        "import sys; from pm_agent import draft, render; r = draft(sys.argv[1]);"
        "[sys.stdout.buffer.write(render(r, f).encode()) for f in ('json', 'md', 'html')]"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program, str(DEMO)],
            env={
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": str(Path(pm_agent.__file__).parent.parent),
                "PATH": "/usr/bin:/bin",
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0]) > 10_000


def test_a_row_without_a_source_line_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="no source line"):
        TimelineEntry(id="T01", at=None, kind="other", text="it broke", citations=[])
    with pytest.raises(ValueError, match=r"citation|source"):
        Statement(id="S1", text="it broke", support="supported", citations=[])


def test_help_is_quick_and_loads_no_heavy_library() -> None:
    program = (
        "import sys; sys.argv = ['pm-agent', '--help']\n"
        "from pm_agent.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'langgraph', 'openai', 'pydantic', 'tiktoken', 'jinja2'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    env = {"PYTHONPATH": str(Path(pm_agent.__file__).parent.parent), "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, check=True)


def test_what_the_author_corrects_stands_and_everything_after_it_is_computed_again(tmp_path: Path) -> None:
    path = notes(tmp_path, "a.txt", "checkout")
    before = draft(path, SETTINGS)
    first, *_, last = before.evidence
    given = {
        "milestones": {"recovered": "2026-03-04T10:31Z", "detected": None},
        "severity": "SEV2", "pin": [last.id], "drop": [first.id],
    }  # fmt: skip
    facts = Settings.model_validate(
        {**SETTINGS.model_dump(), "facts": {"status": "ongoing", "overrides": given}}
    )
    report = draft(path, facts)
    assert (report.milestones.recovered.at.isoformat(), report.milestones.recovered.origin) == (  # type: ignore[union-attr]
        "2026-03-04T10:31:00+00:00", "human",
    )  # fmt: skip
    assert report.milestones.detected.at is None
    assert (report.severity.value, report.severity.label, report.severity.origin) == ("P1", "SEV2", "human")
    assert report.status == "ongoing"
    cited = [c for row in report.timeline for c in row.citations]
    assert last.id in cited
    assert first.id not in cited
    row = next(r for r in report.timeline if r.id == report.milestones.recovered.entry)
    assert (row.origin, row.citations) == ("human", [])
    assert report.metrics.mttd.minutes is None
    assert report.metrics.mttd.reason


def test_a_clock_that_jumps_during_a_draft_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look at the wall clock is a year before the last."""
    paths = [notes(tmp_path, "notes.txt", "checkout")]
    settled = draft(paths, SETTINGS)
    looks = iter(range(50))

    class Backwards(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Backwards:
            return cls(2050 - next(looks), 1, 1, tzinfo=tz)

    monkeypatch.setattr(pm_agent.api, "datetime", Backwards)
    assert draft(paths, SETTINGS) == settled
    assert next(looks) > 0
