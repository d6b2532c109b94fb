"""Transcripts as text, a line with speaker and offset over (or before) what is said: Tencent Meeting, Feishu minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pm_agent.evidence import RawEvent
from pm_agent.ingest.formats.cues import Cue, seconds, spoken, started_at
from pm_agent.ingest.formats.pasted import Line, all_lines
from pm_agent.ingest.source import Source

_LONGEST = 120
_MOST = 64 * 1024
_LATE = 4 * 3600.0
"""Nobody is silent for the first four hours of a meeting: a later first time is a time of day."""
_RECORDING = re.compile(
    r"会议|转写|录制|纪要|妙记|文字记录|关键词|说话人|发言人|transcript|recording|meeting|keywords|speaker",
    re.I,
)


def read_spoken(source: Source, head: re.Pattern[str]) -> Iterator[RawEvent]:
    """The transcript whose heads have the groups `name`, `start` and `text`."""
    lines = all_lines(source)
    source.tally.counted = True
    first = next((at for at, (_, line) in enumerate(lines) if head.match(line[:_LONGEST])), len(lines))
    source.tally.parsed += first
    started = started_at([line for _, line in lines[:first]], source.path)
    yield from spoken(source, _cues(source, lines[first:], head), started)


def heads_in(source: Source, head: re.Pattern[str]) -> list[str]:
    """The times of the heads among the first lines."""
    return [match["start"] for line in source.head_lines if (match := head.match(line[:_LONGEST]))]


def are_offsets(starts: Sequence[str], text: str) -> bool:
    """True for times since a start: `20:03` in brackets behind a name may as well be a time of day."""
    if seconds(starts[0]) >= _LATE:
        return False
    if all(start.count(":") == 2 for start in starts):
        return True
    return (
        any(int(start.split(":")[0]) > 23 for start in starts) or _RECORDING.search(text[:4000]) is not None
    )


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
