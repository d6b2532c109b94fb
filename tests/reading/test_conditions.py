"""Which sentences tell what made an incident possible, and where a chain of whys asks for it."""

from __future__ import annotations

import pytest

from pm_agent.reading.conditions import about_of, around, conditions
from pm_agent.reading.cues import read_cues
from pm_agent.reading.lines import Line


def _told(text: str) -> list[tuple[str, str]]:
    return [(c.about, c.text) for c in conditions(Line(id="e:1", at=None, text=text))]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("nobody watches that channel at night", "detection"),
        ("there is no alert on replication lag", "detection"),
        ("the probe only looks at the front page", "detection"),
        ("the failover can't run while a backup is open", "response"),
        ("raising the pool needs a ticket with the cloud provider", "response"),
        ("nobody owns that exporter since the data team left", "organisation"),
        ("staging passed because it has no traffic", "process"),
        ("it went straight to prod", "process"),
        ("the importer has no limit on file size", "design"),
        ("the sync job doesn't check the row count", "design"),
        ("the broker ran out of file descriptors", "technical"),
        ("that probe is info level and goes to a mailbox", "detection"),
        ("the 5 min threshold hid the slow part", "detection"),
        ("the deploy role may not restart the proxy", "response"),
        ("the wiki page still has the old number", "process"),
        ("that flag is left over from the load test", "process"),
        ("the setting has no unit in its name", "design"),
        ("nothing checks that the two lists agree", "design"),
        ("the validator looks only at the first row", "design"),
        ("ntp was stopped since the move", "technical"),
        ("慢查询那条级别是 warning", "detection"),
        ("操作手册里没写怎么切备库", "process"),
        ("接口对批量账号没有任何并发限制", "design"),
        ("脚本只校验表头", "design"),
        ("开关上周关的 没开回来", "technical"),
        ("夜里没人看这个群", "detection"),
        ("主从延迟压根没配告警", "detection"),
        ("扩容得走审批 没权限", "response"),
        ("这个导出任务一直没人负责", "organisation"),
        ("预发跳过了 压测也没做", "process"),
        ("导入没有上限校验", "design"),
        ("两个任务撞上了", "technical"),
    ],
)  # fmt: skip
def test_a_condition_stands_where_the_chain_asks_for_it(text: str, about: str) -> None:
    assert [told[0] for told in _told(text)] == [about]


@pytest.mark.parametrize(
    "text",
    [
        "we should add an alert on replication lag",
        "is there no alert on replication lag?",
        "maybe the importer has no limit",
        "I skipped the canary",
        "no new alerts, closing",
        "looks good, error rate back to normal, no alert left",
        "why did nobody look at the channel",
        "what does that mean :confused:",
        "thanks all, great work",
        "the log has no errors today",
        "alert 31 is on me",
        "后续要加主从延迟的告警",
        "是不是没配告警",
        "可能没有上限校验",
        "是我跳过的灰度",
        "没有新告警 结束观察",
        "为什么压测没测出来",
        "大家辛苦了",
    ],
)
def test_a_plan_a_guess_a_deed_or_small_talk_tells_none(text: str) -> None:
    assert _told(text) == []


def test_the_clause_beside_a_plan_is_kept() -> None:
    assert _told("we should move this to a queue, nobody reads that inbox") == [
        ("detection", "nobody reads that inbox")
    ]
    assert _told("要不复盘里提一下 平台执行的时候也没拦") == [("design", "平台执行的时候也没拦")]


def test_what_points_back_is_told_with_the_sentence_before() -> None:
    """Each answer stands in its line as it is, so that it can be checked."""
    line = "The purge ran at five. It deletes everything without a parent."
    assert _told(line) == [("technical", line)]
    assert _told("queue at 40k when I looked. no page.") == [
        ("detection", "queue at 40k when I looked. no page.")
    ]


def test_clauses_are_cut_where_they_end() -> None:
    text = "I was sloppy, nobody reads that inbox, sorry"
    assert list(around(text, 0, 12)) == ["nobody reads that inbox, sorry"]
    assert about_of("nobody reads that inbox, sorry") == "detection"


def test_the_code_of_an_emoji_is_no_word() -> None:
    assert {c.category for c in read_cues("ok :confused: :warning:")} <= {"chatter"}
    assert read_cues("that was confusing, nobody knew who owns it")


def test_two_sentences_about_the_same_are_one() -> None:
    line = "The failover keeps the old primary. Failover doesn't fence it. Nobody reads that inbox."
    assert [c.about for c in conditions(Line(id="e:1", at=None, text=line))] == ["response", "detection"]
    line = "There is no alert on lag. Nobody looked at the graph."
    assert _told(line) == [("detection", line)]
