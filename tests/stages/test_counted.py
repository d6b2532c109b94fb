"""What a sentence on the impact counts, whatever the unit; times, versions and codes are no counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_agent import draft
from pm_agent.reading.figures import counted
from pm_agent.reading.lines import Line

LINE = Line(id="a:1", at=None, text="")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("611 gate passes were done by hand.", {611}),
        ("148 trucks lost their slot, 61 stood in front of the gate for 40 minutes.", {148}),
        ("Of the 6,187 second charges, 121 went through at 14:06 as a ticket.", {6187}),
        ("118k photo objects were gone until 5.12 was out on 3 May.", {118_000}),
        ("EU delivery was at 22% while US was at 98%.", {22, 98}),
        ("客服一共接到 37 个反馈，持续 15 分钟。", {37}),
        ("504占比告警时为 37.6%，14:33:05 触发。", {37.6}),
        ("一共 3 万多辆车受影响，11 点恢复。", {30_000}),
    ],
)
def test_counts_of_any_unit_are_read(text: str, values: set[float]) -> None:
    assert {f.value for f in counted(LINE, text)} == values


def test_the_number_of_an_action_is_no_figure_of_the_impact(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(
        "[2026-03-04 10:02] ana: totals are wrong, 11 customers wrote in\n"
        "[2026-03-04 10:20] ben: rolled back v2, all good now\n"
        "[2026-03-04 11:00] ana: Add 40 invoices with known totals to the invoicer tests. Ben, 18 March\n",
        encoding="utf-8",
    )
    figures = draft(path).impact.figures
    assert [f.value for f in figures] == [11]
