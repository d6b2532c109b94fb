"""A conversation as text of no known client: `[20:03] 张伟: …`, `2026-03-11 20:03 Mira Holt: …`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.im_chat import likeness, read_chat
from pm_agent.ingest.source import Source


class ChatText:
    """The general reader of talk: whatever has a time and a name before each message."""

    name: ClassVar[str] = "chat-text"
    describes: ClassVar[str] = (
        "any conversation written down as text, time and name before (or above) each message"
    )

    def fits(self, source: Source) -> float:
        """Only where most lines say when and who; below every client that is known."""
        return likeness(source, "chat-text")

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message in order of the text."""
        yield from read_chat(source)
