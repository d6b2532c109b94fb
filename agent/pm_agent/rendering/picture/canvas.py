"""The sheet a picture is drawn on: its measures, its axis of time, and how wide a text will be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from pm_agent.rendering.plain import visible
from pm_agent.report import Report, TimelineEntry


@dataclass(frozen=True, slots=True)
class Canvas:
    """Measures of one form of the picture."""

    name: str
    width: float
    left: float
    right: float
    lane: float
    """Height of a lane that holds one row of marks."""
    ticks: int
    """At most so many labels under the axis."""
    names_above: bool
    """True where the name of a lane stands over it, not beside it."""
    radius: float


WIDE = Canvas("wide", 1000, 96, 24, 30, 9, names_above=False, radius=5)
NARROW = Canvas("narrow", 360, 8, 12, 44, 4, names_above=True, radius=4.5)


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps moments to the width of a canvas; what lies outside stands at its edge."""

    start: datetime
    end: datetime
    canvas: Canvas

    def x(self, at: datetime) -> float:
        """Horizontal place of a moment."""
        span = max(1.0, (self.end - self.start).total_seconds())
        share = min(1.0, max(0.0, (at - self.start).total_seconds() / span))
        inner = self.canvas.width - self.canvas.left - self.canvas.right
        return round(self.canvas.left + share * inner, 1)

    def inside(self, at: datetime) -> bool:
        """True where a moment lies on the axis."""
        return self.start <= at <= self.end


def axis_of(report: Report, rows: Sequence[TimelineEntry], canvas: Canvas) -> Axis:
    """From a little before the first row to a little after the last; a row hours before the rest stands at the edge."""
    moments = sorted(row.at for row in rows if row.at)
    core = [m.at for name, m in report.milestones.items() if m.at and name != "trigger"] or moments
    span = max(max(core) - min(core), timedelta(minutes=30))
    start = max(moments[0], min(core) - 2 * span)
    end = min(moments[-1], max(core) + 2 * span)
    margin = max((end - start) * 0.03, timedelta(minutes=1))
    return Axis(start - margin, max(end, start + timedelta(minutes=5)) + margin, canvas)


def printed(text: str) -> str:
    """A text as SVG prints it: on one line, escaped, without characters that reorder or hide others."""
    return escape(visible(" ".join(text.split())))


def text_width(text: str, size: float) -> float:
    """About how wide a text is; a Chinese character is as wide as it is high."""
    return sum(size if ord(letter) > 0x2E7F else size * 0.6 for letter in text)
