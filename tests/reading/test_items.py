"""Dates of action items as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.reading.action_items import item_of
from pm_agent.reading.due_dates import due_date
from pm_agent.reading.owners import is_speakers, owner_of

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
        ("rotate it Thursday next week", date(2026, 3, 12)),
        ("open the escalation with the vendor, friday noon", date(2026, 3, 6)),
        ("默认值改成 true，3-13 上线", date(2026, 3, 13)),
        ("比对两边的配置，3/13 前出差异表", date(2026, 3, 13)),
        ("补证书校验 3-13完成", date(2026, 3, 13)),
        ("rotate it the day after tomorrow", date(2026, 3, 6)),
        ("rotate it tonight", date(2026, 3, 4)),
        ("rotate it by 5pm", date(2026, 3, 4)),
        ("rotate it next month", date(2026, 4, 30)),
        ("rotate it by month end", date(2026, 3, 31)),
        ("rotate it two weeks from now", date(2026, 3, 18)),
        ("rotate it Monday", date(2026, 3, 9)),
        ("rotate it 20.06.2026", date(2026, 6, 20)),
        ("load test it before Black Friday", None),
        ("证书下个月到期", None),
        ("it started Monday", None),
        ("it has been broken since Monday", None),
        ("the cron of every Monday", None),
        ("下个月轮换", date(2026, 4, 30)),
        ("下月初轮换", date(2026, 4, 10)),
        ("明早轮换", date(2026, 3, 5)),
        ("周末前轮换", date(2026, 3, 8)),
        ("三季度轮换", date(2026, 9, 30)),
        ("From the next train on, that's the sixteenth", date(2026, 3, 16)),
        ("done before the twenty-second", date(2026, 3, 22)),
        ("二十三号之前改好", date(2026, 3, 23)),
        ("23号前改好", date(2026, 3, 23)),
        ("晚上都换", date(2026, 3, 4)),
        ("每周四都这样", None),
        ("10号线有告警", None),
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
        ("Add a retry to the sender. Helena. Tomorrow.", "Helena"),
        ("Improve the on-call experience (Platform team)", "Platform team"),
        ("Have Ravi move the export to 03:00", "Ravi"),
        ("Kenji & Sofie to pair on a test", "Kenji, Sofie"),
        ("Kill switch for the widget (Frontend, this sprint)", "Frontend"),
        ("Runbook: owner Katya, 15 June", "Katya"),
        ("run marker to the database. Engineer B + Engineer C, by 5/29", "Engineer B, Engineer C"),
        ("faster contact? Engineer C to ask", "Engineer C"),
        ("rotate the password that Engineer B pasted", None),
        ("ask Glyphworks what the footer is about", None),
        ("Users should wait ten minutes", None),
        ("赵敏周四把网关删掉", "赵敏"),
        ("唐磊和韩雪月底前做演练", "唐磊, 韩雪"),
        ("推荐位加降级开关（前端，本迭代）", "前端"),
        ("大盘加磁盘使用率，叶青，时间未定", "叶青"),
        ("证书续期手册：蒋欣，6 月 15 号", "蒋欣"),
        ("工程师 A把对账挪到前面", "工程师 A"),
        ("暂停按钮要能停 工程师 A跟工程师 B对下需求", "工程师 A, 工程师 B"),
        ("这个我来跟进", None),
        ("测试要多做一些", None),
        ("平台加行数比对", None),
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


@pytest.mark.parametrize(
    "text",
    [
        "I'll do it by Thursday", "mine, by wednesday", "that's on me", "I take the timeout",
        "这个我来", "我下周三前加上", "我认领", "下周我来改",
    ],
)  # fmt: skip
def test_who_says_they_do_it_owns_it(text: str) -> None:
    assert owner_of(text, "Engineer A") == "Engineer A"
    assert owner_of(text) is None


@pytest.mark.parametrize(
    "text", ["I was faster than it", "as far as I can tell", "我当时没看", "问我就行", "我建议以后分批发"]
)
def test_who_merely_speaks_owns_nothing(text: str) -> None:
    assert owner_of(text, "Engineer A") is None


@pytest.mark.parametrize(
    "text",
    [
        "Better communication between support and engineering!",
        "weekly sync between dba and engineers",
        "engineering hours for the runbook",
    ],
)
def test_a_word_that_begins_like_an_alias_owns_nothing(text: str) -> None:
    assert owner_of(text) is None


@pytest.mark.parametrize("text", ["周末晚课时段发布平台锁版", "周末值班表要改", "周末高峰前预扩容脚本"])
def test_a_weekend_that_says_when_something_applies_is_no_due_date(text: str) -> None:
    assert due_date(text, date(2026, 9, 14)) is None


@pytest.mark.parametrize(
    "text",
    [
        "商家端加个公告位，今天全靠我一个个打电话",
        "给今天的故障写一份说明",
        "write down what today's outage cost",
        "test the fallback, today was the first time it ran",
    ],
)
def test_what_was_today_is_not_due_today(text: str) -> None:
    assert due_date(text, date(2026, 3, 2)) is None


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("消息积压这个触发器我提到 P1 周三前", True),
        ("支付的拨测我周五前加好", True),
        ("证书轮换的脚本我开个单跟", True),
        ("我觉得要加告警", False),
        ("我们要加告警", False),
        ("告警我加过了", False),
        ("让他跟我对一下再改", False),
        ("支付的拨测要加", False),
    ],
)
def test_the_speaker_is_the_subject_of_an_item(text: str, own: bool) -> None:
    assert is_speakers(text) is own


def test_who_speaks_before_a_colon_is_the_owner_and_no_part_of_the_item() -> None:
    item = item_of("我：给取消队列加积压告警，11-13 前", date(2026, 11, 11), speaker="Engineer B")
    assert (item.text, item.owner) == ("给取消队列加积压告警，11-13 前", "Engineer B")
