"""How likely a line is one that people list in a timeline, from many signs that each say little.

The weights are log odds, fitted on the lines of the development incidents against what their timelines list and rounded;
with each incident left out in turn they rank lines better than the acts alone. No sign decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from math import log2

from pm_agent.reading.candidates import Choice, Scene
from pm_agent.reading.course import categories
from pm_agent.reading.cues import has_sign, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.substance import is_bare, is_terse, substance

EVEN = -1.3
"""Log odds of a line without any sign."""
WEIGHTS: Mapping[str, float] = {
    "closed": 1.0, "declared": 0.9, "fix_done": 0.8, "recovered": 0.6, "finished": 0.6, "onset": -0.5,
    "close": 1.1, "ruled_out_cue": 0.8, "investigate": 0.7, "confirm": 0.7, "hypothesis": 0.5, "finished_cue": 0.5, "order": 0.4,
    "works": 0.4, "not_recovered_cue": 0.4, "symptom_cue": 0.4, "mitigate": 0.3, "in_progress": -0.4, "chatter_cue": -0.3, "reaction": -0.3,
    "relevance": 1.3, "figure": 1.3, "substance": 0.6, "terse": 0.3, "bare": -0.9, "mention": -0.5, "future": -0.4, "everyday": -2.5,
    "note": 1.4, "alert": 0.8, "transcript": -0.5, "log": -0.9, "metric": -0.9,
    "before": -1.0, "after": -1.0, "later": -1.2,
}  # fmt: skip
_FIGURE = re.compile(
    r"\d{2}|\d[.:]\d|\d\s?(?:%|[kKmMsh]\b|ms\b|min|hour|个|台|条|次|万|千|分|秒|成|倍)|[A-Za-z_.#-]\d|\d[A-Za-z]"
)
"""More than a lone digit: `4` tells nothing, `4 %`, `40` and `v4` do."""
HOURS = 4
"""After so many hours a line is as late as can be."""


def likelihood(scene: Scene, line: Line, choices: Mapping[str, Choice], crowd: float = 0.0) -> float:
    """Log odds that people would list the line; 0 for even.

    Args:
        scene: all lines of the incident.
        line: one of them.
        choices: the chosen milestones.
        crowd: what the number of lines takes from each, from `crowding`.
    """
    return EVEN - crowd + sum(WEIGHTS[name] * value for name, value in signs(scene, line, choices).items())


def crowding(scene: Scene, window: tuple[datetime, datetime] | None) -> float:
    """Log odds that each line loses where there are many: of ten lines people list most, of five hundred a few dozen."""
    lines = sum(
        1
        for line in scene.lines
        if line.at
        and (window is None or window[0] <= line.at <= window[1])
        and line.id not in scene.outside
        and (line.by_person or scene.said.get(line.id) or line.kind == "deploy")
    )
    return CROWD * log2(max(lines, FEWEST) / USUAL)


CROWD, USUAL, FEWEST = 0.6, 100, 30


def signs(scene: Scene, line: Line, choices: Mapping[str, Choice]) -> dict[str, float]:
    """What speaks for and against listing a line, each 0 … about 1."""
    found: dict[str, float] = {}
    for saying in scene.said.get(line.id, ()):
        if saying.act in WEIGHTS and not saying.past and not saying.question:
            found[saying.act] = max(found.get(saying.act, 0.0), saying.weight / 2)
    stance = stance_of(line.text)
    found |= {
        "relevance": min(scene.topic.relevance(line.text), 6.0) / 6,
        "figure": float(_FIGURE.search(line.text) is not None),
        "substance": substance(line, scene.topic),
        "terse": float(is_terse(line.text)),
        "bare": float(is_bare(line.text)),
        "future": float(stance.future),
        "mention": float("@" in line.text),
        "everyday": float(line.by_person and has_sign(line.text, "everyday")),
    }
    if line.kind in WEIGHTS:
        found[line.kind] = 1.0
    if line.by_person:
        for cue in categories(line.text):
            name = f"{cue}_cue" if f"{cue}_cue" in WEIGHTS else cue
            if name in WEIGHTS and name not in found:
                found[name] = 1.0
    start, end = choices["detected"].chosen, choices["recovered"].chosen
    if line.at and start:
        found["before"] = float(line.at < start.at)
    if line.at and end and line.at > end.at:
        found["after"] = 1.0
        found["later"] = min((line.at - end.at).total_seconds() / 3600, HOURS) / HOURS
    return found
