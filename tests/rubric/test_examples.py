"""Every example of every rule of every rubric is judged as the rubric says."""

from __future__ import annotations

import pytest

from pm_agent.rubric.checks import offends
from pm_agent.rubric.rules import Rule, all_rules

_CASES = [
    pytest.param(rule, text, verdict, id=f"{rule.id}-{'fail' if verdict else 'pass'}-{number}")
    for rule in all_rules()
    if rule.judges
    not in {"report", "claim", "response"}  # judged with a whole report, or a line: test_whole_reports.py
    for verdict, examples in ((False, rule.passes), (True, rule.fails))
    for number, text in enumerate(examples)
]


@pytest.mark.parametrize(("rule", "text", "wrong"), _CASES)
def test_an_example_is_judged_as_the_rubric_says(rule: Rule, text: str, wrong: bool) -> None:
    """A failing example offends its rule, a passing one does not."""
    assert offends(rule, text) is wrong


def test_every_rule_has_examples_in_both_languages() -> None:
    """At least eight of each verdict, four a language."""
    for rule in all_rules():
        if rule.judges in {"report", "response"}:
            continue
        for examples in (rule.passes, rule.fails):
            chinese = [e for e in examples if any("\u4e00" <= c <= "\u9fff" for c in e)]
            assert len(examples) >= 8, rule.id
            assert len(chinese) >= 4, rule.id
            assert len(examples) - len(chinese) >= 4, rule.id


def test_rule_ids_are_unique() -> None:
    """One id names one rule."""
    ids = [rule.id for rule in all_rules()]
    assert len(ids) == len(set(ids))
