"""The checks that rubrics name: does one example offend a rule? Run by the tests, and by whoever adds a rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pm_agent.errors import InputError
from pm_agent.reading.action_items import item_of
from pm_agent.reading.topic import tokens
from pm_agent.report import Priority, Statement, Why
from pm_agent.rubric import action_set, blame, chain, smart
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


def _finding(rule: Rule, example: str) -> bool:
    """What the rubric finds on one item written on a fixed day."""
    item, language = item_of(example, _WRITTEN), smart.language_of(example)
    verdicts = smart.judge(item, None, language)
    priority: Priority | None = item.priority  # type: ignore[assignment]
    return any(
        f.rule == rule.id for f in smart.findings("AI-001", item, verdicts, priority, _WRITTEN, language)
    )


def _not_relevant(rule: Rule, example: str) -> bool:
    """`cause → action`: the action shares no telling word with the cause."""
    cause, action = example.split(" → ")
    return smart.judge(item_of(action, _WRITTEN), tokens(cause), "en").relevant.met is False


def _uncovered(rule: Rule, example: str) -> bool:
    """`cause → action`: no action takes up the cause."""
    cause, *actions = example.split(" → ")
    return action_set.uncovered([cause], actions) == [cause]


def _set(rule: Rule, example: str) -> bool:
    """Several items, separated by ` | `, judged together."""
    items = [(f"AI-{number}", text) for number, text in enumerate(example.split(" | "))]
    return any(f.rule == rule.id for f in action_set.findings(items, "en"))


CHECKS: dict[str, Callable[[Rule, str], bool]] = {
    "blame": _blames,
    "ends_at_person": lambda rule, example: chain.ends_at_person(example),
    "circular": lambda rule, example: bool(chain.circular(_links(example))),
    "therefore": lambda rule, example: bool(chain.broken(_links(example))),
    "without_it": lambda rule, example: chain.not_needed(example),
    "padding": lambda rule, example: bool(chain.padding(_links(example))),
    "smart": _finding,
    "relevance": _not_relevant,
    "coverage": _uncovered,
    "action_set": _set,
}
"""Name in a rubric → does the example offend the rule?"""
