"""Ctrl-C ends a draft even where a library swallows the cancellation."""

from __future__ import annotations

import asyncio
import os
import signal
import threading

import pytest

from pm_agent.api import in_own_loop


def test_a_cancellation_that_was_lost_is_asked_for_again() -> None:
    started = threading.Event()
    lost: list[str] = []

    async def stubborn() -> None:
        started.set()
        for attempt in ("first", "second"):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                lost.append(attempt)
                if attempt == "second":
                    raise

    def press() -> None:
        started.wait(10)
        os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press)
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a suite run in the background ignores it
    try:
        presser.start()
        with pytest.raises(KeyboardInterrupt):
            in_own_loop(stubborn())
        presser.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert lost == ["first", "second"]
