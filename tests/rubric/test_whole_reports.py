"""Rules over whole reports: each example breaks exactly its rule, and the verifier says exactly that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pm_agent.evidence import Event
from pm_agent.grounding import check
from pm_agent.report import Finding, Report
from pm_agent.rubric import completeness, consistency
from pm_agent.rubric.rules import Rule, all_rules
from pm_agent.stages.verify import verify
from rubric.whole import LANGUAGES, Language, changed

_CHECKS = {**completeness.CHECKS, **consistency.CHECKS}
_REPORT_RULES = [rule for rule in all_rules() if rule.judges == "report" and rule.check in _CHECKS]
_CASES = [
    pytest.param(rule, language, example, verdict, id=f"{rule.id}-{language}-{verdict}-{number}")
    for rule in _REPORT_RULES
    for verdict, examples in (("pass", rule.passes), ("fail", rule.fails))
    for number, example in enumerate(examples)
    for language in LANGUAGES
]
_CLAIMS = [
    pytest.param(rule, example, verdict, id=f"{rule.id}-{verdict}-{number}")
    for rule in all_rules()
    if rule.judges == "claim"
    for verdict, examples in (("pass", rule.passes), ("fail", rule.fails))
    for number, example in enumerate(examples)
]


def _told(found: list[Finding]) -> set[str]:
    return {f.rule for f in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_report_has_no_finding(language: Language) -> None:
    whole = changed(language, "{}")
    assert whole is not None
    assert verify(whole) == []


@pytest.mark.parametrize(("rule", "language", "example", "verdict"), _CASES)
def test_a_planted_fault_is_found_and_nothing_else(
    rule: Rule, language: Language, example: str, verdict: str
) -> None:
    report = changed(language, example)
    if report is None:
        return
    if verdict == "fail":
        assert _told(verify(report)) == {rule.id}
    else:
        assert list(_CHECKS[rule.check](report)) == []


@pytest.mark.parametrize(("rule", "example", "verdict"), _CLAIMS)
def test_a_claim_is_held_against_its_line(rule: Rule, example: str, verdict: str) -> None:
    """A failing claim lacks exactly what its rule is about; a passing one lacks nothing."""
    claim, _, line = example.partition(" ⇐ ")
    at = datetime(2026, 3, 4, 10, 4, tzinfo=UTC)
    events = [Event(id="e:1", at=at, text=line, kind="chat")] if line else []
    lacks = {f"grounding.{p.lack}" for p in check(claim, events)}
    if rule.check == "no_such_event":
        lacks = {"grounding.no_such_event"} if lacks == {"grounding.nothing_cited"} else set()
    assert lacks == ({rule.id} if verdict == "fail" else set())


def test_every_report_rule_has_a_check_and_enough_examples() -> None:
    """At least four of each verdict, each run in both languages, or four a language where wording is judged."""
    named = {rule.check for rule in _REPORT_RULES}
    assert named == set(_CHECKS) - {"person_as_cause"}
    for rule in _REPORT_RULES:
        for examples in (rule.passes, rule.fails):
            for language in LANGUAGES:
                assert sum(changed(language, e) is not None for e in examples) >= 3, rule.id


def _edited(whole: Report, text: str) -> Report:
    lesson = whole.lessons[0].model_copy(update={"text": text})
    return whole.model_copy(update={"lessons": [lesson]})


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("the page came within nine minutes, at 10:59", "grounding.time"),
        ("the page came within two minutes on node pg-primary-7", "grounding.name"),
        ("712 pages came within two minutes", "grounding.number"),
        ("the page came late because of human error", "blame.human_error"),
    ],
)
def test_an_edit_that_the_evidence_does_not_bear_is_an_error(text: str, rule: str) -> None:
    whole = changed("en", "{}")
    assert whole is not None
    found = verify(_edited(whole, text))
    assert rule in _told(found)
    assert any(f.severity == "error" for f in found)


def test_a_persons_own_word_needs_no_line() -> None:
    whole = changed("en", "{}")
    assert whole is not None
    lesson = whole.lessons[0].model_copy(
        update={"text": "we counted 712 pages", "origin": "human", "citations": []}
    )
    assert verify(whole.model_copy(update={"lessons": [lesson]})) == []


def test_a_chain_that_ends_at_a_person_and_one_that_goes_round() -> None:
    report = changed(
        "en",
        "{whys.1.answer: {id: W2.a, text: v41 set the pool size to 2, citations: [e:5]}, root_causes.process: []}",
    )
    assert report is not None
    assert _told(verify(report)) == {"whys.circular"}
    report = changed(
        "en",
        "{whys.1.answer: {id: W2.a, text: Bob forgot the pool size, origin: human}, root_causes.process: []}",
    )
    assert report is not None
    assert _told(verify(report)) == {"whys.ends_at_person"}
