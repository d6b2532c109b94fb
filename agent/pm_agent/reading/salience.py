"""How much a line belongs into the timeline, as what kind, in whose words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pm_agent.reading.candidates import Choice, Scene
from pm_agent.reading.clock_face import minute_of
from pm_agent.reading.detections import lasts_until
from pm_agent.reading.lines import Line
from pm_agent.reading.says import Act, Saying
from pm_agent.reading.substance import substance
from pm_agent.reading.timeline_words import LONGEST
from pm_agent.reading.topic import tokens
from pm_agent.reading.window import main_window
from pm_agent.reading.worth import likelihood

LEAST = -0.4
"""Log odds below which a line stays out: under even, since a key row that is missed costs more than one too many."""
_KEY = {"trigger", "detected", "cause_found", "fixed", "recovered", "declared"}
_KIND_OF_MILESTONE = {
    "impact_start": "other", "trigger": "trigger", "detected": "detect", "acknowledged": "acknowledge", "declared": "declare",
    "cause_found": "cause_found", "mitigated": "mitigate", "fixed": "mitigate", "recovered": "recover", "closed": "close",
}  # fmt: skip
_KIND_OF_ACT: dict[Act, str] = {
    "fired": "detect", "resolved": "recover", "onset": "other", "ended": "recover", "restart": "other", "changed": "change",
    "change_failed": "change", "symptom": "investigate", "acknowledged": "acknowledge", "declared": "declare", "notified": "notify",
    "communicated": "communicate", "status_update": "communicate", "investigated": "investigate", "suspected": "investigate",
    "ruled_out": "investigate", "cause": "investigate", "fix_started": "mitigate", "fix_done": "mitigate", "fix_failed": "mitigate",
    "recovered": "recover", "maybe_recovered": "recover", "not_recovered": "investigate", "confirmed": "confirm", "closed": "close",
    "finished": "mitigate",
}  # fmt: skip
_WORTH: dict[Act, float] = {
    "fired": 3.0, "resolved": 2.6, "onset": 2.0, "ended": 2.2, "restart": 1.4, "changed": 2.2, "change_failed": 2.2, "declared": 3.0,
    "fix_done": 3.0, "fix_started": 2.2, "fix_failed": 2.4, "recovered": 2.6, "maybe_recovered": 1.8, "not_recovered": 2.2, "closed": 2.8,
    "cause": 2.6, "communicated": 2.2, "status_update": 2.4, "notified": 2.0, "acknowledged": 1.6, "symptom": 1.9, "ruled_out": 2.3,
    "confirmed": 1.6, "investigated": 1.9, "suspected": 1.5, "finished": 2.0,
}  # fmt: skip
_STEPS = {"mitigate", "communicate", "change"}
"""To say what will be done and to say that it is done are two moments, in much the same words."""
_SAME = timedelta(minutes=4)
_SHORT = LONGEST
"""Characters up to which a person's message stands whole."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A line for the timeline."""

    line: Line
    at: datetime | None
    kind: str
    words: str
    score: float
    key: bool
    milestone: str | None = None
    when: str = ""
    """The words that tell its moment, where that is not the line's own."""
    context: tuple[Line, ...] = ()
    """Further lines of the row: what a terse one answers, and what else was said in its minute."""

    @property
    def ids(self) -> list[str]:
        """The line itself first: its time is the row's."""
        return [self.line.id, *(line.id for line in self.context)]

    @property
    def minute(self) -> datetime | None:
        """The minute in which it was said; None for a moment told later."""
        return minute_of(self.at) if self.at and self.at == self.line.at else None


def milestone_picks(choices: Mapping[str, Choice]) -> list[Pick]:
    """Each chosen milestone as a row of its own line; a line that shows several has one."""
    picks: dict[str, Pick] = {}
    order = (
        "trigger",
        "detected",
        "cause_found",
        "recovered",
        "fixed",
        "declared",
        "closed",
        "acknowledged",
        "impact_start",
        "mitigated",
    )
    for name in order:
        chosen = choices[name].chosen if name in choices else None
        if chosen is None or chosen.line.id in picks:
            continue
        picks[chosen.line.id] = Pick(
            chosen.line,
            chosen.at,
            _KIND_OF_MILESTONE[name],
            whole_words(chosen.line, chosen.words),
            9.0,
            name in _KEY,
            name,
        )
    return list(picks.values())


def bounds(scene: Scene, choices: Mapping[str, Choice]) -> tuple[datetime, datetime] | None:
    """The time within which lines may be rows: around the milestones and the burst of talk; None where there is none."""
    if all(line.kind == "note" for line in scene.lines if line.at):
        return None  # who notes down times writes of one incident
    window = main_window(scene.lines, scene.said, scene.outside)
    moments = [c.chosen.at for c in choices.values() if c.chosen] + (list(window) if window else [])
    if not moments:
        return None
    begin = window[0] if window else min(moments)
    near = [at for at in moments if at >= begin - DORMANT]
    return min(near) - timedelta(minutes=30), max(moments) + timedelta(minutes=45)


DORMANT = timedelta(hours=12)
"""Between a trigger or a report of days before and the incident's own run of lines nothing of it need have happened."""


