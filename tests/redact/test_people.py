"""Persons → aliases: every way a name is written in chats, robots' posts, author lines and file names; words stay words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pm_agent.evidence import EventSource, FileCoverage, People, Place, RawEvent, RawEvidence, TimedEvent
from pm_agent.language import Language
from pm_agent.redact import redact
from pm_agent.redact.people import Directory
from pm_agent.settings import Settings


def raw(
    said: Sequence[tuple[str | None, str]], people: dict[str, str] | None = None, file: str = "chat.txt"
) -> RawEvidence:
    events = tuple(
        TimedEvent(
            f"a:{n}", RawEvent(Place(n), text, None, "chat", actor=actor), None, None, "minute", None,
            (EventSource(file, n, n, None, 1, "chat-text"),),
        )
        for n, (actor, text) in enumerate(said, 1)
    )  # fmt: skip
    coverage = FileCoverage(file, "chat-text", len(events), 1, 1, 0, 0, None, None, "UTC", "given")
    return RawEvidence(events, (), People(people or {}), (coverage,), (), (), "UTC", "given")


def cleaned(
    text: str, authors: Sequence[str], people: dict[str, str] | None = None, language: Language = "zh"
) -> str:
    evidence = raw([*((a, "ok") for a in authors), (None, text)], people)
    return Directory(evidence, language).clean(text)


@pytest.mark.parametrize(
    ("text", "authors", "expected"),
    [
        ("按P1走 老高你来指挥 我马上上会", ["高建军"], "按P1走 工程师 A你来指挥 我马上上会"),
        ("@老高 看一下", ["高建军"], "@工程师 A 看一下"),
        ("麻烦高工确认一下", ["高建军"], "麻烦工程师 A确认一下"),
        ("建军在处理，高哥辛苦", ["高建军"], "工程师 A在处理，工程师 A辛苦"),
        ("小王和老王都在", ["王磊", "王芳"], "工程师 A/工程师 B和工程师 A/工程师 B都在"),
        ("@郑凯你写 SQL 之前", ["郑凯"], "@工程师 A你写 SQL 之前"),
        ("【上线单】负责人：韩冬 审批人：傅蓉", [], "【上线单】负责人：工程师 A 审批人：工程师 B"),
        ("审批人是Michael 他在飞机上", [], "审批人是工程师 A 他在飞机上"),
        ("参会人：韩冬、傅蓉、何苗", [], "参会人：工程师 A、工程师 B、工程师 C"),
        ("owner=hemiao，联系何女士", [], "owner=工程师 A，联系某女士"),
        ("客户林女士来电", [], "客户某女士来电"),
        ("夜班老梁说正常，拉了老梁和DBA阿力", [], "夜班工程师 A说正常，拉了工程师 A和DBA工程师 B"),
        ("加告警，罗依婷，5/27 前", [], "加告警，工程师 A，5/27 前"),
    ],
)  # fmt: skip
def test_names_in_chinese(text: str, authors: list[str], expected: str) -> None:
    assert cleaned(text, authors) == expected


@pytest.mark.parametrize(
    ("text", "authors", "expected"),
    [
        ("Bob's change broke it, Bob is on it", ["Bob Lee"], "Engineer A's change broke it, Engineer A is on it"),
        ("bob pls check, ask Lee", ["Bob Renner-Lee"], "Engineer A pls check, ask Lee"),
        ("Will rolled back, thanks Will", ["Will Stone"], "Engineer A rolled back, thanks Engineer A"),
        ("Author: Kofi Mensah <kofi@example.com>", [], "Author: Engineer A <Engineer A@example.com>"),
        ("Reviewed-by: Dana Cole, Mark Price", [], "Reviewed-by: Engineer A, Engineer B"),
        ("assigned [~mira.holt], see @mira.holt", [], "assigned [~Engineer A], see @Engineer A"),
        ("mholt and miraholt are one", ["Mira Holt"], "Engineer A and Engineer A are one"),
        ("Mr. Brown called", [], "Mr. X called"),
        ("asked Kwame for nodes, Kwame scaled it", [], "asked Engineer A for nodes, Engineer A scaled it"),
        ("support (Deepa) pinged, Deepa says 30", [], "support (Engineer A) pinged, Engineer A says 30"),
        ("ask tomas", ["Tomáš Havel"], "ask Engineer A"),
    ],
)  # fmt: skip
def test_names_in_english(text: str, authors: list[str], expected: str) -> None:
    assert cleaned(text, authors, language="en") == expected


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("如何立即恢复，任何立场都不对", ["何立"]),
        ("CPU 老高了，一直老高", ["高建军"]),
        ("小时后再看，小满减活动", ["何小满", "时磊"]),
        ("许可证过期，申请许可", ["许可"]),
        ("加工程序，高工作量", ["高建军", "程磊"]),
        ("will do, mark it done in May, page the host", ["Will Stone", "Mark Price", "May Page"]),
        ("the stone age of cooper pairs", ["Will Stone", "Ana Cooper"]),
        ("owner: Payments Team, on-call: platform-sre, owner: Order Core", []),
        ("负责人：容器平台组，负责人：待定", []),
        ("told Glyphworks about it, asked Support, Grafana says 5xx", []),
        ("交接：夜班正常，早班 继续，让小程序回滚，用户来问", []),
        ("dig @ns1 example.com, @channel @所有人 @param", []),
    ],
)  # fmt: skip
def test_ordinary_words_stay(text: str, authors: list[str]) -> None:
    assert cleaned(text, authors) == text


def test_an_account_and_a_name_are_one_person() -> None:
    directory = Directory(
        raw([("nrahmani", "hi"), ("Nadia Rahmani", "hi"), ("Daniel Tan(陈伟明)", "hi"), ("陈伟明", "hi"), ("Fu Rong", "hi")], {"furong": "傅蓉"}),
        "en",
    )  # fmt: skip
    assert sorted(directory.table().values()) == ["Daniel Tan", "Nadia Rahmani", "傅蓉"]


def test_a_member_of_the_directory_is_known_by_first_name_alone() -> None:
    evidence = raw([("Ana Ruiz", "ask Priyanka about it")], {"U1": "Priyanka Menon", "U2": "Test User"})
    assert Directory(evidence, "en").clean("ask Priyanka about it") == "ask Engineer B about it"


def test_file_names_threads_and_robots_show_no_name_and_a_link_with_one_is_left_out() -> None:
    evidence = raw([("郑凯", "ok"), ("郑凯", "see")], file="郑凯-导出.txt")
    first = evidence.events[0]
    object.__setattr__(first.raw, "links", ("https://wiki.example/郑凯", "https://wiki.example/runbook"))
    object.__setattr__(first.raw, "thread", "dm-郑凯")
    shown = redact(evidence, Settings(lang="zh"))
    assert "郑凯" not in repr([shown.files, shown.events])
    assert shown.events[0].links == ("https://wiki.example/runbook",)


def test_a_first_name_that_is_a_word_too_is_known_beside_another_name() -> None:
    """`Leila + Grant` speaks of two persons; `grant access` of none."""
    said = "marker goes to the database. Leila + Grant, by 5/29. Grant access to it"
    people = {"U1": "Leila Haddad", "U2": "Grant Sorensen"}
    cleaned_text = Directory(raw([("Leila Haddad", said)], people), "en").clean(said)
    assert cleaned_text == "marker goes to the database. Engineer A + Engineer B, by 5/29. Grant access to it"
