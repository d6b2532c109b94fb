"""WebVTT: the captions of a recording, with `<v Name>` or `Name:` before what is said."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.cues import Cue, spoken, started_at, with_speakers
from pm_agent.ingest.formats.pasted import Line, all_lines
from pm_agent.ingest.source import Source

TIMING = re.compile(
    r"^\s*(?P<start>(?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d{1,3})\s*-->\s*(?P<end>(?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d{1,3})(?:\s|$)"
)
_VOICE = re.compile(r"^<v(?:\.[\w.-]+)?\s+(?P<name>[^>]{1,80})>")
_TAG = re.compile(r"<[/\w.:-][^<>]{0,200}>|<[/\w]>")


class WebVtt:
    """Consecutive cues of one speaker become one event."""

    name: ClassVar[str] = "webvtt"
    describes: ClassVar[str] = "WebVTT captions and transcripts (.vtt): voices, notes, meeting start"

    def fits(self, source: Source) -> float:
        """Certain of the WEBVTT line."""
        return 0.9 if source.head_text.startswith("WEBVTT") else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """What was said, in order of time."""
        lines = all_lines(source)
        cues, notes = cues_of(source, lines)
        yield from spoken(source, with_voices(cues), started_at(notes, source.path))


def with_voices(cues: Sequence[Cue]) -> list[Cue]:
    """The cues with their speakers, and without markup."""
    plain = []
    for cue in cues:
        match = _VOICE.match(cue.text)
        text = html.unescape(_TAG.sub("", cue.text)).strip()
        speaker = html.unescape(match["name"]).strip() if match else cue.speaker
        plain.append(Cue(cue.start, text, cue.line, cue.line_end, cue.lines, speaker))
    return plain if any(cue.speaker for cue in plain) else with_speakers(plain)


def cues_of(source: Source, lines: Sequence[Line]) -> tuple[list[Cue], list[str]]:
    """The cues of a caption file and the lines (header, notes) that are none; keeps the sums of the latter."""
    tally = source.tally
    tally.counted = True
    cues: list[Cue] = []
    notes: list[str] = []
    at = 0
    while at < len(lines):
        has_name = (
            at + 1 < len(lines)
            and lines[at + 1][0] == lines[at][0] + 1
            and TIMING.match(lines[at + 1][1][:80])
        )
        timing = at + 1 if has_name else at
        match = TIMING.match(lines[timing][1][:80])
        if match is None:
            notes.append(lines[at][1])
            tally.parsed += 1
            at += 1
            continue
        end = _end(lines, timing)
        text = "\n".join(line for _, line in lines[timing + 1 : end])
        if html.unescape(_TAG.sub("", text)).strip():
            cues.append(Cue(match["start"], text.strip(), lines[at][0], lines[end - 1][0], end - at))
        else:
            tally.parsed += end - at
        at = end
    return cues, notes


def _end(lines: Sequence[Line], timing: int) -> int:
    """The first line after a cue: a blank line or the next cue ends it."""
    at = timing + 1
    while at < len(lines) and lines[at][0] == lines[at - 1][0] + 1 and "-->" not in lines[at][1][:80]:
        follows = (
            at + 1 < len(lines) and lines[at + 1][0] == lines[at][0] + 1 and "-->" in lines[at + 1][1][:80]
        )
        if follows and lines[at][1].strip().isdigit():
            break
        at += 1
    return at
