"""The documented bot, whole: a chat in memory, people who answer or don't, a model server that is of no use."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from llm.conftest import ModelServer, Reply, completion
from llm.conftest import model_server as model_server
from pm_agent import Settings

BOT = Path(__file__).parents[2] / "docs" / "bot.py"
START = 1772618400  # 2026-03-04 10:00 UTC


@pytest.fixture(scope="module")
def bot() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bot", BOT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SAID = [
    (0, "U1", "checkout is down, users report 502s"),
    (240, "U2", "found it: release v42 dropped the cart index, so every checkout does a full table scan"),
    (600, "U1", "rolled back to v41, done"),
    (720, "U1", "checkout error rate back to normal"),
]


class Chat:
    """A thread in memory."""

    def __init__(
        self, replies: list[str] | None = None, said: list[tuple[int, str, str]] | None = None
    ) -> None:
        self.replies = replies if replies is not None else []
        self.said = SAID if said is None else said
        self.posted: list[str] = []
        self.files: dict[str, str] = {}

    async def history(self) -> list[dict[str, object]]:
        rows = [
            {"type": "message", "user": user, "text": text, "ts": f"{START + s}.000100"}
            for s, user, text in self.said
        ]
        return list(reversed(rows))  # Slack gives the newest first

    async def post(self, text: str) -> None:
        await asyncio.sleep(0)
        self.posted.append(text)

    async def reply(self) -> str:
        if not self.replies:
            await asyncio.Event().wait()
        return self.replies.pop(0)

    async def upload(self, name: str, content: str) -> None:
        self.files[name] = content


def test_it_asks_in_the_thread_and_puts_the_report_there(bot: ModuleType) -> None:
    chat = Chat(
        ["ok", "the migration ran without a review of its indexes", "?", "?", "?", "?", "?", "?", "?"]
    )
    report = asyncio.run(bot.postmortem(chat, Settings(timezone="UTC")))
    assert chat.posted[0].startswith("(1/")
    assert "Proposed: " in chat.posted[0]
    assert "> " in chat.posted[0]
    assert report.whys[1].answer.text == "the migration ran without a review of its indexes"
    assert report.whys[1].answer.origin == "human"
    assert chat.files["postmortem.md"].startswith("# ")
    assert json.loads(chat.files["postmortem.json"])["schema_version"] == "1.0"
    assert chat.posted[-1] == bot.headline(report)
    assert "duration unknown (not in the evidence: trigger)" in chat.posted[-1], "nobody dates the release"


def test_silence_ends_the_interview_and_not_the_draft(bot: ModuleType) -> None:
    chat = Chat()
    report = asyncio.run(bot.postmortem(chat, Settings(timezone="UTC"), patience=0.01))
    assert chat.posted[1].startswith("Nobody answers")
    assert len(chat.posted) == 3
    assert report.meeting.open_questions
    assert "postmortem.md" in chat.files


def test_an_empty_channel_gets_a_sentence_not_a_traceback(bot: ModuleType) -> None:
    chat = Chat(said=[])
    assert asyncio.run(bot.postmortem(chat, Settings(timezone="UTC"))) is None
    assert len(chat.posted) == 1
    assert chat.files == {}


def test_progress_is_posted_while_a_model_answers(
    bot: ModuleType, model_server: Callable[[Callable[[dict[str, Any]], Reply]], ModelServer]
) -> None:
    server = model_server(lambda request: completion("no idea"))
    chat = Chat()
    settings = Settings(timezone="UTC", model="test", base_url=server.url)
    asyncio.run(bot.postmortem(chat, settings, patience=0.01))
    assert server.requests
    assert [text for text in chat.posted if "answered" in text]
    assert "Nobody answers" in " ".join(chat.posted)


def test_two_channels_at_once_do_not_mix(bot: ModuleType) -> None:
    async def both() -> list[Any]:
        chats = [
            Chat(said=[(s, u, t.replace("checkout", name)) for s, u, t in SAID])
            for name in ("search", "billing")
        ]
        await asyncio.gather(*(bot.postmortem(c, Settings(timezone="UTC"), patience=0.01) for c in chats))
        return [c.files["postmortem.md"] for c in chats]

    search, billing = asyncio.run(both())
    assert "billing" not in search
    assert "search" not in billing
