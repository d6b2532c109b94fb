"""Blame-oriented wording in a document, with line and column; code blocks and what machines said are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pm_agent.language import Language, of_text
from pm_agent.language.phrases import phrase
from pm_agent.rubric import blame
from pm_agent.rubric.team import in_force

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_LEAD = re.compile(r"^\s*(?:>\s*)*(?:[-*+•]\s+|\d{1,3}[.)、]\s+|#{1,6}\s+)?(?:\[[ xX]\]\s+)?")


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One finding, as `pm-agent lint --format json` prints it."""

    file: str
    line: int
    column: int
    end_column: int
    span: str
    rule: str
    severity: Literal["error", "warning", "info"]
    message: str
    suggestion: str


def lint_text(text: str, file: str = "stdin") -> list[LintFinding]:
    """Every finding of a document, in order."""
    language = of_text(text) or "en"
    return [found for number, line in _prose(text) for found in _in_line(line, number, file, language)]


def _prose(text: str) -> Iterator[tuple[int, str]]:
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and line.strip():
            yield number, line


def _in_line(line: str, number: int, file: str, language: Language) -> Iterator[LintFinding]:
    lead = _LEAD.match(line)
    offset = lead.end() if lead else 0
    for found in blame.find(line[offset:]):
        rule = in_force().rule(found.rule)
        yield LintFinding(
            file=file,
            line=number,
            column=offset + found.start + 1,
            end_column=offset + found.end + 1,
            span=found.span,
            rule=found.rule,
            severity=rule.severity if rule else "warning",
            message=reason(found.rule, language),
            suggestion=found.rewrite or phrase(language, "blame.ask"),
        )


def reason(id_: str, language: Language) -> str:
    """Why that wording is a problem: the team's words where it wrote some, else the program's."""
    team = in_force()
    mine = next((r for r in [*team.changed, *(o.rule for o in team.own)] if r.id == id_), None)
    return mine.why if mine else phrase(language, id_)
