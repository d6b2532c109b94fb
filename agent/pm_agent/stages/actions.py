"""Lines of evidence → action items with SMART verdicts, and what the whys still lack an action for.

Owners and due dates come only from the evidence; names come back into the owner field when the report is put
together, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Evidence
from pm_agent.language.phrases import phrase
from pm_agent.llm import Backend, Task
from pm_agent.reading.action_items import Item, item_of, items_in
from pm_agent.reading.clock_face import local
from pm_agent.reading.lines import Line
from pm_agent.reading.sorting import drawer_of
from pm_agent.reading.timeline_words import row_words
from pm_agent.reading.topic import tokens
from pm_agent.report import ActionItem, Cause, Finding, Milestones, Priority, Statement, TimelineEntry, Why
from pm_agent.rubric import smart
from pm_agent.wording import Voice


class ActionsIn(BaseModel):
    """What the actions question may mention."""

    model_config = ConfigDict(frozen=True)
    lines: list[Line]
    causes: list[str]
    timezone: str


class ActionPick(BaseModel):
    """One action item that the evidence states: the id of the line and the words of the item in it."""

    id: str
    text: str


class ProposalPick(BaseModel):
    """An action nobody stated yet; it is marked as proposed and gets no owner and no date."""

    text: str
    addresses: str
    ids: list[str]


class ActionsAnswer(BaseModel):
    """Items that the evidence states, and proposals."""

    items: list[ActionPick]
    proposals: list[ProposalPick]


def by_rules(inputs: ActionsIn) -> ActionsAnswer:
    """Items as they stand in lists and talk; the rules propose nothing."""
    return ActionsAnswer(
        items=[
            ActionPick(id=i.line.id, text=i.text) for i in items_in(inputs.lines, inputs.timezone) if i.line
        ],
        proposals=[],
    )


TASK = Task("actions", ActionsIn, ActionsAnswer, by_rules)


@dataclass(frozen=True)
class ActionsPart:
    """What this stage writes into the report."""

    actions: list[ActionItem]
    findings: list[Finding]
    rejected: list[str]


async def build_actions(
    evidence: Evidence,
    notable: Sequence[Line],
    whys: Sequence[Why],
    factors: Sequence[Cause],
    poorly: Sequence[Statement],
    timeline: Sequence[TimelineEntry],
    milestones: Milestones,
    backend: Backend,
) -> ActionsPart:
    """Ask for items, read owner and date from the line by code, judge each."""
    reasons = (
        [w.answer for w in whys if w.answer.support == "supported"]
        + [*factors]
        + [s for s in poorly if s.support == "supported"]
    )
    answer = await backend.run(
        TASK, ActionsIn(lines=list(notable), causes=[r.text for r in reasons], timezone=evidence.timezone)
    )
    telling = [reason.text for reason in reasons] + [row.text for row in timeline]
    addressed = frozenset(t for text in telling for t in tokens(text)) if reasons else None
    start = _start(milestones, evidence.timezone)
    actions: list[ActionItem] = []
    findings: list[Finding] = []
    voice = Voice(evidence, backend.speaks)
    for pick in answer.items:
        said = voice.say(pick.text, [pick.id])
        if said is None:
            continue
        event = evidence.by_id[pick.id]
        item = _item(
            said.text,
            event.text,
            local(event.at, evidence.timezone).date() if event.at else start,
            event.actor,
        )
        action, found = _judged(
            f"AI-{len(actions) + 1:03d}", item, [pick.id], reasons, addressed, start, evidence
        )
        actions.append(action)
        findings += found
    for proposal in answer.proposals:
        said = voice.say(proposal.text, proposal.ids)
        if said is None:
            continue
        item = Item(said.text, None, None, None, None, None, False)
        action, _ = _judged(
            f"AI-{len(actions) + 1:03d}",
            item,
            said.citations,
            reasons,
            addressed,
            start,
            evidence,
            origin="proposed",
        )
        actions.append(action)
    return ActionsPart(actions, findings + _uncovered(reasons, actions, evidence), voice.rejected)


def _item(text: str, whole: str, written_on: date | None, speaker: str | None) -> Item:
    """Owner and date of the item's own words; of the whole line where the item is most of it."""
    item = item_of(text, written_on, speaker=speaker)
    if len(text) > 0.6 * len(whole):
        around = item_of(whole, written_on, speaker=speaker)
        return Item(
            item.text,
            item.owner or around.owner,
            item.due or around.due,
            item.acceptance or around.acceptance,
            item.priority or around.priority,
            item.ticket or around.ticket,
            item.done,
        )
    return item


def _start(milestones: Milestones, timezone: str) -> date | None:
    at = milestones.recovered.at or milestones.detected.at or milestones.trigger.at
    return local(at, timezone).date() if at else None


def _judged(
    id_: str,
    item: Item,
    citations: list[str],
    reasons: Sequence[Statement],
    addressed: frozenset[str] | None,
    start: date | None,
    evidence: Evidence,
    origin: Literal["evidence", "proposed"] = "evidence",
) -> tuple[ActionItem, list[Finding]]:
    verdicts = smart.judge(item, addressed, evidence.language)
    category = drawer_of(item.text, "category") or "other"
    priority: Priority | None = item.priority  # type: ignore[assignment]
    action = ActionItem(
        id=id_,
        text=row_words(item.text),
        goal=phrase(evidence.language, f"actions.goal.{category}"),
        owner=item.owner,
        due=item.due.on if item.due else None,
        priority=priority,
        acceptance=item.acceptance,
        status="done" if item.done else "open",
        ticket=item.ticket,
        category=category,
        strength=smart.strength_of(item.text),
        origin=origin,
        addresses=[r.id.removesuffix(".a") for r in reasons if len(tokens(r.text) & tokens(item.text)) >= 2][
            :3
        ],
        citations=citations,
        smart=verdicts,
        suggestion=smart.suggestion(item, verdicts, evidence.language),
    )
    return action, smart.findings(id_, item, verdicts, priority, start, evidence.language)


def _uncovered(
    reasons: Sequence[Statement], actions: Sequence[ActionItem], evidence: Evidence
) -> list[Finding]:
    covered = {a for action in actions for a in action.addresses}
    return [
        Finding(
            rule="actions.cause_without_action",
            severity="info",
            where=r.id.removesuffix(".a"),
            message=phrase(evidence.language, "check.cause_without_action", cause=row_words(r.text)[:80]),
        )
        for r in reasons
        if r.id.removesuffix(".a") not in covered
    ][:10]
