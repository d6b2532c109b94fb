"""One figure a scorer. A scorer that can't judge says unscored (None), never 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from evals.case import Case
from evals.view import View


@dataclass(frozen=True)
class Score:
    """A figure, and what it was made of."""

    value: float | None
    """Between 0 and 1 for shares; a count for counts; None is unscored."""
    detail: list[str] = field(default_factory=list)
    pairs: list[tuple[bool, bool]] = field(default_factory=list)
    """(gold, got) of yes/no labels, for agreement over all incidents."""


@dataclass(frozen=True)
class Scorer:
    """A named figure."""

    name: str
    score: Callable[[Case, View], Score]
    kind: str = "share"
    """share (mean over incidents, higher is better), count (sum, lower is better), kappa (pooled), cost (sum)."""


def share(good: int, of: int, detail: list[str] | None = None) -> Score:
    """good/of, unscored where there is nothing to judge."""
    return Score(good / of if of else None, detail or [])


def all_scorers() -> tuple[Scorer, ...]:
    """Every scorer, in the order of the table."""
    from evals.scorers import actions, causes, language, milestones, safety, timeline

    return (
        *timeline.SCORERS,
        *milestones.SCORERS,
        *causes.SCORERS,
        *language.SCORERS,
        *actions.SCORERS,
        *safety.SCORERS,
    )
