"""Statements a model worded → whether the lines they cite support them; what they don't is taken back.

Without a model nothing is asked: sentences composed by code stand on what they were composed from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Evidence
from pm_agent.llm import Backend, Task
from pm_agent.report import Statement

QUOTED = 500
"""Characters of a cited line that are shown; the statement is short, its ground must be near."""


class Claim(BaseModel):
    """A statement with the lines it cites."""

    model_config = ConfigDict(frozen=True)
    id: str
    text: str
    quotes: list[str]
    actor: None = None


class SupportIn(BaseModel):
    """What the support question may mention."""

    model_config = ConfigDict(frozen=True)
    lines: list[Claim]


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


async def check_support(evidence: Evidence, statements: Sequence[Statement], backend: Backend) -> SupportPart:
    """Ask about every statement that a model worded."""
    worded = [s for s in statements if s.origin == "model" and s.citations]
    if not worded or not backend.speaks:
        return SupportPart(frozenset(), frozenset())
    claims = [
        Claim(id=str(n), text=s.text, quotes=[e.text[:QUOTED] for e in evidence.cited(s.citations)])
        for n, s in enumerate(worded, 1)
    ]
    answer = await backend.run(TASK, SupportIn(lines=claims))
    found = {verdict.id: verdict.verdict for verdict in answer.verdicts}
    by_verdict: dict[str, set[str]] = {"partly": set(), "unsupported": set(), "supported": set()}
    for number, statement in enumerate(worded, 1):
        by_verdict[found.get(str(number), "partly")].add(statement.id)
    return SupportPart(frozenset(by_verdict["partly"]), frozenset(by_verdict["unsupported"]))
