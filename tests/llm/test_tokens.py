"""Tokens are counted exactly where the ranks lie, else estimated from above and labelled; nothing is downloaded."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.llm import tokens


@pytest.fixture
def _fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tokens._ranks_present.cache_clear()
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))


@pytest.mark.usefixtures("_fresh")
def test_without_ranks_an_upper_estimate_is_labelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no socket is opened to fetch them."""

    def refuse(*args: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    count, how = tokens.counter("gpt-5")
    assert how == "upper estimate"
    assert count("four short plain words") >= 4


@pytest.mark.usefixtures("_fresh")
def test_a_file_of_ranks_with_another_content_is_not_touched(tmp_path: Path) -> None:
    """tiktoken would delete it and download; here it stays and the estimate is used."""
    import hashlib

    address, _ = tokens._RANKS["o200k_base"]
    file = tmp_path / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    file.write_bytes(b"not the ranks")
    assert tokens.counter("gpt-5")[1] == "upper estimate"
    assert file.read_bytes() == b"not the ranks"


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_estimate_grows_and_never_passes_the_bytes(one: str, other: str) -> None:
    """No text has more tokens than bytes; a longer text has no fewer."""
    assert 0 <= tokens.upper_estimate(one) <= len(one.encode())
    assert tokens.upper_estimate(f"{one}\n{other}") + 1 >= tokens.upper_estimate(one)


def test_what_later_questions_may_show() -> None:
    """All of small evidence, a share of large."""
    assert tokens.room_for(tokens.LARGE, 0.1, 4_000) == 4_000
    assert tokens.room_for(20_000, 0.1, 4_000) == 2_000
