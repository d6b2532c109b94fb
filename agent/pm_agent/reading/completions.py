"""Terse reports of completion: `done`, `rw 了`, `65/65 完` end a fix when somebody had ordered or announced one before.

One line alone does not tell whether `done` ends a fix or a lunch order; the conversation does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from pm_agent.reading.cues import Cue, has_sign, read_cues
from pm_agent.reading.lines import Line
from pm_agent.reading.says import LIFTED, WORKS, Saying

WITHIN = timedelta(minutes=90)
"""A fix that its own author reports as done was announced at most this long before."""
BY_ANOTHER = timedelta(minutes=4)
_CAN_BE = frozenset(
    {
        "fix_started",
        "acknowledged",
        "investigated",
        "chatter",
        "impact",
        "changed",
        "recovered",
        "maybe_recovered",
        "confirmed",
        "finished",
    }
)


def completions(lines: Sequence[Line], said: Mapping[str, Sequence[Saying]]) -> dict[str, Saying]:
    """Line id → that it reports a fix as done, for lines that say so only by what they answer."""
    found: dict[str, Saying] = {}
    begun: list[Line] = []
    for line in lines:
        if line.at is None or not line.by_person or line.commands:
            continue
        cues = {cue.category: cue for cue in read_cues(line.text) if cue.strong}
        acts = {s.act for s in said.get(line.id, ()) if s.weight >= 1.0}
        done = cues.get("finished")
        if (
            done
            and not LIFTED.search(line.text)
            and acts <= _CAN_BE
            and not any(s.act == "recovered" and s.weight > WORKS for s in said.get(line.id, ()))
            and _reports(done, cues)
            and ((order := _ordered(line, begun)) or _all_of_it(line.text))
        ):
            own = order is not None and order.actor == line.actor
            found[line.id] = Saying("fix_done", 2.0 if own else 1.5, line.text, of_talk=True)
        if "order" in cues or "fix_started" in acts:
            begun.append(line)
    return found


_COUNTED = re.compile(r"\b(\d+)\s?/\s?(\d+)\b")
NEARLY = 0.95


def _all_of_it(text: str) -> bool:
    """`118/120 ready`, `all prefixes are on the backup now`: it tells of a whole, so it ends something by itself."""
    counted = _COUNTED.search(text)
    if counted and int(counted[2]) > 1:
        return NEARLY <= int(counted[1]) / int(counted[2]) <= 1
    return has_sign(text, "all_of_it")


def _reports(done: Cue, cues: Mapping[str, Cue]) -> bool:
    """Said as a fact; `not done yet`, `is it done?` and `will be done` report nothing."""
    stance = done.stance
    return (
        not (stance.question or stance.negated or stance.uncertain or stance.future)
        and "unrelated" not in cues
    )


def _ordered(line: Line, begun: Sequence[Line]) -> Line | None:
    """The order or announcement that this line ends: its own author's, or somebody's just before."""
    for before in reversed(begun):
        if line.at is None or before.at is None or line.at - before.at > WITHIN:
            return None
        if before.thread != line.thread:
            continue
        if before.actor == line.actor or line.at - before.at <= BY_ANOTHER:
            return before
    return None
