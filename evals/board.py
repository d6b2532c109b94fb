"""Figures of many incidents → one table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from evals.scorers import Score, Scorer, all_scorers


@dataclass
class Outcome:
    """What one incident scored, and what drafting it cost."""

    slug: str
    scores: dict[str, Score]
    seconds: float = 0.0
    calls: int = 0
    tokens: int = 0
    stale: list[str] = field(default_factory=list)
    """Prompts whose recordings no longer fit."""


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of two yes/no readers; None where one of them never varies and so nothing can be told."""
    if not pairs:
        return None
    n = len(pairs)
    agree = sum(a == b for a, b in pairs) / n
    yes_a, yes_b = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return None if chance == 1 else (agree - chance) / (1 - chance)


def total(scorer: Scorer, outcomes: Sequence[Outcome]) -> float | None:
    """One figure over all incidents."""
    scores = [o.scores[scorer.name] for o in outcomes]
    if scorer.kind == "kappa":
        return kappa([pair for score in scores for pair in score.pairs])
    values = [score.value for score in scores if score.value is not None]
    if not values:
        return None
    return sum(values) if scorer.kind == "count" else sum(values) / len(values)


def totals(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """Every figure over all incidents, and the cost."""
    found = {scorer.name: total(scorer, outcomes) for scorer in all_scorers()}
    found["calls"] = float(sum(o.calls for o in outcomes))
    found["tokens"] = float(sum(o.tokens for o in outcomes))
    found["seconds"] = sum(o.seconds for o in outcomes)
    return found


def shown(name: str, value: float | None) -> str:
    """A figure as the table prints it."""
    if value is None:
        return "unscored"
    kinds = {scorer.name: scorer.kind for scorer in all_scorers()}
    if name == "seconds":
        return f"{value:.1f}"
    return f"{value:.0f}" if kinds.get(name, "count") == "count" else f"{value:.2f}"


def table(columns: dict[str, Sequence[Outcome]], *, markdown: bool = False) -> str:
    """One row a figure, one column a way of drafting."""
    figures = {name: totals(outcomes) for name, outcomes in columns.items()}
    names = [scorer.name for scorer in all_scorers()] + ["calls", "tokens", "seconds"]
    head = ["figure", *(f"{name} ({len(outcomes)})" for name, outcomes in columns.items())]
    rows = [[name, *(shown(name, figures[column][name]) for column in columns)] for name in names]
    if markdown:
        lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
        return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    )


def per_incident(outcomes: Sequence[Outcome], names: Sequence[str]) -> str:
    """A few figures, one row an incident."""
    head = ["incident", *names]
    rows = [[o.slug, *(shown(n, o.scores[n].value) for n in names)] for o in outcomes]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    )


def as_json(columns: dict[str, Sequence[Outcome]]) -> str:
    """Everything, for programs."""
    content = {
        name: {
            "totals": totals(outcomes),
            "incidents": {o.slug: {key: score.value for key, score in o.scores.items()} for o in outcomes},
        }
        for name, outcomes in columns.items()
    }
    return json.dumps(content, ensure_ascii=False, indent=1)
