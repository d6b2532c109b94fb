"""Text copied out of WeCom (and WeChat): `张伟 2026/3/11 20:03:12`, `张伟 3/11 20:03:12`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.im_chat import likeness, read_chat
from pm_agent.ingest.source import Source


class WecomPaste:
    """Told by slashed dates and by quotations in 「」 over a dashed line."""

    name: ClassVar[str] = "wecom-paste"
    describes: ClassVar[str] = (
        "text copied out of WeCom (企业微信) or WeChat: name and slashed date above each message"
    )

    def fits(self, source: Source) -> float:
        """Heads over the text whose dates are written with slashes."""
        return likeness(source, "wecom-paste")

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message in order of the text."""
        yield from read_chat(source)
