"""Every fault of a model server ends in a retry, a repair, or the rules with a reason; the table of them is generated here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from llm.conftest import ModelServer, Reply, completion, cut_off, endless, failure, hang
from pm_agent.llm.asking import ModelBackend
from pm_agent.llm.openai import Server
from pm_agent.reading.lines import Line
from pm_agent.stages.narrative import TASK as NARRATIVE
from pm_agent.stages.narrative import Fact, NarrativeIn
from pm_agent.stages.timeline import TASK as TIMELINE
from pm_agent.stages.timeline import TimelineIn

Start = Callable[[Callable[[dict[str, Any]], Reply]], ModelServer]
TABLE = Path(__file__).parents[2] / "docs" / "model-faults.md"
GOOD = json.dumps(
    {"title": "x", "summary": [{"ids": ["a:1"], "text": "y"}], "narrative": [], "one_line": None}
)
TWICE = json.dumps(
    {"title": "x", "summary": [{"ids": ["a:1", "a:1"], "text": "y"}] * 2, "narrative": [], "one_line": None}
)
CHINESE = json.dumps(
    {
        "title": "",
        "summary": [
            {"ids": ["a:1"], "text": "结账服务在发布之后完全不可用，大量用户无法付款下单，客服收到很多投诉"}
        ]
        * 2,
        "narrative": [],
        "one_line": None,
    }
)
NO_CHOICE = b'{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[]}'
JSON_TYPE = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and what must come of it."""

    name: str
    reply: Reply
    reason: str
    """Of the fallback, where the fault stays."""
    requests: int
    """Requests until the rules answer, where the fault stays."""
    passes: str
    """What happens where the second answer is good."""


