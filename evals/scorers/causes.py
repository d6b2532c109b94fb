"""Causes: those that gold names are there; those that were ruled out are not given as causes."""

from __future__ import annotations

from evals.case import Case
from evals.scorers import Score, Scorer, share
from evals.view import View


def _holds(text: str, keywords: list[str]) -> bool:
    low = text.lower()
    return all(word.lower() in low for word in keywords)


def _coverage(case: Case, view: View) -> Score:
    missed = [c.text for c in case.gold.causes if not any(_holds(text, c.keywords) for text in view.causes)]
    return share(len(case.gold.causes) - len(missed), len(case.gold.causes), missed)


def _false_causes(case: Case, view: View) -> Score:
    """Root causes that name a ruled-out hypothesis and none of the true causes."""
    admitted = [
        text
        for text in view.causes
        if any(_holds(text, c.keywords) for c in case.gold.not_causes)
        and not any(_holds(text, c.keywords) for c in case.gold.causes)
    ]
    return Score(float(len(set(admitted))), sorted(set(admitted)))


def _false_leads(case: Case, view: View) -> Score:
    """Ruled-out causes that stand among the hypotheses, in their words or those of the lines for them."""
    if view.report is None:
        return Score(None)
    said = {line.id: line.text for line in view.report.evidence}
    told = [" ".join([h.text, *(said.get(i, "") for i in h.supporting)]) for h in view.report.hypotheses]
    missed = [c.text for c in case.gold.not_causes if not any(_holds(text, c.keywords) for text in told)]
    return share(len(case.gold.not_causes) - len(missed), len(case.gold.not_causes), missed)


SCORERS = (
    Scorer("cause coverage", _coverage),
    Scorer("ruled-out causes given", _false_causes, "count"),
    Scorer("false leads listed", _false_leads),
)
