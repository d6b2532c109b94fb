"""Actions, poor spots and talk → lessons, learning and monitoring; what nobody said is a question, not a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pm_agent.evidence import Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.llm import Backend, Task
from pm_agent.reading.lines import Line
from pm_agent.reading.says import says
from pm_agent.reading.sorting import fits
from pm_agent.reading.timeline_words import row_words
from pm_agent.report import ActionItem, Ask, Learning, Monitoring, NewSignal, Response, Statement
from pm_agent.wording import Voice

Drawer = Literal[
    "keep", "improve", "surprise", "documents", "training", "drills", "sharing", "blind_spots", "alert_tuning"
]


class LearningIn(BaseModel):
    """What the learning question may mention."""

    model_config = ConfigDict(frozen=True)
    lines: list[Line]
    timezone: str


class LearningPick(BaseModel):
    """One lesson or need: the ids of the lines that show it, its words and its drawer."""

    ids: list[str]
    text: str
    drawer: Drawer


class LearningAnswer(BaseModel):
    """Lessons, learning needs and monitoring gaps."""

    picks: list[LearningPick]


def by_rules(inputs: LearningIn) -> LearningAnswer:
    """Poor spots that speak of alerts are blind spots; of documents and runbooks, documents to write."""
    picks: list[LearningPick] = []
    for line in inputs.lines:
        for saying in says(line):
            if saying.question:
                continue
            text = row_words(saying.words)
            if saying.act == "poorly" and fits(text, "gap", "monitoring"):
                drawer: Drawer = (
                    "alert_tuning"
                    if any(
                        w in text.lower()
                        for w in ("noisy", "false", "fatigue", "muted", "误报", "屏蔽", "太多", "淹没")
                    )
                    else "blind_spots"
                )
                picks.append(LearningPick(ids=[line.id], text=text, drawer=drawer))
            elif saying.act in {"poorly", "action"} and (
                fits(text, "gap", "documentation") or fits(text, "gap", "runbook")
            ):
                picks.append(LearningPick(ids=[line.id], text=text, drawer="documents"))
            elif saying.act == "action" and any(
                w in text.lower() for w in ("train", "workshop", "培训", "学习")
            ):
                picks.append(LearningPick(ids=[line.id], text=text, drawer="training"))
            elif saying.act == "action" and any(
                w in text.lower() for w in ("game day", "gameday", "drill", "演练", "chaos")
            ):
                picks.append(LearningPick(ids=[line.id], text=text, drawer="drills"))
    return LearningAnswer(picks=picks)


TASK = Task("learning", LearningIn, LearningAnswer, by_rules)


@dataclass(frozen=True)
class LearningPart:
    """What this stage writes into the report."""

    lessons: list[Statement]
    learning: Learning
    monitoring: Monitoring
    rejected: list[str]


async def build_learning(
    evidence: Evidence,
    notable: Sequence[Line],
    response: Response,
    actions: Sequence[ActionItem],
    backend: Backend,
) -> LearningPart:
    """Ask for lessons, then fill each drawer; an empty one asks its question."""
    language = evidence.language
    answer = await backend.run(TASK, LearningIn(lines=list(notable), timezone=evidence.timezone))
    voice = Voice(evidence, backend.speaks)
    drawers: dict[str, list[Statement]] = {}
    for pick in answer.picks:
        said = voice.say(pick.text, pick.ids)
        drawer = drawers.setdefault(pick.drawer, [])
        if said is not None and said.text not in {s.text for s in drawer} and len(drawer) < 5:
            id_ = f"L-{pick.drawer}-{len(drawer) + 1}"
            drawer.append(
                Statement(
                    id=id_, text=said.text, citations=said.citations, aspect=pick.drawer, origin=said.origin
                )
            )

    def filled(name: str) -> list[Statement]:
        return drawers.get(name) or [_ask(language, name)]

    lessons = [_lesson(s, "keep", n) for n, s in enumerate(response.went_well, 1) if s.support == "supported"]
    lessons += [
        _lesson(s, "improve", n) for n, s in enumerate(response.went_poorly, 1) if s.support == "supported"
    ]
    lessons += [s for name in ("keep", "improve", "surprise") for s in drawers.get(name, [])]
    return LearningPart(
        lessons=lessons or [_ask(language, "lessons")],
        learning=Learning(
            documents=filled("documents"),
            training=filled("training"),
            drills=filled("drills"),
            sharing=filled("sharing"),
        ),
        monitoring=Monitoring(
            blind_spots=filled("blind_spots"),
            new_signals=_signals(actions),
            alert_tuning=filled("alert_tuning"),
        ),
        rejected=voice.rejected,
    )


def _lesson(statement: Statement, aspect: str, number: int) -> Statement:
    return statement.model_copy(update={"id": f"L-{aspect}-r{number}", "aspect": aspect})


def _ask(language: Language, name: str) -> Statement:
    ask = Ask(
        whom=phrase(language, f"ask.learning.{name}.whom"),
        question=phrase(language, f"ask.learning.{name}.question"),
    )
    return Statement(id=f"L-{name}", text=phrase(language, "not_in_evidence"), support="unknown", ask=ask)


def _signals(actions: Sequence[ActionItem]) -> list[NewSignal]:
    """Actions that add an alert or a metric, as rows of the monitoring table."""
    return [
        NewSignal(signal=a.text, threshold=a.acceptance, owner=a.owner, due=a.due, citations=a.citations)
        for a in actions
        if a.category == "detect" and a.strength == "alert" and a.origin == "evidence"
    ]
