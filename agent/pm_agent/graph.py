"""The stages as a LangGraph: wiring, routing and nothing else. The only module that knows LangGraph.

Each node writes the state field of its own name, and no other. Evidence, settings and backend are given at run
time and never enter the state.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

for _name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"):
    os.environ[_name] = (
        "false"  # a variable in the user's shell must not post an incident to a tracing service
    )
for _name in ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"):
    os.environ.pop(_name, None)
os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")

from langgraph.checkpoint.memory import InMemorySaver  # noqa: E402
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer  # noqa: E402
from langgraph.graph import END, START, StateGraph  # noqa: E402 - after the environment is made safe
from langgraph.graph.state import CompiledStateGraph  # noqa: E402
from langgraph.runtime import Runtime  # noqa: E402
from langgraph.types import Command, interrupt  # noqa: E402

from pm_agent.assembly import Parts, assemble  # noqa: E402
from pm_agent.evidence import Evidence  # noqa: E402
from pm_agent.llm import Backend  # noqa: E402
from pm_agent.reading.digest import About  # noqa: E402
from pm_agent.reading.lines import Line, line_of  # noqa: E402
from pm_agent.report import Finding, Metrics, Provenance, Statement  # noqa: E402
from pm_agent.review import ReviewAnswer, Reviewed, ask_review  # noqa: E402
from pm_agent.settings import Settings  # noqa: E402
from pm_agent.stages.actions import ActionsPart, build_actions  # noqa: E402
from pm_agent.stages.impact import ImpactPart, build_impact  # noqa: E402
from pm_agent.stages.interview import InterviewAnswer, InterviewQuestion, next_question, statements  # noqa: E402
from pm_agent.stages.interview import answered as with_answer  # noqa: E402
from pm_agent.stages.learning import LearningPart, build_learning  # noqa: E402
from pm_agent.stages.metrics import compute_metrics  # noqa: E402
from pm_agent.stages.narrative import NarrativePart, Story, build_narrative  # noqa: E402
from pm_agent.stages.response import ResponsePart, build_response  # noqa: E402
from pm_agent.stages.support import SupportPart, check_support  # noqa: E402
from pm_agent.stages.timeline import TimelinePart, build_timeline  # noqa: E402
from pm_agent.stages.verify import verify as check_report  # noqa: E402
from pm_agent.stages.whys import WhysPart, build_whys  # noqa: E402


@dataclass(frozen=True)
class Deps:
    """What the nodes work with; given at run time, never stored."""

    evidence: Evidence
    settings: Settings
    backend: Backend
    interactive: bool = False
    """True where a person answers the interview."""

    @property
    def timezone(self) -> str:
        """The zone in which times are printed."""
        return self.settings.display_tz or self.evidence.timezone


AskPerson = Callable[[InterviewQuestion], Awaitable[InterviewAnswer]]
"""Puts one question of the interview to a person."""


class State(TypedDict, total=False):
    """One field a stage, written by the node of the same name."""

    timeline: TimelinePart
    review: ReviewAnswer | None
    metrics: Metrics
    impact: ImpactPart
    response: ResponsePart
    whys: WhysPart
    interview: dict[str, InterviewAnswer]
    actions: ActionsPart
    learning: LearningPart
    narrative: NarrativePart
    support: SupportPart
    findings: list[Finding]


async def timeline(state: State, runtime: Runtime[Deps]) -> State:
    """Evidence → rows and milestones."""
    d = runtime.context
    return {"timeline": await build_timeline(d.evidence, d.settings, d.backend)}


async def review(state: State, runtime: Runtime[Deps]) -> State:
    """Telling lines → a model's answers for five stages at once; nothing where the rules answer."""
    d = runtime.context
    return {"review": await ask_review(d.evidence, state["timeline"], d.backend)}


def _answering(state: State, deps: Deps) -> Backend:
    """Who answers the stages after the timeline: their part of the review, else the rules."""
    answer = state["review"]
    return deps.backend if answer is None else Reviewed(deps.backend, answer)


async def metrics(state: State, runtime: Runtime[Deps]) -> State:
    """Milestones → durations."""
    return {"metrics": compute_metrics(state["timeline"].milestones, runtime.context.evidence.language)}


