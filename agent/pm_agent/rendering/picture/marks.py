"""What stands across the lanes: phases as shades, milestones as lines, and the hours under the axis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pm_agent.rendering.page import Page
from pm_agent.rendering.picture.canvas import Axis, printed, text_width
from pm_agent.report import Report

_PHASES = (
    ("detection", "trigger", "detected"),
    ("investigation", "detected", "cause_found"),
    ("mitigation", "cause_found", "fixed"),
    ("recovery", "fixed", "recovered"),
)
MARKS = ("trigger", "impact_start", "detected", "cause_found", "mitigated", "fixed", "recovered")
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 10080, 43200)
LABEL_HEIGHT, BAND = 16.0, 20.0
_LABEL, _NAME = 12.0, 11.5


class Phase(NamedTuple):
    """A stretch between two milestones."""

    name: str
    start: datetime
    end: datetime


class Label(NamedTuple):
    """A milestone as the picture names it; those of the same minute share a line."""

    at: datetime
    text: str
    level: int
    x: float
    flipped: bool
    """True where the text stands left of its line."""


def phases_of(report: Report) -> list[Phase]:
    """The phases whose two ends the evidence gives, in an order that makes sense."""
    found = []
    for name, first, second in _PHASES:
        one, other = getattr(report.milestones, first).at, getattr(report.milestones, second).at
        if one and other and other > one:
            found.append(Phase(name, one, other))
    return found


def labels_of(report: Report, page: Page, axis: Axis) -> list[Label]:
    """The milestones' labels, each on a level where it meets no other: later ones stand lower, like stairs."""
    named: dict[str, tuple[datetime, list[str]]] = {}
    for name in MARKS:
        at = getattr(report.milestones, name).at
        if at and axis.inside(at):
            named.setdefault(page.minute(at, day=True), (at, []))[1].append(page.words["html"]["marks"][name])
    placed: list[Label] = []
    spans: list[tuple[float, float, int]] = []
    for at, names in sorted(named.values(), key=lambda v: v[0]):
        x = axis.x(at)
        text = f"{' · '.join(names)} {page.minute(at)}"
        width = text_width(text, _LABEL) + 10
        flipped = x + width > axis.canvas.width
        start, end = (x - width, x) if flipped else (x, x + width)
        level = max((lvl + 1 for s, e, lvl in spans if s < end and start < e), default=0)
        spans.append((start, end, level))
        placed.append(Label(at, text, level, x, flipped))
    return placed


def draw_phases(report: Report, page: Page, axis: Axis, top: float, bottom: float) -> list[str]:
    """A band with the phases' names, and their tint down to the foot of the picture."""
    parts = []
    for phase in phases_of(report):
        x = axis.x(phase.start)
        width = max(1.0, axis.x(phase.end) - x)
        box = f'x="{x}" width="{width:.1f}"'
        parts.append(
            f'<rect class="tint {phase.name}" {box} y="{top + BAND:.1f}" height="{bottom - top - BAND:.1f}"/>'
        )
        parts.append(f'<rect class="band {phase.name}" {box} y="{top:.1f}" height="{BAND:.1f}"/>')
        label = page.words["html"]["phases"][phase.name]
        if width > text_width(label, _NAME) + 6:
            parts.append(
                f'<text class="phase-name" x="{x + width / 2:.1f}" y="{top + 14:.1f}">{printed(label)}</text>'
            )
    return parts


def draw_ticks(page: Page, axis: Axis, top: float, labels_at: float, bottom: float) -> list[str]:
    """Lines of time and their labels."""
    minutes = max(1.0, (axis.end - axis.start).total_seconds() / 60)
    step = next((s for s in _STEPS if minutes / s <= axis.canvas.ticks), _STEPS[-1])
    local = page.local(axis.start)
    first = local.replace(second=0, microsecond=0) + timedelta(
        minutes=(-(local.hour * 60 + local.minute)) % step
    )
    parts, at = [], first.astimezone(UTC)
    while at <= axis.end:
        x = axis.x(at)
        label = f"{page.local(at):%m-%d}" if step >= 1440 else f"{page.local(at):%H:%M}"
        parts.append(f'<line class="grid" x1="{x}" y1="{top:.1f}" x2="{x}" y2="{bottom:.1f}"/>')
        place = min(max(x, 16.0), axis.canvas.width - 16.0)
        parts.append(f'<text class="tick" x="{place:.1f}" y="{labels_at:.1f}">{label}</text>')
        at += timedelta(minutes=step)
    return parts


def draw_milestones(labels: list[Label], bottom: float) -> list[str]:
    """A line for each milestone, from its label to the foot of the picture."""
    lines = [
        f'<line class="milestone" x1="{one.x}" y1="{LABEL_HEIGHT * one.level + 3:.1f}" x2="{one.x}" y2="{bottom:.1f}"/>'
        for one in labels
    ]
    texts = [
        f'<text class="milestone-name{" flipped" if one.flipped else ""}" x="{one.x + (-5 if one.flipped else 5):.1f}"'
        f' y="{LABEL_HEIGHT * one.level + 13:.1f}">{printed(one.text)}</text>'
        for one in labels
    ]
    return [*lines, *texts]