def scored(
    scene: Scene,
    line: Line,
    choices: Mapping[str, Choice],
    window: tuple[datetime, datetime] | None,
    crowd: float = 0.0,
) -> Pick | None:
    """The line as a row with its kind, words and score; None where it tells too little or stands outside."""
    if line.id in scene.outside or line.at is None or (window and not window[0] <= line.at <= window[1]):
        return None
    if (
        line.signal == "peak"
        or _is_later_log(line, choices)
        or _is_over_before(scene, line, choices)
        or _only_guesses(scene, line)
    ):
        return None
    if not (line.by_person or line.kind == "deploy" or scene.said.get(line.id)):
        return None  # a machine's line that says nothing known
    likely = likelihood(scene, line, choices, crowd)
    if likely < LEAST:
        return None
    worth, saying = max(
        ((_worth(scene, line, s, choices), s) for s in scene.said.get(line.id, ())),
        key=lambda item: item[0],
        default=(0.0, None),
    )
    reports = line.by_person or (line.actor_kind == "bot" and line.kind == "chat")
    if saying is not None and worth >= (substance(line, scene.topic) if reports else 0.0):
        kind, words = kind_of(saying, line, choices), whole_words(line, saying.words)
    else:
        kind, words = "investigate", line.text
    return Pick(line, line.at, kind, words, likely, False)


def whole_words(line: Line, sentence: str) -> str:
    """All that a person said at once, where it is short: the sentence before often says what it is about."""
    return line.text if line.by_person and len(line.text) <= _SHORT else sentence


def _is_later_log(line: Line, choices: Mapping[str, Choice]) -> bool:
    """Log events long after an alert or a person showed the failure repeat what is known."""
    detected = choices["detected"].chosen
    if line.kind != "log" or detected is None or line.at is None or detected.line.kind == "log":
        return False
    return line.signal in {"onset", "peak", "first_seen"} and line.at > detected.at + timedelta(minutes=3)


_MORE_THAN_A_GUESS: set[Act] = {
    "fix_done", "fix_started", "fix_failed", "declared", "ruled_out", "recovered", "not_recovered", "acknowledged"
}  # fmt: skip


def _only_guesses(scene: Scene, line: Line) -> bool:
    """A suspicion has its own table; talk about another environment is no part of the incident."""
    acts = {s.act for s in scene.said.get(line.id, ()) if s.weight >= 1.0}
    if line.kind == "note" or not line.by_person:
        return False
    return "elsewhere" in acts or ("suspected" in acts and not acts & _MORE_THAN_A_GUESS)


def _is_over_before(scene: Scene, line: Line, choices: Mapping[str, Choice]) -> bool:
    """Alerts that fired and were over before the first sign of this incident, and recoveries from them."""
    detected = choices["detected"].chosen
    if detected is None or line.at is None or line.at >= detected.at - timedelta(minutes=2):
        return False
    if line.signal == "firing":
        return not lasts_until(scene, line, detected.at)
    acts = {s.act for s in scene.said.get(line.id, ())}
    return line.signal == "resolved" or (line.by_person and bool(acts & {"recovered", "acknowledged"}))


def _worth(scene: Scene, line: Line, saying: Saying, choices: Mapping[str, Choice]) -> float:
    base = _WORTH.get(saying.act, 0.0)
    if base == 0.0 or saying.past:
        return 0.0
    if saying.question:
        base *= 0.6
    if not line.by_person:
        return base if saying.weight >= 2.0 or saying.act not in {"onset", "restart"} else base * 0.8
    relevance = min(scene.topic.relevance(saying.words), 4.0)
    strength = min(saying.weight / 2.0, 1.2)
    figures = 0.25 if any(ch.isdigit() for ch in saying.words) else 0.0
    return (
        base * (0.55 + 0.45 * strength)
        + 0.12 * relevance
        + figures
        - (0.5 if relevance == 0 else 0.0)
        - _lateness(line, saying, choices, {s.act for s in scene.said.get(line.id, ())})
    )


def _lateness(line: Line, saying: Saying, choices: Mapping[str, Choice], acts: Collection[Act]) -> float:
    """Talk after the recovery is mostly looking back."""
    recovered = choices["recovered"].chosen
    if recovered is None or line.at is None or line.at <= recovered.at + timedelta(minutes=5):
        return 0.0
    if any(s == "action" for s in acts):
        return 2.0  # what is to be done later has its own table
    if saying.act in {"closed", "communicated", "confirmed", "declared", "resolved"}:
        return 0.0
    return 2.0 if saying.act in {"fix_started", "changed", "acknowledged", "symptom"} else 0.8


def kind_of(saying: Saying, line: Line, choices: Mapping[str, Choice]) -> str:
    """The kind of row that a saying makes, by its act and by where it stands in the incident."""
    detected, recovered = choices["detected"].chosen, choices["recovered"].chosen
    if (
        saying.act == "symptom"
        and line.at
        and detected
        and abs(line.at - detected.at) <= timedelta(minutes=6)
    ):
        return "detect"
    if saying.act == "recovered" and line.at and recovered and line.at > recovered.at + timedelta(minutes=2):
        return "confirm"
    if saying.act == "changed" and line.by_person and line.at and detected and line.at > detected.at:
        return "mitigate"  # what responders change while the incident lasts
    return _KIND_OF_ACT.get(saying.act, "other")


def repeats(pick: Pick, known: Pick) -> bool:
    """The same kind of thing, in much the same words, a few minutes from one that is already there."""
    if pick.at is None or known.at is None or abs(pick.at - known.at) > _SAME:
        return False
    if pick.line.signal == "notified" and known.line.signal == "firing":
        return pick.line.subject == known.line.subject or pick.at - known.at < timedelta(minutes=1)
    if pick.kind != known.kind:
        return False
    if pick.line.signal and known.line.signal:
        return pick.line.subject == known.line.subject
    if pick.kind in {"acknowledge", "close"}:
        return True
    if pick.kind in _STEPS and minute_of(pick.at) != minute_of(known.at):
        return False
    mine, theirs = tokens(pick.words), tokens(known.words)
    return len(mine & theirs) >= 0.5 * min(len(mine), len(theirs)) if mine and theirs else not mine
