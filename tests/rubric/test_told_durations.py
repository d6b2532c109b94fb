"""Durations told in prose are read back as the minutes that were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.language import Language
from pm_agent.language.phrases import phrase, span
from pm_agent.rubric.consistency import told_durations


@pytest.mark.parametrize("language", ["en", "zh"])
@given(minutes=st.integers(1, 6000))
def test_what_a_draft_says_is_what_its_check_reads(language: Language, minutes: int) -> None:
    text = phrase(language, "narrative.lasted", span=span(language, minutes), at="10:33")
    assert ("impact", minutes) in [(about, read) for about, _, read in told_durations(text)]


@pytest.mark.parametrize(
    "told",
    ["影响持续 1 小时 24 分钟", "影响持续1小时24分", "影响持续 1 个小时又 24 分钟", "持续了1小时零24分钟"],
)
def test_hours_and_minutes_in_chinese(told: str) -> None:
    assert [minutes for _, _, minutes in told_durations(told)] == [84]
