"""Timeline, milestones and the metrics computed from them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pm_agent.evidence import Precision
from pm_agent.report.model import ReportModel, UtcTime
from pm_agent.report.statements import Origin, Support

EntryKind = Literal[
    "change", "trigger", "detect", "notify", "acknowledge", "declare", "investigate", "cause_found",
    "mitigate", "recover", "confirm", "close", "communicate", "other",
]  # fmt: skip

ACTORS = ", "
"""Between the actors of a row, where it has several."""


class TimelineEntry(ReportModel):
    """One row of the timeline; it can't be built without a source line."""

    id: str
    at: UtcTime | None
    relative: str | None = None
    """Offset from the start, for transcripts whose meeting has no known start."""
    until: UtcTime | None = None
    precision: Precision = "minute"
    kind: EntryKind
    text: str
    actor: str | None = None
    """Alias or system; several of one minute with a comma between."""
    note: str = ""
    key: bool = False
    support: Support = "supported"
    origin: Origin = "evidence"
    citations: list[str]

    @model_validator(mode="after")
    def _has_a_source(self) -> TimelineEntry:
        if not self.citations and self.origin != "human":
            raise ValueError(f"timeline entry {self.id!r} has no source line")
        return self


class Alternative(ReportModel):
    """A runner-up for a milestone."""

    at: UtcTime | None
    entry: str | None = None
    why_not: str


class Milestone(ReportModel):
    """One milestone; at null with a reason when the evidence doesn't tell."""

    at: UtcTime | None = None
    precision: Precision = "minute"
    entry: str | None = None
    citations: list[str] = []
    alternatives: list[Alternative] = []
    reason: str | None = None
    """Why it is null, or why this entry was chosen."""
    origin: Origin = "evidence"
    reached: bool = False
    """True where the evidence says that it happened, though not when."""


MilestoneName = Literal[
    "impact_start", "trigger", "detected", "acknowledged", "declared", "cause_found", "mitigated", "fixed",
    "recovered", "closed",
]  # fmt: skip


class Milestones(ReportModel):
    """Every milestone, always there."""

    impact_start: Milestone = Milestone()
    trigger: Milestone = Milestone()
    detected: Milestone = Milestone()
    acknowledged: Milestone = Milestone()
    declared: Milestone = Milestone()
    cause_found: Milestone = Milestone()
    mitigated: Milestone = Milestone()
    fixed: Milestone = Milestone()
    recovered: Milestone = Milestone()
    closed: Milestone = Milestone()

    def items(self) -> list[tuple[str, Milestone]]:
        """Name and milestone, in order of declaration."""
        return [(name, getattr(self, name)) for name in type(self).model_fields]


class Metric(ReportModel):
    """A duration in whole minutes, the difference of the two minutes as printed."""

    minutes: int | None = None
    from_: str = Field(default="", alias="from")
    to: str = ""
    reason: str | None = None
    """Why it is null."""


class Metrics(ReportModel):
    """Durations of this incident only; never averaged over incidents."""

    mttd: Metric = Metric()
    mtti: Metric = Metric()
    mttf: Metric = Metric()
    mttr: Metric = Metric()
    duration: Metric = Metric()


class Window(ReportModel):
    """First sign … close; null where unknown."""

    start: UtcTime | None = None
    end: UtcTime | None = None


class SeverityChange(ReportModel):
    """A severity as stated at one moment."""

    at: UtcTime | None
    label: str
    citations: list[str]


class Severity(ReportModel):
    """The highest severity that the evidence states."""

    value: Literal["P0", "P1", "P2", "P3"] | None = None
    label: str | None = None
    history: list[SeverityChange] = []
    citations: list[str] = []
    origin: Origin = "evidence"


class IncidentType(ReportModel):
    """What kind of incident this was."""

    value: Literal["unavailable", "degraded", "data", "security", "other"] | None = None
    citations: list[str] = []
