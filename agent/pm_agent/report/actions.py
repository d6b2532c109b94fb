"""Action items, learning, monitoring and the meeting."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pm_agent.report.model import ReportModel, UtcTime
from pm_agent.report.statements import Ask, Statement

Strength = Literal["system_change", "alert", "document", "training", "reminder", "unknown"]
Priority = Literal["P0", "P1", "P2", "P3"]


class Verdict(ReportModel):
    """One letter of SMART."""

    met: bool | None = None
    reason: str | None = None


class Smart(ReportModel):
    """The five verdicts on one action item."""

    specific: Verdict = Verdict()
    measurable: Verdict = Verdict()
    achievable: Verdict = Verdict()
    relevant: Verdict = Verdict()
    time_bound: Verdict = Verdict()

    def unmet(self) -> list[str]:
        """The letters that are clearly not met."""
        return [name for name in type(self).model_fields if getattr(self, name).met is False]


class ActionItem(ReportModel):
    """A piece of follow-up work; owner and due date are never invented."""

    id: str
    text: str
    goal: str | None = None
    owner: str | None = None
    sponsor: str | None = None
    due: date | None = None
    priority: Priority | None = None
    acceptance: str | None = None
    status: Literal["open", "done", "declined"] = "open"
    ticket: str | None = None
    category: Literal["prevent", "detect", "mitigate", "process", "other"] = "other"
    strength: Strength = "unknown"
    origin: Literal["evidence", "proposed", "human"] = "evidence"
    addresses: list[str] = []
    citations: list[str] = []
    smart: Smart = Smart()
    suggestion: str | None = None


class Learning(ReportModel):
    """What to write down, teach, drill and share."""

    documents: list[Statement] = []
    training: list[Statement] = []
    drills: list[Statement] = []
    sharing: list[Statement] = []


class NewSignal(ReportModel):
    """A metric or alert to add."""

    signal: str
    threshold: str | None = None
    owner: str | None = None
    due: date | None = None
    citations: list[str] = []


class Monitoring(ReportModel):
    """What monitoring did not see, and what to add."""

    blind_spots: list[Statement] = []
    new_signals: list[NewSignal] = []
    alert_tuning: list[Statement] = []


class Meeting(ReportModel):
    """The review meeting: facts, and what to ask there."""

    at: UtcTime | None = None
    facilitator: str | None = None
    participants: list[str] = []
    conclusions: list[Statement] = []
    open_questions: list[Statement] = []
    guide: list[str] = []


class FollowUp(ReportModel):
    """A computed date on which to look again."""

    what: str
    due: date
    code: str | None = None
    """draft, meeting, week, month or quarter."""
    source: str | None = None
    """The guide that asks for it."""


class Goal(ReportModel):
    """What a planned operation was to reach."""

    text: str
    met: Literal["met", "partly", "missed"] | None = None
    note: str | None = None


class Phase(ReportModel):
    """A stretch of a planned operation."""

    name: str
    start: UtcTime | None = None
    end: UtcTime | None = None


class Planned(ReportModel):
    """A figure as planned; what it became comes from the report, or from the author."""

    name: str
    """duration, downtime, users, errors, or a name of the author's."""
    plan: str
    actual: str | None = None
    note: str | None = None


class TaskPlan(ReportModel):
    """For planned operations: filled only from incident.yaml and evidence."""

    result: str | None = None
    """success, partial, failed, rolled_back, or the author's own word."""
    goals: list[Goal] = []
    phases: list[Phase] = []
    planned: list[Planned] = []


class Question(ReportModel):
    """A question of the interview that nobody answered yet."""

    id: str
    ask: Ask
