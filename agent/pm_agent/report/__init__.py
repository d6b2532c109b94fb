"""The report: the public JSON contract that renderers, exporters, bots and evaluation read."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pm_agent.report.actions import (
    ActionItem,
    FollowUp,
    Goal,
    Learning,
    Meeting,
    Monitoring,
    NewSignal,
    Phase,
    Planned,
    Priority,
    Smart,
    Strength,
    TaskPlan,
    Verdict,
)
from pm_agent.report.impact import (
    Communication,
    ConfigChange,
    Figure,
    Finding,
    Impact,
    Measurement,
    Problem,
    Response,
    Role,
    TemporaryFix,
)
from pm_agent.report.model import ReportModel, UtcTime
from pm_agent.report.provenance import (
    Coverage,
    CoveredFile,
    Document,
    EvidenceLine,
    InjectionFound,
    LanguageFinding,
    Provenance,
    Reference,
    ReportGap,
    SeriesLine,
    SkippedPart,
    SourceRef,
    Tokens,
)
from pm_agent.report.statements import Ask, Cause, Hypothesis, RootCauses, Statement, Why
from pm_agent.report.timeline import (
    ACTORS,
    Alternative,
    EntryKind,
    IncidentType,
    Metric,
    Metrics,
    Milestone,
    MilestoneName,
    Milestones,
    Severity,
    SeverityChange,
    TimelineEntry,
    Window,
)

__all__ = [
    "ACTORS",
    "ActionItem",
    "Alternative",
    "Ask",
    "Cause",
    "Communication",
    "ConfigChange",
    "Coverage",
    "CoveredFile",
    "Document",
    "EntryKind",
    "EvidenceLine",
    "Figure",
    "Finding",
    "FollowUp",
    "Goal",
    "Hypothesis",
    "Impact",
    "IncidentType",
    "InjectionFound",
    "LanguageFinding",
    "Learning",
    "Measurement",
    "Meeting",
    "Metric",
    "Metrics",
    "Milestone",
    "MilestoneName",
    "Milestones",
    "Monitoring",
    "NewSignal",
    "Phase",
    "Planned",
    "Priority",
    "Problem",
    "Provenance",
    "Reference",
    "Report",
    "ReportGap",
    "ReportModel",
    "Response",
    "Role",
    "RootCauses",
    "SeriesLine",
    "Severity",
    "SeverityChange",
    "SkippedPart",
    "Smart",
    "SourceRef",
    "Statement",
    "Strength",
    "TaskPlan",
    "TemporaryFix",
    "TimelineEntry",
    "Tokens",
    "UtcTime",
    "Verdict",
    "Why",
    "Window",
]


class Report(ReportModel):
    """A drafted postmortem."""

    schema_version: Literal["1.0"] = "1.0"
    title: str
    language: Literal["en", "zh"]
    timezone: str
    """The zone in which times are printed."""
    status: Literal["draft", "ongoing"] = "draft"
    document: Document = Document()
    severity: Severity = Severity()
    incident_type: IncidentType = IncidentType()
    services: list[str] = []
    window: Window = Window()
    summary: list[Statement] = []
    narrative: list[Statement] = []
    one_line: Statement
    timeline: list[TimelineEntry] = []
    milestones: Milestones = Milestones()
    metrics: Metrics = Metrics()
    impact: Impact
    whys: list[Why] = []
    root_causes: RootCauses = RootCauses()
    contributing_factors: list[Cause] = []
    hypotheses: list[Hypothesis] = []
    response: Response = Response()
    temporary_fixes: list[TemporaryFix] = []
    actions: list[ActionItem] = []
    lessons: list[Statement] = []
    learning: Learning = Learning()
    monitoring: Monitoring = Monitoring()
    meeting: Meeting = Meeting()
    follow_up: list[FollowUp] = []
    task: TaskPlan = TaskPlan()
    problems: list[Problem] = []
    measurements: list[Measurement] = []
    config_changes: list[ConfigChange] = []
    attachments: list[Reference] = []
    feedback: list[Statement] = []
    series: list[SeriesLine] = []
    language_findings: list[LanguageFinding] = []
    findings: list[Finding] = []
    gaps: list[ReportGap] = []
    injections: list[InjectionFound] = []
    evidence: list[EvidenceLine] = Field(default_factory=list)
    coverage: Coverage = Coverage()
    provenance: Provenance
