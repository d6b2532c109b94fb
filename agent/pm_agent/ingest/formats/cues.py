"""Cues of a recording → what somebody said in one go: offsets stay offsets, the start is what the file itself states."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pm_agent.evidence import Place, RawEvent
from pm_agent.ingest.formats.lead_times import moment_inside
from pm_agent.ingest.source import Source

ONE_GO = 30.0
"""Cues of one speaker are one event until it is this many seconds long."""
_MOST_LINES = 200
_SPEAKER = re.compile(r"^(?P<name>[^\s:：<>\[\]\"][^:：<>\[\]\"]{0,59}?)\s?[:：]\s*(?P<text>\S.*)$", re.S)
_LIKE_A_NAME = re.compile(
    r"^(?:[\u4e00-\u9fff·]{2,4}|说话人 ?\d+|(?i:speaker|participant|unknown)[ _]?\w*|[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){1,3})(?:\s?[(（].{1,30}[)）])?$"
)
_BETWEEN_HAN = re.compile(r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]) (?=[\u4e00-\u9fff])")
_NOT_THE_START = re.compile(r"结束|导出|生成|\b(?:end|export|generated|expires?|updated)\w*\b", re.I)


@dataclass(frozen=True, slots=True)
class Cue:
    """One stretch of speech as the file cuts it."""

    start: str
    """`12:40`, `00:12:40.500`: as written."""
    text: str
    line: int
    line_end: int
    lines: int
    """How many lines that are not blank it takes."""
    speaker: str | None = None


def seconds(written: str) -> float:
    """The seconds of `12:40`, `00:12:40.500` or `00:12:40,500`."""
    total = 0.0
    for part in written.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def spoken(
    source: Source, cues: Iterable[Cue], started: str | None, *, is_clock: bool = False
) -> Iterator[RawEvent]:
    """One event for what one speaker says in one go; keeps the sums of the source.

    Args:
        source: where the cues come from.
        cues: in order of time.
        started: date and time at which the recording began, where the file states it.
        is_clock: the cues tell the time of day, not the time since the start.
    """
    held: list[Cue] = []
    for cue in cues:
        if held and not _goes_on(held, cue):
            yield _event(source, held, started, is_clock)
            held = []
        held.append(cue)
    if held:
        yield _event(source, held, started, is_clock)


_NAMED_AFTER_START = re.compile(r"(?:^|/)GMT(?P<date>\d{8})-(?P<time>\d{6})_Recording", re.I)
"""Zoom names a cloud recording after the moment it began, in UTC."""


def started_at(lines: Sequence[str], path: str = "") -> str | None:
    """The start that the lines above the first cue state, with date and time of day; else the one in the file's name."""
    for line in lines[:20]:
        if not _NOT_THE_START.search(line[:60]) and (moment := moment_inside(line)):
            return moment
    return named_start(path)


def named_start(path: str) -> str | None:
    """The start in the name of a file of Zoom's cloud, `GMT20260304-101500_Recording…`."""
    named = _NAMED_AFTER_START.search(path)
    if named is None:
        return None
    day, clock = named["date"], named["time"]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z"


def with_speakers(cues: Sequence[Cue]) -> list[Cue]:
    """The cues whose text begins `Name: …` with that name as speaker: it looks like one, or comes back, or all do so."""
    found = [_SPEAKER.match(cue.text) for cue in cues]
    times = Counter(match["name"] for match in found if match)
    always = sum(match is not None for match in found) * 10 >= len(cues) * 8
    return [
        replace(cue, speaker=match["name"].strip(), text=match["text"])
        if match and (always or times[match["name"]] > 1 or _LIKE_A_NAME.match(match["name"]))
        else cue
        for cue, match in zip(cues, found, strict=True)
    ]


def _goes_on(held: Sequence[Cue], cue: Cue) -> bool:
    if cue.speaker != held[0].speaker or sum(c.lines for c in held) > _MOST_LINES:
        return False
    return 0 <= seconds(cue.start) - seconds(held[0].start) <= ONE_GO


def _event(source: Source, held: Sequence[Cue], started: str | None, is_clock: bool) -> RawEvent:
    source.tally.parsed += 1
    source.tally.continued += sum(cue.lines for cue in held) - 1
    first, last = held[0], held[-1]
    text = _BETWEEN_HAN.sub("", " ".join(cue.text for cue in held))
    whole = re.split(r"[.,]\d+$", first.start)[0]
    return RawEvent(
        place=Place(first.line, first.line, last.line_end if last.line_end > first.line else None),
        text=text.strip(),
        raw_time=whole if is_clock else f"+{whole}",
        kind="transcript",
        raw_date=started,
        actor=first.speaker,
    )