async def impact(state: State, runtime: Runtime[Deps]) -> State:
    """Evidence → who and what was hit."""
    d, t = runtime.context, state["timeline"]
    return {
        "impact": await build_impact(
            d.evidence, _about(state, d, "impact"), t.milestones, _answering(state, d)
        )
    }


async def response(state: State, runtime: Runtime[Deps]) -> State:
    """Evidence → how the response went."""
    d, t = runtime.context, state["timeline"]
    return {
        "response": await build_response(
            d.evidence, _about(state, d, "response"), t.timeline, t.milestones, _answering(state, d)
        )
    }


async def whys(state: State, runtime: Runtime[Deps]) -> State:
    """Cause → the 5 Whys, with what people have answered so far."""
    d, t, before = runtime.context, state["timeline"], state.get("whys")
    said = statements(d.evidence, before.whys, state.get("interview", {})) if before else {}
    given = before.answer if before else None
    told, planned = _about(state, d, "cause"), _about(state, d, "action")
    part = await build_whys(
        d.evidence, told, planned, t.timeline, t.milestones, _answering(state, d), said, given
    )
    return {"whys": part}


async def interview(state: State, runtime: Runtime[Deps]) -> State:
    """One question to a person, one an execution; nothing stands before the interrupt but choosing it."""
    answers = state.get("interview", {})
    question = next_question(runtime.context.evidence, state["whys"].whys, answers)
    if question is None:
        return {"interview": answers}
    reply: InterviewAnswer = interrupt(question)
    return {"interview": with_answer(answers, question.id, reply)}


def ask_more(state: State, runtime: Runtime[Deps]) -> Literal["interview", "agreed"]:
    """Back to the interview while a question is open and somebody is there to answer."""
    d, answers = runtime.context, state.get("interview", {})
    stopped = any(a.kind == "stop" for a in answers.values())
    if not d.interactive or stopped or next_question(d.evidence, state["whys"].whys, answers) is None:
        return "agreed"
    return "interview"


async def agreed(state: State) -> State:
    """The whys as they stand when nobody is asked any more; writes nothing."""
    return {}


async def actions(state: State, runtime: Runtime[Deps]) -> State:
    """Evidence and causes → action items with verdicts."""
    d, w = runtime.context, state["whys"]
    poorly = state["response"].response.went_poorly
    rows, milestones = state["timeline"].timeline, state["timeline"].milestones
    part = await build_actions(
        d.evidence,
        _about(state, d, "action"),
        w.whys,
        w.contributing_factors,
        poorly,
        rows,
        milestones,
        _answering(state, d),
    )
    return {"actions": part}


async def learning(state: State, runtime: Runtime[Deps]) -> State:
    """Response and actions → lessons, learning, monitoring."""
    d = runtime.context
    notable = _about(state, d, "learning")
    return {
        "learning": await build_learning(
            d.evidence, notable, state["response"].response, state["actions"].actions, _answering(state, d)
        )
    }


async def narrative(state: State, runtime: Runtime[Deps]) -> State:
    """Everything → title, summary, story, one sentence, the meeting's questions."""
    d, t, w = runtime.context, state["timeline"], state["whys"]
    story = Story(
        t.timeline, t.milestones, state["metrics"], state["impact"].impact, w.whys, w.root_causes,
        state["response"].temporary_fixes, state["actions"].actions, _unknowns(state),
    )  # fmt: skip
    return {"narrative": await build_narrative(d.evidence, d.settings, story, d.timezone, d.backend)}


async def support(state: State, runtime: Runtime[Deps]) -> State:
    """Sentences a model worded → whether their lines support them."""
    d = runtime.context
    parts = parts_of({**state, "support": SupportPart(frozenset(), frozenset()), "findings": []})
    return {"support": await check_support(d.evidence, parts.by_weight(), d.backend)}


async def verify(state: State, runtime: Runtime[Deps]) -> State:
    """The whole draft against its evidence."""
    d, parts = runtime.context, parts_of({**state, "findings": []})
    rejected = [
        r
        for part in (
            parts.timeline,
            parts.impact,
            parts.response,
            parts.whys,
            parts.actions,
            parts.learning,
            parts.narrative,
        )
        for r in part.rejected
    ]
    draft = assemble(d.evidence, d.settings, parts, Provenance(tool=""))
    return {"findings": [*parts.actions.findings, *check_report(draft, len(rejected))]}


