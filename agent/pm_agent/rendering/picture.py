"""The incident on one axis of time, as static SVG: lanes by source, phases shaded, milestones marked, metrics below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from pm_agent.rendering.page import Page
from pm_agent.report import EvidenceLine, Report, SeriesLine, TimelineEntry

WIDTH, LEFT, RIGHT = 1000.0, 118.0, 24.0
TOP, LANE, SERIES = 62.0, 30.0, 66.0
_LANES = ("alert", "deploy", "log", "person", "investigate", "mitigate", "communicate")
_PHASES = (
    ("detection", "trigger", "detected"),
    ("investigation", "detected", "cause_found"),
    ("mitigation", "cause_found", "fixed"),
    ("recovery", "fixed", "recovered"),
)
_MARKS = ("trigger", "detected", "cause_found", "fixed", "recovered")
MOST_SERIES = 4
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 10080)


@dataclass(frozen=True)
class Axis:
    """Maps moments to the width of the picture; what lies outside stands at its edge."""

    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        """Horizontal place of a moment."""
        span = max(1.0, (self.end - self.start).total_seconds())
        share = min(1.0, max(0.0, (at - self.start).total_seconds() / span))
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def inside(self, at: datetime) -> bool:
        """True where a moment lies on the axis."""
        return self.start <= at <= self.end


def picture(report: Report, page: Page) -> str:
    """The SVG, or nothing where no row has a time."""
    rows = [row for row in report.timeline if row.at]
    if not rows:
        return ""
    axis = _axis(report, rows)
    lanes = [lane for lane in _LANES if any(_lane(row, report) == lane for row in rows)]
    body_end = TOP + LANE * len(lanes)
    series = _telling(report.series, axis)
    bursts = [
        line
        for line in report.evidence
        if line.kind in {"log", "metric"} and line.at and sum(s.count for s in line.sources) > 1
    ]
    height = body_end + 34 + SERIES * len(series) + (34 if bursts else 0) + 12
    parts = [
        f'<svg class="picture" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-label="{escape(page.words["html"]["picture"])}">',
        *_phases(report, page, axis, body_end),
        *_ticks(page, axis, body_end),
        *_lane_rows(report, page, axis, rows, lanes),
        *_milestones(report, page, axis, body_end),
        *_bursts(page, axis, bursts, body_end + 34),
    ]
    top = body_end + 34 + (34 if bursts else 0)
    for number, one in enumerate(series):
        parts += _series(one, axis, top + SERIES * number)
    return "\n".join([*parts, "</svg>"])


def _axis(report: Report, rows: Sequence[TimelineEntry]) -> Axis:
    """From a little before the first row to a little after the last; a row hours before the rest stands at the edge."""
    moments = sorted(row.at for row in rows if row.at)
    core = [m.at for name, m in report.milestones.items() if m.at and name != "trigger"] or moments
    start, end = moments[0], moments[-1]
    span = max(max(core) - min(core), timedelta(minutes=30))
    start = max(start, min(core) - 2 * span)
    end = min(end, max(core) + 2 * span)
    margin = max((end - start) * 0.04, timedelta(minutes=1))
    return Axis(start - margin, max(end, start + timedelta(minutes=5)) + margin)


def _lane(row: TimelineEntry, report: Report) -> str:
    if row.kind == "communicate":
        return "communicate"
    line = next((e for e in report.evidence if e.id in row.citations), None)
    if line is None:
        return "person"
    by_source = {"alert": "alert", "page": "alert", "deploy": "deploy", "log": "log", "metric": "log"}
    by_act = {"investigate": "investigate", "cause_found": "investigate", "mitigate": "mitigate"}
    return by_source.get(line.kind) or by_act.get(row.kind, "person")


def _phases(report: Report, page: Page, axis: Axis, bottom: float) -> list[str]:
    parts = []
    for name, first, second in _PHASES:
        one, other = getattr(report.milestones, first).at, getattr(report.milestones, second).at
        if not one or not other or other <= one:
            continue
        x, width = axis.x(one), max(1.0, axis.x(other) - axis.x(one))
        parts.append(
            f'<rect class="phase {name}" x="{x}" y="{TOP - 14}" width="{width:.1f}" height="{bottom - TOP + 14:.0f}"/>'
        )
        if width > 60:
            label = escape(page.words["html"]["phases"][name])
            parts.append(f'<text class="phase-name" x="{x + width / 2:.1f}" y="{TOP - 3}">{label}</text>')
    return parts


def _ticks(page: Page, axis: Axis, bottom: float) -> list[str]:
    minutes = max(1.0, (axis.end - axis.start).total_seconds() / 60)
    step = next((s for s in _STEPS if minutes / s <= 9), _STEPS[-1])
    local = page.local(axis.start)
    first = local.replace(second=0, microsecond=0) + timedelta(
        minutes=(-(local.hour * 60 + local.minute)) % step
    )
    parts, at = [], first.astimezone(UTC)
    while at <= axis.end:
        x = axis.x(at)
        label = f"{page.local(at):%m-%d}" if step >= 1440 else f"{page.local(at):%H:%M}"
        parts.append(f'<line class="grid" x1="{x}" y1="{TOP - 14}" x2="{x}" y2="{bottom}"/>')
        parts.append(f'<text class="tick" x="{x}" y="{bottom + 15}">{label}</text>')
        at += timedelta(minutes=step)
    return parts


def _lane_rows(
    report: Report, page: Page, axis: Axis, rows: Sequence[TimelineEntry], lanes: Sequence[str]
) -> list[str]:
    parts = []
    for number, lane in enumerate(lanes):
        y = TOP + LANE * number + LANE / 2
        name = escape(page.words["html"]["lanes"][lane])
        parts.append(f'<text class="lane" x="{LEFT - 12}" y="{y + 4:.0f}">{name}</text>')
        parts.append(f'<line class="lane-line" x1="{LEFT}" y1="{y:.0f}" x2="{WIDTH - RIGHT}" y2="{y:.0f}"/>')
        for row in rows:
            if row.at and _lane(row, report) == lane:
                parts.append(_dot(row, page, axis, y))
    return parts


def _dot(row: TimelineEntry, page: Page, axis: Axis, y: float) -> str:
    at = row.at or axis.start
    title = escape(f"{page.row_time(row)} {page.words['s2']['kinds'][row.kind]}: {row.text}")
    shape = "dot key" if row.key else "dot"
    radius = 6 if row.key else 4
    edge = "" if axis.inside(at) else " outside"
    mark = f'<circle class="{shape} {row.kind}{edge}" cx="{axis.x(at)}" cy="{y:.0f}" r="{radius}"><title>{title}</title></circle>'
    return f'<a href="#t-{row.id}" aria-label="{title}">{mark}</a>'


def _milestones(report: Report, page: Page, axis: Axis, bottom: float) -> list[str]:
    parts: list[str] = []
    last: list[float] = [-1e9, -1e9, -1e9]
    for name in _MARKS:
        milestone = getattr(report.milestones, name)
        if not milestone.at:
            continue
        x = axis.x(milestone.at)
        level = next((n for n, end in enumerate(last) if x - end > 92), 0)
        last[level] = x
        label = escape(f"{page.words['html']['marks'][name]} {page.minute(milestone.at)}")
        anchor = "end" if x > WIDTH - 110 else "start"
        shift = -4 if anchor == "end" else 4
        parts.append(f'<line class="mark {name}" x1="{x}" y1="{6 + 13 * level}" x2="{x}" y2="{bottom}"/>')
        parts.append(
            f'<text class="mark-name" text-anchor="{anchor}" x="{x + shift}" y="{15 + 13 * level}">{label}</text>'
        )
    return parts


def _bursts(page: Page, axis: Axis, bursts: Sequence[EvidenceLine], top: float) -> list[str]:
    if not bursts:
        return []
    parts = [
        f'<text class="lane" x="{LEFT - 12}" y="{top + 18}">{escape(page.words["html"]["bursts"])}</text>'
    ]
    most = max(sum(s.count for s in line.sources) for line in bursts)
    for line in bursts:
        if not line.at or not axis.inside(line.at):
            continue
        count = sum(s.count for s in line.sources)
        height = 4 + 20 * count / most
        title = escape(f"{page.minute(line.at)} ×{count}: {line.text.splitlines()[0][:120]}")
        x = axis.x(line.at)
        bar = f'<rect class="burst" x="{x - 3:.1f}" y="{top + 26 - height:.1f}" width="6" height="{height:.1f}"><title>{title}</title></rect>'
        parts.append(f'<a href="#{page.anchor(line.id)}" aria-label="{title}">{bar}</a>')
    return parts


def _telling(series: Sequence[SeriesLine], axis: Axis) -> list[SeriesLine]:
    """The series that move most within the picture, a few of them."""

    def moves(one: SeriesLine) -> float:
        values = [v for t, v in one.points if axis.start.timestamp() <= t <= axis.end.timestamp() and v == v]
        if len(values) < 3:
            return 0.0
        middle = sorted(values)[len(values) // 2]
        return (max(values) - min(values)) / (abs(middle) + 1e-9)

    ranked = sorted((one for one in series if moves(one) > 0.2), key=moves, reverse=True)
    return ranked[:MOST_SERIES]


def _series(one: SeriesLine, axis: Axis, top: float) -> list[str]:
    inside = [(t, v) for t, v in one.points if axis.start.timestamp() <= t <= axis.end.timestamp() and v == v]
    low, high = min(v for _, v in inside), max(v for _, v in inside)
    span, height = (high - low) or 1.0, SERIES - 26
    step = max(1, len(inside) // 400)
    points = " ".join(
        f"{axis.x(datetime.fromtimestamp(t, UTC))},{top + 18 + height * (1 - (v - low) / span):.1f}"
        for t, v in inside[::step]
    )
    name = escape(one.name[:90] + (f" ({one.unit})" if one.unit else ""))
    return [
        f'<text class="series-name" x="{LEFT}" y="{top + 12}">{name}</text>',
        f'<text class="tick-left" x="{LEFT - 8}" y="{top + 24}">{_short(high)}</text>',
        f'<text class="tick-left" x="{LEFT - 8}" y="{top + 18 + height:.0f}">{_short(low)}</text>',
        f'<polyline class="series" points="{points}"/>',
    ]


def _short(value: float) -> str:
    for limit, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g}{sign}"
    return f"{value:.3g}"
