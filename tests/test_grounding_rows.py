"""A row that has the words of several lines is borne by each of them."""

from __future__ import annotations

from datetime import UTC, datetime

from pm_agent.evidence import Event
from pm_agent.grounding import check, supported_text, verbatim
from pm_agent.reading.timeline_words import cut

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def _event(number: int, text: str) -> Event:
    return Event(id=f"a:{number}", at=AT, text=text, kind="chat", actor_kind="person", sources=[])


SAID = [
    _event(1, "still nxdomain"),
    _event(2, "you didn't touch res2, right?"),
    _event(3, "... ok so not the upgrade"),
]


def test_each_part_stands_in_its_own_line() -> None:
    row = "still nxdomain / “you didn't touch res2, right?” → ... ok so not the upgrade"
    assert verbatim(row, SAID)
    assert supported_text(row, SAID) == (row, True)


def test_a_part_that_nobody_said_is_not_borne() -> None:
    assert not verbatim("still nxdomain / ok so it was the upgrade", SAID)
    assert not verbatim("“you touched res2” → ... ok so not the upgrade", SAID)


def test_a_cut_quote_may_not_lose_its_hedge() -> None:
    said = [_event(1, "maybe the connection pool of booking is full")]
    assert verbatim("the connection pool of booking is full", said)
    assert supported_text("the connection pool of booking is full", said) == ("", False)
    assert supported_text("maybe the connection pool of booking is full", said)[1]


def test_a_cut_quote_may_not_lose_its_negation() -> None:
    said = [_event(1, "it is not that the connection pool of booking is full")]
    assert supported_text("the connection pool of booking is full", said) == ("", False)


def test_a_question_told_as_a_question_is_not_surer_than_its_source() -> None:
    said = [_event(1, "you have the rights for the rest of the hosts?")]
    assert check("10:00 – you have the rights for the rest of the hosts?", said) == []
    assert check("It was asked: “you have the rights for the rest of the hosts?”.", said) == []
    assert [p.lack for p in check("you have the rights for the rest of the hosts", said)] == ["hedge"]


def test_each_sentence_of_a_statement_is_held_against_its_own_source() -> None:
    said = [_event(1, "do you see it too? perhaps the index of orders is gone")]
    found = check("do you see it too? the index of orders is gone", said)
    assert [p.lack for p in found] == ["hedge"]


def test_a_clause_after_a_blank_in_chinese_denies_for_itself() -> None:
    said = [_event(1, "实际影响行数都打在群里了 我们谁都没看")]
    assert supported_text("实际影响行数都打在群里了", said)[1]


def test_a_question_that_is_cut_stays_a_question() -> None:
    asked = "trucks are backed up to columbia blvd, when do they open?"
    assert cut(asked, 40) == "trucks are backed up to columbia blvd…?"
    assert (
        cut("trucks are backed up to columbia blvd. They open soon.", 40)
        == "trucks are backed up to columbia blvd.…"
    )
    assert supported_text(cut(asked, 40), [_event(1, asked)])[1]
