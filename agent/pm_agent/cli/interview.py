"""The interview on a terminal: shows a question with its evidence, reads one answer, keeps it before it is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pm_agent.language.phrases import phrase
from pm_agent.rendering.plain import visible

if TYPE_CHECKING:
    from pm_agent.language import Language
    from pm_agent.runs import RunFolder
    from pm_agent.stages.interview import InterviewAnswer, InterviewQuestion


_KEYS: dict[str, Literal["branch", "unknown", "back"]] = {
    "b": "branch",
    "?": "unknown",
    "？": "unknown",
    "<": "back",
    "《": "back",
    "u": "unknown",
    "unknown": "unknown",
    "未知": "unknown",
    "不知道": "unknown",
}
_ACCEPT = frozenset({"a", "y", "yes", "ok", "accept", "是", "采纳"})
"""What people type for Enter."""


class Terminal:
    """Asks on standard error, reads from standard input; keeps each answer in the run folder."""

    def __init__(self, run: RunFolder, language: Language) -> None:
        self.run, self.language = run, language
        self.branch: str | None = None

    def __call__(self, question: InterviewQuestion) -> InterviewAnswer:
        """One question, one answer.

        Raises:
            KeyboardInterrupt: the person stops; what was answered is kept.
        """
        if self.branch is None:
            self._say("begin", done=question.number - 1)
        self._show(question)
        answer = self._answer(question)
        if answer.kind == "back":
            self.run.take_back()
            return answer
        self.run.answer(question.id, answer.model_dump())
        if answer.kind == "unknown":
            self._say("to_the_meeting")
        return answer

    def _answer(self, question: InterviewQuestion) -> InterviewAnswer:
        """Reads until there is an answer; one of the person's own is read back and may be put better."""
        from pm_agent.stages.interview import InterviewAnswer, remarks

        kept: str | None = None
        while True:
            reply = _read()
            if reply is None or reply.lower() == "q":
                raise KeyboardInterrupt
            kind = _KEYS.get(reply.lower())
            if kind and not (kind == "back" and question.number == 1):
                return InterviewAnswer(kind=kind)
            if reply.lower() in _ACCEPT and question.proposed is not None and kept is None:
                return InterviewAnswer(kind="accept")
            if len(reply) == 1 and reply.isascii():  # a key that means nothing is no answer to a why
                self._say("no_such_key", key=reply)
                continue
            if not reply and kept is not None:
                return InterviewAnswer(kind="edit", text=kept)
            if not reply and question.proposed is not None:
                return InterviewAnswer(kind="accept")
            told = remarks(question, reply, self.language) if reply else []
            if reply and not told:
                return InterviewAnswer(kind="edit", text=reply)
            kept = reply or None
            for remark in told:
                _print(f"  {remark}")
            self._say("keep" if reply else "no_proposal")

    def _show(self, question: InterviewQuestion) -> None:
        _print("")
        if question.branch != self.branch:
            self.branch = question.branch
            number = ("occurrence", "detection", "response").index(question.branch) + 1
            self._say("branch", number=number, branch=self._word(f"branches.{question.branch}"))
        level = self._word(f"levels.{question.level}")
        self._say("header", number=question.number, of=question.of, level=level)
        _print(f"  {question.question}")
        if question.proposed:
            self._say("proposed", support=self._word(f"support.{question.support}"))
            _print(f"  {question.proposed}")
        elif question.id.endswith("+"):
            self._say("person")
        else:
            self._say("nothing")
        if question.evidence:
            self._say("lines")
        for line in question.evidence:
            place = f"({line.place})" if line.place else ""
            about = " ".join(part for part in (line.at, line.actor, place) if part)
            _print(f"    {about}" if line.text == question.proposed else f"    {about}: {line.text}")
        if question.proposed:
            _print(question.test)
        back = self._word("key_back") if question.number > 1 else ""
        self._say("keys" if question.proposed else "keys_open", back=back)

    def _word(self, code: str) -> str:
        return phrase(self.language, f"interview.{code}")

    def _say(self, code: str, **values: object) -> None:
        _print(phrase(self.language, f"interview.{code}", **values))


def _print(text: str) -> None:
    """One paragraph; on a terminal wrapped between words, its indent kept."""
    body = visible(text).lstrip(" ")
    indent = len(text) - len(text.lstrip(" "))
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        console.print(Padding(Text(body), (0, 0, 0, indent)))
    else:
        typer.echo(" " * indent + body, err=True)


def _read() -> str | None:
    sys.stderr.write("> ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else None
