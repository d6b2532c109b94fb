"""Progress of reading and of a draft with a model: one changing line on a terminal, plain lines elsewhere; to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Self


class Display:
    """Shows the stage that is asked, windows answered of how many, and tokens so far."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _draw(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
        self.drawn = True

    def show(self, task: str, done: int, of: int, tokens: int) -> None:
        """Called when a task begins and after each of its answers."""
        windows = f"{done} of {of} windows" if of > 1 else "asked" if done == 0 else "answered"
        text = f"{task}: {windows}, {tokens} prompt tokens so far"
        if self.terminal:
            self._draw(text)
        elif done:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


class ReadingDisplay(Display):
    """Shows the file that is read, and how far, once reading has taken a second."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._next = clock() + 1.0

    def read(self, path: str, size: int, lines: int, of: int | None) -> None:
        """Called after each piece of a file."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + (0.2 if self.terminal else 10.0)
        whole = f" of {of / 1e6:,.0f}" if of and of >= size else ""
        text = f"reading {path}: {size / 1e6:,.0f}{whole} MB, {lines:,} lines so far"
        if self.terminal:
            self._draw(text)
        else:
            sys.stderr.write(text + "\n")
