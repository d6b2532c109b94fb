"""What scorers look at: the same few things of a report of ours and of a report somebody wrote in prose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from pm_agent.rendering import render
from pm_agent.report import Report


@dataclass(frozen=True)
class Row:
    """A timeline row."""

    at: datetime | None
    kind: str | None
    text: str


@dataclass(frozen=True)
class Action:
    """An action item."""

    text: str
    owner: str | None
    due: date | None
    proposed: bool = False
    smart: dict[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """A report as the scorers see it."""

    rows: list[Row]
    milestones: dict[str, datetime | None]
    metrics: dict[str, int | None]
    severity: str | None
    """P0 … P3."""
    figures: list[float]
    causes: list[str]
    """Root causes and contributing factors, as text."""
    prose: str
    """Everything that speaks in the report's own voice: no evidence quotes, no owner fields."""
    actions: list[Action]
    markdown: str
    report: Report | None = None
    """Only for a report of ours: citations, findings and language findings can be judged."""


def of_report(report: Report) -> View:
    """The view of a report of ours."""
    milestones = {name: m.at for name, m in report.milestones.items()}
    metrics = {name: getattr(report.metrics, name).minutes for name in ("mttd", "mtti", "mttf", "mttr")}
    roots = report.root_causes
    causes = [
        c.text for c in [*roots.technical, *roots.process, *roots.human_factors, *report.contributing_factors]
    ]
    causes += [w.answer.text for w in report.whys if w.answer.support != "unknown"]
    actions = [
        Action(
            a.text,
            a.owner,
            a.due,
            a.origin == "proposed",
            {name: getattr(a.smart, name).met for name in type(a.smart).model_fields},
        )
        for a in report.actions
    ]
    return View(
        rows=[Row(e.at, e.kind, e.text) for e in report.timeline],
        milestones=milestones,
        metrics=metrics,
        severity=report.severity.value,
        figures=[float(f.value) for f in report.impact.figures if f.superseded_by is None],
        causes=causes,
        prose=_prose(report),
        actions=actions,
        markdown=render(report, "md"),
        report=report,
    )


def _prose(report: Report) -> str:
    impact, response = report.impact, report.response
    texts = [report.title, *(e.text for e in report.timeline), *(e.note for e in report.timeline)]
    statements = [
        *report.summary,
        *report.narrative,
        report.one_line,
        impact.scope,
        *impact.users,
        *impact.business,
        *impact.technical,
    ]
    statements += [w.answer for w in report.whys]
    statements += [
        *response.went_well,
        *response.went_poorly,
        *response.got_lucky,
        *response.suggestions,
        *report.lessons,
    ]
    statements += [
        *report.contributing_factors,
        *report.monitoring.blind_spots,
        *report.monitoring.alert_tuning,
    ]
    texts += [s.text for s in statements] + [h.text for h in report.hypotheses]
    texts += (
        [f.text for f in report.temporary_fixes]
        + [a.text for a in report.actions]
        + [g.text for g in report.gaps]
    )
    return "\n".join(texts)
