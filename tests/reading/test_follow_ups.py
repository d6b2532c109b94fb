"""Where people speak of work for after the incident, and where they speak of the incident itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.reading.follow_ups import asks_for_items, items_in
from pm_agent.reading.lines import Line

START = datetime(2026, 3, 4, 8, tzinfo=UTC)


def talk(*texts: str, step: int = 2, thread: str | None = None) -> list[Line]:
    return [
        Line(
            id=f"chat:{n}",
            at=START + timedelta(minutes=step * n),
            actor="Engineer A",
            text=text,
            thread=thread,
        )
        for n, text in enumerate(texts)
    ]


def found(*texts: str, step: int = 2) -> list[str]:
    return [item.text for item in items_in(talk(*texts, step=step), "UTC")]


LATER = [
    "I'll file a ticket for the missing replica alert tomorrow",
    "we need to add an alert on replication lag before the next release",
    "TODO: write a test for the nullable column",
    "follow-up: document the failover in the runbook",
    "let's automate the certificate renewal next sprint",
    "someone should put a limit on the bulk import, ticket please",
    "postmortem draft by Thursday, I'll write it",
    "the cron host needs a monitor, can somebody own that next week?",
    "后面要加个主从延迟的告警",
    "回头补个回滚手册吧",
    "待办：证书到期提醒提前 30 天",
    "我下周三前把限流加上",
    "这个要排期，把脚本里的机房参数化",
    "明天出复盘，我来写",
    "建议下个迭代把导出任务改成异步",
    "值班表也该更新了，下周弄一下",
]
MEANWHILE = [
    "we should roll back",
    "I'll check the replicas",
    "can someone restart the consumer?",
    "looking at the dashboard now",
    "I restarted the wrong consumer first, that cost us minutes",
    "the alert fired ten minutes too late",
    "who has the pager tonight?",
    "lunch?",
    "先回滚",
    "我来扩两台",
    "看下日志",
    "重启完了 积压在降",
    "当时没人看告警",
    "昨天那个日志谁清的",
    "收到",
    "中午吃啥",
]


@pytest.mark.parametrize("text", LATER)
def test_work_for_later_is_an_item_wherever_it_is_said(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize("text", MEANWHILE)
def test_what_is_done_meanwhile_or_was_is_none(text: str) -> None:
    assert found(text) == []


CALLS = [
    "what should we do differently?",
    "brain dump of follow-ups, add yours",
    "please drop your action items here",
    "what would have caught this?",
    "大家说说要改啥",
    "改进项大家直接在群里提",
    "后面怎么弄 说说",
    "我汇总下待办",
]


@pytest.mark.parametrize("call", CALLS)
def test_after_a_call_a_bare_wish_counts(call: str) -> None:
    lines = talk(call, "better alerting on lag", "and a banner for support", "监控按地域拆一下")
    assert asks_for_items(lines[0])
    assert [i.text for i in items_in(lines, "UTC")] == [line.text for line in lines[1:]]


def test_a_call_wears_off() -> None:
    assert found("what should we do differently?", "better alerting on lag", step=30) == []


def test_among_other_follow_ups_a_single_sign_is_enough() -> None:
    alone = "a check on the record count would be nice"
    assert found(alone) == []
    assert alone in found(
        "I'll add jitter to the TTLs by Tuesday", alone, "we need to write a runbook for the import by Friday"
    )


def test_before_anything_was_better_it_takes_more() -> None:
    ask = "we need to warm the cache"
    assert found(ask, "we are recovered, error rate back to normal") == []


def test_answers_to_a_numbered_list_are_no_items_of_their_own() -> None:
    listed = "action items:\n1. alert on queue depth\n2. runbook for the drain"
    assert found(listed, "2 is mine, by Friday") == ["alert on queue depth", "runbook for the drain"]


def test_rows_under_a_head_need_no_marks() -> None:
    assert found(
        "short list before we forget:\n\nfix ntp on db-2\n\nalarm on throughput, not only depth"
    ) == [
        "fix ntp on db-2",
        "alarm on throughput, not only depth",
    ]


def test_notes_under_a_heading_for_work_are_items() -> None:
    lines = talk("sentry quota alerts must page", thread="§ todo (unsorted)")
    assert len(items_in(lines, "UTC")) == 1
    assert items_in(talk("scope: reporting only needs one export", thread="§ next steps"), "UTC")
    assert not items_in(talk("scope: reporting only needs one export"), "UTC")


def test_who_and_when_after_a_stop_belong_to_what_was_said() -> None:
    (item,) = items_in(talk("what do we change", "export at 00:30 utc. mine, by wednesday"), "UTC")
    assert (item.owner, item.due and item.due.on.isoformat()) == ("Engineer A", "2026-03-11")


def test_two_persons_of_one_sentence_have_an_item_each() -> None:
    said = "总结一下：工程师 B这周五给数据文件，带行数，工程师 C二十三号之前改好校验"
    assert [(i.owner, i.due and i.due.on.day) for i in items_in(talk(said), "UTC")] == [
        ("工程师 B", 6),
        ("工程师 C", 23),
    ]


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_talk_is_read_and_every_item_stands_in_its_line(texts: list[str]) -> None:
    for item in items_in(talk(*texts), "UTC"):
        assert item.line is not None
        assert "".join(item.text.split()) in "".join(item.line.text.split())
