"""The response rubric, and the dates on which what follows is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.report import Report
from pm_agent.rubric.due import follow_up
from pm_agent.rubric.response import CHECKS, check_response
from pm_agent.rubric.rules import all_rules, built_in
from pm_agent.settings import ResponseLimits
from rubric.whole import Language, changed

LIMITS = ResponseLimits()
_RULES = [rule for rule in all_rules() if rule.judges == "response"]


def _whole(change: str = "{}", language: Language = "en") -> Report:
    report = changed(language, change)
    assert report is not None
    return report


def _offended(report: Report, limits: ResponseLimits = LIMITS) -> set[str]:
    known = {rule.id for rule in _RULES}
    return {f.rule for f in check_response(report, limits)} & known


def test_every_rule_has_a_check() -> None:
    assert {rule.check for rule in _RULES} == set(CHECKS)


def test_limits_are_the_teams() -> None:
    late = _whole("{milestones.acknowledged.at: '2026-03-04T10:08:00Z'}")
    assert "response.acknowledged_late" not in _offended(late, ResponseLimits(acknowledge_minutes=6))
    assert "response.updates_sparse" in _offended(_whole(), ResponseLimits(update_minutes=15))
    assert "response.escalated_late" in _offended(_whole(), ResponseLimits(escalate_minutes=3))


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ("{}", True),
        ("{severity.value: P2, severity.label: SEV3}", True),
        ("{severity.value: P2, metrics.duration.minutes: 15}", False),
        ("{severity.value: P2, metrics.duration.minutes: 15, incident_type.value: data}", True),
        ("{severity.value: P3, metrics.duration.minutes: 2, incident_type.value: security}", True),
        ("{severity.value: P3, impact.scope: '=whys.3.answer', impact.figures: []}", False),
        (
            "{severity.value: null, metrics.duration.minutes: 2, response.got_lucky.0.text: we nearly lost the archive}",
            True,
        ),
        ("{severity.value: P2, metrics.duration.minutes: 2, response.got_lucky.0.text: 差点丢数据}", True),
    ],
)
def test_whether_a_postmortem_is_due(change: str, due: bool) -> None:
    rules = {f.rule: f.message for f in check_response(_whole(change), LIMITS)}
    assert ("response.postmortem_due" in rules) is due
    assert ("response.postmortem_optional" in rules) is not due


def _days(report: Report, limits: ResponseLimits = LIMITS) -> dict[str | None, date]:
    return {f.code: f.due for f in follow_up(report, limits)}


def test_days_are_those_of_the_incidents_zone() -> None:
    """Half past midnight in Shanghai is the day that people there lived through."""
    report = _whole("{timezone: Asia/Shanghai, milestones.closed.at: '2026-03-03T16:30:00Z'}")
    assert _days(report)["month"] == date(2026, 4, 1)
    assert _days(_whole("{milestones.closed.at: '2026-03-03T16:30:00Z'}"))["month"] == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("ended", "severity", "draft", "meeting"),
    [
        (
            "2026-03-04",
            "P1",
            "2026-03-06",
            "2026-03-06",
        ),  # Wednesday: draft Friday, day 3 is Saturday → Friday
        ("2026-03-05", "P1", "2026-03-06", "2026-03-06"),  # Thursday: days 2 and 3 are weekend → Friday
        ("2026-03-06", "P1", "2026-03-09", "2026-03-09"),  # Friday: nothing but weekend in 48 h → Monday
        ("2026-03-04", "P2", "2026-03-06", "2026-03-09"),  # days 3–5 are Saturday to Monday
        ("2026-03-03", "P2", "2026-03-05", "2026-03-06"),  # day 5 is Sunday → Friday, day 3
        ("2026-03-07", "P2", "2026-03-09", "2026-03-12"),
    ],
)
def test_weekends_are_stepped_over(ended: str, severity: str, draft: str, meeting: str) -> None:
    days = _days(_whole(f"{{milestones.closed.at: '{ended}T12:00:00Z', severity.value: {severity}}}"))
    assert days["draft"] == date.fromisoformat(draft)
    assert days["meeting"] == date.fromisoformat(meeting)


def test_a_date_that_moved_says_from_where() -> None:
    report = _whole("{milestones.closed.at: '2026-03-06T12:00:00Z'}")
    assert "moved from Sunday, 03-08" in follow_up(report, LIMITS)[0].what
    assert all(f.source for f in follow_up(report, LIMITS))


def test_an_open_incident_has_no_dates() -> None:
    assert follow_up(_whole("{status: ongoing}"), LIMITS) == []
    assert (
        follow_up(_whole("{milestones.closed: {reason: x}, milestones.recovered: {reason: x}}"), LIMITS) == []
    )


def test_days_and_weekend_are_the_teams() -> None:
    friday = _whole("{milestones.closed.at: '2026-03-04T12:00:00Z'}")
    limits = ResponseLimits(days={"draft": 1}, weekend=("fri", "sat"))
    assert _days(friday, limits)["draft"] == date(2026, 3, 5)
    assert _days(friday, limits)["meeting"] == date(2026, 3, 5)


@given(st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01")), st.sampled_from(["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"]), st.sampled_from(["P0", "P1", "P2", "P3", None]))  # fmt: skip
def test_no_date_falls_on_a_weekend_or_before_the_end(
    ended: datetime, zone: str, severity: str | None
) -> None:
    at = ended.replace(tzinfo=UTC)
    report = _whole()
    milestones = report.milestones.replace(closed=report.milestones.closed.replace(at=at))
    report = report.replace(
        timezone=zone, milestones=milestones, severity=report.severity.replace(value=severity)
    )
    day = at.astimezone(ZoneInfo(zone)).date()
    found = follow_up(report, LIMITS)
    assert [f.code for f in found] == ["draft", "meeting", "week", "month", "quarter"]
    for f in found:
        assert f.due.weekday() < 5
        assert day < f.due <= day + timedelta(days=94)


def test_every_deadline_and_trigger_names_its_source() -> None:
    response = next(r for r in built_in() if r.rubric == "response")
    assert {d.code for d in response.deadlines} == {"draft", "meeting", "week", "month", "quarter"}
    assert all(response.triggers.values())
