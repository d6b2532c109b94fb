"""Which lines tell something by themselves, and what terse ones tell together with the lines before them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.reading.test_milestones import alert, lines

from pm_agent.reading.completions import completions
from pm_agent.reading.lines import Line
from pm_agent.reading.milestones import choose
from pm_agent.reading.says import says
from pm_agent.reading.scene import read_scene
from pm_agent.reading.selection import select
from pm_agent.reading.substance import is_terse


def rows(told: list[Line]) -> list[tuple[str, str]]:
    """Kind and words of every row, in order."""
    scene = read_scene(told, "UTC")
    return [(pick.kind, pick.words) for pick in select(scene, choose(scene))]


def done(told: list[Line]) -> set[str]:
    """Texts of lines that end a fix, by their own words or by what they answer."""
    said = {line.id: says(line) for line in told}
    found = completions(told, said)
    return {t.text for t in told if t.id in found or any(s.act == "fix_done" for s in said[t.id])}


def by(person: str) -> dict[str, Any]:
    return {"actor": f"Engineer {person}"}


STORY = [
    (0, "[FIRING] PutFailRatio store: 20 % of writes fail", alert("firing", "PutFailRatio store")),
    (2, "customers can't upload attachments", by("B")),
    (5, "507 only on shard-2, the other shards have none", by("A")),
    (9, "anyone for lunch?", by("C")),
    (12, "switch shard-2 to rw", by("A")),
    (13, "done", by("A")),
    (15, "[RESOLVED] PutFailRatio store", alert("resolved", "PutFailRatio store")),
]


def test_an_observation_is_a_row_without_any_cue() -> None:
    """`507 only on shard-2` holds no word like found or cause, and belongs into the timeline all the same."""
    words = [text for _, text in rows(lines(*STORY))]
    assert any(text.startswith("507 only on shard-2") for text in words)
    assert not any("lunch" in text for text in words)


def test_a_terse_row_says_what_it_goes_on_with() -> None:
    """`done` alone tells a reader nothing."""
    told = lines((0, "restart the api pods", by("A")), (1, "done", by("A")))
    assert done(told) == {"done"}
    scene = read_scene(lines(*STORY), "UTC")
    terse = next(pick for pick in select(scene, choose(scene)) if pick.words.endswith("done"))
    assert terse.words == "switch shard-2 to rw / done"
    assert [line.text for line in terse.context] == ["switch shard-2 to rw"]
    assert terse.ids[0] == terse.line.id


@pytest.mark.parametrize(
    ("order", "report"),
    [
        ("rolling back v2.3 now", "done"),
        ("i'll restart the workers", "all restarted"),
        ("切 rw", "rw 了"),
        ("先把终止通知 job 停了吧", "停了 已经发了几百条"),
        ("开始 2 万一批 中间 sleep", "65/65 完"),
    ],
)
def test_a_completion_ends_what_was_ordered(order: str, report: str) -> None:
    """In both languages, by the same person or right after."""
    assert report in done(lines((0, order, by("A")), (3, report, by("A"))))


@pytest.mark.parametrize(
    "report", ["is it done?", "还没完", "not done yet", "maybe done", "又挂了", "那到底是啥 20多分钟了"]
)
def test_what_is_not_said_as_done_ends_nothing(report: str) -> None:
    """Questions, negations, hopes and new symptoms."""
    assert done(lines((0, "restart the api pods", by("A")), (2, report, by("A")))) == set()


def test_a_completion_without_an_order_ends_nothing() -> None:
    """A lunch order can be done too."""
    assert done(lines((0, "morning all", by("A")), (2, "done", by("A")))) == set()


@pytest.mark.parametrize(
    ("text", "terse"),
    [
        ("rw 了", True),
        ("done", True),
        ("停了", True),
        ("the payment gateway answers 502 for all card payments", False),
        ("库里就是 status=5 查了 4 张都是 updated_by=order2317", False),
    ],
)
def test_terse(text: str, terse: bool) -> None:
    """Chinese is measured by its characters, not by its pairs of them."""
    assert is_terse(text) is terse
