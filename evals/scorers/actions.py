"""Action items: found, SMART verdicts, owners and dates, none of them invented."""

from __future__ import annotations

from evals.case import Case, GoldAction
from evals.match import similarity
from evals.scorers import Score, Scorer, share
from evals.view import Action, View

_LABELS = ("specific", "measurable", "achievable", "relevant", "time_bound")


def _twin(gold: GoldAction, actions: list[Action]) -> Action | None:
    best = max(actions, key=lambda a: similarity(gold.text, a.text), default=None)
    return best if best and similarity(gold.text, best.text) >= 0.5 else None


def _recall(case: Case, view: View) -> Score:
    missed = [g.text for g in case.gold.action_items if _twin(g, view.actions) is None]
    return share(len(case.gold.action_items) - len(missed), len(case.gold.action_items), missed)


def _precision(case: Case, view: View) -> Score:
    stated = [a for a in view.actions if not a.proposed]
    extra = [
        a.text for a in stated if not any(similarity(g.text, a.text) >= 0.5 for g in case.gold.action_items)
    ]
    return share(len(stated) - len(extra), len(stated), extra)


def _label(label: str) -> Scorer:
    def score(case: Case, view: View) -> Score:
        if view.report is None:
            return Score(None)
        pairs, wrong = [], []
        for gold in case.gold.action_items:
            wanted, twin = gold.smart.get(label), _twin(gold, view.actions)
            if wanted is None or twin is None or twin.smart.get(label) is None:
                continue
            got = bool(twin.smart[label])
            pairs.append((wanted, got))
            if wanted != got:
                wrong.append(f"{label}: gold {wanted}, draft {got}: {gold.text}")
        return Score(None, wrong, pairs)

    return Scorer(f"SMART {label} κ", score, "kappa")


def _same_person(people: dict[str, str], one: str, other: str) -> bool:
    """True where one name holds the other, or the author's list of people says that a handle is that name."""
    names = [people.get(name, name).lower() for name in (one, other)]
    return names[0] in names[1] or names[1] in names[0]


def _owners(case: Case, view: View) -> Score:
    """Of the found items with an owner in gold, those whose owner was read right."""
    good = of = 0
    wrong = []
    for gold in case.gold.action_items:
        twin = _twin(gold, view.actions)
        if gold.owner is None or twin is None:
            continue
        of += 1
        if twin.owner and _same_person(case.people, gold.owner, twin.owner):
            good += 1
        else:
            wrong.append(f"gold {gold.owner}, draft {twin.owner}: {gold.text}")
    return share(good, of, wrong)


def _dates(case: Case, view: View) -> Score:
    good = of = 0
    wrong = []
    for gold in case.gold.action_items:
        twin = _twin(gold, view.actions)
        if gold.due is None or twin is None:
            continue
        of += 1
        if twin.due == gold.due:
            good += 1
        else:
            wrong.append(f"gold {gold.due}, draft {twin.due}: {gold.text}")
    return share(good, of, wrong)


def _invented(case: Case, view: View) -> Score:
    """Owners and dates on items that have none in gold."""
    bad = []
    for gold in case.gold.action_items:
        twin = _twin(gold, view.actions)
        if twin is None:
            continue
        if gold.owner is None and twin.owner:
            bad.append(f"owner {twin.owner}: {gold.text}")
        if gold.due is None and twin.due:
            bad.append(f"due {twin.due}: {gold.text}")
    bad += [
        f"proposed with owner {a.owner} due {a.due}"
        for a in view.actions
        if a.proposed and (a.owner or a.due)
    ]
    return Score(float(len(bad)), bad)


SCORERS = (
    Scorer("action recall", _recall),
    Scorer("action precision", _precision),
    *(_label(label) for label in _LABELS),
    Scorer("owners right", _owners),
    Scorer("due dates right", _dates),
    Scorer("invented owners, dates", _invented, "count"),
)
