"""SubRip subtitles (.srt), as Feishu minutes and most recorders export them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.cues import spoken, started_at
from pm_agent.ingest.formats.pasted import all_lines
from pm_agent.ingest.formats.webvtt import TIMING, cues_of, with_voices
from pm_agent.ingest.source import Source


class Srt:
    """Numbered cues with a comma before the milliseconds."""

    name: ClassVar[str] = "srt"
    describes: ClassVar[str] = "SubRip subtitles (.srt) of a recording"

    def fits(self, source: Source) -> float:
        """By a number and a timing line near the top."""
        lines = source.head_lines[:12]
        if source.head_text.startswith("WEBVTT"):
            return 0.0
        pairs = pairwise(lines)
        return 0.9 if any(a.strip().isdigit() and TIMING.match(b[:80]) for a, b in pairs) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """What was said, in order of time."""
        cues, notes = cues_of(source, all_lines(source))
        yield from spoken(source, with_voices(cues), started_at(notes, source.path))
