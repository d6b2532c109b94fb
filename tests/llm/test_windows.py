"""Long evidence: cut by tokens, never truncated; its cost beside the evidence; how many questions follow one another."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.conftest import ModelServer, Reply, task_of
from llm.generous import generous, lines_in
from llm.incidents import long_texts, slack_export
from pm_agent.api import Drafted, draft_evidence, read
from pm_agent.evidence import Evidence
from pm_agent.llm.tokens import upper_estimate
from pm_agent.llm.windows import halves, line_tokens, union, windows
from pm_agent.reading.lines import Line
from pm_agent.review import TASK as REVIEW
from pm_agent.settings import Settings
from pm_agent.stages.timeline import TimelineIn

Start = Callable[[Callable[[dict[str, Any]], Reply]], ModelServer]
CONTEXT = 32_000


def prompt_tokens(request: dict[str, Any]) -> int:
    """Tokens of a request's messages, never below the truth."""
    return sum(upper_estimate(m["content"]) for m in request["messages"])


def rendered(evidence: Evidence) -> int:
    """Tokens of the evidence as lines: id, time, actor, text."""
    return sum(
        upper_estimate(f"{e.id} {e.at:%m-%d %H:%M} {e.actor or e.kind}: {e.text}\n")
        for e in evidence.events
        if e.at
    )


def drafted(server: ModelServer, evidence: Evidence) -> Drafted:
    settings = Settings(model="test", base_url=server.url, context=CONTEXT)
    return asyncio.run(draft_evidence(evidence, settings))


@pytest.fixture(scope="module")
def long_evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """A chat of more than 300,000 tokens."""
    folder = tmp_path_factory.mktemp("long")
    evidence = read(slack_export(folder / "export", long_texts(6_400), step=11), Settings())
    assert rendered(evidence) > 300_000
    return evidence


def test_300_000_tokens_draft_within_a_context_of_32_000(
    model_server: Start, long_evidence: Evidence
) -> None:
    """Every event stands in exactly one window; each prompt with its answer fits; the cost is held; a draft comes."""
    server = model_server(generous)
    result = drafted(server, long_evidence)
    assert not result.usage.fallbacks
    first = [r for r in server.requests if task_of(r) == "timeline"]
    seen = Counter(id_ for r in first for id_, _ in lines_in(r))
    assert set(seen) == {e.id for e in long_evidence.events}
    assert set(seen.values()) == {1}
    assert all(prompt_tokens(r) + r["max_completion_tokens"] <= CONTEXT for r in server.requests)
    assert len({r["messages"][1]["content"].split("Part ")[1].split(" ")[0] for r in first}) == len(first)
    assert sum(map(prompt_tokens, server.requests)) <= 1.6 * rendered(long_evidence)
    assert len(result.report.timeline) > 100


@pytest.mark.parametrize("count", [240, 400, 700])
def test_prompts_cost_at_most_1_6_times_the_evidence(model_server: Start, tmp_path: Path, count: int) -> None:
    """From 8,000 tokens on, with a model that answers at length."""
    evidence = read(slack_export(tmp_path / "e", long_texts(count), step=20), Settings())
    assert rendered(evidence) > 8_000
    server = model_server(generous)
    result = drafted(server, evidence)
    assert not result.usage.fallbacks
    assert sum(map(prompt_tokens, server.requests)) <= 1.6 * rendered(evidence)


def test_at_most_six_questions_follow_one_another(model_server: Start, tmp_path: Path) -> None:
    """Windows go side by side (each waits here until all have arrived); four questions follow one another."""
    evidence = read(slack_export(tmp_path / "e", long_texts(1_600), step=20), Settings())
    met: list[threading.Barrier] = []
    lock = threading.Lock()

    def answer(request: dict[str, Any]) -> Reply:
        if task_of(request) == "timeline":
            parts = int(request["messages"][1]["content"].split(" of the evidence")[0].rsplit(" ", 1)[1])
            with lock:
                met[:] = met or [threading.Barrier(parts)]
            met[0].wait(timeout=20)
        return generous(request)

    server = model_server(answer)
    drafted(server, evidence)
    assert met[0].parties > 2
    assert not met[0].broken
    assert [task_of(r) for r in server.requests[met[0].parties :]] == ["review", "narrative", "support"]


TEXT = st.text(alphabet="abc 漢字 0123456789-/\n", max_size=200)


@given(st.lists(TEXT, max_size=30), st.integers(50, 400))
def test_every_line_is_in_one_window_in_order(texts: list[str], budget: int) -> None:
    """Nothing is lost, doubled or moved; a window over its budget holds a single line."""
    lines = [Line(id=f"aaaaaa:{n}", at=None, text=text) for n, text in enumerate(texts)]
    asked = TimelineIn(lines=lines, timezone="UTC", services=[])
    found = windows(asked, upper_estimate, 40, budget)
    assert [line for window in found for line in window.lines] == lines
    for window in found:
        cost = 40 + sum(line_tokens(line, upper_estimate) for line in window.lines)
        assert cost <= budget or len(window.lines) == 1
    if len(found) > 1:
        assert [w.part for w in found] == list(range(1, len(found) + 1))
        assert {w.parts for w in found} == {len(found)}


def test_halves_of_one_line_are_none() -> None:
    """There is nothing to cut."""
    one = Line(id="aaaaaa:1", at=None, text="x")
    assert halves(TimelineIn(lines=[one], timezone="UTC", services=[])) == []


def test_answers_of_windows_are_joined_level_by_level() -> None:
    """Lists one after the other, also inside; a single sentence is the first that there is."""

    def part(scope: str | None, text: str) -> Any:
        said = {"ids": ["a:1"], "text": text, "aspect": "data"}
        return REVIEW.output.model_validate(
            {
                "impact": {"scope": {**said, "text": scope} if scope else None, "statements": [said]},
                "response": {"observations": [], "fixes": []},
                "whys": {"answers": [], "factors": []},
                "actions": {"items": [], "proposals": []},
                "learning": {"picks": []},
            }
        )

    joined: Any = union([part(None, "one"), part("far", "two"), part("near", "three")])
    assert [s.text for s in joined.impact.statements] == ["one", "two", "three"]
    assert joined.impact.scope.text == "far"
