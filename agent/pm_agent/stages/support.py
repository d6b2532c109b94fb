"""Statements a model worded → whether the lines they cite support them; what they don't is taken back.

Without a model nothing is asked: sentences composed by code stand on what they were composed from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Evidence
from pm_agent.llm import Backend, Task
from pm_agent.llm.tokens import room_for, upper_estimate, weight
from pm_agent.reading.sentences import split
from pm_agent.reading.topic import tokens
from pm_agent.report import Statement

QUOTED = 500
"""Characters of a long cited line that are shown: its sentences nearest to what is said of it."""
SHARE, ALWAYS = 0.09, 5_000
"""Part of large evidence that the check may show again, and the tokens of small evidence."""


OVERHEAD = 10
"""Tokens that ids and marks take."""


class Claim(BaseModel):
    """A statement with the ids of the lines it cites."""

    model_config = ConfigDict(frozen=True)
    id: str
    text: str
    cites: list[str]


class Quote(BaseModel):
    """A cited line; it stands once, however many statements cite it."""

    model_config = ConfigDict(frozen=True)
    id: str
    actor: str | None = None
    """Who said it: a statement may name them."""
    text: str


class SupportIn(BaseModel):
    """What the support question may mention."""

    model_config = ConfigDict(frozen=True)
    lines: list[Claim]
    quotes: list[Quote]


class VerdictPick(BaseModel):
    """The number of a statement and whether its lines support it."""

    id: str
    verdict: Literal["supported", "partly", "unsupported"]


class SupportAnswer(BaseModel):
    """A verdict a statement."""

    verdicts: list[VerdictPick]


def by_rules(inputs: SupportIn) -> SupportAnswer:
    """Grounding by code has passed every statement already."""
    return SupportAnswer(verdicts=[VerdictPick(id=claim.id, verdict="supported") for claim in inputs.lines])


TASK = Task("support", SupportIn, SupportAnswer, by_rules)


@dataclass(frozen=True)
class SupportPart:
    """Ids of statements by what became of them."""

    partly: frozenset[str]
    unsupported: frozenset[str]
    unchecked: int = 0
    """Statements that only code has held against their lines."""


async def check_support(evidence: Evidence, statements: Sequence[Statement], backend: Backend) -> SupportPart:
    """Ask about the statements that a model worded, in the order given, as far as the cost allows."""
    alike: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.origin == "model" and statement.citations:
            alike.setdefault(statement.text, []).append(statement)
    if not alike or not backend.speaks:
        return SupportPart(frozenset(), frozenset())
    asked = _asked(evidence, alike)
    answer = await backend.run(TASK, asked)
    found = {verdict.id: verdict.verdict for verdict in answer.verdicts}
    by_verdict: dict[str, set[str]] = {"partly": set(), "unsupported": set(), "supported": set()}
    for claim in asked.lines:
        by_verdict[found.get(claim.id, "partly")] |= {s.id for s in alike[claim.text]}
    unchecked = sum(len(same) for same in alike.values()) - sum(len(ids) for ids in by_verdict.values())
    return SupportPart(frozenset(by_verdict["partly"]), frozenset(by_verdict["unsupported"]), unchecked)


def rehearsal(evidence: Evidence, statements: Sequence[Statement]) -> SupportIn:
    """What would be asked if a model had worded every statement; for counting beforehand."""
    alike: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.citations:
            alike.setdefault(statement.text, []).append(statement)
    return _asked(evidence, alike)


def _asked(evidence: Evidence, alike: Mapping[str, Sequence[Statement]]) -> SupportIn:
    room = room_for(weight(e.text for e in evidence.events), SHARE, ALWAYS)
    claims: list[Claim] = []
    cited: dict[str, list[str]] = {}
    for text, same in alike.items():
        ids = list(dict.fromkeys(c for s in same for c in s.citations))
        new = [e for e in evidence.cited(ids) if e.id not in cited]
        room -= (
            upper_estimate(text) + 6 * len(ids) + sum(upper_estimate(e.text[:QUOTED]) + OVERHEAD for e in new)
        )
        if room < 0:
            break
        claims.append(Claim(id=str(len(claims) + 1), text=text, cites=ids))
        for id_ in ids:
            cited.setdefault(id_, []).append(text)
    quotes = [
        Quote(id=e.id, actor=e.actor, text=_quote(e.text, cited[e.id]))
        for e in evidence.events
        if e.id in cited
    ]
    return SupportIn(lines=claims, quotes=quotes)


def _quote(text: str, said: Sequence[str]) -> str:
    """The whole line, or of a long one the sentences that share most words with what is said of it, in their order."""
    if len(text) <= QUOTED:
        return text
    wanted = tokens(" ".join(said))
    sentences = [s.text for s in split(text)]
    ranked = sorted(range(len(sentences)), key=lambda n: (-len(tokens(sentences[n]) & wanted), n))
    kept: set[int] = set()
    room = QUOTED
    for number in ranked:
        room -= len(sentences[number])
        if room < 0 and kept:
            break
        kept.add(number)
    return " … ".join(sentences[n] for n in sorted(kept))
