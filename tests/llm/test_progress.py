"""Progress: stages, windows and tokens; one changing line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from pm_agent.cli.progress import Display


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    with Display() as display:
        display.show("timeline", 0, 3, 0)
        display.show("timeline", 1, 3, 9_000)
        display.show("timeline", 3, 3, 27_000)
        display.show("review", 0, 1, 27_000)
        display.show("review", 1, 1, 30_000)
    return stream.getvalue()


def test_plain_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line an answer; no control characters."""
    assert shown(monkeypatch, io.StringIO()).splitlines() == [
        "timeline: 1 of 3 windows, 9000 prompt tokens so far",
        "timeline: 3 of 3 windows, 27000 prompt tokens so far",
        "review: answered, 30000 prompt tokens so far",
    ]


def test_one_changing_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what is being asked while nobody has answered yet, and is wiped at the end."""
    text = shown(monkeypatch, Terminal())
    assert "\n" not in text
    assert "timeline: 0 of 3 windows" in text
    assert "review: asked" in text
    assert text.endswith("\r\x1b[K")
