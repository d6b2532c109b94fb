"""What `curl` saves: an answer of a chat's API on one line, and several pages one after another."""

from __future__ import annotations

import io
import json

import pytest

from pm_agent.ingest import read
from pm_agent.settings import Settings


def page(*seconds: int) -> str:
    messages = [
        {"type": "message", "user": "U1", "text": f"at {s}", "ts": f"{1773230580 + s}.000100"}
        for s in seconds
    ]
    return json.dumps({"ok": True, "messages": messages})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (page(0, 60), ["at 0", "at 60"]),
        (page(0, 60) + "\n", ["at 0", "at 60"]),
        (page(0, 60) + "\n" + page(120) + "\n", ["at 0", "at 60", "at 120"]),
        (json.dumps(json.loads(page(0, 60)), indent=1), ["at 0", "at 60"]),
    ],
    ids=["no line end", "one line", "two pages", "indented"],
)
def test_every_message_is_read(text: str, expected: list[str]) -> None:
    evidence = read(["-"], Settings(), stdin=io.BytesIO(text.encode()))
    assert [e.raw.text for e in evidence.events] == expected
    assert len({e.id for e in evidence.events}) == len(expected)
    (file,) = evidence.files
    assert (file.format, file.read, file.parsed, file.unparsed) == (
        "slack-api",
        len(expected),
        len(expected),
        0,
    )
