"""The guided 5 Whys: one question an execution, the next from the answer, stop and resume, and no chain ends at a person."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pm_agent.api import draft_async, draft_evidence, read
from pm_agent.runs import RunFolder
from pm_agent.settings import Settings
from pm_agent.stages.interview import InterviewAnswer, InterviewQuestion, remarks

SETTINGS = Settings(timezone="UTC", date="2026-03-04")


def test_each_answer_leads_to_the_next_question(chat: Path) -> None:
    """An edited answer stands in the next question; what was accepted keeps its citations."""
    asked: list[InterviewQuestion] = []

    def answer(question: InterviewQuestion) -> InterviewAnswer:
        asked.append(question)
        if question.id == "W2":
            return InterviewAnswer(kind="edit", text="the migration ran without a review of its indexes")
        return InterviewAnswer(kind="accept" if question.proposed else "unknown")

    report = asyncio.run(draft_async(chat, SETTINGS, interview=answer))
    assert [q.id for q in asked][:3] == ["W1", "W2", "W3"]
    assert asked[0].evidence[0].id in {line.id for line in report.evidence}
    assert "the migration ran without a review" in asked[2].question
    first, second = report.whys[0], report.whys[1]
    assert first.answer.citations
    assert (second.answer.text, second.answer.origin) == (
        "the migration ran without a review of its indexes",
        "human",
    )


def test_a_person_as_answer_is_asked_once_more(chat: Path) -> None:
    """What made it possible replaces the person; a second person leaves the link open."""
    asked: list[str] = []

    def answer(question: InterviewQuestion) -> InterviewAnswer:
        asked.append(question.id)
        if question.id == "W1":
            return InterviewAnswer(kind="edit", text="Bob forgot to check the index")
        if question.id == "W1+":
            return InterviewAnswer(kind="edit", text="the deploy tool shows no schema changes")
        return InterviewAnswer(kind="branch")

    report = asyncio.run(draft_async(chat, SETTINGS, interview=answer))
    assert asked[:2] == ["W1", "W1+"]
    assert report.whys[0].answer.text == "the deploy tool shows no schema changes"
    assert "Bob" not in report.model_dump_json(exclude={"evidence"})


def test_unknown_ends_the_branch_and_lands_in_the_meeting(chat: Path) -> None:
    """Nobody is asked why something unknown happened; the question goes to the meeting."""
    asked: list[str] = []

    def answer(question: InterviewQuestion) -> InterviewAnswer:
        asked.append(question.id)
        return InterviewAnswer(kind="unknown")

    report = asyncio.run(draft_async(chat, SETTINGS, interview=answer))
    assert asked == ["W1", "W6", "W7"]
    assert any(
        q.ask and q.ask.question.startswith("Why did the incident") for q in report.meeting.open_questions
    )


def test_nobody_answers(chat: Path) -> None:
    """Without an interview the same questions stand in the report."""
    report = asyncio.run(draft_async(chat, SETTINGS))
    assert report.meeting.open_questions


def test_stop_and_resume(chat: Path, tmp_path: Path) -> None:
    """Answers kept in the run folder are not asked again."""
    evidence = read(chat, SETTINGS)
    run = RunFolder.create(
        tmp_path / "runs", evidence, SETTINGS, [str(chat)], datetime(2026, 3, 4, tzinfo=UTC)
    )
    asked: list[str] = []

    def stops(question: InterviewQuestion) -> InterviewAnswer:
        asked.append(question.id)
        if len(asked) == 2:
            raise KeyboardInterrupt
        answer = InterviewAnswer(kind="accept")
        run.answer(question.id, answer.model_dump())
        return answer

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(draft_evidence(evidence, SETTINGS, interview=stops))
    again = RunFolder.open(run.path)
    kept = {key: InterviewAnswer.model_validate(value) for key, value in again.answers().items()}
    assert set(kept) == {"W1"}
    rest: list[str] = []

    def answers(question: InterviewQuestion) -> InterviewAnswer:
        rest.append(question.id)
        return InterviewAnswer(kind="unknown")

    asyncio.run(draft_evidence(again.evidence(), again.settings(), interview=answers, answered=kept))
    assert "W1" not in rest
    assert rest[0] == "W2"


def test_an_answer_can_be_taken_back(chat: Path) -> None:
    """The question comes again, and the report holds the second answer."""
    asked: list[str] = []

    def answer(question: InterviewQuestion) -> InterviewAnswer:
        asked.append(question.id)
        if asked == ["W1"]:
            return InterviewAnswer(kind="edit", text="a slip of the keyboard")
        if asked == ["W1", "W2"]:
            return InterviewAnswer(kind="back")
        return InterviewAnswer(kind="accept" if question.proposed else "branch")

    report = asyncio.run(draft_async(chat, SETTINGS, interview=answer))
    assert asked[:3] == ["W1", "W2", "W1"]
    assert "slip" not in report.model_dump_json()


def test_the_next_question_is_put_to_the_answer_before(chat: Path) -> None:
    asked: list[InterviewQuestion] = []

    def answer(question: InterviewQuestion) -> InterviewAnswer:
        asked.append(question)
        return InterviewAnswer(kind="accept" if question.proposed else "branch")

    asyncio.run(draft_async(chat, SETTINGS, interview=answer))
    assert asked[0].before is None
    assert asked[1].before == asked[0].proposed
    assert "dropped the cart index" in asked[1].question
    assert (asked[0].number, asked[0].of) == (1, 7)
    assert asked[0].evidence[0].at == "10:04"
    assert asked[0].evidence[0].place == "chat.txt:4"


def _question(before: str | None) -> InterviewQuestion:
    return InterviewQuestion("W2", "occurrence", "technical", "Why?", None, "unknown", (), "", before, 2, 7)


@pytest.mark.parametrize(
    ("before", "text", "told"),
    [
        ("the pool was exhausted", "a retry loop opens a connection each time", ["Read back"]),
        ("the pool was exhausted", "the pool was exhausted again", ["Read back", "It says the same"]),
        ("the pool was exhausted", "As a result 312 orders were lost", ["Read back", "It reads like"]),
        ("the pool was exhausted", "There was a problem in the system", ["Read back", "It names nothing"]),
        ("the pool was exhausted", "A flaky VPN made it worse", ["Read back", "It says itself"]),
        (None, "the limit was 2", []),
        ("the pool was exhausted", "Bob forgot the limit", []),
    ],
)
def test_an_own_answer_is_read_back_and_tested(before: str | None, text: str, told: list[str]) -> None:
    found = remarks(_question(before), text, "en")
    assert [line[: len(start)] for line, start in zip(found, told, strict=True)] == told
