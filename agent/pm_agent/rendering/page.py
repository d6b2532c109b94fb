"""What templates may ask of a report: printed times, citation labels, grouped actions. No template computes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pm_agent.language import words
from pm_agent.rendering.compiled_templates import kept_in
from pm_agent.report import (
    ActionItem,
    EvidenceLine,
    LanguageFinding,
    Milestone,
    Report,
    Statement,
    TimelineEntry,
)
from pm_agent.resources import inside

_HORIZON = (("P0", 7), ("P1", 31), ("P2", 92))


def environment(*, escaped: bool = False) -> ImmutableSandboxedEnvironment:
    """Sandboxed; a name a template misspells is an error, not an empty string."""
    templates = inside("rendering", "templates")
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(templates),
        autoescape=escaped,
        bytecode_cache=kept_in(templates, escaped=escaped),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _zone(name: str) -> tzinfo:
    if name[:1] in "+-" and name[1:3].isdigit():
        hours, _, minutes = name[1:].partition(":")
        span = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-span if name[0] == "-" else span)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def shared(report: Report) -> Report:
    """The report as it may go round: evidence is quoted without the blame in it, which is for the author alone."""
    lines = [line.model_copy(update={"text": line.quote}) if line.quote else line for line in report.evidence]
    return report.model_copy(update={"evidence": lines})


class Page:
    """A report, ready to be printed in its language and zone."""

    def __init__(self, report: Report) -> None:
        self.report = report = shared(report)
        self.words: dict[str, Any] = words(report.language, "eleven")
        self.zone = _zone(report.timezone)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Event id → `E7`, in the order of the appendix."""
        return {line.id: f"E{n}" for n, line in enumerate(self.report.evidence, 1)}

    @cached_property
    def several_days(self) -> bool:
        """True where the timeline needs dates."""
        return len({self.local(e.at).date() for e in self.report.timeline if e.at}) > 1

    def local(self, at: datetime) -> datetime:
        """The moment on the report's clocks."""
        return at.astimezone(self.zone)

    def minute(self, at: datetime | None, *, day: bool = False) -> str:
        """`20:03`, with the date where asked or where the timeline spans days."""
        if at is None:
            return str(self.words["unknown"])
        return f"{self.local(at):%Y-%m-%d %H:%M}" if day else f"{self.local(at):%H:%M}"

    def day(self, at: datetime) -> str:
        """`2026-03-04`."""
        return f"{self.local(at):%Y-%m-%d}"

    def milestone(self, name: str) -> Milestone:
        """A milestone by its name."""
        found: Milestone = getattr(self.report.milestones, name)
        return found

    def row_time(self, entry: TimelineEntry) -> str:
        """The time of a timeline row; approximate ones say so."""
        if entry.at is None:
            return f"+{entry.relative}" if entry.relative else str(self.words["unknown"])
        text = f"{self.local(entry.at):%m-%d %H:%M}" if self.several_days else self.minute(entry.at)
        if entry.until and self.minute(entry.until) != self.minute(entry.at):
            text += f"–{self.minute(entry.until)}"
        return f"{self.words['approx']} {text}" if entry.precision == "approximate" else text

    def cites(self, ids: list[str]) -> str:
        """Links to the evidence appendix."""
        return " ".join(
            f"[\\[{self.labels[i]}\\]](#{anchor(i)})" for i in dict.fromkeys(ids) if i in self.labels
        )

    def duration(self, minutes: int) -> str:
        """`1 h 5 min`."""
        hours, rest = divmod(minutes, 60)
        return (
            str(self.words["s1"]["hours_minutes"].format(h=hours, m=rest))
            if hours
            else str(self.words["s2"]["minutes"].format(n=rest))
        )

    def from_to(self, start: datetime | None, end: datetime | None) -> str:
        """`10:12 → 16:42`, with the dates where they are two."""
        days = start and end and self.local(start).date() != self.local(end).date()
        shown = [f"{self.local(at):%m-%d %H:%M}" if at and days else self.minute(at) for at in (start, end)]
        return str(self.words["s2"]["from_to"].format(start=shown[0], end=shown[1]))

    def zone_name(self) -> str:
        """The zone as printed: its name and its offset when the incident was noticed."""
        detected, window = self.report.milestones.detected.at, self.report.window
        first = detected or window.start or next((e.at for e in self.report.timeline if e.at), None)
        if first is None or self.zone is UTC or self.report.timezone == "UTC":
            return self.report.timezone
        offset = f"{self.local(first):%z}"
        return (
            self.report.timezone
            if self.report.timezone[:1] in "+-"
            else f"{self.report.timezone} (UTC{offset[:3]}:{offset[3:]})"
        )

    def aspect(self, group: list[Statement], *names: str) -> list[Statement]:
        """Statements of a group that speak of these aspects."""
        return [s for s in group if s.aspect in names]

    def actions(self, group: str) -> list[ActionItem]:
        """Actions of one table: by stated priority, else by how soon they are due; the rest wait for a decision."""
        return [a for a in self.report.actions if self._group(a) == group]

    def _group(self, action: ActionItem) -> str:
        if action.priority in {"P0", "P1", "P2"}:
            return str(action.priority)
        end = self.report.milestones.recovered.at or self.report.milestones.detected.at
        if action.priority is None and action.due and end:
            days = (action.due - end.date()).days
            return next((name for name, limit in _HORIZON if days <= limit), "other")
        return "other"

    def place(self, line: EvidenceLine | LanguageFinding) -> str:
        """File and line of an evidence line, every source of it."""
        found = []
        for source in line.sources:
            where = source.file
            if source.line is not None and source.line_end and source.line_end > source.line:
                where += " " + self.words["evidence"]["lines"].format(line=source.line, end=source.line_end)
            elif source.line is not None:
                where += " " + self.words["evidence"]["line"].format(line=source.line)
            elif source.pointer:
                where += f" {source.pointer}"
            found.append(where)
        return " · ".join(found)

    def anchor(self, event_id: str) -> str:
        """The anchor of an evidence line."""
        return anchor(event_id)


def anchor(event_id: str) -> str:
    """An event id as an anchor."""
    return "e-" + event_id.replace(":", "-").replace(".", "-")
