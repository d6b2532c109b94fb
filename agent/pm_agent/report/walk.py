"""A report as the things it claims: every text with the lines it cites, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pm_agent.report import Hypothesis, Report
from pm_agent.report.model import ReportModel
from pm_agent.report.statements import Statement


@dataclass(frozen=True, slots=True)
class Claim:
    """One text of a report, and the lines it cites."""

    where: str
    """Id of what holds it, else its path in the report."""
    text: str
    citations: tuple[str, ...]
    by_person: bool = False
    """True for a person's own word, which no line has to bear."""
    unknown: bool = False
    """True where it says that the evidence says nothing."""


def statements(report: Report) -> Iterator[tuple[str, Statement]]:
    """Path and statement of everything a report says in prose, in the order of the contract."""
    return (
        (path, node)
        for path, node in _nodes(report)
        if isinstance(node, Statement) and not path.startswith("meeting.open_questions")
    )


def claims(report: Report) -> Iterator[Claim]:
    """Every text that cites lines: statements, rows, actions, figures, fixes, hypotheses, signals."""
    for path, node in _nodes(report):
        if isinstance(node, Statement):
            if path.startswith("meeting.open_questions"):
                continue
            yield Claim(node.id, node.text, tuple(node.citations), node.origin == "human", node.support == "unknown")  # fmt: skip
        else:
            text = getattr(node, "text", None) or getattr(node, "signal", None)
            cited = getattr(node, "citations", None)
            if isinstance(node, Hypothesis):
                cited = node.supporting + node.contradicting
            if isinstance(text, str) and isinstance(cited, list):
                where = getattr(node, "id", None) or path
                yield Claim(where, text, tuple(cited), getattr(node, "origin", "") == "human")


def _nodes(report: Report) -> Iterator[tuple[str, ReportModel]]:
    for name in type(report).model_fields:
        if name not in {"evidence", "coverage", "provenance", "gaps", "findings", "injections"}:
            yield from _below(name, getattr(report, name))


def _below(path: str, value: object) -> Iterator[tuple[str, ReportModel]]:
    if isinstance(value, ReportModel):
        yield path, value
        for name in type(value).model_fields:
            yield from _below(f"{path}.{name}", getattr(value, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _below(f"{path}.{number}", item)
