"""The questions of five stages as one question to a model, so that the telling lines and the rules are sent once.

Each stage still asks its own task; `Reviewed` hands it its part of the one answer. Rules answer each stage apart.
"""

from __future__ import annotations

from typing import cast

from pydantic import BaseModel, ConfigDict

from pm_agent import action_answers, why_answers
from pm_agent.evidence import Evidence
from pm_agent.llm import Backend, In, Out, Task
from pm_agent.reading.digest import About
from pm_agent.reading.lines import Line, lines_of
from pm_agent.stages import impact, learning, response
from pm_agent.stages.timeline import TimelinePart


class ReviewIn(BaseModel):
    """What the review question may mention."""

    model_config = ConfigDict(frozen=True)
    lines: list[Line]
    about: dict[About, list[str]]
    """Ids of the lines by what they speak of."""
    cause: str
    cause_ids: list[str]
    timezone: str


class ReviewAnswer(BaseModel):
    """The answers of five stages."""

    impact: impact.ImpactAnswer
    response: response.ResponseAnswer
    whys: why_answers.WhysAnswer
    actions: action_answers.ActionsAnswer
    learning: learning.LearningAnswer


def by_rules(inputs: ReviewIn) -> ReviewAnswer:
    """Each stage's own rules on the lines that speak of its matter."""

    def lines(about: About) -> list[Line]:
        wanted = set(inputs.about.get(about, ()))
        return [line for line in inputs.lines if line.id in wanted]

    zone = inputs.timezone
    causes = why_answers.WhysIn(
        cause=inputs.cause,
        cause_ids=inputs.cause_ids,
        lines=lines("cause"),
        timezone=zone,
        planned=lines("action"),
    )
    return ReviewAnswer(
        impact=impact.by_rules(impact.ImpactIn(lines=lines("impact"), timezone=zone)),
        response=response.by_rules(response.ResponseIn(lines=lines("response"), timezone=zone)),
        whys=why_answers.by_rules(causes),
        actions=action_answers.by_rules(action_answers.ActionsIn(lines=lines("action"), timezone=zone)),
        learning=learning.by_rules(learning.LearningIn(lines=lines("learning"), timezone=zone)),
    )


TASK = Task("review", ReviewIn, ReviewAnswer, by_rules)


async def ask_review(evidence: Evidence, timeline: TimelinePart, backend: Backend) -> ReviewAnswer | None:
    """The one answer; None where the rules answer each stage apart."""
    if not backend.speaks:
        return None
    row = next((e for e in timeline.timeline if e.id == timeline.milestones.cause_found.entry), None)
    wanted = {i for ids in timeline.notable.values() for i in ids} | set(row.citations if row else ())
    asked = ReviewIn(
        lines=[line for line in lines_of(evidence) if line.id in wanted],
        about=timeline.notable,
        cause=row.text if row else "",
        cause_ids=row.citations if row else [],
        timezone=evidence.timezone,
    )
    return await backend.run(TASK, asked)


class Reviewed:
    """A backend that answers a stage's task with its part of the review."""

    def __init__(self, backend: Backend, answer: ReviewAnswer) -> None:
        self.backend, self.answer = backend, answer
        self.usage = backend.usage

    @property
    def speaks(self) -> bool:
        """True where a model answers."""
        return self.backend.speaks

    async def run(self, task: Task[In, Out], inputs: In) -> Out:
        """The task's part of the answer."""
        return cast(Out, getattr(self.answer, task.name))

    async def close(self) -> None:
        """The backend behind it is closed by whoever opened it."""
