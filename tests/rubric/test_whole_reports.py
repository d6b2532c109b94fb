"""The verifier over whole reports: nothing to say of a sound one, and each fault told by its own rule."""

from __future__ import annotations

import pytest

from pm_agent.report import Finding, Report
from pm_agent.rubric import completeness, consistency
from pm_agent.rubric.rules import all_rules
from pm_agent.stages.verify import verify
from rubric.whole import LANGUAGES, Language, changed

_CHECKS = {**completeness.CHECKS, **consistency.CHECKS}
_REPORT_RULES = [rule for rule in all_rules() if rule.judges == "report" and rule.check in _CHECKS]


def _told(found: list[Finding]) -> set[str]:
    return {f.rule for f in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_report_has_no_finding(language: Language) -> None:
    whole = changed(language, "{}")
    assert whole is not None
    assert verify(whole) == []


def test_every_report_rule_has_a_check() -> None:
    named = {rule.check for rule in _REPORT_RULES}
    assert named == set(_CHECKS) - {"person_as_cause"}


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


@pytest.mark.parametrize(("count", "long"), [(1500, False), (1501, True)])
@pytest.mark.parametrize(("language", "word"), [("en", "pool "), ("zh", "连接")])
def test_prose_of_more_than_three_pages_is_long(
    language: Language, word: str, count: int, long: bool
) -> None:
    whole = changed(language, "{summary: [], narrative.1: null}")
    assert whole is not None
    told = whole.narrative[0].model_copy(update={"text": word * count, "origin": "human"})
    found = list(completeness.length(whole.model_copy(update={"narrative": [told]})))
    assert [o.where for o in found] == (["narrative"] if long else [])


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
