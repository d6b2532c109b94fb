"""A planned operation: goals met, figures planned against actual, phases, problems on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pm_agent.rendering.page import Page
from pm_agent.report import Phase, Planned, Problem, Report, Statement

_MINUTES = re.compile(r"^\s*(\d+)\s*(?:min\w*|m|分钟|分)?\s*$", re.I)
_HOURS = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(?:h\w*|小时)\s*(?:(\d+)\s*(?:min\w*|m|分钟|分))?\s*$", re.I)
_VOICES = {"operator", "assistant", "dba", "business", "users"}
_NAMES = ("duration", "downtime", "users", "errors")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One row of planned against actual."""

    name: str
    plan: str | None
    actual: str | None
    citations: list[str]
    note: str | None
    by_author: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """A phase with its printed span."""

    name: str
    span: str | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem as the template prints it: the incident as a whole, or one of the report's problems."""

    title: str
    own: Problem | None
    minutes: int | None


class Operation:
    """The report as the review of a planned operation."""

    def __init__(self, report: Report, page: Page, units: Mapping[str, Sequence[str]]) -> None:
        self.report, self.page, self.units = report, page, units

    @cached_property
    def planned(self) -> dict[str, Planned]:
        """Figures as planned, by name."""
        return {p.name: p for p in self.report.task.planned}

    def key_figures(self) -> list[KeyFigure]:
        """The four figures of the template, then the author's own."""
        names = [*_NAMES, *(n for n in self.planned if n not in _NAMES)]
        return [self._figure(name) for name in names]

    def _figure(self, name: str) -> KeyFigure:
        given = self.planned.get(name)
        found, citations = self._actual(name)
        actual = given.actual if given and given.actual else found
        by_author = bool(given and given.actual)
        return KeyFigure(
            name=name,
            plan=given.plan if given else None,
            actual=actual,
            citations=[] if by_author else citations,
            note=given.note if given else None,
            by_author=by_author,
        )

    def _actual(self, name: str) -> tuple[str | None, list[str]]:
        """What the evidence says a figure became."""
        report = self.report
        if name == "duration" and self.total is not None:
            return self.page.duration(self.total), []
        if name == "downtime" and report.metrics.duration.minutes is not None:
            cited = report.milestones.recovered.citations
            return self.page.duration(report.metrics.duration.minutes), list(cited)
        if name in {"users", "errors"}:
            return self._counted(name)
        return None, []

    def _counted(self, name: str) -> tuple[str | None, list[str]]:
        units = {str(u).lower() for u in self.units[name]}
        figures = [f for f in self.report.impact.figures if f.unit.lower() in units]
        last = [f for f in figures if f.superseded_by is None]
        said = dict.fromkeys(f.text for f in last)  # the sentence, since a bare number hides what it counts
        return ("; ".join(said) or None, [c for f in last for c in f.citations])

    @cached_property
    def total(self) -> int | None:
        """Minutes from the first to the last phase given, else of the incident's window."""
        phases = self.report.task.phases
        starts = [p.start for p in phases if p.start]
        ends = [p.end for p in phases if p.end]
        start = min(starts) if starts else self.report.window.start
        end = max(ends) if ends else self.report.window.end
        return _between(start, end)

    @cached_property
    def planned_minutes(self) -> int | None:
        """The planned duration in minutes, where the plan is a duration."""
        given = self.planned.get("duration")
        return minutes_of(given.plan) if given else None

    def difference(self) -> str | None:
        """Actual minus planned, with its sign."""
        if self.total is None or self.planned_minutes is None:
            return None
        return f"{self.total - self.planned_minutes:+d}"

    def stages(self) -> list[Stage]:
        """The phases of the operation as given."""
        return [self._stage(p) for p in self.report.task.phases]

    def _stage(self, phase: Phase) -> Stage:
        span = (
            f"{self.page.minute(phase.start)} - {self.page.minute(phase.end)}"
            if phase.start and phase.end
            else None
        )
        return Stage(phase.name, span, _between(phase.start, phase.end))

    def reached(self) -> tuple[int, int] | None:
        """(goals met, goals) once every goal is judged; a goal met in part is not met."""
        goals = self.report.task.goals
        if not goals or any(g.met is None for g in goals):
            return None
        return sum(g.met == "met" for g in goals), len(goals)

    def verdict(self) -> str:
        """yes, partly or no, once every goal is judged."""
        marks = {g.met for g in self.report.task.goals}
        return "yes" if marks == {"met"} else "no" if marks == {"missed"} else "partly"

    def problems(self) -> list[Trouble]:
        """The incident itself, then the problems met on the way."""
        main = Trouble(self.report.title, None, self.report.metrics.mttr.minutes)
        return [
            main,
            *(Trouble(p.text, p, _between(p.at, p.resolved_at)) for p in self.report.problems),
        ]

    def other_feedback(self) -> list[Statement]:
        """Feedback of nobody that the template names."""
        return [s for s in self.report.feedback if s.aspect not in _VOICES]


def minutes_of(text: str) -> int | None:
    """Minutes of a plan such as `30 min`, `1.5 h`, `2 小时 10 分钟`; None where it is no duration."""
    if plain := _MINUTES.match(text):
        return int(plain[1])
    if hours := _HOURS.match(text):
        return round(float(hours[1]) * 60) + int(hours[2] or 0)
    return None


def _between(start: datetime | None, end: datetime | None) -> int | None:
    """The difference of the two minutes as printed."""
    if start is None or end is None:
        return None
    first, last = (int(t.timestamp()) // 60 for t in (start, end))
    return last - first
