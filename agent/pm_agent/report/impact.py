"""Impact, measurements and what was done at once."""

from __future__ import annotations

from typing import Literal

from pm_agent.report.model import ReportModel, UtcTime
from pm_agent.report.statements import Ask, Statement


class Figure(ReportModel):
    """A number somebody stated about the impact."""

    text: str
    value: float | int
    unit: str
    qualifier: Literal["exact", "about", "at_least", "at_most"] = "exact"
    superseded_by: int | None = None
    """Index of the later figure that corrects this one."""
    citations: list[str]


class Impact(ReportModel):
    """Who and what was hit."""

    scope: Statement
    users: list[Statement] = []
    business: list[Statement] = []
    technical: list[Statement] = []
    figures: list[Figure] = []


class Measurement(ReportModel):
    """A metric before, during and after."""

    name: str
    before: float | None = None
    during: float | None = None
    after: float | None = None
    target: float | None = None
    unit: str = ""
    citations: list[str]


class ConfigChange(ReportModel):
    """A setting before and after."""

    before: str
    after: str
    citations: list[str]


class TemporaryFix(ReportModel):
    """Something done during the incident to stop the bleeding."""

    text: str
    actor: str | None = None
    at: UtcTime | None = None
    effect: Literal["success", "failure", "partial", "unknown"] = "unknown"
    needs_long_term: bool | None = None
    citations: list[str]


class Problem(ReportModel):
    """A problem met on the way, for the operations-task template."""

    text: str
    at: UtcTime | None = None
    resolved_at: UtcTime | None = None
    citations: list[str]


class Role(ReportModel):
    """Who held which role."""

    role: Literal["incident_commander", "tech_lead", "communications", "scribe", "other"]
    actor: str
    citations: list[str] = []


class Communication(ReportModel):
    """An update that went out."""

    at: UtcTime | None
    audience: Literal["internal", "external"]
    text: str
    citations: list[str]


class Finding(ReportModel):
    """Something a rule found in the draft."""

    rule: str
    severity: Literal["error", "warning", "info"]
    where: str
    message: str


class Response(ReportModel):
    """How the response went."""

    roles: list[Role] = []
    went_well: list[Statement] = []
    went_poorly: list[Statement] = []
    got_lucky: list[Statement] = []
    suggestions: list[Statement] = []
    communications: list[Communication] = []
    checks: list[Finding] = []
    asks: list[Ask] = []
