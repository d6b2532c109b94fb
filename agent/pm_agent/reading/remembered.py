"""What was read once is not read again while a draft lasts; nothing of it outlives the draft.

The memory is a context variable: drafts side by side don't see each other's texts, and a long-lived process keeps
none of an incident's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_MEMORY: ContextVar[dict[Any, Any] | None] = ContextVar("pm_agent_reading_memory", default=None)
_MOST = 20_000
"""Texts that are remembered for one function, the latest of them."""


@contextmanager
def remembering() -> Iterator[None]:
    """Functions marked `remembered` keep their answers until the end of the block."""
    if _MEMORY.get() is not None:
        yield
        return
    token = _MEMORY.set({})
    try:
        yield
    finally:
        _MEMORY.reset(token)


class remembered(Generic[P, R]):
    """Marks a pure function of texts: asked again within `remembering`, it gives the kept answer."""

    def __init__(self, function: Callable[P, R]) -> None:
        self._function = function
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's answer."""
        memory = _MEMORY.get()
        if memory is None:
            return self._function(*args, **kwargs)
        kept = memory.get(self)
        if kept is None:
            kept = memory.setdefault(self, lru_cache(maxsize=_MOST)(self._function))
        answer: R = kept(*args, **kwargs)
        return answer
