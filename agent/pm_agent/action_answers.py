"""The question about follow-up work and what the rules answer: items as they stand in lists and talk."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.llm import Task
from pm_agent.reading.action_items import Item
from pm_agent.reading.follow_ups import items_in
from pm_agent.reading.lines import Line


class ActionsIn(BaseModel):
    """What the actions question may mention."""

    model_config = ConfigDict(frozen=True)
    lines: list[Line]
    timezone: str


Addressed = Literal["direct", "technical", "design", "process", "organisation", "detection", "response"]
"""A level of the occurrence chain, or one of the other two branches."""


class ActionPick(BaseModel):
    """One action item that the evidence states: its line, its words there, its owner as written there, a clearer wording, the causes it addresses."""

    id: str
    text: str
    owner: str = ""
    wording: str = ""
    addresses: list[Addressed] = []


class ProposalPick(BaseModel):
    """An action nobody stated yet; it is marked as proposed and gets no owner and no date."""

    text: str
    addresses: list[Addressed]
    ids: list[str]


class ActionsAnswer(BaseModel):
    """Items that the evidence states, and proposals."""

    items: list[ActionPick]
    proposals: list[ProposalPick]


def by_rules(inputs: ActionsIn) -> ActionsAnswer:
    """Items as they stand in lists and talk; the rules propose nothing."""
    return ActionsAnswer(
        items=[
            ActionPick(id=i.line.id, text=i.text, owner=_self(i, i.line))
            for i in items_in(inputs.lines, inputs.timezone)
            if i.line
        ],
        proposals=[],
    )


def _self(item: Item, line: Line) -> str:
    """The word by which whoever speaks takes an item, where it stands before it: `me: an alert on the gap`."""
    before = line.text[: line.text.find(item.text)]
    found = _LEAD_SELF.search(before)
    return found[1] if found and item.owner == line.actor else ""


_LEAD_SELF = re.compile(r"(我|本人|me|mine)\s*[:：]\s*$", re.I)


TASK = Task("actions", ActionsIn, ActionsAnswer, by_rules)
