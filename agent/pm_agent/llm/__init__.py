"""The seam to a model: a task is typed inputs → typed answer, apart from its wording.

A stage hands over a `Task` and its inputs. The rules backend calls the task's own rules; a model backend renders
`prompts/<name>.md` and parses the answer. Nothing here knows evidence or report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)


@dataclass(frozen=True)
class Task(Generic[In, Out]):
    """One question a stage asks."""

    name: str
    """Also `prompts/<name>.md`."""
    inputs: type[In]
    """All that the prompt may mention."""
    output: type[Out]
    """Flat answer model: ids and words; its docstrings reach the model as descriptions."""
    rules: Callable[[In], Out]
    """The answer without a model."""


class Backend(Protocol):
    """Answers tasks."""

    async def run(self, task: Task[In, Out], inputs: In) -> Out:
        """The answer, from the model or, where it fails, from the task's rules."""
        ...

    @property
    def speaks(self) -> bool:
        """True where a model answers, and so whether prose and windows are worth asking for."""
        ...
