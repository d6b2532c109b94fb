"""Milestones within a minute, metrics, severity, impact figures, and what was rightly left open."""

from __future__ import annotations

from evals.case import Case
from evals.match import minutes_apart
from evals.scorers import Score, Scorer, share
from evals.view import View
from pm_agent.reading.severity import value_of


def _milestones(case: Case, view: View) -> Score:
    """Of the milestones that gold dates, those within a minute."""
    dated = {name: at for name, at in case.gold.milestones.items() if at is not None}
    wrong = []
    for name, at in dated.items():
        got = view.milestones.get(name)
        if got is None or minutes_apart(at, got) > 1:
            wrong.append(
                f"{name}: gold {at:%m-%d %H:%M}, draft {got:%m-%d %H:%M}"
                if got
                else f"{name}: gold {at:%m-%d %H:%M}, draft left it open"
            )
    return share(len(dated) - len(wrong), len(dated), wrong)


def _metrics(case: Case, view: View) -> Score:
    """Metrics equal to gold's within two minutes (each end may be off by one); null where gold is null."""
    wrong = []
    for name, minutes in case.gold.metrics_minutes.items():
        got = view.metrics.get(name)
        if (minutes is None) != (got is None) or (
            minutes is not None and got is not None and abs(minutes - got) > 2
        ):
            wrong.append(f"{name}: gold {minutes}, draft {got}")
    return share(len(case.gold.metrics_minutes) - len(wrong), len(case.gold.metrics_minutes), wrong)


def _severity(case: Case, view: View) -> Score:
    if case.gold.severity is None:
        return Score(None)
    return Score(
        float(view.severity == value_of(case.gold.severity)),
        [f"gold {case.gold.severity}, draft {view.severity}"],
    )


def _figures(case: Case, view: View) -> Score:
    wanted = [i for i in case.gold.impact if i.value is not None]
    missed = [
        i.text
        for i in wanted
        if not any(abs(f - (i.value or 0)) < 1e-6 * max(1.0, abs(f)) for f in view.figures)
    ]
    return share(len(wanted) - len(missed), len(wanted), missed)


def _abstention(case: Case, view: View) -> Score:
    """Of the values that gold says the evidence does not tell, those left open."""
    empty = [name for name, at in case.gold.milestones.items() if at is None]
    filled = [
        f"{name}: draft says {view.milestones[name]:%m-%d %H:%M}"
        for name in empty
        if view.milestones.get(name)
    ]
    good, of = len(empty) - len(filled), len(empty)
    if case.gold.severity is None:
        of += 1
        good += view.severity is None
        filled += [f"severity: draft says {view.severity}"] if view.severity else []
    return share(good, of, filled)


SCORERS = (
    Scorer("milestones ±1 min", _milestones),
    Scorer("metrics", _metrics),
    Scorer("severity", _severity),
    Scorer("impact figures", _figures),
    Scorer("abstention", _abstention),
)
