"""Which lines later questions are about: impact, causes, response, actions. So nobody reads all the evidence twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pm_agent.reading.bearing import remarks
from pm_agent.reading.conditions import conditions
from pm_agent.reading.figures import figures
from pm_agent.reading.follow_ups import asks_for_items, items_in
from pm_agent.reading.lines import Line
from pm_agent.reading.passage import passage
from pm_agent.reading.says import Act, Saying
from pm_agent.reading.shortfalls import shortfalls

About = Literal["impact", "cause", "response", "action", "learning"]
ABOUT: tuple[About, ...] = ("impact", "cause", "response", "action", "learning")

_ACTS: dict[About, frozenset[Act]] = {
    "impact": frozenset({"impact", "symptom"}),
    "cause": frozenset({"cause", "poorly", "ruled_out"}),
    "response": frozenset(
        {
            "well",
            "poorly",
            "lucky",
            "fix_done",
            "fix_failed",
            "recovered",
            "maybe_recovered",
            "not_recovered",
            "resolved",
            "ended",
        }
    ),
    "action": frozenset(),
    "learning": frozenset(),
}
_LEAST = 1.1


def notable(
    lines: Sequence[Line], said: Mapping[str, Sequence[Saying]], timezone: str, cause: Line | None = None
) -> dict[About, list[str]]:
    """Ids by what their lines speak of, in the order of the lines; `cause` is the line that states the cause."""
    figured = {found.line.id for found in figures(lines)}
    wanted = items_in(lines, timezone)
    items = {item.line.id for item in wanted if item.line}
    lacking = {told.line.id for told in shortfalls(lines, wanted)}
    told = {line.id for line in passage(lines, cause)} if cause else set()
    told |= {
        r.line.id for r in remarks(lines, wanted, cause.text if cause else "", cause.at if cause else None)
    }
    found: dict[About, list[str]] = {about: [] for about in ABOUT}
    for line in lines:
        acts = {s.act for s in said.get(line.id, ()) if s.weight >= _LEAST and not s.past}
        for about in ABOUT:
            if (
                acts & _ACTS[about]
                or (about == "impact" and line.id in figured)
                or (about == "action" and (line.id in items or asks_for_items(line)))
                or (about == "cause" and (line.id in told or line.id in lacking or any(conditions(line))))
            ):
                found[about].append(line.id)
    learning = {*found["response"], *found["action"]}
    return {**found, "learning": [line.id for line in lines if line.id in learning]}
