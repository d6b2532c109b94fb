"""Layouts of log lines that only look like something else: whose they are, what time and level they say."""

from __future__ import annotations

import pytest

from pm_agent.evidence import RawEvent
from pm_agent.ingest.adapter import Chooser
from pm_agent.ingest.formats import BUILT_INS
from pm_agent.ingest.source import of_bytes


def read(text: str) -> tuple[str, list[RawEvent]]:
    source = of_bytes("x.log", text.encode())
    adapter = Chooser(BUILT_INS, BUILT_INS).choose(source)
    assert adapter is not None
    return adapter.name, [e for e in adapter.read(source) if isinstance(e, RawEvent)]


@pytest.mark.parametrize(
    ("line", "format", "time", "level", "text"),
    [
        (
            "26/03/04 20:10:4{n} WARN scheduler.TaskSetManager: Lost task 0.{n} in stage 3.0",
            "java-log", "2026/03/04 20:10:4{n}", "WARN", "Lost task 0.{n} in stage 3.0",
        ),
        (
            "03-17 16:13:4{n}.811  1702  2395 E ActivityManager: ANR in com.example.shop",
            "plain-log", "03-17 16:13:4{n}.811", "E", "ANR in com.example.shop",
        ),
        (
            "2026-09-28 04:30:3{n}, Info                  CBS    Loaded servicing stack",
            "plain-log", "2026-09-28 04:30:3{n}", "Info", "Loaded servicing stack",
        ),
        (
            "/var/log/app/worker.log:2026-09-28 04:30:3{n} ERROR disk is full",
            "plain-log", "2026-09-28 04:30:3{n}", "ERROR", "disk is full",
        ),
    ],
    ids=["Spark's short year", "logcat", "Windows servicing", "grep's file name"],
)  # fmt: skip
def test_layout(line: str, format: str, time: str, level: str, text: str) -> None:
    name, events = read("".join(line.format(n=n) + "\n" for n in range(10)))
    assert name == format
    assert len(events) == 10
    for n, event in enumerate(events):
        assert event.raw_time == time.format(n=n)
        assert event.severity == level
        assert event.text.endswith(text.format(n=n))


def test_a_short_year_is_no_day_for_the_counts_either() -> None:
    """Read as a day, the second of these days would lie a year after the first."""
    calm = "26/03/0{day} {h:02}:{m:02}:00 INFO a.Bcd: all fine {m}\n"
    lines = [calm.format(day=day, h=h, m=m) for day in (4, 5) for h in (22, 23) for m in range(60)]
    lines[200:200] = [f"26/03/05 23:20:00 ERROR a.Bcd: no space left on device {n}\n" for n in range(60)]
    name, events = read("".join(lines))
    assert name == "java-log"
    assert [(e.signal, e.count) for e in events if e.signal == "onset"] == [("onset", 60)]


def test_many_plain_lines_with_seconds_are_no_notes() -> None:
    text = "".join(f"2026-09-28 04:30:{n:02} something happened to thing {n}\n" for n in range(60))
    assert read(text)[0] == "plain-log"
    notes = "2026-09-28 04:30 checkout is slow\n2026-09-28 04:41 rolled back\n2026-09-28 04:50 all good\n"
    assert read(notes)[0] == "plain-notes"
