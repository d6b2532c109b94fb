"""Dates of action items as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.reading.due_dates import due_date
from pm_agent.reading.owners import owner_of

WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("a kill switch, end of June, can you?", date(2026, 6, 30)),
        ("publish the rankings by mid-February", date(2027, 2, 15)),
        ("alert per app version, by the 17th", date(2026, 3, 17)),
        ("rotate it before the 2nd", date(2026, 4, 2)),
        ("on-call can disable jobs. Kwame, Monday", date(2026, 3, 9)),
        ("我 5 月 29 号前做", date(2026, 5, 29)),
        ("6 月上旬做", date(2026, 6, 10)),
        ("告警降噪，六月内搞定", date(2026, 6, 30)),
        ("输出评审稿，DDL 6.30", date(2026, 6, 30)),
        ("Monday is when it broke", None),
        ("the 17th pod", None),
    ],
)
def test_a_date_as_written_resolves_from_the_day_of_writing(text: str, on: date | None) -> None:
    found = due_date(text, WEDNESDAY)
    assert (found.on if found else None) == on


@given(st.integers(0, 40), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_day_of_the_month_is_a_coming_day_or_none(day: int, start: date) -> None:
    found = due_date(f"done by the {day}th", start)
    assert found is None or (found.on >= start and found.on.day == day)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Run a drill, date open, Chidi to lead", "Chidi"),
        ("Send reminders to #ops | Noor | Jun 13", "Noor"),
        ("Before the release, Lin adds latency panels", "Lin"),
        ("Add an alert on lag (Sara, 20 June)", "Sara"),
        ("刘洋 - 证书提醒改成提前 30 天", "刘洋"),
        ("下个版本前，小林给接口补上面板", "小林"),
        ("删除旧任务（李强，已确认无下游）", "李强"),
        ("优化慢 SQL，DBA 跟进", "DBA"),
        ("Add an alert on lag by Friday, Amit", "Amit"),
        ("补充监控，交给王敏", "王敏"),
        ("王敏来补监控", "王敏"),
        ("把监控接入（平台组）", "平台组"),
        ("请运维升级内核", "运维"),
        ("由于配置错误，补充监控", None),
        ("周五前补充监控，方案待定", None),
        ("高可用改造，余额对账", None),
        ("让服务自动重启", None),
        ("Rotate keys with Vault.", None),
        ("Upgrade Kafka by June 12", None),
        ("Move Grafana to the monitoring cluster", None),
        ("Upgrade Redis, Kafka, and Postgres", None),
        ("Every team to audit dependencies", None),
        ("Alert on Monday, June 1, at noon", None),
    ],
)
def test_an_owner_is_read_only_where_one_is_written(text: str, owner: str | None) -> None:
    assert owner_of(text) == owner
