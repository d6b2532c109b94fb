"""Text copied out of Feishu (Lark): `张伟 3月11日 20:03`, or the time on a line below the name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.im_chat import likeness, read_chat
from pm_agent.ingest.source import Source


class FeishuPaste:
    """Told by dates in 年月日, times on lines of their own, `回复 张伟：`."""

    name: ClassVar[str] = "feishu-paste"
    describes: ClassVar[str] = (
        "text copied out of Feishu / Lark (飞书): name and time above each message, on one line or two"
    )

    def fits(self, source: Source) -> float:
        """Heads over the text with dates in 年月日 or on two lines."""
        return likeness(source, "feishu-paste")

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message in order of the text."""
        yield from read_chat(source)
