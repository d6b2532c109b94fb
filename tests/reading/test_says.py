"""What a person's line says: it declares, it closes, it tells of a state that somebody has brought about."""

from __future__ import annotations

import pytest

from pm_agent.reading.lines import Line
from pm_agent.reading.says import says


def _acts(text: str) -> set[str]:
    line = Line(id="l1", text=text, at=None, kind="chat", actor="Engineer A", actor_kind="person")
    return {saying.act for saying in says(line) if saying.weight >= 1.5}


@pytest.mark.parametrize(
    "text",
    [
        "still. SEV1 from here, paging properly",
        "SEV2 for now. INC-1190",
        "sev 2. opening a call, link in the topic",
        "Then make it one, I don't mind. Sev one from now.",
        "then P4 for now imo",
        "P1 then, B can you stay",
        "this goes to P1",
        "lowering it to SEV3",
        "升 P0 吧",
    ],
)
def test_who_names_a_severity_declares_it(text: str) -> None:
    assert "declared" in _acts(text)


@pytest.mark.parametrize(
    "text",
    [
        "make this a P1?",
        "P1 stays open till the refunds are through",
        "P2 alert on the mail relay again",
        "my boss will call it a one",
        "the P99 is at 3 s",
        "P1 is for outages, read the page",
    ],
)
def test_who_asks_or_talks_of_one_does_not(text: str) -> None:
    assert "declared" not in _acts(text)


@pytest.mark.parametrize(
    "text",
    [
        "closing, 9pm here. thank you all",
        "closing. good night",
        "ok closing this at 12:05 ET",
        "ok so calling the shelves part resolved",
        "ok. resolved for us, on the backup",
        "P1 关掉。明早10点复盘",
        "故障关闭，辛苦大家",
    ],
)
def test_who_closes(text: str) -> None:
    assert "closed" in _acts(text)


@pytest.mark.parametrize(
    "text",
    [
        "calling it sev2. INC-2291",
        "chat is calling it tidehollow: the waiting",
        "the lanes are closing one after another",
        "closing the laptop would help",
    ],
)
def test_other_things_close_too(text: str) -> None:
    assert "closed" not in _acts(text)


@pytest.mark.parametrize(
    "text", ["flag is off for everybody", "new_home_feed is off for everyone", "改 120 了"]
)
def test_a_state_that_was_brought_about_is_told(text: str) -> None:
    assert _acts(text) & {"finished", "fix_done", "changed", "fix_started"}


def test_a_question_and_a_plan_tell_of_none() -> None:
    assert "finished" not in _acts("is the flag off for everybody?")
    assert "finished" not in _acts("the flag will be off for everybody tomorrow")
