"""Text copied out of DingTalk: `张伟 20:03`, `张伟(运维) 03-11 20:03`, `张伟  2026-03-11 20:03:12`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.im_chat import likeness, read_chat
from pm_agent.ingest.source import Source


class DingtalkPaste:
    """The reader of Chinese chat whose heads bear no other client's marks."""

    name: ClassVar[str] = "dingtalk-paste"
    describes: ClassVar[str] = (
        "text copied out of DingTalk (钉钉): names and times over the messages, robots, recalls, day separators"
    )

    def fits(self, source: Source) -> float:
        """Heads over the text whose dates, if any, are written with dashes."""
        return likeness(source, "dingtalk-paste")

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message in order of the text."""
        yield from read_chat(source)
