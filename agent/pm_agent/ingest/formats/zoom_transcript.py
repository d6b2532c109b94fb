"""Zoom's transcripts: the numbered `Name: …` cues of a cloud recording, and the captions saved during a meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.cues import Cue, spoken, started_at
from pm_agent.ingest.formats.pasted import Line, all_lines
from pm_agent.ingest.formats.webvtt import TIMING, cues_of, with_voices
from pm_agent.ingest.source import Source

_SAVED = re.compile(r"^\[(?P<name>[^\[\]]{1,60})\]\s+(?P<start>\d{1,2}:\d\d:\d\d)\s*$")
_NAMED = re.compile(r"^[^\s:<][^:<]{0,59}: \S")


class ZoomTranscript:
    """Offsets from the start in a recording's transcript, times of day in saved captions."""

    name: ClassVar[str] = "zoom-transcript"
    describes: ClassVar[str] = "Zoom cloud recording transcript (.vtt) and saved captions (.txt)"

    def fits(self, source: Source) -> float:
        """A WebVTT file whose cues are numbered and named, or `[Name] 10:02:11` over captions."""
        lines = source.head_lines
        if source.head_text.startswith("WEBVTT"):
            cues = [at for at, line in enumerate(lines[:-1]) if TIMING.match(line[:80])]
            named = sum(
                lines[at - 1].strip().isdigit() and bool(_NAMED.match(lines[at + 1][:200]))
                for at in cues
                if at
            )
            return 0.95 if cues and named * 10 >= len(cues) * 7 else 0.0
        saved = sum(bool(_SAVED.match(line[:120])) for line in lines)
        return 0.9 if saved > 1 and saved * 6 > len(lines) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """What was said, in order of time."""
        lines = all_lines(source)
        if source.head_text.startswith("WEBVTT"):
            cues, notes = cues_of(source, lines)
            yield from spoken(source, with_voices(cues), started_at(notes, source.path))
        else:
            yield from spoken(source, _saved(source, lines), None, is_clock=True)


def _saved(source: Source, lines: Sequence[Line]) -> Iterator[Cue]:
    tally = source.tally
    tally.counted = True
    heads = [at for at, (_, line) in enumerate(lines) if _SAVED.match(line[:120])]
    for number, _ in lines[: heads[0]] if heads else lines:
        tally.miss(number)
    for at, end in pairwise([*heads, len(lines)]):
        match = _SAVED.match(lines[at][1])
        text = "\n".join(line for _, line in lines[at + 1 : end]).strip()
        if match and text:
            yield Cue(match["start"], text, lines[at][0], lines[end - 1][0], end - at, match["name"].strip())
        else:
            tally.parsed += end - at
