"""The incident on one axis of time, as static SVG: lanes, phases, milestones, and under them bursts and metrics.

Drawn twice, for a wide page and for a phone; the style sheet shows the one that fits.
"""

from __future__ import annotations

from pm_agent.rendering.page import Page
from pm_agent.rendering.picture.canvas import NARROW, WIDE, Axis, Canvas, axis_of, printed
from pm_agent.rendering.picture.curves import (
    BURSTS,
    SERIES,
    bursts_of,
    draw_bursts,
    draw_series,
    series_of,
)
from pm_agent.rendering.picture.lanes import draw_lanes, lanes_of, shape
from pm_agent.rendering.picture.marks import (
    BAND,
    LABEL_HEIGHT,
    draw_milestones,
    draw_phases,
    draw_ticks,
    labels_of,
    phases_of,
)
from pm_agent.report import Report

__all__ = ["notes", "phases_of", "picture", "swatch"]
_AXIS = 22.0


def picture(report: Report, page: Page, cited: set[str]) -> str:
    """Both forms of the picture, or nothing where no row has a time.

    Args:
        report: the incident.
        page: prints its times and words.
        cited: ids of the evidence lines that the page shows; only these are linked to.
    """
    if not any(row.at for row in report.timeline):
        return ""
    return "\n".join(_drawn(report, page, canvas, cited) for canvas in (WIDE, NARROW))


def _axis(report: Report, canvas: Canvas) -> Axis:
    return axis_of(report, [row for row in report.timeline if row.at], canvas)


def _drawn(report: Report, page: Page, canvas: Canvas, cited: set[str]) -> str:
    axis = _axis(report, canvas)
    labels = labels_of(report, page, axis)
    top = LABEL_HEIGHT * (1 + max((one.level for one in labels), default=-1)) + 4
    lanes, y = draw_lanes(
        page, axis, lanes_of(report, [row for row in report.timeline if row.at]), top + BAND
    )
    hours_at, y = y + 15, y + _AXIS
    under: list[str] = []
    bursts = bursts_of(report, axis, cited)
    if bursts:
        under += draw_bursts(page, axis, bursts, y)
        y += BURSTS
    for one in series_of(report, axis):
        under += draw_series(one, axis, y)
        y += SERIES
    name = printed(page.words["html"]["picture"])
    return "\n".join(
        [
            f'<svg class="picture {canvas.name}" viewBox="0 0 {canvas.width:.0f} {y:.0f}" role="group" aria-label="{name}">',
            *draw_phases(report, page, axis, top, y),
            *draw_ticks(page, axis, top + BAND, hours_at, y),
            *draw_milestones(labels, y),
            *lanes,
            *under,
            "</svg>",
        ]
    )


def notes(report: Report, page: Page) -> list[str]:
    """What a reader must know about the picture: rows without a place on the axis, series left out."""
    if not any(row.at for row in report.timeline):
        return []
    axis, words = _axis(report, WIDE), page.words["html"]
    counts = {
        "outside": sum(1 for row in report.timeline if row.at and not axis.inside(row.at)),
        "undated": sum(1 for row in report.timeline if not row.at),
    }
    said = [words["notes"][name].format(n=n) for name, n in counts.items() if n]
    shown = len(series_of(report, axis))
    if len(report.series) > shown:
        said.append(words["notes"]["series"].format(n=shown, all=len(report.series)))
    return [str(one) for one in said]


def swatch(form: str) -> str:
    """A mark for the legend."""
    return f'<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true">{shape(form, 8, 8, 5.5, "mark " + form)}</svg>'
