"""Which numbers count who or what was hit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pm_agent.reading.figures import figures
from pm_agent.reading.lines import Line
from pm_agent.stages.impact import ImpactIn, by_rules

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def _line(text: str, number: int = 1) -> Line:
    return Line(id=f"a:{number}", at=AT, text=text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("final count: 2,417 parcels missed the evening flight", [2417]),
        ("in total 318 patients waited, 12,940 eur of fees were charged twice", [318, 12940]),
        ("最终统计：受影响会员 8,213 人，退款 1,276 笔", [8213, 1276]),
        ("客服说一共投诉 342 个", [342]),
        ("numbers from finance: 4,411 lost", [4411]),
    ],
)
def test_numbers_of_who_was_hit_are_told(text: str, values: list[float]) -> None:
    assert sorted(f.value for f in figures([_line(text)])) == sorted(values)


@pytest.mark.parametrize(
    "text",
    [
        "please keep to 40 requests per minute",
        "we have about 35 people in the office this week",
        "the gateway answers 503 and 429",
        "we raised the limit to 500 connections",
        "杭州那边有 12 台空闲的 要不要",
        "买咖啡 58 块（报销）",
        "阈值调到 300 条",
        "did 900 users complain?",
    ],
)
def test_numbers_of_settings_work_and_everyday_life_are_not(text: str) -> None:
    assert figures([_line(text)]) == []


def test_the_scope_is_the_sentence_that_counts_best_not_the_first() -> None:
    lines = [
        _line("about 20 customers called so far, maybe more", 1),
        _line("final: 1,204 customers could not pay, 61 complaints", 2),
    ]
    scope = by_rules(ImpactIn(lines=lines, timezone="UTC")).scope
    assert scope is not None
    assert scope.ids == ["a:2"]


def test_without_a_number_of_the_impact_the_scope_is_left_open() -> None:
    assert (
        by_rules(
            ImpactIn(lines=[_line("we have about 35 people in the office this week")], timezone="UTC")
        ).scope
        is None
    )
