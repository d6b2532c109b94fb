"""Feishu minutes (飞书妙记) as text: date and length on top, keywords, then `说话人 1 00:12` over what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.spoken_lines import are_offsets, heads_in, read_spoken
from pm_agent.ingest.source import Source

_NAME = r"(?P<name>(?:说话人|发言人|Speaker) ?\d+|[^\s:：\d][^:：\n]{0,40}?)"
_HEAD = re.compile(
    rf"^{_NAME}\s+(?P<start>(?:\d{{1,2}}:)?\d{{1,2}}:\d\d)(?![:\d])(?P<text>\s*|[^\d\s.,，。].*)$"
)
_MARKS = re.compile(
    r"^\s*(?:关键词|文字记录|Keywords|Transcript)\s*[:：]?|^(?:说话人|发言人|Speaker) ?\d+\s+\d{1,2}:\d\d|妙记|^.{4,40}[|｜]\s*(?:\d+\s*(?:小时|分钟|秒|h\b|m\b|min)\s*)+",
    re.M | re.I,
)


class FeishuMinutes:
    """Looks like copied chat; told from it by what 妙记 prints above, or by its numbered speakers."""

    name: ClassVar[str] = "feishu-minutes"
    describes: ClassVar[str] = "Feishu minutes (飞书妙记) transcript as text: 说话人 1 00:12"

    def fits(self, source: Source) -> float:
        """By heads with an offset and at least one mark of 妙记."""
        heads = heads_in(source, _HEAD)
        if not heads or len(heads) * 30 < len(source.head_lines) or not are_offsets(heads, source.head_text):
            return 0.0
        if not _MARKS.search(source.head_text[:4000]):
            return 0.0
        return 0.88 if len(heads) > 1 else 0.6

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """What was said, in order of time."""
        yield from read_spoken(source, _HEAD)