def _about(state: State, deps: Deps, *abouts: About) -> list[Line]:
    """The lines that the timeline stage found to speak of these things."""
    commands = frozenset(i.event_id for i in deps.evidence.injections)
    ids = {i for about in abouts for i in state["timeline"].notable.get(about, [])}
    return [line_of(event, commands) for event in deps.evidence.events if event.id in ids]


def _unknowns(state: State) -> list[Statement]:
    """What the evidence does not say, as questions for the meeting; each question once."""
    impact_part, learning_part = state["impact"].impact, state["learning"]
    found = [w.answer for w in state["whys"].whys]
    found += [impact_part.scope, *impact_part.users, *impact_part.business, *impact_part.technical]
    found += [*learning_part.monitoring.blind_spots]
    unknown = [s for s in found if s.support == "unknown" and s.ask]
    return list({s.ask.question: s for s in unknown if s.ask}.values())


def parts_of(state: State) -> Parts:
    """The finished state as parts of a report."""
    return Parts(**{name: value for name, value in state.items() if name in Parts.__dataclass_fields__})  # type: ignore[misc,arg-type,unused-ignore]


def build() -> StateGraph[State, Deps]:
    """The wiring, to be read as a drawing."""
    graph: StateGraph[State, Deps] = StateGraph(State, context_schema=Deps)
    for node in (
        timeline,
        review,
        metrics,
        impact,
        response,
        whys,
        interview,
        agreed,
        actions,
        learning,
        narrative,
        support,
        verify,
    ):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "timeline")
    graph.add_edge("timeline", "metrics")
    graph.add_edge("timeline", "review")
    for reviewed in ("impact", "response", "whys"):
        graph.add_edge("review", reviewed)
    graph.add_conditional_edges("whys", ask_more)
    graph.add_edge("interview", "whys")
    graph.add_edge(["response", "agreed"], "actions")
    graph.add_edge("actions", "learning")
    graph.add_edge(["metrics", "impact", "learning"], "narrative")
    graph.add_edge("narrative", "support")
    graph.add_edge("support", "verify")
    graph.add_edge("verify", END)
    return graph


def compiled(checkpointer: InMemorySaver | None = None) -> CompiledStateGraph[State, Deps]:
    """The graph that `langgraph.json` names, so that Studio opens it."""
    return build().compile(checkpointer=checkpointer)


async def run(
    deps: Deps, ask: AskPerson | None = None, answered: Mapping[str, InterviewAnswer] | None = None
) -> Parts:
    """Run every stage on this evidence; with `ask`, put the questions of the interview to a person one by one."""
    if ask is None:
        state = await compiled().ainvoke({"interview": dict(answered or {})}, context=deps)
        return parts_of(state)  # type: ignore[arg-type]
    graph = compiled(InMemorySaver(serde=_ByReference()))
    config: Any = {"configurable": {"thread_id": "draft"}}
    state = await graph.ainvoke({"interview": dict(answered or {})}, config, context=deps)
    while interrupts := state.get("__interrupt__"):
        reply = await ask(interrupts[0].value)
        state = await graph.ainvoke(Command(resume=reply), config, context=deps)
    return parts_of(state)  # type: ignore[arg-type]


class _ByReference(JsonPlusSerializer):
    """Keeps state within one process as it is: what must survive lies in the run folder, not in a checkpoint.

    A JsonPlusSerializer by name only: LangGraph logs a warning to standard error for every other class.
    """

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[Any] = []

    def with_msgpack_allowlist(self, extra_allowlist: Any) -> _ByReference:
        """Nothing is ever serialised, so there is nothing to allow."""
        return self

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """A number that stands for the object."""
        self._kept.append(obj)
        return "ref", str(len(self._kept) - 1).encode()

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """The object of that number."""
        return self._kept[int(data[1])]

    def dumps(self, obj: Any) -> bytes:
        """The same, untyped."""
        return self.dumps_typed(obj)[1]

    def loads(self, data: bytes) -> Any:
        """The same, untyped."""
        return self.loads_typed(("ref", data))
