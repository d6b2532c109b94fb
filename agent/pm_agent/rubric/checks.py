"""The checks that rubrics name: does one example offend a rule? Run by the tests, and by whoever adds a rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pm_agent.errors import InputError
from pm_agent.report import Statement, Why
from pm_agent.rubric import blame, chain, smart
from pm_agent.rubric.action_documents import judge_document
from pm_agent.rubric.rules import Rule

_WRITTEN = date(2026, 3, 4)
"""The day on which the examples of action items are written."""


def offends(rule: Rule, example: str) -> bool:
    """True where an example offends the rule, by the check that the rule names.

    Raises:
        InputError: no check has that name.
    """
    if rule.check not in CHECKS:
        raise InputError(f"{rule.id}: no check is called {rule.check!r}", hint=f"one of: {', '.join(CHECKS)}")
    return CHECKS[rule.check](rule, example)


def _links(example: str) -> list[Why]:
    """Links of a chain, separated by arrows: what failed first, then why."""
    return [
        Why(
            id=f"W{number}",
            level="direct",
            question="?",
            answer=Statement(id=f"S{number}", text=link, citations=["e:1"]),
        )
        for number, link in enumerate(example.split(" → "))
    ]


def _blames(rule: Rule, example: str) -> bool:
    return any(found.rule == rule.id for found in blame.find(example))


def _unmet(rule: Rule, example: str) -> bool:
    """The finding of that id on the only item of a document."""
    return any(rule.id in smart.codes(item) for item in judge_document(f"- {example}", "example.md", _WRITTEN))


CHECKS: dict[str, Callable[[Rule, str], bool]] = {
    "blame": _blames,
    "ends_at_person": lambda rule, example: chain.ends_at_person(example),
    "circular": lambda rule, example: bool(chain.circular(_links(example))),
    "therefore": lambda rule, example: bool(chain.broken(_links(example))),
    "without_it": lambda rule, example: chain.not_needed(example),
    "padding": lambda rule, example: bool(chain.padding(_links(example))),
    "smart": _unmet,
}
