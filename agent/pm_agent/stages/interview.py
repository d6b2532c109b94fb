"""The guided 5 Whys: one question at a time, with the evidence for it and a proposed answer; each answer leads to the next.

Pure: which question comes next, and what an answer becomes. Asking is the graph's, showing the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.reading.timeline_words import row_words
from pm_agent.report import Ask, Statement, Why
from pm_agent.report.statements import Branch, Level
from pm_agent.rubric.chain import ends_at_person


@dataclass(frozen=True)
class InterviewQuestion:
    """What to ask now, and what to show with it."""

    id: str
    """Id of the why; ends in `+` where what made a person's act possible is asked."""
    branch: Branch
    level: Level
    question: str
    proposed: str | None
    """The answer that the evidence gives, or None."""
    evidence: tuple[tuple[str, str], ...]
    """(event id, line) behind the proposed answer."""
    test: str
    """The check that goes with it: would it have happened without this?"""
    number: int
    of: int


class InterviewAnswer(BaseModel):
    """What a person answered."""

    model_config = ConfigDict(frozen=True)
    kind: Literal["accept", "edit", "unknown", "branch", "stop"]
    """branch: leave the rest of this branch open and go to the next one."""
    text: str = ""
    citations: list[str] = []
    """Event ids a person names for an edited answer."""


def next_question(
    evidence: Evidence, whys: Sequence[Why], answers: Mapping[str, InterviewAnswer]
) -> InterviewQuestion | None:
    """The next question that nobody answered, or None when the chains are done.

    A branch ends where an answer is unknown or somebody left it: a deeper why of something unknown can't be asked.
    An answer that ends at a person is asked once more: what made it possible?
    """
    ended: set[Branch] = set()
    for number, why in enumerate(whys, 1):
        if why.branch in ended:
            continue
        answer = answers.get(why.id)
        if answer is None:
            return _question(evidence, why, number, len(whys))
        if answer.kind in {"unknown", "branch"}:
            ended.add(why.branch)
        text = answer.text if answer.kind == "edit" else why.answer.text
        again = answers.get(f"{why.id}+")
        if answer.kind == "edit" and ends_at_person(text) and again is None:
            return _asked_again(evidence, why, number, len(whys))
        if again is not None and again.kind in {"unknown", "branch"}:
            ended.add(why.branch)
    return None


def _question(evidence: Evidence, why: Why, number: int, of: int) -> InterviewQuestion:
    lines = tuple((e.id, row_words(e.text)) for e in evidence.cited(why.answer.citations))
    proposed = why.answer.text if why.answer.support != "unknown" else None
    test = phrase(evidence.language, "interview.test")
    return InterviewQuestion(why.id, why.branch, why.level, why.question, proposed, lines, test, number, of)


def _asked_again(evidence: Evidence, why: Why, number: int, of: int) -> InterviewQuestion:
    question = phrase(evidence.language, "ask.whys.made_possible")
    return InterviewQuestion(f"{why.id}+", why.branch, why.level, question, None, (), "", number, of)


def statements(
    evidence: Evidence, whys: Sequence[Why], answers: Mapping[str, InterviewAnswer]
) -> dict[str, Statement]:
    """Why id → statement of every answer given; an edited one is a person's word."""
    found: dict[str, Statement] = {}
    for why in whys:
        answer = answers.get(f"{why.id}+") or answers.get(why.id)
        if answer is None or answer.kind in {"accept", "branch", "stop"}:
            continue
        if answer.kind == "unknown" or ends_at_person(answer.text) or not answer.text.strip():
            found[why.id] = _open(why, evidence.language)
            continue
        cited = [i for i in answer.citations if i in evidence.by_id] or why.answer.citations * (
            answer.text == why.answer.text
        )
        found[why.id] = Statement(id=why.answer.id, text=answer.text.strip(), citations=cited, origin="human")
    return found


def _open(why: Why, language: Language) -> Statement:
    ask = Ask(whom=phrase(language, f"ask.whys.{why.branch}.whom"), question=why.question)
    return Statement(id=why.answer.id, text=phrase(language, "not_in_evidence"), support="unknown", ask=ask)
