"""The model path against a real server on loopback: the three forms of request, and every fault."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llm.conftest import EMPTY, ModelServer, Reply, completion, empty_answer, failure, task_of
from pm_agent.api import draft_evidence, read
from pm_agent.llm import Task
from pm_agent.llm.asking import ModelBackend
from pm_agent.llm.openai import Server
from pm_agent.settings import Settings
from pm_agent.stages.narrative import TASK as NARRATIVE
from pm_agent.stages.narrative import NarrativeAnswer, NarrativeIn

Start = Callable[[Callable[[dict[str, Any]], Reply]], ModelServer]

CHAT = """[
 {"type": "message", "user": "U1", "text": "checkout is down, users report 502s", "ts": "1770109920.000100"},
 {"type": "message", "user": "U2", "text": "looking", "ts": "1770109980.000200"},
 {"type": "message", "user": "U2", "text": "found it: release v42 dropped the cart index", "ts": "1770110280.000300"},
 {"type": "message", "user": "U1", "text": "rolled back to v41", "ts": "1770110700.000400"},
 {"type": "message", "user": "U1", "text": "error rate back to normal", "ts": "1770110820.000500"}
]"""
USERS = '[{"id": "U1", "name": "mira", "real_name": "Mira Holt"}, {"id": "U2", "name": "jo", "real_name": "Jo Pike"}]'


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    (folder / "incidents").mkdir(parents=True)
    (folder / "users.json").write_text(USERS)
    (folder / "incidents" / "2026-02-03.json").write_text(CHAT)
    return folder


async def nap(seconds: float) -> None:
    """A pause that takes no time."""
    naps.append(seconds)


naps: list[float] = []


def backend(server: ModelServer, **more: Any) -> ModelBackend:
    naps.clear()
    return ModelBackend(Server("test", server.url, "key", timeout=5.0, **more), "en", sleep=nap)


async def ask(b: ModelBackend, task: Task[NarrativeIn, NarrativeAnswer] = NARRATIVE) -> NarrativeAnswer:
    try:
        return await b.run(task, NarrativeIn(facts=[]))
    finally:
        await b.close()


GOOD = json.dumps(
    {"title": "x", "summary": [{"ids": ["a:1"], "text": "y"}], "narrative": [], "one_line": None}
)


def modes(request: dict[str, Any]) -> str:
    return str(request.get("response_format", {}).get("type", "text"))


def test_json_schema_is_asked_first(model_server: Start) -> None:
    """A server that can do schemas gets one, strict, with every field required."""
    server = model_server(lambda request: completion(GOOD))
    answer = asyncio.run(ask(backend(server)))
    assert answer.summary[0].ids == ["a:1"]
    shape = server.requests[0]["response_format"]["json_schema"]
    assert shape["strict"]
    assert shape["schema"]["additionalProperties"] is False
    assert set(shape["schema"]["required"]) == {"title", "summary", "narrative", "one_line"}


def test_json_mode_where_schemas_are_refused(model_server: Start) -> None:
    """A 400 about the schema leads to JSON mode, with the schema in the words."""
    server = model_server(
        lambda r: (
            failure(400, "response_format json_schema is not supported")
            if modes(r) == "json_schema"
            else completion(GOOD)
        )
    )
    answer = asyncio.run(ask(backend(server)))
    assert answer.title == "x"
    assert [modes(r) for r in server.requests] == ["json_schema", "json_object"]
    assert '"one_line"' in server.requests[1]["messages"][0]["content"]


def test_plain_text_with_a_repair_round(model_server: Start) -> None:
    """A server that knows no response format answers in words; one repair round mends them."""

    def answer(request: dict[str, Any]) -> Reply:
        if modes(request) != "text":
            return failure(400, "unknown field response_format")
        return completion("Sure! Here you go." if len(request["messages"]) == 2 else f"```json\n{GOOD}\n```")

    server = model_server(answer)
    found = asyncio.run(ask(backend(server)))
    assert found.title == "x"
    assert len(server.requests[-1]["messages"]) == 4


def test_parameters_a_server_does_not_take_are_left_out(model_server: Start) -> None:
    """max_completion_tokens and temperature go when a server says so."""

    def answer(request: dict[str, Any]) -> Reply:
        if "max_completion_tokens" in request:
            return failure(400, "Unrecognized request argument: max_completion_tokens")
        if "temperature" in request:
            return failure(400, "temperature does not support 0 with this model")
        return completion(GOOD)

    server = model_server(answer)
    assert asyncio.run(ask(backend(server))).title
    assert server.requests[-1]["max_tokens"] > 0


def test_a_draft_with_a_model_cites_and_grounds(model_server: Start, export: Path) -> None:
    """Rows come from the model's ids and words; times from the lines; an invented number is dropped and counted."""
    evidence = read(export, Settings())
    ids = [e.id for e in evidence.events]
    entries = [
        {"ids": [ids[0]], "kind": "detect", "text": "Users report 502s on checkout", "key": True},
        {
            "ids": [ids[3]],
            "kind": "mitigate",
            "text": "Rollback to v41 after 9000 failed orders",
            "key": True,
        },
        {"ids": ["nope:1"], "kind": "other", "text": "The moon rose", "key": True},
    ]

    def answer(request: dict[str, Any]) -> Reply:
        if task_of(request) == "timeline":
            return completion(
                json.dumps(
                    {
                        **EMPTY["timeline"],
                        "entries": entries,
                        "milestones": [{"name": "detected", "id": ids[0], "when": ""}],
                    }
                )
            )
        return empty_answer(request)

    server = model_server(answer)
    drafted = asyncio.run(draft_evidence(evidence, Settings(model="test", base_url=server.url)))
    report = drafted.report
    texts = [e.text for e in report.timeline]
    assert "Users report 502s on checkout" in texts
    assert not any("9000" in t or "moon" in t for t in texts)
    assert any(f.rule == "grounding.rejected" for f in report.findings)
    assert report.provenance.model == "test"
    assert report.provenance.prompts["timeline"].startswith("sha256:")
    assert {e.at.isoformat() for e in report.timeline if e.at} <= {
        e.at.isoformat() for e in evidence.events if e.at
    }


def test_limits_stop_cleanly(model_server: Start, export: Path) -> None:
    """With one call allowed the rest is left to the rules, and the report says so."""
    server = model_server(empty_answer)
    settings = Settings(model="test", base_url=server.url, max_calls=1)
    drafted = asyncio.run(draft_evidence(read(export, Settings()), settings))
    assert len(server.requests) == 1
    assert any(f.rule == "model.fallback" for f in drafted.report.findings)


def test_rules_never_open_a_socket(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rules not even loopback is touched."""
    import socket

    def refuse(*args: object) -> None:
        raise AssertionError("a socket was opened")

    evidence = read(export, Settings())
    monkeypatch.setattr(socket.socket, "connect", refuse)
    drafted = asyncio.run(
        draft_evidence(evidence, Settings(model="rules", base_url="http://127.0.0.1:1/v1", api_key="k"))
    )
    assert drafted.report.provenance.calls == 0
