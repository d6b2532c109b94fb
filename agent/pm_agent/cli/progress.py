"""Progress of a draft with a model: one changing line on a terminal, plain lines elsewhere; to standard error."""

from __future__ import annotations

import sys
from types import TracebackType


class Display:
    """Shows the stage that is asked, windows answered of how many, and tokens so far."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.drawn = False

    def __enter__(self) -> Display:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def show(self, task: str, done: int, of: int, tokens: int) -> None:
        """Called when a task begins and after each of its answers."""
        windows = f"{done} of {of} windows" if of > 1 else "asked" if done == 0 else "answered"
        text = f"{task}: {windows}, {tokens} prompt tokens so far"
        if self.terminal:
            sys.stderr.write(f"\r\x1b[K{text}")
            self.drawn = True
        elif done:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()
