"""Progress of reading and of a draft with a model: one changing line on a terminal, plain lines elsewhere; to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Self


class Display:
    """Shows stage, windows done of how many, and tokens so far."""

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
        """Called after each answer."""
        text = f"{task}: {done}/{of} answered, {tokens} prompt tokens so far"
        if self.terminal:
            self._draw(text)
        elif done == of:
            sys.stderr.write(text + "\n")


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
