"""The interview on a terminal: shows a question with its evidence, reads one answer, keeps it before it is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from pm_agent.language.phrases import phrase
from pm_agent.rendering.plain import visible

if TYPE_CHECKING:
    from pm_agent.language import Language
    from pm_agent.runs import RunFolder
    from pm_agent.stages.interview import InterviewAnswer, InterviewQuestion


class Terminal:
    """Asks on standard error, reads from standard input; keeps each answer in the run folder."""

    def __init__(self, run: RunFolder, language: Language) -> None:
        self.run, self.language = run, language

    def __call__(self, question: InterviewQuestion) -> InterviewAnswer:
        """One question, one answer.

        Raises:
            KeyboardInterrupt: the person stops; what was answered is kept.
        """
        from pm_agent.stages.interview import InterviewAnswer

        self._show(question)
        reply = _read()
        if reply is None or reply.lower() == "q":
            raise KeyboardInterrupt
        if reply.lower() == "b":
            answer = InterviewAnswer(kind="branch")
        elif reply == "?" or (not reply and question.proposed is None):
            answer = InterviewAnswer(kind="unknown")
        elif not reply:
            answer = InterviewAnswer(kind="accept")
        else:
            answer = InterviewAnswer(kind="edit", text=reply)
        self.run.answer(question.id, answer.model_dump())
        return answer

    def _show(self, question: InterviewQuestion) -> None:
        language = self.language
        branch = phrase(language, f"interview.branches.{question.branch}")
        _say("")
        _say(
            phrase(
                language,
                "interview.header",
                number=question.number,
                of=question.of,
                branch=branch,
                level=question.level,
            )
        )
        _say(f"  {question.question}")
        if question.proposed:
            _say(phrase(language, "interview.proposed"))
            _say(f"  {question.proposed}")
            for id_, line in question.evidence:
                _say(f"    [{id_}] {line}")
            _say(question.test)
        else:
            _say(phrase(language, "interview.nothing"))
        _say(phrase(language, "interview.keys"))


def _say(text: str) -> None:
    typer.echo(visible(text), err=True)


def _read() -> str | None:
    sys.stderr.write("> ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else None
