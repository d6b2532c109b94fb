"""What a model proposes as a milestone, held against the line it names: a hope is no recovery, a guess no cause.

Also the moment of a line that tells of another time than its own; the model copies the words, code reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pm_agent.evidence import Precision
from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.cues import stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.said_times import SaidTime, said_times
from pm_agent.reading.sentences import split
from pm_agent.reading.zh_clocks import zh_clocks_to_digits


@dataclass(frozen=True, slots=True)
class Proposal:
    """The line proposed for a milestone; without one, the word that no line shows it."""

    line_id: str
    when: str = ""
    """Words of the line that tell another time than its own."""


_LAST = {"fixed", "recovered", "closed"}
"""Milestones of which the last of several windows is right; of the others the first."""
_SURE = {"cause_found", "fixed", "recovered"}
"""Milestones that a question or a hope can't be, whoever proposes it."""


def settle(
    scene: Scene, choices: Mapping[str, Choice], proposed: Mapping[str, Sequence[Proposal]]
) -> dict[str, Choice]:
    """The rules' choices with the proposals that stand.

    A single word that no line shows a milestone takes the rules' choice back; windows that saw only a part of the
    evidence can't say that, nor can an answer that names no milestone at all. Where a line of the evidence tries to
    command its reader, a model may have obeyed it: a proposal then stands only for a line that the rules weighed too,
    and nothing is taken back.
    """
    if any(line.commands for line in scene.lines):
        proposed = {
            name: _weighed(choices[name], offered) for name, offered in proposed.items() if name in choices
        }
    has_view = any(p.line_id for offered in proposed.values() for p in offered)
    return {
        name: _settled(scene, name, choice, proposed.get(name, ())) if has_view else choice
        for name, choice in choices.items()
    }


def _weighed(choice: Choice, offered: Sequence[Proposal]) -> list[Proposal]:
    """The proposals for lines that the rules weighed for this milestone."""
    known = {c.line.id for c, _ in choice.others} | ({choice.chosen.line.id} if choice.chosen else set())
    return [p for p in offered if p.line_id in known]


def _settled(scene: Scene, name: str, choice: Choice, offered: Sequence[Proposal]) -> Choice:
    by_id = {line.id: line for line in scene.lines}
    named = [p for p in offered if p.line_id in by_id and not by_id[p.line_id].commands]
    if not named:
        silent = len(offered) == 1 and not offered[0].line_id
        return _withdrawn(choice, "not_shown") if silent else choice
    same = [p for p in named if choice.chosen and p.line_id == choice.chosen.line.id]
    best = (same or named)[-1 if name in _LAST else 0]
    line = by_id[best.line_id]
    if not _stands(name, line):
        return choice
    told = told_moment(line, best.when, scene.timezone, anchors(scene.lines).get(line.id))
    if told is None and line.at is not None and name in {"trigger", "impact_start"} and line.by_person:
        told = next(iter(said_times(line.text, line.at, scene.timezone)), None)
    if told is not None:
        return _taken(scene, line, told.at, told.precision, choice)
    if line.at is None or _tells_what_is_not_read(line, best.when):
        return _withdrawn(choice, "undated")
    return _taken(scene, line, line.at, line.precision, choice)


def _tells_what_is_not_read(line: Line, when: str) -> bool:
    """True where the line itself tells another time, in words that no code can date: `07:04 our time`."""
    wanted = "".join(when.split()).casefold()
    return any(c.isdigit() for c in wanted) and wanted in "".join(line.text.split()).casefold()


def _withdrawn(choice: Choice, reason: str) -> Choice:
    if choice.chosen is None:
        return replace(choice, reason=reason)
    return Choice(None, reason, ((choice.chosen, "not_confirmed"), *choice.others))


def _taken(scene: Scene, line: Line, at: datetime, precision: Precision, choice: Choice) -> Choice:
    sayings = [s for s in scene.said.get(line.id, ()) if s.act != "chatter"]
    words = sayings[0].words if sayings else line.text
    others = choice.others
    if choice.chosen and choice.chosen.line.id != line.id:
        others = ((choice.chosen, "less_tied"), *others)
    chosen = Candidate(line, at, precision, words, 9.0)
    return Choice(chosen, choice.reason if choice.chosen else "proposed", tuple(others))


def _stands(name: str, line: Line) -> bool:
    """True where at least one sentence of the line is said as a fact."""
    if name not in _SURE or not line.by_person:
        return True
    stances = [stance_of(sentence.text) for sentence in split(line.text)]
    return any(not s.question and not s.uncertain and not s.future for s in stances)


def anchors(lines: Sequence[Line]) -> dict[str, datetime]:
    """Line without a time → the time of the line before it in its file: `at 03:30` in a note then has its day."""
    last: dict[str, datetime] = {}
    found: dict[str, datetime] = {}
    for line in lines:
        file = line.id.split(":")[0]
        if line.at is not None:
            last[file] = line.at
        elif file in last:
            found[line.id] = last[file]
    return found


def told_moment(line: Line, when: str, timezone: str, anchor: datetime | None = None) -> SaidTime | None:
    """The moment that `when`, copied from the line, names; None where the line does not say so itself."""
    wanted = "".join(zh_clocks_to_digits(when).replace("：", ":").split())
    written_at = line.at or anchor
    if not wanted or written_at is None:
        return None
    return next(
        (
            said
            for said in said_times(line.text, written_at, timezone, past=True)
            if "".join(said.written.split()) in wanted
        ),
        None,
    )
