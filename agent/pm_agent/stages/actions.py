"""Lines of evidence → action items with SMART verdicts, and what the whys still lack an action for.

Owners and due dates come only from the evidence; names come back into the owner field when the report is put
together, not here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pm_agent.action_answers import TASK, ActionPick, ActionsIn, Addressed, by_rules
from pm_agent.evidence import Event, Evidence
from pm_agent.language.phrases import phrase
from pm_agent.llm import Backend
from pm_agent.reading.action_items import Item, item_of
from pm_agent.reading.clock_face import local
from pm_agent.reading.lines import Line, line_of, lines_of
from pm_agent.reading.owners import is_speakers
from pm_agent.reading.replies import (
    ROUND,
    answered,
    as_before,
    claim_of,
    claimed,
    following,
    posted,
    preceding,
)
from pm_agent.reading.sorting import drawer_of
from pm_agent.reading.speech import has
from pm_agent.reading.timeline_words import row_words
from pm_agent.reading.topic import tokens
from pm_agent.report import (
    ActionItem,
    Cause,
    Finding,
    Milestones,
    Priority,
    Smart,
    Statement,
    TimelineEntry,
    Why,
)
from pm_agent.rubric import action_set, smart
from pm_agent.wording import Voice


@dataclass(frozen=True)
class ActionsPart:
    """What this stage writes into the report."""

    actions: list[ActionItem]
    findings: list[Finding]
    rejected: list[str]


_CELL = re.compile(r"\s\|\s")
_SPEAKER = re.compile(r"i|me|mine|myself|我|我来|本人|自己", re.I)
_EVERYBODY = re.compile(
    r"大家|各位|所有人|全员|我们|咱们|团队|(?:every|any|some)(?:one|body)\b.*|all(?: of us)?|we|us|the team|team|both|who",
    re.I,
)
"""Who names everybody names no owner."""


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
    bench = _Bench.of(evidence, whys, factors, poorly, timeline, milestones)
    asked = ActionsIn(lines=list(notable), timezone=evidence.timezone)
    answer = await backend.run(TASK, asked)
    voice = Voice(evidence, backend.speaks)
    actions: list[ActionItem] = []
    findings: list[Finding] = []
    before: dict[str | None, Item] = {}
    claims: set[str] = set()
    """Lines that take on an item named before; no items of their own."""
    ours = by_rules(asked.model_copy(update={"lines": lines_of(evidence)})).items if backend.speaks else []
    for pick in [*answer.items, *ours]:
        if pick.id in claims or (pick in ours and any(pick.id in action.citations for action in actions)):
            continue  # the model has it; the rules add what it overlooked, or what a line told it to leave out
        said = voice.say(pick.text, [pick.id])
        if said is None or any(a.text == row_words(said.text) for a in actions):
            continue
        event = evidence.by_id[pick.id]
        written_on = local(event.at, evidence.timezone).date() if event.at else bench.start
        item = _item(said.text, event.text, written_on, event.actor)
        item = answered(item, event.text, following(evidence.events, event), evidence.timezone)
        claim = (
            claim_of(item, following(evidence.events, event, most=40, within=ROUND))
            if _is_open(item, event)
            else None
        )
        if claim is not None:
            item = claimed(item, claim, evidence.timezone)
            claims.add(claim.id)
        item = posted(item, line_of(event), preceding(evidence.events, event))
        item = as_before(item, event.text, before.get(event.actor))
        before[event.actor] = item
        named = pick.owner.strip()
        if item.owner is None and named and named in event.text and not _EVERYBODY.fullmatch(named):
            item = replace(item, owner=event.actor if _SPEAKER.fullmatch(named) else named)
        clearer = _reworded(voice, pick, bench.named(pick.addresses))
        action, found = bench.judged(len(actions) + 1, item, [pick.id], pick.addresses, clearer=clearer)
        actions.append(action)
        findings += found
    for proposal in answer.proposals[:MOST_PROPOSED]:
        said = voice.say(proposal.text, proposal.ids)
        if said is None:
            continue
        item = Item(said.text, None, None, None, None, None, False)
        action, _ = bench.judged(
            len(actions) + 1, item, said.citations, proposal.addresses, origin="proposed"
        )
        actions.append(action)
    findings += action_set.findings([(a.id, a.text) for a in actions], evidence.language)
    return ActionsPart(actions, findings + _uncovered(bench.reasons, actions, evidence), voice.rejected)


MOST_PROPOSED = 3


def _is_open(item: Item, event: Event) -> bool:
    """True for an item of a list, or one that asks who does it."""
    return "\n" in event.text.strip() or has(item.text, "owner_wanted")


def _reworded(voice: Voice, pick: ActionPick, reasons: Sequence[Statement]) -> str | None:
    """A clearer wording of an item, borne by its line and the lines of the causes it addresses."""
    if not pick.wording.strip() or pick.wording.strip() == pick.text.strip():
        return None
    said = voice.say(pick.wording, [pick.id, *(c for reason in reasons for c in reason.citations)])
    return said.text if said else None


def _item(text: str, whole: str, written_on: date | None, speaker: str | None) -> Item:
    """Owner and date of the item's own words; of the whole line where the item is most of it.

    Whoever speaks owns what they say of themselves; that they do does not make it an item.
    """
    item = item_of(text, written_on, speaker=speaker)
    if item.owner is None and is_speakers(text):
        item = replace(item, owner=speaker)
    if len(text) > 0.5 * len(whole) or text in _CELL.split(whole):
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


@dataclass(frozen=True)
class _Bench:
    """What items are judged against."""

    evidence: Evidence
    reasons: list[Statement]
    """Causes, factors and poor spots that an action may address, each once."""
    levels: Mapping[str, Statement]
    """Answers of the whys, by level of the occurrence chain or by branch."""
    addressed: frozenset[str] | None
    start: date | None

    @classmethod
    def of(
        cls,
        evidence: Evidence,
        whys: Sequence[Why],
        factors: Sequence[Cause],
        poorly: Sequence[Statement],
        timeline: Sequence[TimelineEntry],
        milestones: Milestones,
    ) -> _Bench:
        levels: dict[str, Statement] = {
            w.level if w.branch == "occurrence" else w.branch: w.answer
            for w in whys
            if w.answer.support != "unknown"
        }
        found: dict[str, Statement] = {}
        for statement in [*(w.answer for w in whys), *factors, *poorly]:
            if statement.support == "supported":
                found.setdefault(statement.text, statement)
        telling = [*found, *(row.text for row in timeline)]
        addressed = frozenset(t for text in telling for t in tokens(text)) if found else None
        return cls(evidence, list(found.values()), levels, addressed, _start(milestones, evidence.timezone))

    def named(self, addresses: Sequence[Addressed]) -> list[Statement]:
        """The answers of these levels, where the whys have one."""
        return [self.levels[level] for level in dict.fromkeys(addresses) if level in self.levels]

    def judged(
        self,
        number: int,
        item: Item,
        citations: list[str],
        addresses: Sequence[Addressed],
        origin: Literal["evidence", "proposed"] = "evidence",
        clearer: str | None = None,
    ) -> tuple[ActionItem, list[Finding]]:
        """The item as the report shows it, and what the rubric finds on it."""
        language = self.evidence.language
        named = self.named(addresses)
        addressed = self.addressed
        if named and addressed is not None:
            addressed |= tokens(item.text)  # somebody read item and cause together and tied them
        verdicts = smart.judge(item, addressed, language)
        category = drawer_of(item.text, "category") or "other"
        priority: Priority | None = item.priority  # type: ignore[assignment]
        tied = named or [r for r in self.reasons if len(tokens(r.text) & tokens(item.text)) >= 2]
        action = ActionItem(
            id=f"AI-{number:03d}",
            text=row_words(item.text),
            goal=phrase(language, f"actions.goal.{category}"),
            owner=item.owner,
            due=item.due.on if item.due else None,
            priority=priority,
            acceptance=item.acceptance,
            status="done" if item.done or self._ticked(citations) else "open",
            ticket=item.ticket,
            category=category,
            strength=smart.strength_of(item.text),
            origin=origin,
            addresses=[r.id.removesuffix(".a") for r in tied][:3],
            citations=citations,
            smart=verdicts,
            suggestion=self._suggestion(item, verdicts, addressed, clearer),
        )
        return action, smart.findings(action.id, item, verdicts, priority, self.start, language)

    def _ticked(self, citations: Sequence[str]) -> bool:
        """True for a line behind a ticked box."""
        return any((event.thread or "").endswith("[x]") for event in self.evidence.cited(list(citations)))

    def _suggestion(
        self, item: Item, verdicts: Smart, addressed: frozenset[str] | None, clearer: str | None
    ) -> str | None:
        """The clearer wording with a blank for what it still lacks; else the item with its blanks."""
        language = self.evidence.language
        if clearer is None:
            return smart.suggestion(item, verdicts, language)
        again = replace(item, text=clearer)
        return smart.suggestion(again, smart.judge(again, addressed, language), language) or clearer


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
