"""The guided 5 Whys: one question at a time, with the evidence for it and a proposed answer; each answer leads to the next.

Pure: which question comes next, and what an answer becomes. Asking is the graph's, showing the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Event, Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.reading.clock_face import local_minute
from pm_agent.reading.timeline_words import cut, row_words
from pm_agent.report import Ask, Statement, Why
from pm_agent.report.statements import Branch, Level, Support
from pm_agent.rubric import chain
from pm_agent.rubric.chain import ends_at_person


@dataclass(frozen=True)
class Shown:
    """One line of evidence, as it is shown beside a question."""

    id: str
    text: str
    at: str | None
    """`20:35`, in the zone of the evidence."""
    actor: str | None
    place: str
    """File and line."""


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
    support: Support
    """How the proposed answer stands: supported, hypothesis; unknown where there is none."""
    evidence: tuple[Shown, ...]
    """The lines behind the proposed answer."""
    test: str
    """The check that goes with it: would it have happened without this?"""
    before: str | None
    """The answer of the link above, which this question asks behind."""
    number: int
    """The how manieth question of this interview it is."""
    of: int
    """How many questions are asked at most from here on, with those that were answered."""


class InterviewAnswer(BaseModel):
    """What a person answered."""

    model_config = ConfigDict(frozen=True)
    kind: Literal["accept", "edit", "unknown", "branch", "back", "stop"]
    """branch: leave the rest of this branch as the evidence gives it and go to the next one; back: take the last answer back."""
    text: str = ""
    citations: list[str] = []
    """Event ids a person names for an edited answer."""


def answered(
    answers: Mapping[str, InterviewAnswer], question: str, answer: InterviewAnswer
) -> dict[str, InterviewAnswer]:
    """The answers with this one; without the last one where it is taken back."""
    if answer.kind == "back":
        return dict(list(answers.items())[:-1])
    return {**answers, question: answer}


def next_question(
    evidence: Evidence, whys: Sequence[Why], answers: Mapping[str, InterviewAnswer]
) -> InterviewQuestion | None:
    """The next question that nobody answered, or None when the chains are done.

    A branch ends where an answer is unknown or somebody left it: a deeper why of something unknown can't be asked.
    An answer that ends at a person is asked once more: what made it possible?
    """
    ended: set[Branch] = set()
    before: dict[Branch, str] = {}
    for number, why in enumerate(whys):
        if why.branch in ended:
            continue
        answer, again = answers.get(why.id), answers.get(f"{why.id}+")
        left = sum(w.branch not in ended for w in whys[number:])
        if answer is None:
            return _question(evidence, why, before.get(why.branch), len(answers) + 1, len(answers) + left)
        text = answer.text if answer.kind == "edit" else why.answer.text
        if answer.kind == "edit" and ends_at_person(text) and again is None:
            return _asked_again(evidence, why, len(answers) + 1, len(answers) + left)
        if _ends(answer) or (again is not None and _ends(again)):
            ended.add(why.branch)
        before[why.branch] = again.text if again is not None and again.text else text
    return None


def _ends(answer: InterviewAnswer) -> bool:
    """True where nothing deeper can be asked."""
    return answer.kind in {"unknown", "branch"}


def _question(evidence: Evidence, why: Why, before: str | None, number: int, of: int) -> InterviewQuestion:
    known = why.answer.support != "unknown"
    return InterviewQuestion(
        id=why.id, branch=why.branch, level=why.level, question=_asked_of(evidence.language, why, before),
        proposed=why.answer.text if known else None, support=why.answer.support,
        evidence=tuple(_shown(e, evidence.timezone) for e in evidence.cited(why.answer.citations)),
        test=phrase(evidence.language, "interview.test"), before=before, number=number, of=of,
    )  # fmt: skip


def _asked_of(language: Language, why: Why, before: str | None) -> str:
    """The question, put to the answer before it."""
    if before is None:
        return why.question
    standard = phrase(language, f"whys.{why.branch}.{why.level}")
    return phrase(language, "whys.next", answer=cut(before, 90), standard=standard)


def _asked_again(evidence: Evidence, why: Why, number: int, of: int) -> InterviewQuestion:
    question = phrase(evidence.language, "ask.whys.made_possible")
    return InterviewQuestion(
        f"{why.id}+", why.branch, why.level, question, None, "unknown", (), "", None, number, of
    )


def _shown(event: Event, timezone: str) -> Shown:
    first = event.sources[0] if event.sources else None
    place = f"{first.file.rsplit('/', 1)[-1]}{f':{first.line}' if first.line else ''}" if first else ""
    at = local_minute(event.at, timezone) if event.at else event.relative
    return Shown(event.id, row_words(event.text), at, event.actor, place)


def remarks(question: InterviewQuestion, text: str, language: Language) -> list[str]:
    """What the tests of a chain say about an answer of a person's own: read it back, then think once more.

    Nothing where it ends at a person: that is asked as a question of its own.
    """
    if ends_at_person(text):
        return []
    links = [
        Why(id=str(n), branch=question.branch, level=question.level, question="-", answer=_own(str(n), link))
        for n, link in enumerate([*([question.before] if question.before else []), text])
    ]
    told = []
    if question.before:
        told.append(
            phrase(
                language, "interview.read_back", later=text.rstrip(".。"), earlier=cut(question.before, 120)
            )
        )
    if chain.circular(links):
        told.append(phrase(language, "interview.remark.circular"))
    if chain.broken(links):
        told.append(phrase(language, "interview.remark.therefore"))
    if chain.padding(links[-1:]):
        told.append(phrase(language, "interview.remark.padding"))
    if chain.not_needed(text):
        told.append(phrase(language, "interview.remark.without_it"))
    return told


def _own(id_: str, text: str) -> Statement:
    return Statement(id=id_, text=text, origin="human")


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
