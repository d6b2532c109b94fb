"""The time a note begins with, in the ways people write it."""

from __future__ import annotations

import pytest

from pm_agent.ingest.formats.lead_times import (
    Lead,
    dated,
    day_for_all,
    day_inside,
    day_of,
    in_half,
    lead_time,
    moment_inside,
    zone_inside,
)


@pytest.mark.parametrize(
    ("text", "time", "until", "rest"),
    [
        ("20:03 cart down", "20:03", None, "cart down"),
        ("20:03告警", "20:03", None, "告警"),
        ("20：03：告警", "20:03", None, "告警"),
        ("**20:03** x", "20:03", None, "x"),
        ("**[16:40]** foo", "16:40", None, "foo"),
        ("**21:17 UTC: the authors** of", "21:17 UTC", None, "the authors of"),
        ("At 14:30 UTC, I changed the entry", "14:30 UTC", None, "I changed the entry"),
        ("20:03-20:10 回滚", "20:03", "20:10", "回滚"),
        ("16:45 至 16:58(持续约 13 分钟)", "16:45", "16:58", "(持续约 13 分钟)"),
        ("~13:30-13:45", "~13:30", "13:45", ""),
        ("2026-03-11T20:03:12+08:00 foo", "2026-03-11T20:03:12+08:00", None, "foo"),
        ("3月11日 20:03 张伟发现", "3月11日 20:03", None, "张伟发现"),
        ("晚上8点05分，张伟", "晚上8点05分", None, "张伟"),
        ("八点一刻 客服反馈", "八点一刻", None, "客服反馈"),
        ("February 8th, 2019 16:04 x", "February 8th, 2019 16:04", None, "x"),
        ("9am foo", "9am", None, "foo"),
        ("张伟 20:05 开始排查", "20:05", None, "张伟 20:05 开始排查"),
        ("故障时间：20:03 - 20:41", "20:03", "20:41", "故障时间：20:03 - 20:41"),
        ("Deployed v119 at 13:20", "13:20", None, "Deployed v119 at 13:20"),
        ("重启完成（20:15）。", "20:15", None, "重启完成（20:15）。"),
    ],
)
def test_lead(text: str, time: str, until: str | None, rest: str) -> None:
    """The time as written, the end of a span, and the rest of the line."""
    assert lead_time(text) == Lead(time, until, rest)


@pytest.mark.parametrize(
    "text",
    [
        "ETA 20:30 for the fix", "预计完成于 20:30", "三点建议", "两点需要注意", "3点建议", "10:100 foo", "1.5 倍", "sha256:12:30 a",
        "访问 127.0.0.1:8080 失败", "影响：约12万单", "Note: see 20:41", "plain words", "",
    ],
)  # fmt: skip
def test_no_lead(text: str) -> None:
    """Plans, counts, addresses and numerals are no times."""
    assert lead_time(text) is None


def test_days() -> None:
    """A date alone, after a label, in a heading, or for all that follows."""
    assert day_of("**日期**：2026年3月11日 星期三") == "2026年3月11日 星期三"
    assert day_of("Date: 2026-03-11") == "2026-03-11"
    assert day_of("2026-03-11 was quiet") is None
    assert day_inside("February 8th, 2019 - slow") == "February 8th, 2019"
    assert day_inside("携程 5 月 28 日服务中断") == "5 月 28 日"
    assert day_for_all("Unless noted all events happened on 2019-10-21, in\nUTC") == "2019-10-21"
    assert dated("3月12日", "2026-03-11") == "2026-03-12"
    assert dated("January 1st", "2025-12-31") == "2026-01-01"
    assert dated("3月12日", None) == "3月12日"
    assert moment_inside("会议时间：2026-03-11 20:10-21:00") == "2026-03-11 20:10"


def test_zones() -> None:
    """A zone for all times, as an offset or a place; an ambiguous one is left to the author."""
    assert zone_inside("All times in UTC.") == "UTC"
    assert zone_inside("| Time (PST) | Event |") == "-08:00"
    assert zone_inside("以下时间均为北京时间") == "Asia/Shanghai"
    assert zone_inside("all times are CST") is None


def test_half_of_the_day() -> None:
    """八点一刻 after 20:07 is in the evening, and marked as a guess."""
    above = Lead("20:07", None, "")
    assert in_half(Lead("八点一刻", None, "x"), above).time == "约晚上八点一刻"
    assert in_half(Lead("8:15", None, "x"), above).time == "8:15"
    assert in_half(Lead("八点一刻", None, "x"), None).time == "八点一刻"
