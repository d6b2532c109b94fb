"""Every example of every rule of every rubric is judged as the rubric says, and there are enough of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pm_agent.evidence import Event
from pm_agent.grounding import check
from pm_agent.language import has_han
from pm_agent.rubric import checks, completeness, consistency
from pm_agent.rubric.response import check_response
from pm_agent.rubric.rules import Rule, all_rules
from pm_agent.settings import ResponseLimits
from pm_agent.stages.verify import verify
from rubric.whole import LANGUAGES, Language, changed, language_named

_WHOLE = {**completeness.CHECKS, **consistency.CHECKS}
_ALWAYS = {"response.cause_first"}
"""The whole report repairs what it has understood; nothing else of its response is found wanting."""
_RULES = list(all_rules())
_IDS = {rule.id for rule in _RULES}


def _patches(rule: Rule) -> bool:
    """Its examples change a whole report."""
    return rule.judges == "response" or (rule.judges == "report" and rule.check in _WHOLE)


def _languages(rule: Rule, example: str) -> tuple[Language, ...]:
    """The whole reports that an example changes; any other example is judged once."""
    if not _patches(rule):
        return (_language(example),)
    named = language_named(example)
    return (named,) if named else LANGUAGES


def _language(example: str) -> Language:
    """What an example counts as: the language it names, else the one it is written in."""
    return language_named(example) or ("zh" if has_han(example) else "en")


_CASES = [
    pytest.param(rule, language, example, wrong, id=f"{rule.id}-{'fail' if wrong else 'pass'}-{number}-{language}")
    for rule in _RULES
    for wrong, examples in ((False, rule.passes), (True, rule.fails))
    for number, example in enumerate(examples)
    for language in _languages(rule, example)
]  # fmt: skip


@pytest.mark.parametrize(("rule", "language", "example", "wrong"), _CASES)
def test_an_example_is_judged_as_the_rubric_says(
    rule: Rule, language: Language, example: str, wrong: bool
) -> None:
    """A failing example offends its rule and no other of its kind; a passing one does not."""
    offended = _offended(rule, language, example, wrong)
    assert (rule.id in offended) is wrong
    if wrong:
        assert offended == {rule.id}


def _offended(rule: Rule, language: Language, example: str, wrong: bool) -> set[str]:
    """Ids of the rules that an example offends."""
    if rule.judges == "claim":
        return _lacks(rule, example)
    if not _patches(rule):
        return {rule.id} if checks.offends(rule, example) else set()
    report = changed(language, example)
    assert report is not None
    if rule.judges == "response":
        found = {f.rule for f in check_response(report, ResponseLimits())} & _IDS
        return found - (_ALWAYS - {rule.id})
    if wrong:
        return {f.rule for f in verify(report)}
    return {rule.id} if list(_WHOLE[rule.check](report)) else set()


def _lacks(rule: Rule, example: str) -> set[str]:
    """What `claim ⇐ line` lacks; a passing claim lacks nothing at all."""
    claim, _, line = example.partition(" ⇐ ")
    at = datetime(2026, 3, 4, 10, 4, tzinfo=UTC)
    events = [Event(id="e:1", at=at, text=line, kind="chat")] if line else []
    lacks = {f"grounding.{problem.lack}" for problem in check(claim, events)}
    return {"grounding.no_such_event"} if lacks == {"grounding.nothing_cited"} else lacks


@pytest.mark.parametrize("verdict", ["passes", "fails"])
@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.id)
def test_a_rule_has_enough_examples_in_both_languages(rule: Rule, verdict: str) -> None:
    """At least eight of each verdict, four a language, none of them twice."""
    examples: tuple[str, ...] = getattr(rule, verdict)
    assert len(examples) == len(set(examples))
    assert len(examples) >= 8
    for language in LANGUAGES:
        assert sum(_language(e) == language for e in examples) >= 4, language


def test_rule_ids_are_unique() -> None:
    """One id names one rule."""
    assert len(_RULES) == len(_IDS)
