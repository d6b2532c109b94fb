"""The seam to a model: a task is typed inputs → typed answer, apart from its wording.

A stage hands over a `Task` and its inputs. The rules backend calls the task's own rules; a model backend renders
`prompts/<name>.md` and parses the answer. Nothing here knows evidence or report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

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


@dataclass
class Usage:
    """What a backend used, and where it fell back."""

    calls: int = 0
    replayed: int = 0
    """Answers taken from the journal of an earlier run; they cost nothing again."""
    prompt_tokens: int = 0
    """Of the whole draft, replayed answers included."""
    completion_tokens: int = 0
    prompts: dict[str, str] = field(default_factory=dict)
    """Task → digest of its prompt."""
    fallbacks: list[tuple[str, str]] = field(default_factory=list)
    """(task, why) of every answer that the rules gave instead."""
    token_count: str | None = None


class Backend(Protocol):
    """Answers tasks."""

    usage: Usage

    async def run(self, task: Task[In, Out], inputs: In) -> Out:
        """The answer, from the model or, where it fails, from the task's rules."""
        ...

    @property
    def speaks(self) -> bool:
        """True where a model answers."""
        ...

    async def close(self) -> None:
        """Let go of sockets."""
        ...


class Journal(Protocol):
    """Where answers are kept before they are used, so that nothing is paid for twice."""

    def find(self, key: str) -> Mapping[str, Any] | None:
        """The kept record (`answer`, `tokens`), or None."""
        ...

    def keep(self, key: str, record: Mapping[str, Any]) -> None:
        """Write an answer down; on return it is on disk."""
        ...


class NoJournal:
    """Keeps nothing: a draft without a run folder."""

    def find(self, key: str) -> Mapping[str, Any] | None:
        """Nothing is ever found."""
        return None

    def keep(self, key: str, record: Mapping[str, Any]) -> None:
        """Nothing is kept."""


Progress = Callable[[str, int, int, int], None]
"""(task, windows done, windows in all, prompt tokens so far); 0 done when a task begins."""
