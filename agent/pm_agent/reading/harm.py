"""How likely a number in a sentence counts who or what was hit, from many signs that each say little.

The weights are log odds, fitted on the numbers of the development incidents against the impact that their people
wrote down, and rounded. No sign decides: `60 requests per minute` is a setting, `2,310 requests failed` an impact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pm_agent.language import patterns
from pm_agent.reading.cues import has_sign, languages_of, read_cues, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.speech import signs as work_signs

EVEN = -3.0
"""Log odds of a number without any sign."""
LEAST = -0.9
"""From here on a number is told; figures that the gold of the development incidents lists are found two times in three there."""
WEIGHTS: Mapping[str, float] = {
    "final": 1.6, "harm": 1.3, "unit_party": 1.3, "money": 1.0, "exact": 1.0, "told_by": 0.6, "note": 0.5, "share": 0.4,
    "several": 0.3, "party": 0.3, "symptom": 0.2,
    "setting": -1.1, "question": -1.0, "acted": -0.9, "unsure": -0.8, "output": -0.8, "past": -0.6, "small": -0.4, "order": -0.3,
    "tells_users": -0.3, "machine": -0.2, "trivial": -2.0, "status": -2.5, "unharmed": -1.5,
}  # fmt: skip
"""`trivial` (coffee, taxi, parking), `status` (401, 504) and `unharmed` (all fine) are set by judgement: the incidents hold too few of them."""
_WORDS = ("harm", "final", "told_by", "party", "machine", "setting", "trivial", "unharmed")
_MONEY = frozenset({"USD", "EUR", "GBP", "CNY", "GMV", "gmv"})


def likelihood(line: Line, sentence: str, value: float, unit: str, beside: int) -> float:
    """Log odds that the number is one of the impact; 0 for even.

    Args:
        line: who said it.
        sentence: the sentence that holds the number.
        value: the number.
        unit: what it counts, as written.
        beside: how many numbers the sentence holds.
    """
    return EVEN + sum(
        WEIGHTS.get(name, 0.0) * v for name, v in signs(line, sentence, value, unit, beside).items()
    )


def signs(line: Line, sentence: str, value: float, unit: str, beside: int) -> dict[str, float]:
    """What speaks for and against, each 0 … about 1."""
    found = {name: float(_has(sentence, name)) for name in _WORDS}
    found["unit_party"] = float(_has(unit, "party"))
    stance = stance_of(sentence)
    work = work_signs(sentence)
    cues = {cue.category for cue in read_cues(sentence)}
    found |= {
        "question": float(stance.question),
        "unsure": float(stance.uncertain),
        "past": float(stance.past),
        "order": float("imperative" in work and not work & {"past", "remark"}),
        "tells_users": float(has_sign(sentence, "tells_users")),
        "output": float(_OUTPUT.search(sentence) is not None),
        "symptom": float(bool(cues & {"symptom", "impact"})),
        "acted": float(bool(cues & {"mitigate", "order", "action"})),
        "share": float("%" in unit),
        "money": float(unit in _MONEY),
        "status": float(value in _STATUS_CODES),
        "small": float(value < 10),
        "exact": float(value >= 100 and value % 10 != 0),
        "several": min(beside - 1, 3) / 3,
        "note": float(line.kind in {"note", "page"}),
    }
    return found


_STATUS_CODES = frozenset(
    {200, 201, 202, 204, 301, 302, 304, 400, 401, 403, 404, 409, 413, 422, 429, 500, 501, 502, 503, 504, 507}
)
_OUTPUT = re.compile(
    r"^\s*[$#>]\s|(?:→|->|=>)|\b(?:serial|AXFR|rows? affected|commit)\b|dry-?run|每(?:人|个|单|次|台)\s*\d",
    re.I,
)


def _has(text: str, name: str) -> bool:
    return any(patterns(language, "harm", name).search(text) for language in languages_of(text))
