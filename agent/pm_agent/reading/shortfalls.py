"""What a thing does not do or only does, where an action item is to change it: a gap that somebody wants closed.

`The playbook only looks at the port` is a remark like many others in a chat. It tells what made the incident possible
where an item of work speaks of the same: the item says that somebody thought it worth changing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pm_agent.reading.action_items import Item
from pm_agent.reading.conditions import Condition, tells
from pm_agent.reading.cues import read_cues, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.says import says
from pm_agent.reading.sentences import split
from pm_agent.reading.timeline_words import row_words
from pm_agent.reading.topic import tokens

SHARED = 2
"""Telling words, or pairs of Chinese characters, that a remark and an item of work have in common."""
LONGEST = 200
_EVENTS = {
    "recovered", "maybe_recovered", "not_recovered", "acknowledged", "ruled_out", "closed", "communicated", "fix_done", "fix_started",
    "symptom",
}  # fmt: skip
_TALK = {"hypothesis", "order", "action", "chatter"}
"""What else a sentence may be: it is over, somebody looks, users see something; a guess, an order, work to come."""


def shortfalls(lines: Sequence[Line], items: Sequence[Item]) -> Iterator[Condition]:
    """Sentences that say what a thing does not do and that an item of work names, in the order of the lines.

    Args:
        lines: what was said.
        items: the action items found in it.
    """
    talk = [line for line in lines if line.by_person and not line.commands]
    spread = Counter(token for line in talk for token in tokens(line.text))
    usual = max(4, len(talk) // 12)
    wanted = [(item.line.id if item.line else "", tokens(item.text)) for item in items]
    for line in talk:
        for sentence in split(line.text):
            if sentence.pasted or len(sentence.text) > LONGEST or not tells(sentence.text, "shortfall"):
                continue
            mine = {token for token in tokens(sentence.text) if spread[token] <= usual}
            named = any(len(mine & words) >= SHARED for id_, words in wanted if id_ != line.id)
            if named and _is_remark(line, sentence.text):
                yield Condition(line, row_words(sentence.text).lstrip("` .!、,，"), "design")


def _is_remark(line: Line, text: str) -> bool:
    """True where the sentence asserts: no question, plan, guess or deed, and no event."""
    stance = stance_of(text)
    if stance.question or stance.future or any(tells(text, s) for s in ("plan", "guess", "deed")):
        return False
    acts = {s.act for s in says(line.model_copy(update={"text": text})) if s.weight >= 1.0}
    return not acts & _EVENTS and not {cue.category for cue in read_cues(text)} & _TALK
