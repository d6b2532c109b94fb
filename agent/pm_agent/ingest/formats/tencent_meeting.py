"""Tencent Meeting (腾讯会议) transcripts: `张伟(00:12:40):` before or over what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.spoken_lines import are_offsets, heads_in, read_spoken
from pm_agent.ingest.source import Source

_HEAD = re.compile(
    r"^\s*(?P<name>[^\s:：(（][^:：]{0,59}?)\s*[(（](?P<start>(?:\d{1,2}:)?\d{1,2}:\d\d)[)）]\*{0,2}\s*[:：](?P<text>.*)$"
)


class TencentMeeting:
    """Offsets from the start; the start is read from `会议时间：` where the file has it."""

    name: ClassVar[str] = "tencent-meeting"
    describes: ClassVar[str] = "Tencent Meeting (腾讯会议) transcript as text: 张伟(00:12:40):"

    def fits(self, source: Source) -> float:
        """By speakers with an offset in brackets and a colon."""
        heads = heads_in(source, _HEAD)
        if len(heads) * 30 < len(source.head_lines) or not heads or not are_offsets(heads, source.head_text):
            return 0.0
        return 0.9 if len(heads) > 1 else 0.5

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """What was said, in order of time."""
        yield from read_spoken(source, _HEAD)
