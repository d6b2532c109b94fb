"""Neutral wordings: each a sentence, none blaming, none with a fact lost; where that can't be had, a question."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.rubric import blame
from pm_agent.rubric.kept_facts import lost_facts
from pm_agent.rubric.rules import all_rules

READ = yaml.safe_load((Path(__file__).parent / "rewrites.yaml").read_text(encoding="utf-8"))
"""Pairs that a person has read: what was written, what it becomes (null: ask the author)."""


@pytest.mark.parametrize(("written", "neutral"), READ, ids=[str(n) for n in range(len(READ))])
def test_a_sentence_becomes_what_was_read(written: str, neutral: str | None) -> None:
    found = blame.find(written)
    assert found
    assert found[0].rewrite == neutral


def test_enough_wordings_were_read_in_both_languages() -> None:
    worded = [written for written, neutral in READ if neutral]
    chinese = [w for w in worded if any("\u4e00" <= c <= "\u9fff" for c in w)]
    assert len(worded) >= 60
    assert len(chinese) >= 25
    assert len(worded) - len(chinese) >= 25


def test_no_wording_of_any_example_still_blames() -> None:
    for rule in all_rules():
        for example in rule.fails if rule.check == "blame" else []:
            for found in blame.find(example):
                assert found.rewrite is None or not blame.find(found.rewrite), (example, found.rewrite)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(1, 99_999))
def test_numbers_and_times_survive_any_rewording(hour: int, minute: int, count: int) -> None:
    for written in (
        f"Marek forgot to restart {count} workers, so checkout failed at {hour}:{minute:02}.",
        f"小王忘了重启 {count} 台机器，导致 {hour}:{minute:02} 支付失败",
    ):
        neutral = blame.find(written)[0].rewrite
        assert neutral is not None
        assert f"{hour}:{minute:02}" in neutral
        assert str(count) in neutral


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("Bob deleted 3 volumes at 02:17", "Volumes were deleted at 02:17", "3"),
        ("Bob broke order-db", "The database broke", "order-db"),
        ("Bob probably deleted it", "It was deleted", "hedge"),
        ("Bob did not test it", "It was tested", "negation"),
        ("Because Bob restarted Redis", "Because a restart happened", "Redis"),
        ("The DBA dropped a table", "A table was dropped", "DBA"),
        ("运维删了 2 个库", "删了 2 个库", "运维"),
        ("小王可能忘了", "没有做", "hedge"),
        ("小王没有检查", "检查了", "negation"),
    ],
)
def test_a_wording_that_loses_a_fact_is_refused(before: str, after: str, lost: str) -> None:
    assert lost in lost_facts(before, after, persons="Bob")


def test_what_should_have_been_turns_the_negation_round() -> None:
    assert not lost_facts("We should have tested it", "It was not tested", flips=True)
    assert lost_facts("We should have tested it", "It was tested", flips=True) == ["negation"]


def test_what_a_machine_printed_is_no_blame() -> None:
    for text in (
        'The log says "operator error: invalid argument".',
        "`human error handler missing`",
        "日志显示“人为操作失败：权限不足”",
        "```\nBob forgot to renew\n```",
        "> Bob forgot to renew",
    ):
        assert not blame.find(text), text


def test_words_quoted_as_words_are_no_blame_but_quoted_words_do_not_hide_it() -> None:
    for text in (
        "We avoid writing “the engineer should have known better” in reports.",
        '"Human error" is not a root cause.',
        "不要写“某某疏忽”，写系统为什么允许",
    ):
        assert not blame.find(text), text
    for text in ('Bob broke prod with his "tiny config tweak".', "小王擅自跑了“小优化”脚本"):
        assert blame.find(text), text


def test_names_of_products_and_things_do_not_act_as_persons() -> None:
    for text in (
        "Root cause: Expired certificate",
        "Varnish ignored the header and Ceph failed to rebalance.",
        "Fastly's change caused the outage.",
        "超过2小时未同步",
        "平台成本可观测性已上线",
    ):
        assert not blame.find(text), text


def test_blameless_text_keeps_what_is_clean_and_says_when_it_left_something_out() -> None:
    text, clean = blame.blameless("Rolled back at 10:20. They are incompetent.")
    assert (text, clean) == ("Rolled back at 10:20.", True)
    assert blame.blameless("They are incompetent.") == ("", False)
    assert (
        blame.blameless("故障分类：人为误操作；02:17 回滚")[0]
        == "故障分类：结果与预期不符的人工操作；02:17 回滚"
    )


@pytest.mark.parametrize(
    ("row", "left"),
    [
        ("Bob again, he never learns / 507 only on shard-2 / switched to rw", "507 only on shard-2 / switched to rw"),
        ("“who on earth merged this without looking” → reverted", "reverted"),
        ("又是他们把库跑挂的 / 我先 kill 查询", "我先 kill 查询"),
        ("“又是数据平台？真是不长记性” → 我先 kill 查询", "我先 kill 查询"),
        ("“can you roll back” → done", "“can you roll back” → done"),
    ],
)  # fmt: skip
def test_of_a_row_of_several_lines_only_what_blames_is_left_out(row: str, left: str) -> None:
    assert blame.blameless(row) == (left, True)


def test_to_know_nothing_yet_is_no_fault() -> None:
    assert not blame.find("incident stays open, we still have no clue what happened to a")
