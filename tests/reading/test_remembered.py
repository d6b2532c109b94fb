"""What was read is kept while a draft lasts, for that draft alone."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from functools import _lru_cache_wrapper
from pathlib import Path

import pytest

from pm_agent import Settings, check_actions, draft, lint, render
from pm_agent.reading.remembered import remembered, remembering


@pytest.fixture
def asked() -> list[str]:
    return []


def test_it_is_asked_once_within_and_anew_outside(asked: list[str]) -> None:
    @remembered
    def read(text: str) -> str:
        asked.append(text)
        return text.upper()

    read("a")
    with remembering():
        assert [read("a"), read("a"), read("b")] == ["A", "A", "B"]
        with remembering():
            read("a")
        read("a")
    read("a")
    assert asked == ["a", "a", "b", "a"]


def test_threads_do_not_share_it(asked: list[str]) -> None:
    @remembered
    def read(text: str) -> str:
        asked.append(text)
        return text

    def work() -> None:
        with remembering():
            read("a")
            read("a")

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result()
    assert asked == ["a"] * 4


def test_it_ends_with_the_block() -> None:
    class Read:
        pass

    @remembered
    def read(text: str) -> Read:
        return Read()

    with remembering():
        left = weakref.ref(read("a"))
        assert left() is not None
    gc.collect()
    assert left() is None


def caches() -> dict[str, int]:
    """How much each process-wide cache of the program holds."""
    return {
        f"{owner.__module__}.{owner.__qualname__}": owner.cache_info().currsize
        for owner in gc.get_objects()
        if type(owner) is _lru_cache_wrapper and str(owner.__module__).startswith("pm_agent")
    }


def test_a_long_lived_process_keeps_no_text_of_an_incident(tmp_path: Path) -> None:
    """After the word lists are loaded, texts that were never seen before make no cache of the process grow."""
    sizes = []
    for service in ("checkout", "search", "mailer"):
        path = tmp_path / "notes.txt"
        path.write_text(
            f"10:02 {service} is down, users report errors\n10:11 found it: Bob broke the {service} config\n"
            f"10:20 rolled back {service} v2, all good now\n回滚了 {service}\n"
        )
        render(draft(path, Settings(date="2026-03-04", timezone="UTC")), "md")  # type: ignore[arg-type]
        lint(f"Bob broke {service} again, he should have tested {service}.")
        check_actions(f"- improve {service} monitoring")
        sizes.append(caches())
    assert len(sizes[0]) > 5
    assert sizes[1] == sizes[0]
    assert sizes[2] == sizes[0]
