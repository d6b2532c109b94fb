"""The picture: every row a mark, milestones whose names never meet, curves that lose neither spikes nor holes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.language import words
from pm_agent.rendering.html import to_html
from pm_agent.rendering.html_page import HtmlPage
from pm_agent.rendering.picture import notes
from pm_agent.rendering.picture.canvas import NARROW, WIDE, Axis, Canvas, axis_of, text_width
from pm_agent.rendering.picture.curves import short
from pm_agent.rendering.picture.lanes import LANES, lanes_of
from pm_agent.rendering.picture.marks import MARKS, labels_of
from pm_agent.report import Report
from rendering.page_of import Element, Parsed, parse
from rendering.sample import at, report

BOTH = [WIDE, NARROW]


def drawn(made: Report, canvas: Canvas) -> tuple[Parsed, Element]:
    parsed = parse(to_html(made))
    (picture,) = parsed.all("svg", class_=canvas.name)
    return parsed, picture


def within(parsed: Parsed, picture: Element, tag: str = "", class_: str = "") -> list[Element]:
    return [e for e in parsed.all(tag, class_=class_) if picture in e.within]


@pytest.mark.parametrize("canvas", BOTH)
def test_every_row_with_a_time_is_a_mark_that_leads_to_it(canvas: Canvas) -> None:
    made = report("zh")
    parsed, picture = drawn(made, canvas)
    leads = [e.href for e in within(parsed, picture, "a")]
    assert leads == [f"#t-{row.id}" for lane in lanes_of(made, made.timeline).values() for row in lane]
    assert all(e.attributes["aria-label"] for e in within(parsed, picture, "a"))


@pytest.mark.parametrize("canvas", BOTH)
def test_phases_and_milestones_of_the_report(canvas: Canvas) -> None:
    parsed, picture = drawn(report("en"), canvas)
    bands = [e.attributes["class"].split()[1] for e in within(parsed, picture, "rect", "band")]
    assert bands == ["detection", "investigation", "mitigation", "recovery"]
    names = [e.text for e in within(parsed, picture, "text", "milestone-name")]
    assert names == [
        "trigger · impact 09:00", "detected 09:02", "cause 09:11", "mitigated · fixed 09:20", "recovered 09:33",
    ]  # fmt: skip


def test_a_phase_with_an_unknown_end_is_not_drawn() -> None:
    made = report("en")
    stones = {name: m.model_dump() for name, m in made.milestones.items()}
    parsed, picture = drawn(report("en", milestones={**stones, "cause_found": {"reason": "-"}}), WIDE)
    bands = [e.attributes["class"].split()[1] for e in within(parsed, picture, "rect", "band")]
    assert bands == ["detection", "recovery"]


def test_rows_stand_in_the_lane_of_their_source() -> None:
    lanes = lanes_of(report("en"), report("en").timeline)
    assert {lane: [row.id for row in rows] for lane, rows in lanes.items()} == {
        "alert": ["T02"], "deploy": ["T01"], "person": ["T03", "T06"], "investigate": ["T04"], "mitigate": ["T05"],
    }  # fmt: skip
    assert list(lanes) == [lane for lane in LANES if lane in lanes]


@given(
    minutes=st.lists(st.integers(0, 600), min_size=len(MARKS), max_size=len(MARKS)),
    canvas=st.sampled_from(BOTH),
    language=st.sampled_from(["en", "zh"]),
)
def test_names_of_milestones_never_meet(minutes: list[int], canvas: Canvas, language: Any) -> None:
    start = datetime(2026, 3, 4, 9, tzinfo=UTC)
    stones = {name: {"at": start + timedelta(minutes=m)} for name, m in zip(MARKS, minutes, strict=True)}
    made = report(language, milestones=stones)
    axis = Axis(start, start + timedelta(minutes=600), canvas)
    labels = labels_of(made, HtmlPage(made), axis)
    assert {label.at for label in labels} <= {stone["at"] for stone in stones.values()}
    boxes = []
    for label in labels:
        width = text_width(label.text, 12)
        left = label.x - 5 - width if label.flipped else label.x + 5
        boxes.append((left, left + width, label.level))
        assert left + width <= canvas.width
    for n, (start_, end, level) in enumerate(boxes):
        assert not [b for b in boxes[n + 1 :] if b[2] == level and b[0] < end and start_ < b[1]]


def test_marks_of_the_same_minute_do_not_cover_each_other() -> None:
    made = report("en")
    rows = [
        {**made.timeline[2].model_dump(), "id": f"T{n:02}", "kind": "other", "key": False} for n in range(3)
    ]
    parsed, picture = drawn(report("en", timeline=rows), WIDE)
    heights = [e.attributes["cy"] for e in within(parsed, picture, "circle", "mark")]
    assert len(set(heights)) == 3


def test_a_row_far_from_the_rest_stands_at_the_edge_and_is_told() -> None:
    made = report("en")
    early = {**made.timeline[0].model_dump(), "id": "T00", "at": at(0) - timedelta(days=2)}
    undated = {**made.timeline[0].model_dump(), "id": "T99", "at": None, "relative": "+00:10:00"}
    changed = report("en", timeline=[early, *made.timeline, undated])
    parsed, picture = drawn(changed, WIDE)
    assert [e.attributes["class"] for e in within(parsed, picture, "polygon", "outside")] == [
        "mark diamond outside"
    ]
    said = words("en", "html")["notes"]
    assert notes(changed, HtmlPage(changed)) == [said["outside"].format(n=1), said["undated"].format(n=1)]
    assert said["undated"].format(n=1) in parsed.text


def test_without_times_there_is_no_picture_and_the_page_is_whole() -> None:
    rows = [
        {**row.model_dump(), "at": None, "until": None, "relative": "+00:01:00"}
        for row in report("en").timeline
    ]
    parsed = parse(to_html(report("en", timeline=rows)))
    assert parsed.all("svg", class_="picture") == []
    assert parsed.by_id("t-T01").tag == "tr"


def series(points: list[tuple[float, float]], **more: Any) -> dict[str, Any]:
    return {"name": "errors", "unit": "1/s", "file": "metrics.json", "points": points, **more}


def minute(n: float) -> float:
    return at(0).timestamp() + 60 * n


def test_a_hole_in_a_series_is_a_hole() -> None:
    points = [(minute(n), float(n % 7)) for n in range(33) if not 10 < n < 20]
    parsed, picture = drawn(report("en", series=[series(points)]), WIDE)
    curves = within(parsed, picture, "polyline", "curve")
    assert [len(e.attributes["points"].split()) for e in curves] == [11, 13]


def test_one_short_spike_among_many_points_is_seen() -> None:
    points = [(minute(n / 1000), 5.0 if n == 20_123 else 1.0) for n in range(33_000)]
    parsed, picture = drawn(report("en", series=[series(points)]), NARROW)
    (curve,) = within(parsed, picture, "polyline", "curve")
    heights = [float(p.split(",")[1]) for p in curve.attributes["points"].split()]
    assert len(heights) < 1000
    assert sum(h < max(heights) - 20 for h in heights) == 1
    assert "1 – 5" in [e.text for e in within(parsed, picture, "text", "scale")]


def test_series_that_do_not_move_or_hold_no_numbers_are_left_out_and_counted() -> None:
    still = series([(minute(n), 3.0) for n in range(30)])
    broken = series([(minute(n), float("nan")) for n in range(30)])
    moving = [series([(minute(n), float(n + k)) for n in range(30)], name=f"m{k}") for k in range(5)]
    made = report("en", series=[still, broken, *moving])
    parsed, picture = drawn(made, WIDE)
    names = [e.text for e in within(parsed, picture, "text", "series-name")]
    assert names == ["m0 (1/s)", "m1 (1/s)", "m2 (1/s)", "m3 (1/s)"]
    assert words("en", "html")["notes"]["series"].format(n=4, all=7) in notes(made, HtmlPage(made))


def test_a_burst_shows_how_many_lines_it_stands_for_and_leads_to_them() -> None:
    made = report("en")
    lines = [line.model_dump() for line in made.evidence]
    for line in lines:
        if line["kind"] == "log":
            line["sources"] = [{**line["sources"][0], "count": 82}]
            burst = line["id"]
    factor = {
        **made.contributing_factors[0].model_dump(by_alias=True),
        "id": "C9",
        "citations": [burst],
    }
    parsed, picture = drawn(report("en", evidence=lines, contributing_factors=[factor]), WIDE)
    (bar,) = within(parsed, picture, "rect", "burst")
    assert bar.within[-1].href == "#e-" + burst.replace(":", "-")
    assert "×82" in [e.text for e in within(parsed, picture, "text", "fine")]


def test_the_axis_holds_every_milestone_but_an_early_trigger() -> None:
    made = report("en")
    axis = axis_of(made, made.timeline, WIDE)
    assert all(axis.inside(m.at) for _, m in made.milestones.items() if m.at)
    assert WIDE.left < axis.x(at(0)) < axis.x(at(33)) < WIDE.width - WIDE.right


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (0.000389, "0.000389"), (44812, "44.8k"), (3.2e6, "3.2M"), (-7e9, "-7G")]
)
def test_short_numbers(value: float, said: str) -> None:
    assert short(value) == said
