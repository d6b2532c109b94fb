"""Timeline: precision, recall, F1 at ±1 minute; recall of key rows; kinds."""

from __future__ import annotations

from evals.case import Case
from evals.match import match
from evals.scorers import Score, Scorer, share
from evals.view import View


def _precision(case: Case, view: View) -> Score:
    found = match(case.gold.timeline, case.gold.timeline_neutral, view.rows)
    judged = len(view.rows) - len(found.neutral)
    wrong = [
        r
        for r in range(len(view.rows))
        if r not in found.neutral and r not in {row for _, row in found.pairs}
    ]
    return share(
        len(found.pairs),
        judged,
        [
            f"not in gold: {view.rows[r].at:%H:%M} {view.rows[r].text}"
            if view.rows[r].at
            else view.rows[r].text
            for r in wrong
        ],
    )


def _recall(case: Case, view: View, *, key_only: bool = False) -> Score:
    found = match(case.gold.timeline, case.gold.timeline_neutral, view.rows)
    hit = {g for g, _ in found.pairs}
    wanted = [g for g, entry in enumerate(case.gold.timeline) if entry.key or not key_only]
    missed = [
        f"missed: {case.gold.timeline[g].at:%H:%M} {case.gold.timeline[g].kind} {case.gold.timeline[g].text}"
        for g in wanted
        if g not in hit
    ]
    return share(len([g for g in wanted if g in hit]), len(wanted), missed)


def _f1(case: Case, view: View) -> Score:
    precision, recall = _precision(case, view).value, _recall(case, view).value
    if precision is None or recall is None:
        return Score(recall)
    return Score(2 * precision * recall / (precision + recall) if precision + recall else 0.0)


def _kinds(case: Case, view: View) -> Score:
    found = match(case.gold.timeline, case.gold.timeline_neutral, view.rows)
    if all(row.kind is None for row in view.rows):
        return Score(None)
    wrong = [
        f"{case.gold.timeline[g].kind} drafted as {view.rows[r].kind}: {view.rows[r].text}"
        for g, r in found.pairs
        if case.gold.timeline[g].kind != view.rows[r].kind
    ]
    return share(len(found.pairs) - len(wrong), len(found.pairs), wrong)


SCORERS = (
    Scorer("timeline precision", _precision),
    Scorer("timeline recall", _recall),
    Scorer("timeline F1", _f1),
    Scorer("key recall", lambda case, view: _recall(case, view, key_only=True)),
    Scorer("kind accuracy", _kinds),
)
