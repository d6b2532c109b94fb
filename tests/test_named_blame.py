"""Blame that a model names: shown to the author where the line has the words; its wording only where no fact is lost."""

from __future__ import annotations

import pytest

from pm_agent import Settings, read
from pm_agent.evidence import Evidence
from pm_agent.quotes import named_findings
from pm_agent.report import LanguageFinding
from pm_agent.rubric import blame
from pm_agent.stages.timeline import BlamePick

SENTENCE = "3 hours of this because the night crew treats cart-db like a toy"
CHAT = f"""10:02 Ana: checkout is down, users report errors
10:11 Bob: {SENTENCE}. anyway, failing over
10:20 Ana: failed over cart-db, errors gone
"""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    path = tmp_path_factory.mktemp("chat") / "chat.txt"
    path.write_text(CHAT)
    return read(path, Settings.model_validate({"date": "2026-03-04", "timezone": "UTC"}))


def _named(evidence: Evidence, words: str, neutral: str = "", rule: str = "sarcasm") -> list[LanguageFinding]:
    event = next(e for e in evidence.events if "treats" in e.text)
    pick = BlamePick.model_validate({"id": event.id, "words": words, "rule": rule, "neutral": neutral})
    return list(named_findings(evidence, [pick], []))


def test_the_rules_alone_do_not_find_it() -> None:
    assert blame.find(SENTENCE) == [], "choose another sentence: this one is found by rule"


def test_words_of_the_line_become_a_finding_with_reason_and_place(evidence: Evidence) -> None:
    (found,) = _named(evidence, SENTENCE.upper(), rule="judgement")
    assert found.sentence.endswith(SENTENCE + ".")
    assert (found.rule, found.where, found.sources[0].line) == ("blame.judgement", "evidence", 2)
    assert found.message


def test_words_that_stand_nowhere_are_dropped(evidence: Evidence) -> None:
    assert _named(evidence, "the night crew are idiots") == []
    assert _named(evidence, " . ") == []


@pytest.mark.parametrize(
    ("neutral", "kept"),
    [
        ("3 hours of this because of how the night crew handles cart-db", True),
        ("hours of this because of how the night crew handles cart-db", False),
        ("3 hours of this because of how the night crew handles the database", False),
        ("3 hours and 40 tickets because of how the night crew handles cart-db", False),
        ("3 hours of this because the night crew forgot to check cart-db", False),
    ],
)
def test_a_neutral_wording_keeps_every_fact_and_adds_none(
    evidence: Evidence, neutral: str, kept: bool
) -> None:
    (found,) = _named(evidence, SENTENCE, neutral)
    assert (found.rewrite == neutral) is kept


def test_a_line_the_rules_know_is_not_named_twice(evidence: Evidence) -> None:
    (known,) = _named(evidence, SENTENCE)
    pick = BlamePick(id=known.event_id, words=SENTENCE, rule="accusation", neutral="")
    assert list(named_findings(evidence, [pick], [known])) == []
    assert (
        list(named_findings(evidence, [BlamePick(id="x:1", words="y", rule="sarcasm", neutral="")], [])) == []
    )