FAULTS = (
    Fault("401, wrong key", failure(401), "the key is not accepted", 1, "rules; the server is asked no more"),
    Fault("403, no access", failure(403), "access is denied", 1, "rules; the server is asked no more"),
    Fault("404, no such model or address", failure(404), "no such model", 1, "rules; the server is asked no more"),
    Fault("422, request refused", failure(422), "answered 422", 1, "rules"),
    Fault("429", failure(429), "answered 429", 4, "retry after 1 s"),
    Fault("429 with retry-after: 7", failure(429, retry_after="7"), "answered 429", 4, "retry after 7 s"),
    Fault("429 with retry-after: 9999", failure(429, retry_after="9999"), "answered 429", 4, "retry after 60 s"),
    Fault("429 with a date as retry-after", failure(429, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"), "answered 429", 4, "retry after 1 s"),
    Fault("500", failure(500), "answered 500", 4, "retry after 1 s"),
    Fault("502", failure(502), "answered 502", 4, "retry after 1 s"),
    Fault("503", failure(503), "answered 503", 4, "retry after 1 s"),
    Fault("connection closed without an answer", None, "no answer from the model server", 4, "retry after 1 s"),
    Fault("reset in mid-answer", cut_off, "no answer from the model server", 4, "retry after 1 s"),
    Fault("no answer in time", hang, "no answer from the model server", 4, "retry after 1 s"),
    Fault("body that never ends", endless, "endless", 1, "rules; 4 MB are read at most"),
    Fault("not JSON at all (an HTML page)", (200, JSON_TYPE, b"<html>"), "no answer from the model server", 4, "retry after 1 s"),
    Fault("no choice in the answer", (200, JSON_TYPE, NO_CHOICE), "no choice", 1, "rules"),
    Fault("refusal", completion("", refusal="I can't help with that"), "refused", 1, "rules"),
    Fault("content filter", completion("x", finish="content_filter"), "content filter", 1, "rules"),
    Fault("empty message", completion(""), "empty", 1, "rules"),
    Fault("finish_reason length", completion('{"title"', finish="length"), "length limit", 1, "asked again in halves; rules where there is nothing to cut"),
    Fault("invalid JSON", completion("{nope"), "not valid JSON", 2, "one repair round"),
    Fault("valid JSON of the wrong shape", completion('{"title": 3}'), "wrong shape", 2, "one repair round"),
    Fault("wrong language", completion(CHINESE), "wrong language", 2, "one repair round"),
    Fault("answer of 500,000 characters", completion("x" * 500_000), "endless", 2, "one repair round"),
    Fault("answer in a code fence", completion(f"```json\n{GOOD}\n```"), "", 1, "used as it is"),
    Fault("answer among words", completion(f"Here you are: {GOOD} Bye!"), "", 1, "used as it is"),
    Fault("duplicate ids and sentences", completion(TWICE), "", 1, "used; each id counts once"),
)  # fmt: skip


def ask(server: ModelServer, timeout: float) -> tuple[ModelBackend, Any, list[float]]:
    """One question with this server; pauses take no time and are listed."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def run() -> tuple[ModelBackend, Any]:
        backend = ModelBackend(Server("test", server.url, "key", timeout=timeout), "en", sleep=pause)
        try:
            return backend, await backend.run(
                NARRATIVE, NarrativeIn(facts=[Fact(about="a", text="b", ids=["a:1"])])
            )
        finally:
            await backend.close()

    backend, answer = asyncio.run(run())
    return backend, answer, pauses


def limit_of(fault: Fault) -> float:
    """Seconds to wait for an answer: little where none will come."""
    return 0.15 if fault.reply is hang else 10.0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_a_fault_that_stays_ends_in_the_rules(model_server: Start, fault: Fault) -> None:
    """The rules answer and the reason is kept; what no retry mends is not retried; what is an answer is used."""
    server = model_server(lambda request: fault.reply)
    backend, answer, pauses = ask(server, limit_of(fault))
    assert len(server.requests) == fault.requests
    if fault.reason:
        assert answer.summary == []
        assert fault.reason in backend.usage.fallbacks[0][1]
        assert len(pauses) == (fault.requests - 1 if fault.requests == 4 else 0)
    else:
        assert answer.summary
        assert not backend.usage.fallbacks


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.reason], ids=lambda f: f.name)
def test_a_fault_that_passes(model_server: Start, fault: Fault) -> None:
    """Where the second answer is good, it is used if there is to be a second one."""
    server = model_server(lambda request: fault.reply if len(server.requests) == 1 else completion(GOOD))
    backend, answer, pauses = ask(server, limit_of(fault))
    if fault.passes.startswith("retry after"):
        assert answer.title == "x"
        assert pauses == [float(fault.passes.split()[2])]
    elif fault.passes == "one repair round":
        assert answer.title == "x"
        assert not pauses
        assert "can't be used" in server.requests[1]["messages"][-1]["content"]
    else:
        assert answer.summary == []
        assert backend.usage.fallbacks


def test_refused_connection() -> None:
    """Nobody listens: four attempts with growing pauses, then the rules."""
    nobody = ModelServer(lambda request: None, port=9)
    backend, answer, pauses = ask(nobody, 2.0)
    assert answer.summary == []
    assert "no answer from the model server" in backend.usage.fallbacks[0][1]
    assert pauses == [1.0, 2.0, 4.0]


def test_after_a_wrong_key_nobody_is_asked_again(model_server: Start) -> None:
    """A second question goes to the rules at once."""
    server = model_server(lambda request: failure(401))

    async def twice() -> ModelBackend:
        backend = ModelBackend(Server("test", server.url, "bad"), "en")
        for _ in range(2):
            await backend.run(NARRATIVE, NarrativeIn(facts=[]))
        await backend.close()
        return backend

    backend = asyncio.run(twice())
    assert len(server.requests) == 1
    assert len(backend.usage.fallbacks) == 2


def test_an_answer_too_long_is_asked_for_in_halves(model_server: Start) -> None:
    """The lines are cut in two until the answers fit, and the answers are joined."""
    lines = [Line(id=f"aaaaaa:{n}", at=None, text=f"line {n}") for n in range(4)]

    def answer(request: dict[str, Any]) -> Reply:
        ids = [line.id for line in lines if f"{line.id} " in request["messages"][1]["content"]]
        if len(ids) > 1:
            return completion('{"entries"', finish="length")
        rows = [{"ids": ids, "when": "", "kind": "other", "text": "t", "key": False}]
        return completion(
            json.dumps({"entries": rows, "milestones": [], "hypotheses": [], "notable": [], "blame": []})
        )

    server = model_server(answer)

    async def run() -> Any:
        backend = ModelBackend(Server("test", server.url), "en")
        found = await backend.run(TIMELINE, TimelineIn(lines=lines, timezone="UTC", services=[]))
        await backend.close()
        return found

    found = asyncio.run(run())
    assert [row.ids[0] for row in found.entries] == [line.id for line in lines]


def test_the_table_of_faults_is_what_the_tests_hold(update: bool) -> None:
    """docs/model-faults.md lists each fault with its outcome as tested above."""
    rows = [
        f"| {f.name} | {f.passes} | {f'rules after {f.requests} request{chr(115) * (f.requests > 1)}' if f.reason else 'used'} |"
        for f in FAULTS
    ]
    text = "\n".join(
        [
            "# When the model server fails",
            "",
            "Generated by `pytest tests/llm/test_faults.py --update`; each row is a test. The draft always comes: an answer that can't be",
            "had or used is given by the rules of that stage, `findings` says so (`model.fallback`), and `pm-agent draft` exits 3.",
            "Pauses double from 1 s; a `retry-after` in seconds is honoured up to a minute.",
            "",
            "| fault | where it passes | where it stays |",
            "|---|---|---|",
            *rows,
            "| connection refused | retry after 1 s | rules after 4 attempts |",
            "",
        ]
    )
    if update:
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(text, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == text
