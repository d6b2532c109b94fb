"""What the words around an action item say of its owner and its date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pm_agent.evidence import Event
from pm_agent.reading.action_items import Item, item_of
from pm_agent.reading.lines import Line, line_of
from pm_agent.reading.replies import answered, as_before, claim_of, claimed, following, posted

AT = datetime(2026, 3, 4, 8, tzinfo=UTC)
DAY = date(2026, 3, 4)


def line(text: str, actor: str = "Engineer B", minute: int = 1) -> Line:
    return Line(id=f"chat:{minute}", at=AT + timedelta(minutes=minute), actor=actor, text=text)


def settled(text: str, *replies: Line) -> tuple[str | None, str | None]:
    item = answered(item_of(text, DAY, speaker="Engineer A"), text, replies, "UTC")
    return item.owner, item.due.on.isoformat() if item.due else None


@pytest.mark.parametrize(
    ("text", "reply", "owner", "due"),
    [
        ("pm draft? Engineer B?", "wednesday", "Engineer B", "2026-03-11"),
        ("rotate that password Engineer B pasted", "yeah, today", "Engineer B", "2026-03-04"),
        ("somebody has to write the runbook", "I'll take it", None, None),
        ("write up the runbook tomorrow", "will do", "Engineer B", "2026-03-05"),
        ("the runbook lacks a rollback", "I'll take it", "Engineer B", None),
        ("the runbook lacks a rollback", "ok", None, None),
        ("the runbook lacks a rollback", "I'll look at the dashboard of the queue first", None, None),
        ("Engineer B, can you own the alert", "can't, no time until friday", "Engineer B", None),
        ("签名的报备补上", "好 我找渠道", "Engineer B", None),
        ("复盘写一下 明天上午过", "收到", "Engineer B", "2026-03-05"),
        ("大家都重视起来", "收到", None, None),
        ("工程师 C 你组织复盘", "周四", "工程师 C", None),
    ],
)
def test_consent_or_a_promise_makes_an_owner_and_the_owners_day_a_date(
    text: str, reply: str, owner: str | None, due: str | None
) -> None:
    assert settled(text, line(reply)) == (owner, due)


def test_a_day_asked_for_comes_two_lines_later() -> None:
    replies = [line("@Engineer A 什么时候", "Engineer C"), line("今天下班前", "Engineer A", 2)]
    assert settled("用例我补 0 和负数", *replies) == ("Engineer A", "2026-03-04")


def test_a_number_answers_that_row_of_a_list() -> None:
    whole = "follow-ups:\n1. alert on depth\n2. retry policy"
    second = answered(
        item_of("2. retry policy", DAY),
        whole,
        [line("1 ok", "Engineer C"), line("2: mine, by friday")],
        "UTC",
    )
    assert (second.owner, second.due and second.due.on) == ("Engineer B", date(2026, 3, 6))


def test_the_same_change_has_owner_and_day_of_what_was_said_before() -> None:
    before = item_of("schedule in utc. Engineer B, by friday", DAY)
    line = "and the name gets seconds, and no index is deleted. same MR"
    assert as_before(item_of(line, DAY), line, before).owner == "Engineer B"
    assert as_before(item_of("the name gets seconds", DAY), line, before).owner == "Engineer B"
    assert (
        as_before(item_of("and the name gets seconds", DAY), "and the name gets seconds", before).owner
        is None
    )
    assert as_before(item_of("same MR for the name", DAY), "same MR for the name", None).owner is None


def test_replies_are_the_next_words_of_persons_in_the_same_place() -> None:
    def event(id_: str, minute: int, text: str, kind: str = "person") -> Event:
        return Event(id_, AT + timedelta(minutes=minute), text, "chat", actor="X", actor_kind=kind)  # type: ignore[arg-type]

    events = (
        event("a:1", 0, "who writes it?"), event("b:1", 1, "elsewhere"), event("a:2", 1, "ping", "bot"),
        event("a:3", 2, "me"), event("a:4", 30, "late"),
    )  # fmt: skip
    assert following(events, events[0]) == [line_of(events[3])]
    assert isinstance(item_of("x", DAY), Item)


@pytest.mark.parametrize(
    ("text", "later", "owner"),
    [
        ("审批人要有备份，不能只有一个人", "审批备份我去找平台提", "Engineer B"),
        ("the deploy key needs a rotation job", "I'll write the rotation job for the deploy key", "Engineer B"),
        ("page on the checkout probe - owner?", "mine, the probe, by friday", "Engineer B"),
        ("page on the checkout probe", "mine, the probe, by friday", None),  # one shared word is too little
        ("the deploy key needs a rotation job", "I'll order pizza", None),
        ("the deploy key needs a rotation job", "the rotation job of the deploy key is old", None),
        ("审批人要有备份，不能只有一个人", "审批备份这个我做不了", None),
    ],
)  # fmt: skip
def test_whoever_names_an_open_item_and_takes_it_on_owns_it(text: str, later: str, owner: str | None) -> None:
    claim = claim_of(item_of(text, DAY), [line("ok", "Engineer C", 2), line(later, minute=9)])
    assert (claim.actor if claim else None) == owner


def test_the_day_of_a_claim_is_the_items_day() -> None:
    taken = claimed(item_of("page on the checkout probe - owner?", DAY), line("mine, by friday"), "UTC")
    assert (taken.owner, taken.due.on.isoformat() if taken.due else None) == ("Engineer B", "2026-03-06")


@pytest.mark.parametrize(
    ("call", "text", "owner"),
    [
        ("改进项大家直接在这说", "lint 加单位检查 周五前", "Engineer B"),
        ("改进项大家直接在这说", "lint 加单位检查", None),  # without a day it may be a wish
        ("改进项大家直接在这说", "大家都要看文档 周五前", None),
        ("今天天气不错", "lint 加单位检查 周五前", None),
        ("what should we do better? everyone, please", "lint for units, by friday", "Engineer B"),
        ("what should we do better? everyone, please", "we should lint for units by friday", None),
    ],
)
def test_a_dated_answer_to_a_call_for_everybodys_items_is_the_speakers(
    call: str, text: str, owner: str | None
) -> None:
    said = line(text, minute=5)
    assert posted(item_of(text, DAY), said, [line(call, "Engineer C")]).owner == owner


def test_an_item_of_a_list_is_not_its_writers() -> None:
    said = line("todo:\n- lint for units, by friday", minute=5)
    item = item_of("lint for units, by friday", DAY)
    assert (
        posted(item, said, [line("what should we do better? everyone, please", "Engineer C")]).owner is None
    )
