"""Tables of action items: all of them, and no cell is a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.incident import ACTIONS, HOSTILE, action, report
from pm_agent.export import to_csv, to_markdown_table
from pm_agent.export.tables import cell


def test_every_item_is_a_row_with_what_it_lacks() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(report()))))
    assert len(rows) == len(ACTIONS) + 1
    assert rows[1][:5] == ["AI-001", "Alert on pool usage above 80 %", "Zuzana Malá", "2026-04-01", "P1"]
    assert rows[2][8] == "specific, measurable, dated"
    assert rows[4][6] == "done"
    assert rows[5][1] == "Add a canary (proposed)"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n=1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=b", "80 %", "'x", "AI-001"])
def test_ordinary_text_stays(text: str) -> None:
    assert cell(text) == text


@given(st.text(max_size=30), st.text(max_size=30))
def test_csv_reads_back_and_no_cell_begins_like_a_formula(text: str, owner: str) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(report(action(1, text, owner=owner or None))))))
    assert len(rows) == 2
    assert len(rows[1]) == len(rows[0])
    assert not any(value.lstrip()[:1] in set("=+-@") and value.strip() for value in rows[1])


def test_a_markdown_table_keeps_its_columns() -> None:
    lines = to_markdown_table(report(action(1, HOSTILE + "\nnext | line"))).splitlines()
    assert len(lines) == 3
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1
