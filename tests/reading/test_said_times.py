"""Times inside prose: on the day that is named beside them, never ahead, never made of words that only look like a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.reading.said_times import said_times
from pm_agent.reading.zh_clocks import zh_clocks_to_digits

WRITTEN = datetime(2026, 11, 3, 14, 29, tzinfo=UTC)
"""A Tuesday; 22:29 in Shanghai."""


def _moments(text: str, zone: str = "UTC") -> list[str]:
    return [f"{said.at:%m-%d %H:%M}" for said in said_times(text, WRITTEN, zone)]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("ticket 88121, mon 2 nov 16:42, by phone", "11-02 16:42"),
        ("so support had it 16:42 monday", "11-02 16:42"),
        ("it went out 10:12 on Monday", "11-02 10:12"),
        ("on Monday at 10:12 it went live", "11-02 10:12"),
        ("min(issued_at) is 2026-11-02 10:19:07+00", "11-02 10:19"),
        ("min(issued_at) is 2026-11-02T10:19:07Z", "11-02 10:19"),
        ("min(issued_at) is 2026-11-02 10:19:07+0200", "11-02 08:19"),
        ("since Nov 2nd 10:19", "11-02 10:19"),
        ("10:19 on the 2nd of November", "11-02 10:19"),
        ("11-02 10:19 is the first one", "11-02 10:19"),
        ("moved on 10/28 14:40", "10-28 14:40"),
        ("last thursday 16:12", "10-29 16:12"),
        ("yesterday at 18:52", "11-02 18:52"),
        ("18:52 yesterday", "11-02 18:52"),
        ("the 09:05 mail", "11-03 09:05"),
        ("12/31/2025 10:00 is too long ago; today 9:05 is not", "11-03 09:05"),
    ],
)
def test_the_day_beside_a_time_is_its_day(text: str, moment: str) -> None:
    assert _moments(text) == [moment]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("昨晚8点发布的", "11-02 12:00"),
        ("昨天晚上8点半发的", "11-02 12:30"),
        ("周一晚上8点上的", "11-02 12:00"),
        ("上周五下午3点改的", "10-30 07:00"),
        ("前天晚上11点", "11-01 15:00"),
        ("11月2号晚上9点", "11-02 13:00"),
        ("2号晚上9点上的", "11-02 13:00"),
        ("今早9:20 有人报", "11-03 01:20"),
        ("昨早9点", "11-02 01:00"),
        ("昨晚1点多重启过", "11-02 17:00"),
        ("今天凌晨2点", "11-02 18:00"),
        ("11月3日20:10 开始", "11-03 12:10"),
    ],
)
def test_the_same_in_chinese(text: str, moment: str) -> None:
    assert _moments(text, "Asia/Shanghai") == [moment]


@pytest.mark.parametrize(
    "text",
    [
        "P1 关掉。明早10点复盘",
        "明天上午10点过一下",
        "下周一10点复盘",
        "周三10点复盘",
        "大后天9点前给",
        "tomorrow 9:00 review",
        "we meet Wednesday 10:00",
        "next Friday 10:00",
        "on 28 December 10:00",
    ],
)
def test_what_lies_ahead_is_no_moment_of_the_past(text: str) -> None:
    assert _moments(text, "Asia/Shanghai") == []


@pytest.mark.parametrize(
    "text",
    [
        "快一点",
        "早一点说就好了",
        "晚一点再说",
        "有一点问题",
        "第一时间跟业务说",
        "一点都没动",
        "好一点了",
        "三点建议",
        "有两点要注意",
        "两点：第一告警没配",
        "第3点不同意",
        "差一点就丢数据",
    ],
)
def test_a_little_and_what_is_counted_are_no_clock(text: str) -> None:
    assert zh_clocks_to_digits(text) == text


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("凌晨一点", "01:00"),
        ("一点半", "1:30"),
        ("一点一刻左右", "1:15"),
        ("从一点开始", "1:00"),
        ("下午两点", "14:00"),
        ("四点有个会", "4:00"),
        ("十一点五十", "11:50"),
        ("晚上12点", "00:00"),
        ("昨晚1点", "01:00"),
        ("晚上8点", "20:00"),
        ("10时20分", "10:20"),
    ],
)
def test_chinese_clocks(text: str, clock: str) -> None:
    assert clock in zh_clocks_to_digits(text)


def test_a_weekday_far_back_may_as_well_be_the_coming_one() -> None:
    assert said_times("Friday 14:40", WRITTEN, "UTC") == []
    assert [s.at.day for s in said_times("Friday 14:40", WRITTEN, "UTC", past=True)] == [30]


def test_twelve_hours_before_is_kept_where_the_words_may_mean_it() -> None:
    night, day = datetime(2026, 11, 3, 1, 15, tzinfo=UTC), datetime(2026, 11, 3, 13, 15, tzinfo=UTC)
    (said,) = said_times("it failed at 1:15", WRITTEN, "UTC")
    assert {said.at, said.or_at} == {night, day}
    (sure,) = said_times("it failed at 01:15", WRITTEN, "UTC")
    assert (sure.at, sure.or_at) == (night, None)


def test_the_beginning_of_a_span_is_known() -> None:
    (first, second) = said_times("8,914 asked 13:24–14:14", WRITTEN, "UTC")
    assert (first.begins_span, second.begins_span) == (True, False)


@given(
    st.integers(min_value=0, max_value=357 * 24 * 60),
    st.integers(min_value=0, max_value=20 * 24 * 60),
    st.sampled_from(
        ["{:%Y-%m-%d %H:%M}", "{:%d %b %H:%M}", "{:%H:%M on %d %B}", "{0.month}月{0.day}日{0:%H:%M}"]
    ),
    st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
)
def test_a_whole_date_is_read_back_whatever_day_it_is_said(
    minute: int, later: int, form: str, zone: str
) -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=minute)
    local = at.astimezone(ZoneInfo(zone))
    if local.fold:
        return  # in the hour that the clock repeats nobody can tell which one is meant
    found = said_times(f"it began {form.format(local)}, we think", at + timedelta(minutes=later), zone)
    assert [s.at for s in found] == [at]
