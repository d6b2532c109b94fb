"""By when what follows an incident is due, and whether a postmortem is due at all.

Days are those of the incident's own zone: an incident that ends at 00:30 in Shanghai ended that day, not the day before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from pm_agent.language import patterns
from pm_agent.language.phrases import phrase, span
from pm_agent.reading.clock_face import local
from pm_agent.reading.cues import languages_of
from pm_agent.report import FollowUp, Report
from pm_agent.rubric.rules import Deadline, built_in
from pm_agent.settings import ResponseLimits

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def follow_up(report: Report, limits: ResponseLimits) -> list[FollowUp]:
    """The dates of draft, meeting and later checks; none while the incident is open or its end is not known."""
    if report.status == "ongoing" or ended_on(report) is None:
        return []
    return [_dated(report, deadline, limits) for deadline in _in_force(report)]


def due_day(report: Report, code: str, limits: ResponseLimits) -> date | None:
    """The last day for what this code names."""
    return next((f.due for f in follow_up(report, limits) if f.code == code), None)


def ended_on(report: Report) -> date | None:
    """The local day on which the incident ended."""
    end = report.milestones.closed.at or report.milestones.recovered.at
    return local(end, report.timezone).date() if end else None


def _in_force(report: Report) -> Iterator[Deadline]:
    """One deadline a code: that of the severity, else the general one; an unknown severity counts as the gravest."""
    severity, taken = report.severity.value or "P0", set()
    for deadline in (d for rubric in built_in() for d in rubric.deadlines):
        if deadline.code not in taken and (not deadline.severities or severity in deadline.severities):
            taken.add(deadline.code)
            yield deadline


def _dated(report: Report, deadline: Deadline, limits: ResponseLimits) -> FollowUp:
    end = ended_on(report)
    assert end is not None
    days = limits.days.get(deadline.code, deadline.days)  # type: ignore[call-overload]
    due = end + timedelta(days=days)
    moved = _working(due, end + timedelta(days=min(deadline.earliest or days, days)), limits)
    what = phrase(report.language, f"follow_up.{deadline.code}", days=days)
    if moved != due:
        day = phrase(report.language, f"follow_up.weekday.{_DAYS[due.weekday()]}")
        what += phrase(report.language, "follow_up.moved", day=day, date=f"{due:%m-%d}")
    return FollowUp(what=what, due=moved, code=deadline.code, source=deadline.source)


def _working(due: date, earliest: date, limits: ResponseLimits) -> date:
    """The last working day up to the due day that is not before the earliest one, else the next one after it."""
    off = {_DAYS.index(day) for day in limits.weekend}
    if len(off) == len(_DAYS):
        return due
    day = due
    while day.weekday() in off and day > earliest:
        day -= timedelta(days=1)
    if day.weekday() not in off:
        return day
    while due.weekday() in off:
        due += timedelta(days=1)
    return due


def reasons(report: Report, limits: ResponseLimits) -> list[str]:
    """Why a postmortem is due, by the triggers of the rubric; empty where nothing stated makes it so."""
    language, found = report.language, []
    if report.severity.value in {"P0", "P1"}:
        found.append(phrase(language, "due.severity", label=report.severity.label or report.severity.value))
    minutes = report.metrics.duration.minutes or report.metrics.mttr.minutes or 0
    if _reached_customers(report) and minutes > limits.outage_minutes:
        found.append(
            phrase(language, "due.outage", span=span(language, minutes), limit=limits.outage_minutes)
        )
    if report.incident_type.value in {"data", "security"}:
        found.append(phrase(language, f"due.{report.incident_type.value}"))
    if any(_near_miss(s.text) for s in report.response.got_lucky if s.support != "unknown"):
        found.append(phrase(language, "due.near_miss"))
    return found


def _reached_customers(report: Report) -> bool:
    impact = report.impact
    return any(s.support != "unknown" for s in [impact.scope, *impact.users, *impact.business])


def _near_miss(text: str) -> bool:
    return any(patterns(language, "checks", "near_miss").search(text) for language in languages_of(text))
