"""Tables of measurements become series; tables of messages, requests and deliveries do not."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.evidence import RawEvidence
from pm_agent.ingest import read
from pm_agent.ingest.formats.csv_log import CsvLog
from pm_agent.ingest.formats.csv_metrics import CsvMetrics
from pm_agent.ingest.formats.measurement_table import number, table_of
from pm_agent.ingest.source import of_bytes
from pm_agent.settings import Settings

START = datetime(2026, 7, 2, 13, 0, tzinfo=UTC)


def at(minute: int) -> str:
    return f"{START + timedelta(minutes=minute):%Y-%m-%d %H:%M:%S}"


def level(minute: int, low: float = 24.0, high: float = 38.0) -> float:
    """A little unrest, and an excursion from minute 30 to 49."""
    return (high if 30 <= minute < 50 else low) + minute % 3 / 10


def evidence(tmp_path: Path, rows: list[str], encoding: str = "utf-8", tz: str = "UTC") -> RawEvidence:
    (tmp_path / "readings.csv").write_bytes("\r\n".join(rows).encode(encoding))
    found = read([tmp_path], Settings(timezone=tz))
    assert [f.format for f in found.files] == ["csv-metrics"]
    file = found.files[0]
    assert file.read == file.parsed + file.continued + file.unparsed == len(rows)
    return found


def told(found: RawEvidence) -> list[tuple[str | None, str, str]]:
    return [(e.raw.signal, f"{e.at:%H:%M}", e.raw.text) for e in found.events]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_long_form_on_the_clock_of_the_wall(tmp_path: Path, encoding: str) -> None:
    rows = ["采集时间,机房,测点,数值,单位"]
    for minute in range(70):
        rows += [f"{at(minute)},A3,回风,{level(minute)},℃", f"{at(minute)},A3,送风,{18 + minute % 2 / 10},℃"]
    found = evidence(tmp_path, rows, encoding, "Asia/Shanghai")
    assert [(s.name, s.unit, len(s.points)) for s in found.series] == [
        ("readings 测点=回风", "℃", 70), ("readings 测点=送风", "℃", 70)
    ]  # fmt: skip
    assert found.series[0].points[0][0] == (START - timedelta(hours=8)).timestamp()
    onset, peak, ended = told(found)
    assert onset == ("onset", "05:30", "readings 测点=回风 rose from 24.1 to 38.1 (peak 38.2)")
    assert peak[0] == "peak"
    assert ended == ("ended", "05:50", "readings 测点=回风 back at 24.1 (peak 38.2)")
    assert [e.sources[0].line for e in found.events][::2] == [62, 102]
    assert found.events[0].at == datetime.fromtimestamp(found.series[0].points[30][0], UTC)


def test_metric_column_and_stated_zone(tmp_path: Path) -> None:
    rows = ["timestamp,metric,host,value"]
    for minute in range(70):
        stamp = f"{START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%S}+02:00"
        rows += [
            f"{stamp},cpu_percent,web-{n},{level(minute, 21, 97) if n == 1 else 20 + minute % 2}"
            for n in (1, 2)
        ]
        rows += [f"{stamp},load,web-1,{1 + minute % 2 / 10}"]
    found = evidence(tmp_path, rows, tz="Asia/Tokyo")
    assert [s.name for s in found.series] == ["web-1 cpu_percent", "web-2 cpu_percent", "web-1 load"]
    assert found.series[0].unit == "%"
    assert [row[:2] for row in told(found)][::2] == [("onset", "11:30"), ("ended", "11:50")]


def test_wide_form_of_epoch_seconds(tmp_path: Path) -> None:
    rows = ["ts;latency (ms);queue depth;errors"]
    for minute in range(70):
        rows.append(
            f"{int(START.timestamp()) + 60 * minute};{level(minute, 20, 900)};{minute % 4};{'' if minute == 7 else 0}"
        )
    found = evidence(tmp_path, rows)
    assert [(s.name, s.unit, len(s.points)) for s in found.series] == [
        ("latency", "ms", 70), ("queue depth", "", 70), ("errors", "", 69)
    ]  # fmt: skip
    assert [row[:2] for row in told(found)] == [("onset", "13:30"), ("peak", "13:32"), ("ended", "13:50")]


def test_two_columns_that_move_together_keep_their_events_apart(tmp_path: Path) -> None:
    rows = ["time,errors_a,errors_b", *(f"{at(m)},{level(m, 3, 60)},{level(m, 5, 90)}" for m in range(70))]
    found = evidence(tmp_path, rows)
    assert len({e.id for e in found.events}) == len(found.events) == 6


def test_a_day_before_the_month_is_read_as_the_clock_reads_it(tmp_path: Path) -> None:
    rows = [
        "time,temp (°C)",
        *(f"{START + timedelta(minutes=m, days=18):%d/%m/%Y %H:%M},{level(m)}" for m in range(70)),
    ]
    found = evidence(tmp_path, rows)
    assert found.events[0].at == datetime.fromtimestamp(found.series[0].points[30][0], UTC)


def test_a_row_that_breaks_is_counted(tmp_path: Path) -> None:
    rows = [
        "time,temp (°C)",
        *(f"{at(m)},{level(m)}" for m in range(70)),
        "later,1",
        f"{at(70)},broken",
        f"{at(71)},NaN",
    ]
    found = evidence(tmp_path, rows)
    assert found.files[0].unparsed_lines == (72, 73)
    assert len(found.series[0].points) == 70


DICE = random.Random(9)
SECONDS = sorted(DICE.sample(range(7200), 120))


@pytest.mark.parametrize(
    "rows",
    [
        ["time,level,message", *(f"{at(m)},INFO,pool is {m}" for m in range(60))],
        ["time,message,count", *(f"{at(m)},pool reloaded,{m % 3}" for m in range(60))],
        ["id,time,status,err_code", *(f"m{m:05},{at(m)},DELIVERED,0" for m in range(60))],
        ["submitted,delivered,channel,code", *(f"{at(m)},{at(m + 1)},CXT-01,0" for m in range(60))],
        ["time,method,status,took", *(f"{START + timedelta(seconds=s):%Y-%m-%d %H:%M:%S},GET,200,{s % 90}" for s in SECONDS)],
        ["time,user,amount", *(f"{at(m)},user{m % 50},{m}" for m in range(60))],
        ["name,count", *(f"a{m % 3},{m}" for m in range(60))],
        [f"{at(m)},{m}" for m in range(60)],
    ],
    ids=["log", "messages", "deliveries", "two times", "requests", "orders", "no time", "no header"],
)  # fmt: skip
def test_what_is_no_measurement(rows: list[str]) -> None:
    assert table_of(rows) is None


def test_an_export_of_messages_stays_a_log() -> None:
    source = of_bytes("export.csv", (Path(__file__).parents[2] / "data/csv-log/export.csv").read_bytes())
    assert CsvMetrics().fits(source) == 0.0 < CsvLog().fits(source)


@given(st.lists(st.lists(st.one_of(
    st.sampled_from(["time", "value", "单位", "", "NaN", "1e999", "-", '"', at(1), at(2), "1773230400"]),
    st.text(max_size=6), st.floats().map(str)), min_size=1, max_size=4).map(",".join), max_size=12))  # fmt: skip
def test_any_table_is_read_and_every_line_accounted_for(rows: list[str]) -> None:
    source = of_bytes("x.csv", "\n".join(rows).encode("utf-8", "replace"))
    adapter = CsvMetrics()
    assert 0 <= adapter.fits(source) <= 1
    list(adapter.read(source))
    assert source.tally.read == source.tally.parsed + source.tally.unparsed


@given(st.floats(-1e14, 1e14, allow_nan=False), st.sampled_from(["", " %", "ms", "℃", " MB"]))
def test_a_number_keeps_its_value_and_unit(value: float, unit: str) -> None:
    assert number(f"{value:.3f}{unit}") == (float(f"{value:.3f}"), unit.strip())
