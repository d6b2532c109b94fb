"""Under the lanes, on the same axis: bursts of log lines and the metric series that moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from math import isfinite
from statistics import median

from pm_agent.rendering.page import Page
from pm_agent.rendering.picture.canvas import Axis, printed, text_width
from pm_agent.report import EvidenceLine, Report, SeriesLine

MOST_SERIES = 4
SERIES, BURSTS = 68.0, 44.0
_CURVE, _FINE = 34.0, 10.5
Point = tuple[float, float]


def bursts_of(report: Report, axis: Axis, cited: set[str]) -> list[EvidenceLine]:
    """Cited events that stand for many lines, within the axis, in order of time."""
    found = [
        line
        for line in report.evidence
        if line.id in cited
        and line.kind in {"log", "metric"}
        and line.at
        and axis.inside(line.at)
        and _count(line) > 1
    ]
    return sorted(found, key=lambda line: (line.at or axis.start, line.id))


def _count(line: EvidenceLine) -> int:
    return sum(source.count for source in line.sources)


def draw_bursts(page: Page, axis: Axis, bursts: Sequence[EvidenceLine], top: float) -> list[str]:
    """A bar for each burst, as high as it is large, leading to its evidence line."""
    canvas = axis.canvas
    x, y = (canvas.left, top + 12) if canvas.names_above else (canvas.left - 12, top + 30)
    parts = [f'<text class="lane" x="{x:.0f}" y="{y:.0f}">{printed(page.words["html"]["bursts"])}</text>']
    most, foot, free = max(_count(line) for line in bursts), top + BURSTS - 6, -1e9
    for line in bursts:
        count, at = _count(line), line.at or axis.start
        height, x = 4 + 20 * count / most, axis.x(at)
        said = printed(f"{page.minute(at)} ×{count}: {' '.join(line.text.split())[:120]}")
        bar = f'<rect class="burst" x="{x - 3:.1f}" y="{foot - height:.1f}" width="6" height="{height:.1f}"/>'
        parts.append(f'<a href="#{page.anchor(line.id)}" aria-label="{said}">{bar}</a>')
        label = f"×{count}"
        if x - 4 > free and x + text_width(label, _FINE) + 8 < canvas.width:
            parts.append(f'<text class="fine" x="{x + 6:.1f}" y="{foot - 1:.1f}">{label}</text>')
            free = x + text_width(label, _FINE) + 8
    return parts


def series_of(report: Report, axis: Axis) -> list[SeriesLine]:
    """The series that move most within the picture, a few of them."""

    def moves(one: SeriesLine) -> float:
        values = [v for _, v in _within(one, axis)]
        if len(values) < 3:
            return 0.0
        return (max(values) - min(values)) / (abs(median(values)) + 1e-9)

    ranked = sorted((one for one in report.series if moves(one) > 0.2), key=moves, reverse=True)
    return ranked[:MOST_SERIES]


def _within(one: SeriesLine, axis: Axis) -> list[Point]:
    start, end = axis.start.timestamp(), axis.end.timestamp()
    return sorted((t, v) for t, v in one.points if start <= t <= end and isfinite(v))


def draw_series(one: SeriesLine, axis: Axis, top: float) -> list[str]:
    """One series: its name, its highest and lowest value, and the curve; a hole in the data is a hole."""
    canvas, inside = axis.canvas, _within(one, axis)
    low, high = min(v for _, v in inside), max(v for _, v in inside)
    foot, span = top + 22 + _CURVE, (high - low) or 1.0

    def place(point: Point) -> str:
        return (
            f"{axis.x(datetime.fromtimestamp(point[0], UTC))},{foot - _CURVE * (point[1] - low) / span:.1f}"
        )

    room = canvas.width - canvas.left - canvas.right
    name = f"{one.name} ({one.unit})" if one.unit else one.name
    parts = [
        f'<text class="series-name" x="{canvas.left:.0f}" y="{top + 13:.1f}">{printed(_fitting(name, room - 90))}</text>',
        f'<line class="base" x1="{canvas.left}" y1="{foot:.1f}" x2="{canvas.width - canvas.right}" y2="{foot:.1f}"/>',
    ]
    for run in _runs(_thinned(inside, int(room))):
        line = " ".join(place(p) for p in run)
        first, last = line.split(" ")[0].split(",")[0], line.split(" ")[-1].split(",")[0]
        parts.append(f'<polygon class="area" points="{first},{foot:.1f} {line} {last},{foot:.1f}"/>')
        parts.append(f'<polyline class="curve" points="{line}"/>')
    if canvas.names_above:
        scale = f"{short(low)} – {short(high)}"
        parts.append(
            f'<text class="scale" x="{canvas.width - canvas.right}" y="{top + 13:.1f}">{scale}</text>'
        )
    else:
        parts.append(
            f'<text class="scale" x="{canvas.left - 8}" y="{foot - _CURVE + 4:.1f}">{short(high)}</text>'
        )
        parts.append(f'<text class="scale" x="{canvas.left - 8}" y="{foot:.1f}">{short(low)}</text>')
    return parts


def _fitting(text: str, room: float) -> str:
    if text_width(text, 11) <= room:
        return text
    while text and text_width(text, 11) > room - 11:
        text = text[1:]  # the end tells one series of a query from another
    return "…" + text


def _thinned(points: Sequence[Point], pixels: int) -> list[Point]:
    """At most the lowest and highest point of each pixel, so that no spike is lost."""
    if len(points) <= 2 * pixels:
        return list(points)
    start, end = points[0][0], points[-1][0]
    buckets: dict[int, list[Point]] = {}
    for point in points:
        buckets.setdefault(int((point[0] - start) / (end - start) * (pixels - 1)), []).append(point)
    kept: list[Point] = []
    for bucket in buckets.values():
        kept += sorted({min(bucket, key=lambda p: p[1]), max(bucket, key=lambda p: p[1])})
    return kept


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """The points cut where data is missing: three times the usual distance and more."""
    usual = median(b[0] - a[0] for a, b in pairwise(points)) if len(points) > 1 else 0.0
    runs: list[list[Point]] = [[points[0]]]
    for before, point in pairwise(points):
        if usual and point[0] - before[0] > 3 * usual:
            runs.append([])
        runs[-1].append(point)
    return runs


def short(value: float) -> str:
    """`44.8k`: three digits are enough beside a curve."""
    for limit, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g}{sign}"
    return "0" if abs(value) < 1e-12 else f"{value:.3g}"
