"""The lanes: one for each kind of source or role, every row of the timeline a mark that leads to it."""

from __future__ import annotations

from collections.abc import Sequence

from pm_agent.rendering.page import Page
from pm_agent.rendering.picture.canvas import Axis, printed
from pm_agent.report import EvidenceLine, Report, TimelineEntry

LANES = ("alert", "deploy", "log", "person", "investigate", "mitigate", "communicate")
_MOST_LEVELS = 4
_BY_SOURCE = {"alert": "alert", "page": "alert", "deploy": "deploy", "log": "log", "metric": "log"}
_BY_ACT = {"investigate": "investigate", "cause_found": "investigate", "mitigate": "mitigate"}
_SHAPES = {
    "detect": "triangle", "notify": "triangle", "change": "diamond", "trigger": "diamond", "mitigate": "square",
    "recover": "ring", "confirm": "ring", "close": "ring",
}  # fmt: skip


def shape_of(kind: str) -> str:
    """The shape of a row's mark; what happened is told by form and colour, not by colour alone."""
    return _SHAPES.get(kind, "circle")


def lanes_of(report: Report, rows: Sequence[TimelineEntry]) -> dict[str, list[TimelineEntry]]:
    """Lane → its rows, in the order of the picture; lanes without rows are left out."""
    lines = {line.id: line for line in report.evidence}
    found: dict[str, list[TimelineEntry]] = {lane: [] for lane in LANES}
    for row in rows:
        found[_lane(row, lines)].append(row)
    return {lane: held for lane, held in found.items() if held}


def _lane(row: TimelineEntry, lines: dict[str, EvidenceLine]) -> str:
    if row.kind == "communicate":
        return "communicate"
    line = next((lines[c] for c in row.citations if c in lines), None)
    if line is None:
        return "person"
    return _BY_SOURCE.get(line.kind) or _BY_ACT.get(row.kind, "person")


def draw_lanes(
    page: Page, axis: Axis, lanes: dict[str, list[TimelineEntry]], top: float
) -> tuple[list[str], float]:
    """The lanes from `top` downwards, and where they end."""
    canvas, parts = axis.canvas, []
    for lane, rows in lanes.items():
        placed, levels = _levels(axis, rows)
        step = canvas.radius * 2 + 4
        height = canvas.lane + step * (levels - 1)
        head = 16.0 if canvas.names_above else 0.0
        first = top + head + (canvas.lane - head) / 2
        middle = first + step * (levels - 1) / 2
        name = printed(page.words["html"]["lanes"][lane])
        x, y = (canvas.left, top + 13) if canvas.names_above else (canvas.left - 12, middle + 4)
        parts.append(f'<text class="lane" x="{x:.0f}" y="{y:.1f}">{name}</text>')
        parts.append(
            f'<line class="lane-end" x1="0" y1="{top + height:.1f}" x2="{canvas.width:.0f}" y2="{top + height:.1f}"/>'
        )
        parts += [_mark(row, page, axis, first + step * level) for row, level in placed]
        top += height
    return parts, top


def _levels(axis: Axis, rows: Sequence[TimelineEntry]) -> tuple[list[tuple[TimelineEntry, int]], int]:
    """Each row with its level in the lane, so that marks of the same minutes stand above one another."""
    ends: list[float] = []
    placed = []
    for row in sorted((r for r in rows if r.at), key=lambda r: (r.at or axis.start, r.id)):
        x, need = axis.x(row.at or axis.start), axis.canvas.radius * 2 + 2
        level = next((n for n, end in enumerate(ends) if x - end >= need), len(ends))
        if level >= _MOST_LEVELS:
            level = min(range(_MOST_LEVELS), key=lambda n: ends[n])
        ends[level:] = [x, *ends[level + 1 :]]
        placed.append((row, level))
    return placed, max(1, len(ends))


def _mark(row: TimelineEntry, page: Page, axis: Axis, y: float) -> str:
    at = row.at or axis.start
    said = printed(f"{page.row_time(row)} {page.words['s2']['kinds'][row.kind]}: {row.text}"[:160])
    form = shape_of(row.kind)
    radius = axis.canvas.radius + (1.5 if row.key else 0)
    state = ("" if axis.inside(at) else " outside") + (" key" if row.key else "")
    drawn = shape(form, axis.x(at), y, radius, f"mark {form}{state}")
    return f'<a href="#t-{printed(row.id)}" aria-label="{said}">{drawn}</a>'


def shape(form: str, x: float, y: float, radius: float, classes: str) -> str:
    """A mark of a form, centred."""
    if form in {"circle", "ring"}:
        shrunk = radius - 1 if form == "ring" else radius  # its line is as wide again
        return f'<circle class="{classes}" cx="{x:.1f}" cy="{y:.1f}" r="{shrunk:.1f}"/>'
    if form == "square":
        side = radius * 1.75
        return f'<rect class="{classes}" x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:.1f}" height="{side:.1f}"/>'
    corners = {
        "triangle": ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
        "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    }[form]
    points = " ".join(f"{x + dx * radius:.1f},{y + dy * radius:.1f}" for dx, dy in corners)
    return f'<polygon class="{classes}" points="{points}"/>'
