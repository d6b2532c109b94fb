"""Checks of the response: roles named, acknowledged and escalated in time, restore-first, updates often enough.

Source: the five roles and protocols of the SRE incident-response module (updates every 15–30 minutes, restore
before root cause) and PagerDuty's response guide.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.reading.clock_face import local_minute, printed_minutes
from pm_agent.report import Communication, Finding, Milestones, Role, TimelineEntry

ACKNOWLEDGE_WITHIN = timedelta(minutes=5)
UPDATE_EVERY = timedelta(minutes=30)


def check_response(
    milestones: Milestones,
    timeline: Sequence[TimelineEntry],
    communications: Sequence[Communication],
    roles: Sequence[Role],
    language: Language,
    timezone: str,
) -> list[Finding]:
    """What the rubric finds; each finding says what was measured."""

    def finding(rule: str, severity: str, **values: object) -> Finding:
        message = phrase(language, f"check.{rule}", **values)
        return Finding(rule=f"response.{rule}", severity=severity, where="response", message=message)

    found: list[Finding] = []
    named = {role.role for role in roles}
    missing = [
        phrase(language, f"role.{r}")
        for r in ("incident_commander", "tech_lead", "communications")
        if r not in named
    ]
    if missing:
        found.append(finding("roles_unnamed", "info", roles=phrase(language, "list_separator").join(missing)))
    detected, acknowledged = milestones.detected.at, milestones.acknowledged.at
    if detected and acknowledged:
        minutes = printed_minutes(detected, acknowledged)
        late = timedelta(minutes=minutes) > ACKNOWLEDGE_WITHIN
        found.append(
            finding(
                "acknowledged_late" if late else "acknowledged_in_time",
                "warning" if late else "info",
                minutes=minutes,
            )
        )
    found += _restore_first(milestones, timeline, finding)
    gap = _longest_gap(communications, detected, milestones.recovered.at)
    if gap and gap[1] - gap[0] > UPDATE_EVERY:
        start, end = local_minute(gap[0], timezone), local_minute(gap[1], timezone)
        found.append(
            finding("updates_sparse", "warning", start=start, end=end, minutes=printed_minutes(*gap))
        )
    return found


def _restore_first(milestones: Milestones, timeline: Sequence[TimelineEntry], finding) -> list[Finding]:  # type: ignore[no-untyped-def]
    cause = milestones.cause_found.at
    first = next((e.at for e in timeline if e.kind == "mitigate" and e.at), None)
    if cause is None or first is None:
        return []
    return [finding("restore_first" if first <= cause else "cause_first", "info")]


def _longest_gap(
    communications: Sequence[Communication], start: datetime | None, end: datetime | None
) -> tuple[datetime, datetime] | None:
    """The longest span within the incident in which no update went out."""
    if start is None or end is None or end <= start:
        return None
    moments = [start, *sorted(c.at for c in communications if c.at and start < c.at < end), end]
    return max(pairwise(moments), key=lambda pair: pair[1] - pair[0])
