"""What a rule over a whole report finds: where, and what fills the blanks of its message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pm_agent.report import Report


@dataclass(frozen=True, slots=True)
class Offence:
    """One place in a report that offends a rule."""

    where: str
    values: dict[str, object] = field(default_factory=dict)


Check = Callable[[Report], Iterator[Offence]]
"""A function that judges a whole report."""
