"""Synthetic incidents: a chat export small enough to read, and one far larger than a context."""

from __future__ import annotations

import json
from pathlib import Path

USERS = '[{"id": "U1", "name": "mira", "real_name": "Mira Holt"}, {"id": "U2", "name": "jo", "real_name": "Jo Pike"}]'
SMALL = (
    "checkout is down, users report 502s",
    "looking",
    "found it: release v42 dropped the cart index",
    "rolled back to v41",
    "error rate back to normal",
)


def slack_export(folder: Path, texts: tuple[str, ...] = SMALL, *, step: float = 120.0) -> Path:
    """A Slack export with one message every `step` seconds."""
    day = folder / "incidents"
    day.mkdir(parents=True)
    (folder / "users.json").write_text(USERS)
    messages = [
        {"type": "message", "text": text, "ts": f"{1770109920 + n * step:.6f}", **_author(n, text)}
        for n, text in enumerate(texts)
    ]
    (day / "2026-02-03.json").write_text(json.dumps(messages))
    return folder


def _author(number: int, text: str) -> dict[str, str]:
    """Persons talk; shard reports come from a bot."""
    if text.startswith("shard "):
        return {"subtype": "bot_message", "username": "shardbot", "bot_id": "B1"}
    return {"user": f"U{1 + number % 2}"}


def long_texts(count: int) -> tuple[str, ...]:
    """Messages that all differ, about 40 tokens each, with an incident among them."""
    parts = ("cart", "search", "billing", "ledger", "mail", "login", "media", "export", "quota", "router")
    filler = [
        f"shard {n} of {parts[n % 10]}: replica lag looks like {n * 7 % 991} ms on host {parts[n // 10 % 10]}-{n:05d}, "
        f"comparing with yesterday's numbers before anybody touches the {parts[n * 3 % 10]} settings again"
        for n in range(count - len(SMALL))
    ]
    middle = len(filler) // 2
    return (*filler[:middle], *SMALL, *filler[middle:])
