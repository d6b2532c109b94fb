"""Checks of the response: roles named, acknowledged and escalated in time, restore-first, updates often enough.

Reasons, sources and examples: `rubrics/response.yaml`; limits: `[response]` of pm-agent.toml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from pm_agent.language.phrases import phrase, span
from pm_agent.reading.clock_face import local, local_minute, printed_minutes
from pm_agent.report import Finding, Report
from pm_agent.rubric.due import due_day, reasons
from pm_agent.rubric.offence import Offence
from pm_agent.rubric.team import in_force
from pm_agent.settings import ResponseLimits

Check = Callable[[Report, ResponseLimits], Iterator[Offence]]


def check_response(report: Report, limits: ResponseLimits) -> list[Finding]:
    """What the rubric finds, and what was measured and is well."""
    team = in_force()
    found = [
        _finding(report, rule.id, rule.severity, offence)
        for rule in team.rules()
        if rule.judges == "response" and rule.check in CHECKS
        for offence in CHECKS[rule.check](report, limits)
    ]
    return [*_due(report, limits), *team.applied(found), *_well(report, {f.rule for f in found})]


def _finding(report: Report, id_: str, severity: str, offence: Offence) -> Finding:
    code = id_.removeprefix("response.")
    message = phrase(report.language, f"check.{code}", **offence.values)
    return Finding.model_validate(
        {"rule": id_, "severity": severity, "where": offence.where, "message": message}
    )


def _due(report: Report, limits: ResponseLimits) -> list[Finding]:
    """Whether a postmortem is due, and why."""
    why = reasons(report, limits)
    language = report.language
    if why:
        told = phrase(language, "list_separator").join(why)
        return [_finding(report, "response.postmortem_due", "info", Offence("response", {"reasons": told}))]
    minutes = limits.outage_minutes
    return [
        _finding(report, "response.postmortem_optional", "info", Offence("response", {"minutes": minutes}))
    ]


def _well(report: Report, offended: set[str]) -> Iterator[Finding]:
    """What was measured and keeps its limit."""
    m = report.milestones
    if m.detected.at and m.acknowledged.at and "response.acknowledged_late" not in offended:
        values: dict[str, object] = {
            "span": span(report.language, printed_minutes(m.detected.at, m.acknowledged.at))
        }
        yield _finding(report, "response.acknowledged_in_time", "info", Offence("response", values))
    first = _first_mitigation(report)
    if first and m.cause_found.at and first <= m.cause_found.at:
        yield _finding(report, "response.restore_first", "info", Offence("response"))


def roles_named(report: Report, limits: ResponseLimits) -> Iterator[Offence]:
    """Roles that no line gives to anybody."""
    named = {role.role for role in report.response.roles}
    wanted = ("incident_commander", "tech_lead", "communications")
    missing = [phrase(report.language, f"role.{role}") for role in wanted if role not in named]
    if missing:
        yield Offence("response.roles", {"roles": phrase(report.language, "list_separator").join(missing)})


def acknowledged_late(report: Report, limits: ResponseLimits) -> Iterator[Offence]:
    """Minutes from detection to acknowledgement."""
    detected, acknowledged = report.milestones.detected.at, report.milestones.acknowledged.at
    if detected and acknowledged:
        minutes = printed_minutes(detected, acknowledged)
        if minutes > limits.acknowledge_minutes:
            yield Offence(
                "response", {"span": span(report.language, minutes), "limit": limits.acknowledge_minutes}
            )


def escalated_late(report: Report, limits: ResponseLimits) -> Iterator[Offence]:
    """Minutes from detection to the declaration, else to the first call for help."""
    detected = report.milestones.detected.at
    called = [e.at for e in report.timeline if e.kind in {"declare", "notify"} and e.at and detected and e.at >= detected]  # fmt: skip
    at = report.milestones.declared.at or min(called, default=None)
    if detected and at:
        minutes = printed_minutes(detected, at)
        if minutes > limits.escalate_minutes:
            yield Offence(
                "response", {"span": span(report.language, minutes), "limit": limits.escalate_minutes}
            )


def cause_first(report: Report, limits: ResponseLimits) -> Iterator[Offence]:
    """The first mitigation came after the cause was known."""
    cause, first = report.milestones.cause_found.at, _first_mitigation(report)
    if cause and first and first > cause:
        yield Offence("response")


def _first_mitigation(report: Report) -> datetime | None:
    return next((e.at for e in report.timeline if e.kind == "mitigate" and e.at), None)


def updates_sparse(report: Report, limits: ResponseLimits) -> Iterator[Offence]:
    """The longest span within the incident in which no update went out."""
    start, end = report.milestones.detected.at, report.milestones.recovered.at
    if start is None or end is None or end <= start:
        return
    sent = sorted(c.at for c in report.response.communications if c.at and start < c.at < end)
    gap = max(pairwise([start, *sent, end]), key=lambda pair: pair[1] - pair[0])
    if gap[1] - gap[0] > timedelta(minutes=limits.update_minutes):
        zone = report.timezone
        yield Offence(
            "response",
            {
                "start": local_minute(gap[0], zone),
                "end": local_minute(gap[1], zone),
                "span": span(report.language, printed_minutes(*gap)),
                "limit": limits.update_minutes,
            },
        )


def meeting_late(report: Report, limits: ResponseLimits) -> Iterator[Offence]:
    """A meeting planned for later than the guide's last day."""
    due = due_day(report, "meeting", limits)
    if report.meeting.at and due and local(report.meeting.at, report.timezone).date() > due:
        yield Offence("meeting", {"due": due.isoformat()})


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (roles_named, acknowledged_late, escalated_late, cause_first, updates_sparse, meeting_late)
}
"""Name in `rubrics/response.yaml` → what judges."""
