"""Progress of a draft with a model: one changing line on a terminal, plain lines elsewhere; to standard error."""

from __future__ import annotations

import sys
from types import TracebackType


class Display:
    """Shows stage, windows done of how many, and tokens so far."""

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
        """Called after each answer."""
        text = f"{task}: {done}/{of} answered, {tokens} prompt tokens so far"
        if self.terminal:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
            self.drawn = True
        elif done == of:
            sys.stderr.write(text + "\n")
