"""A team's own rules: added, changed, turned off; wrong ones are named with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_agent import Settings, check_actions, draft, lint
from pm_agent.errors import InputError
from pm_agent.rubric.team import in_force, team_of

RULES = """
rubric: ours
rules:
  - id: ours.hero
    why: heroes hide a missing process
    source: our handbook
    judges: text
    check: pattern
    severity: error
    find: ['\\bhero(?:es|ics)?\\b', '救火队员']
    unless: ['\\bheroku\\b']
    pass: ["The rollback took 4 minutes.", "回滚用了 4 分钟"]
    fail: ["Our heroes saved the night.", "多亏救火队员"]
  - id: ours.ticket
    why: an item needs a ticket
    source: our handbook
    judges: item
    check: pattern
    severity: warning
    find: ['^(?!.*\\b[A-Z]{2,}-\\d+)']
    pass: ["Add an alert OPS-12"]
    fail: ["Add an alert"]
  - id: blame.sarcasm
    why: ours is a friendly place
    source: our handbook
    judges: text
    check: blame
    severity: error
    pass: ["ok"]
    fail: ["not ok"]
"""


@pytest.fixture
def ours(tmp_path: Path) -> str:
    path = tmp_path / "team-rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return str(path)


def test_own_patterns_find_in_lint(ours: str) -> None:
    found = lint("Our heroes saved the night.", settings=Settings(rubrics=(ours,)))
    assert [(f.rule, f.severity, f.message) for f in found] == [
        ("ours.hero", "error", "heroes hide a missing process")
    ]
    assert not lint("Our heroes saved the night.")


def test_own_patterns_judge_items(ours: str) -> None:
    (item,) = check_actions("- Add an alert on queue depth", "a.md", settings=Settings(rubrics=(ours,)))
    assert "ours.ticket" in item.findings
    (item,) = check_actions("- Add an alert on queue depth", "a.md")
    assert "ours.ticket" not in item.findings


def test_a_built_in_rule_gets_the_teams_words_and_severity(ours: str) -> None:
    text = "Bravo, another Friday deploy."
    (before,), (after,) = lint(text), lint(text, settings=Settings(rubrics=(ours,)))
    assert (before.severity, after.severity) == ("warning", "error")
    assert after.message == "ours is a friendly place"


def test_a_disabled_rule_is_silent_everywhere(tmp_path: Path) -> None:
    quiet = Settings(disable=("blame.sarcasm", "actions.owner_missing"))
    assert lint("Bravo, another Friday deploy.")
    assert not lint("Bravo, another Friday deploy.", settings=quiet)
    (item,) = check_actions("- Add an alert on queue depth", "a.md", settings=quiet)
    assert "actions.owner_missing" not in item.findings
    notes = tmp_path / "notes.txt"
    notes.write_text(
        "10:02 checkout is down\n10:11 found it: bad config\n10:20 rolled back, all good now\n"
        "10:30 action item: add an alert on queue depth\n"
    )
    day = {"date": "2026-03-04", "timezone": "UTC"}
    loud = draft(notes, Settings(**day))
    assert any(f.rule == "actions.owner_missing" for f in loud.findings)
    silent = draft(notes, Settings(**day, disable=("actions.owner_missing",)))
    assert not any(f.rule == "actions.owner_missing" for f in silent.findings)


def test_own_limits_of_priorities() -> None:
    text = "- [P1] Rotate the signing key by 2026-03-20"
    from datetime import date

    (item,) = check_actions(text, "a.md", date(2026, 3, 4))
    assert "actions.due_past_limit" not in item.findings
    (item,) = check_actions(text, "a.md", date(2026, 3, 4), Settings(due_limits={"P1": 7}))
    assert "actions.due_past_limit" in item.findings


def test_rules_of_one_do_not_reach_the_next(ours: str) -> None:
    lint("Our heroes saved the night.", settings=Settings(rubrics=(ours,)))
    assert in_force() == team_of(Settings())


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (
            ('fail: ["Our heroes saved the night.", "多亏救火队员"]', 'fail: ["All fine."]'),
            "stands under `fail`",
        ),
        (("'救火队员'", "'(救火队员'"), "is no pattern"),
        (
            ("check: pattern\n    severity: error", "check: magic\n    severity: error"),
            "checked by `pattern`",
        ),
        (("why: heroes hide a missing process", "reason: x"), "why"),
        (("check: blame", "check: circular"), "is checked by 'blame'"),
        (("severity: warning", "severity: loud"), "severity"),
    ],
)
def test_a_wrong_rubric_is_named_with_file_and_rule(ours: str, edit: tuple[str, str], says: str) -> None:
    path = Path(ours)
    assert edit[0] in RULES
    path.write_text(RULES.replace(*edit), encoding="utf-8")
    with pytest.raises(InputError) as error:
        team_of(Settings(rubrics=(ours,)))
    assert "team-rules.yaml" in str(error.value)
    assert says in str(error.value)
    assert error.value.hint


def test_a_rubric_that_is_not_there_and_an_unknown_id_are_named() -> None:
    with pytest.raises(InputError, match=r"nowhere\.yaml"):
        team_of(Settings(rubrics=("nowhere.yaml",)))
    with pytest.raises(InputError, match=r"blame\.sarcastic"):
        team_of(Settings(disable=("blame.sarcastic",)))
