"""Transcripts as text, a line with speaker and offset over (or before) what is said: Tencent Meeting, Feishu minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pm_agent.evidence import RawEvent
from pm_agent.ingest.formats.cues import Cue, spoken, started_at
from pm_agent.ingest.formats.pasted import Line, all_lines
from pm_agent.ingest.source import Source

_LONGEST = 120
_MOST = 64 * 1024


def read_spoken(source: Source, head: re.Pattern[str]) -> Iterator[RawEvent]:
    """The transcript whose heads have the groups `name`, `start` and `text`."""
    lines = all_lines(source)
    source.tally.counted = True
    first = next((at for at, (_, line) in enumerate(lines) if head.match(line[:_LONGEST])), len(lines))
    source.tally.parsed += first
    started = started_at([line for _, line in lines[:first]])
    yield from spoken(source, _cues(source, lines[first:], head), started)


def count_heads(source: Source, head: re.Pattern[str]) -> int:
    """How many heads stand in the first lines."""
    return sum(bool(head.match(line[:_LONGEST])) for line in source.head_lines)


def _cues(source: Source, lines: Sequence[Line], head: re.Pattern[str]) -> Iterator[Cue]:
    at = 0
    while at < len(lines):
        number, line = lines[at]
        match = head.match(line[:_LONGEST])
        if match is None:
            source.tally.miss(number)
            at += 1
            continue
        text = [line[match.start("text") :]]
        size, end = 0, at + 1
        while end < len(lines) and size < _MOST and not head.match(lines[end][1][:_LONGEST]):
            text.append(lines[end][1])
            size += len(lines[end][1])
            end += 1
        said = "\n".join(text).strip()
        if said:
            name = match["name"].strip(" *")
            yield Cue(match["start"], said, number, lines[end - 1][0], end - at, name)
        else:
            source.tally.parsed += end - at
        at = end
