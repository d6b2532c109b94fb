"""Sentences: every character of a text belongs to one, and none is longer than a person's."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.reading.cues import read_cues
from pm_agent.reading.figures import figures
from pm_agent.reading.lines import Line
from pm_agent.reading.sentences import LONGEST, split


@given(st.text(alphabet="ab 。.!?\n`>中0", max_size=3_000))
def test_nothing_is_lost_and_places_are_true(text: str) -> None:
    sentences = split(text)
    assert all(0 < len(s.text) <= LONGEST for s in sentences)
    for sentence in sentences:
        if not sentence.pasted:
            assert text[sentence.start :].startswith(sentence.text)
    left = "".join("".join(s.text for s in sentences).split()).replace("`", "").replace(">", "")
    assert left == "".join(text.split()).replace("`", "").replace(">", "")


def test_a_long_run_is_cut_at_a_blank() -> None:
    pieces = split("word " * 400)
    assert len(pieces) > 2
    assert all(set(p.text.split()) == {"word"} for p in pieces)


@pytest.mark.parametrize("unit", ["0", " ", "0 ", "a ", "@a ", "v0a", "0.", "中", "没 "])
def test_a_long_line_costs_no_more_than_its_length(unit: str) -> None:
    """5,000 characters without an end, as a dump pasted into a chat has them."""
    text = f"checkout is down {(unit * 5_000)[:5_000]}~"
    started = time.process_time()
    read_cues(text)
    figures([Line(id="a:1", at=None, text=text)])
    assert time.process_time() - started < 1.0
