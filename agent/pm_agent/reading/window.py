"""The span of the incident: where its telling lines stand close together, and how long a silence it outlasts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from pm_agent.reading.candidates import Scene
from pm_agent.reading.cues import read_cues
from pm_agent.reading.lines import Line
from pm_agent.reading.says import Act, Saying


def main_window(
    lines: Sequence[Line],
    said: Mapping[str, Sequence[Saying]],
    outside: Collection[str] = (),
    gap: timedelta = timedelta(minutes=75),
) -> tuple[datetime, datetime] | None:
    """The span of the incident: the run of telling lines with the most weight, broken where nobody speaks of it."""
    telling = [
        (line.at, max(s.weight for s in says))
        for line in lines
        if line.at is not None
        and line.id not in outside
        and (
            says := [s for s in said.get(line.id, ()) if s.act in _TELLING and not s.past and s.weight >= 1.2]
        )
        and not (
            line.by_person
            and any(
                s.act in {"unrelated", "elsewhere"} and s.weight >= 2.0 and not s.uncertain
                for s in said.get(line.id, ())
            )
        )
    ]
    if not telling:  # a note that only narrates
        telling = [(line.at, 1.0) for line in lines if line.at and line.kind == "note" and line.by_person]
    runs: list[tuple[float, datetime, datetime]] = []
    for at, weight in sorted(telling):
        if runs and at - runs[-1][2] <= gap:
            total, first, _ = runs[-1]
            runs[-1] = (total + weight, first, at)
        else:
            runs.append((weight, at, at))
    if not runs:
        return None
    runs = _without_looking_back(lines, runs)
    main = max(range(len(runs)), key=lambda n: (runs[n][0], -runs[n][1].timestamp()))
    _, first, last = runs[main]
    if all(line.kind == "note" for line in lines if line.at):  # who notes down times writes of one incident
        first = min((f for _, f, _ in runs[:main] if first - f <= NOTED_SPAN), default=first)
    for _, start, end in runs[main + 1 :]:
        if start - last > LULL or _is_over(lines, said, first, last):
            break
        last = end
    return first, last


def _without_looking_back(
    lines: Sequence[Line], runs: list[tuple[float, datetime, datetime]]
) -> list[tuple[float, datetime, datetime]]:
    """Runs but those after the first in which people sit together to look back: a review tells of the incident, it is none."""
    kept = []
    for number, (weight, first, last) in enumerate(runs):
        talk = [line for line in lines if line.at and first - OPENING <= line.at <= last and line.by_person]
        opening = [line for line in talk if line.at and line.at <= first + OPENING]
        looks = any(cue.category == "lookback" for line in opening for cue in read_cues(line.text))
        if number == 0 or not looks:
            kept.append((weight, first, last))
    return kept


OPENING = timedelta(minutes=5)
"""In the first minutes people say what they came together for."""
NOTED_SPAN = timedelta(hours=36)
"""Notes of one incident reach back that far from its main part."""
LULL = timedelta(hours=3)
"""While nobody has said that it is over, people may be silent for that long: a restore runs, a vendor works."""


def _is_over(
    lines: Sequence[Line], said: Mapping[str, Sequence[Saying]], first: datetime, last: datetime
) -> bool:
    """True where somebody or something has said within the span that it is over."""
    return any(
        line.at is not None
        and first <= line.at <= last
        and any(
            s.act in {"recovered", "closed"} and s.weight >= 2.2 and not s.past for s in said.get(line.id, ())
        )
        for line in lines
    ) or any(line.at and first <= line.at <= last and line.signal == "resolved" for line in lines)


_TELLING: set[Act] = {
    "fired", "resolved", "symptom", "detected", "began", "declared", "fix_started", "fix_done", "cause", "recovered",
    "not_recovered", "onset", "acknowledged", "notified", "suspected", "ended",
}  # fmt: skip


def end_of_talk(scene: Scene) -> datetime | None:
    """Half an hour after the incident's own run of lines; what is told days later looks back."""
    window = main_window(scene.lines, scene.said, scene.outside)
    return window[1] + timedelta(minutes=30) if window else None
