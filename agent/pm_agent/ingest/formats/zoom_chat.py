"""Zoom's chat files: `00:03:48⇥Name:⇥text` of a cloud recording, `10:02:11 From Name to Everyone:` saved in the meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import ClassVar

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.cues import named_start
from pm_agent.ingest.formats.message_lists import message_event
from pm_agent.ingest.formats.pasted import Line, all_lines
from pm_agent.ingest.source import Source

_CLOUD = re.compile(r"^(?P<time>\d{1,2}:\d\d:\d\d)\t\s?(?P<name>[^\t]{1,80}?):\t(?P<text>.*)$")
_SAVED = re.compile(
    r"^(?P<time>(?:\d{4}-\d\d-\d\d )?\d{1,2}:\d\d:\d\d)\s+From\s{1,3}(?P<name>.{1,80}?)(?:\s+to\s+(?P<to>.{1,80}?))?(?:\s*\((?:Direct Message|Privately)\))?\s*:\s*(?P<text>.*)$"
)
_REACTION = re.compile(r"^[^\"“\n]{4,40} [\"“].{0,200}[\"”](?: \w{1,10})? [^\w\s]{1,10}$", re.S)
"""`Reacted to "…" with 👍`, in whatever language the client speaks."""
_REPLY = re.compile(r"^[^\"“]{4,40} [\"“].{1,80}[\"”]\s*$")


class ZoomChat:
    """Offsets from the start in a cloud recording's chat, times of day in a saved one; reactions are structure."""

    name: ClassVar[str] = "zoom-chat"
    describes: ClassVar[str] = "Zoom meeting chat (.txt): of a cloud recording or saved in the meeting"

    def fits(self, source: Source) -> float:
        """By the tab and the colon, or by `From … to …:`."""
        lines = [line[:300] for line in source.head_lines]
        heads = sum(bool(_CLOUD.match(line) or _SAVED.match(line)) for line in lines)
        if not heads or heads * 20 < len(lines):
            return 0.0
        return 0.95 if heads > 1 else 0.7

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message with its continuation lines."""
        lines = all_lines(source)
        source.tally.counted = True
        heads = [at for at, (_, line) in enumerate(lines) if _head(line)]
        for number, _ in lines[: heads[0]] if heads else lines:
            source.tally.miss(number)
        for at, end in pairwise([*heads, len(lines)]):
            yield from _message(source, lines[at:end])


def _head(line: str) -> re.Match[str] | None:
    return _CLOUD.match(line[:300]) or _SAVED.match(line[:300])


def _message(source: Source, lines: Sequence[Line]) -> Iterator[RawEvent]:
    (number, first), last = lines[0], lines[-1][0]
    match = _head(first)
    if match is None:
        return
    written = [first[match.start("text") :], *(line.lstrip("\t") for _, line in lines[1:])]
    if len(lines) > 1 and lines[1][0] > number + 1 and _REPLY.match(written[0][:200]):
        written = written[1:]  # what it answers to stands in the chat already
    text = "\n".join(written).strip()
    if not text or _REACTION.match(text):
        source.tally.parsed += len(lines)
        return
    source.tally.parsed += 1
    source.tally.continued += len(lines) - 1
    place = Place(number, number, last if last > number else None)
    name = match["name"].strip()
    if match.re is _SAVED:
        yield message_event(place, text, match["time"], name)
    else:
        yield replace(
            message_event(place, text, f"+{match['time']}", name), raw_date=named_start(source.path)
        )
