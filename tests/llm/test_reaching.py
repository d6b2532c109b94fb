"""How a model is turned on, where requests go, and what is said about it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llm.conftest import ModelServer, Reply, completion, empty_answer
from llm.incidents import slack_export
from pm_agent.api import draft_evidence, plan, read
from pm_agent.errors import InputError
from pm_agent.llm.asking import ModelBackend
from pm_agent.llm.consent import decide
from pm_agent.llm.openai import Server
from pm_agent.settings import Settings, load_settings
from pm_agent.stages.narrative import TASK as NARRATIVE
from pm_agent.stages.narrative import NarrativeIn

Start = Callable[[Callable[[dict[str, Any]], Reply]], ModelServer]
GOOD = json.dumps({"title": "x", "summary": [], "narrative": [], "one_line": None})
VENDOR = "https://api.example.com/v1"


def ask(server: ModelServer, address: str) -> None:
    async def run() -> None:
        backend = ModelBackend(Server("test", address, "the-key"), "en")
        await backend.run(NARRATIVE, NarrativeIn(facts=[]))
        await backend.close()
        assert not backend.usage.fallbacks

    asyncio.run(run())


def test_a_plain_address_gets_the_key_as_bearer(model_server: Start) -> None:
    """As OpenAI and the local servers expect it."""
    server = model_server(lambda request: completion(GOOD))
    ask(server, server.url)
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["authorization"] == "Bearer the-key"


def test_an_azure_style_address_keeps_its_version_and_gets_the_key_in_its_header(model_server: Start) -> None:
    """`?api-version=` stays on every request; the key goes into `api-key` and nowhere else."""
    server = model_server(lambda request: completion(GOOD))
    ask(server, f"http://127.0.0.1:{server.port}/openai/deployments/gpt?api-version=2026-01-01")
    assert server.paths == ["/openai/deployments/gpt/chat/completions?api-version=2026-01-01"]
    assert server.headers[0]["api-key"] == "the-key"
    assert "authorization" not in server.headers[0]


def given(tmp_path: Path, flags: dict[str, Any], env: dict[str, str], toml: str | None = None) -> Settings:
    config = tmp_path / "pm-agent.toml"
    if toml is not None:
        config.write_text(toml)
    return load_settings({"model": "auto", **flags}, env, config if toml is not None else None)


@pytest.mark.parametrize(
    ("flags", "env", "toml", "model", "said"),
    [
        ({}, {}, None, None, "no model is set up"),
        ({}, {"OPENAI_API_KEY": "k"}, None, None, "alone sends no incident anywhere"),
        ({}, {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": VENDOR}, None, None, "alone sends no incident anywhere"),
        ({"base_url": VENDOR}, {"OPENAI_API_KEY": "k"}, None, None, "alone sends no incident anywhere"),
        ({}, {"OPENAI_BASE_URL": "http://localhost:11434/v1"}, None, "", "it is on this machine"),
        ({}, {"OPENAI_BASE_URL": "http://[::1]:8000/v1"}, None, "", "it is on this machine"),
        ({}, {"OPENAI_BASE_URL": "http://127.0.0.1.example.com/v1"}, None, None, "alone sends no incident"),
        ({}, {"OPENAI_BASE_URL": "http://localhost@example.com/v1"}, None, None, "alone sends no incident"),
        ({}, {"OPENAI_API_KEY": "k"}, f'model = "m1"\nbase-url = "{VENDOR}"', "m1", f"m1 at {VENDOR}, as pm-agent.toml names it"),
        ({}, {}, f'[pm-agent]\nmodel = "m1"\nbase-url = "{VENDOR}"\napi-key = "k"', "m1", "as pm-agent.toml names it"),
        ({"model": "m2", "base_url": VENDOR}, {}, 'model = "m1"', "m2", f"m2 at {VENDOR}, as named"),
        ({"model": "m2"}, {"OPENAI_API_KEY": "k"}, None, "m2", "m2 at https://api.openai.com/v1, as named"),
        ({"model": "rules"}, {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, 'model = "m1"', None, "rules, as asked"),
    ],
)  # fmt: skip
def test_what_is_taken_and_why(
    tmp_path: Path, flags: dict[str, Any], env: dict[str, str], toml: str | None, model: str | None, said: str
) -> None:
    """`auto` takes a model on loopback or where pm-agent.toml names one; a key lying in the shell sends nothing."""
    choice = decide(given(tmp_path, flags, env, toml))
    assert choice.model == model
    assert said in choice.why


def test_a_named_model_needs_somebody_to_ask(tmp_path: Path) -> None:
    """With neither address nor key the message says what to give."""
    with pytest.raises(InputError, match="has no server to ask"):
        decide(given(tmp_path, {"model": "m"}, {}))


def test_a_password_in_an_address_is_not_printed(tmp_path: Path) -> None:
    """The reason names the address without what stands before the @ or after the ?."""
    why = decide(
        given(tmp_path, {"model": "m", "base_url": "https://me:secret@host/v1?api-version=1"}, {})
    ).why
    assert "https://host/v1" in why
    assert "secret" not in why


def test_limits_stop_cleanly(model_server: Start, tmp_path: Path) -> None:
    """With one call or few tokens allowed the rest is left to the rules, and the report says what."""
    evidence = read(slack_export(tmp_path / "e"), Settings())
    for limit, said, calls in (
        ({"max_calls": 1}, "limit of 1 calls", 1),
        ({"max_tokens": 10}, "limit of 10 prompt tokens", 0),
    ):
        server = model_server(empty_answer)
        settings = Settings(model="test", base_url=server.url, **limit)
        report = asyncio.run(draft_evidence(evidence, settings)).report
        assert len(server.requests) == calls
        left = [f for f in report.findings if f.rule == "model.fallback"]
        assert any(said in f.message for f in left)
        assert {f.where for f in left} >= {"review", "narrative"}
        assert report.provenance.calls == calls


def test_a_dry_run_tells_what_a_draft_would_ask(model_server: Start, tmp_path: Path) -> None:
    """Task by task; the first question is counted exactly as it is sent; nothing is sent."""
    evidence = read(slack_export(tmp_path / "e"), Settings())
    server = model_server(empty_answer)
    settings = Settings(model="test", base_url=server.url)
    planned = asyncio.run(plan(evidence, settings))
    assert server.requests == []
    assert [p.task for p in planned] == ["timeline", "review", "narrative", "support"]
    drafted = asyncio.run(
        draft_evidence(evidence, settings.model_copy(update={"max_tokens": planned[0].tokens}))
    )
    assert len(server.requests) == 1
    drafted = asyncio.run(
        draft_evidence(evidence, settings.model_copy(update={"max_tokens": planned[0].tokens - 1}))
    )
    assert len(server.requests) == 1
    assert drafted.usage.calls == 0


def test_the_provenance_holds_calls_tokens_and_seconds(model_server: Start, tmp_path: Path) -> None:
    """With a model; with the rules seconds and date stay empty, so that the same input gives the same bytes."""
    evidence = read(slack_export(tmp_path / "e"), Settings())
    server = model_server(empty_answer)
    about = asyncio.run(
        draft_evidence(evidence, Settings(model="test", base_url=server.url))
    ).report.provenance
    assert about.calls == len(server.requests)
    assert about.tokens.prompt == 10 * about.calls
    assert about.tokens.completion == 5 * about.calls
    assert about.seconds is not None
    assert about.drafted_at is not None
    assert set(about.prompts) == {"timeline", "review", "narrative"}
    plain = asyncio.run(draft_evidence(evidence, Settings())).report.provenance
    assert (plain.calls, plain.seconds, plain.drafted_at, plain.prompts) == (0, None, None, {})
