"""A statement: the unit of everything a report says in prose."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pm_agent.report.model import ReportModel

Support = Literal["supported", "hypothesis", "unknown"]
Origin = Literal["evidence", "model", "human"]


class Ask(ReportModel):
    """What to ask whom in the meeting."""

    whom: str
    question: str


class Statement(ReportModel):
    """One sentence, with the evidence it stands on."""

    id: str
    text: str
    citations: list[str] = []
    """Event ids."""
    support: Support = "supported"
    origin: Origin = "evidence"
    ask: Ask | None = None
    aspect: str | None = None
    """What it is about: affected_users, data, keep, surprise …"""
    phase: Literal["detection", "diagnosis", "mitigation", "communication"] | None = None
    why: str | None = None

    @model_validator(mode="after")
    def _stands_on_something(self) -> Statement:
        if self.support == "supported" and not self.citations and self.origin != "human":
            raise ValueError(f"statement {self.id!r} is marked supported and cites nothing")
        if self.support == "unknown" and self.ask is None:
            raise ValueError(f"statement {self.id!r} is unknown and asks nobody")
        return self


CauseRole = Literal["trigger", "cause", "contributing", "latent"]
FactorGap = Literal[
    "monitoring", "testing", "runbook", "capacity", "process", "communication", "tooling", "documentation", "other"
]  # fmt: skip


class Cause(Statement):
    """A cause or contributing factor; never a person."""

    role: CauseRole = "cause"
    from_whys: list[str] = Field(default=[], alias="from")
    """Ids of the whys it rests on."""
    gap: FactorGap | None = None


Level = Literal["direct", "technical", "design", "process", "organisation"]
Branch = Literal["occurrence", "detection", "response"]


class Why(ReportModel):
    """One link of the 5 Whys."""

    id: str
    parent: str | None = None
    branch: Branch = "occurrence"
    level: Level
    question: str
    answer: Statement


class RootCauses(ReportModel):
    """The conclusion of the whys; human factors are conditions, never persons."""

    technical: list[Cause] = []
    process: list[Cause] = []
    human_factors: list[Cause] = []


class Hypothesis(ReportModel):
    """A suspected cause, with what became of it."""

    text: str
    verdict: Literal["confirmed", "ruled_out", "open"]
    supporting: list[str] = []
    contradicting: list[str] = []
