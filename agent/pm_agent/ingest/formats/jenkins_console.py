"""A Jenkins build's console text with times before its lines (Timestamper, or Pipeline's own `[2026-…Z]`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import Place, RawEvent
from pm_agent.ingest.logs import Line, Other, TextForm, read_log, sample_of
from pm_agent.ingest.logs.blocks import lines_of
from pm_agent.ingest.logs.inner import split_level
from pm_agent.ingest.logs.line import plain
from pm_agent.ingest.source import Source

_HEAD = re.compile(
    rb"(?:\[(?=\d{4}-[^\]]{1,40}\]|\d\d:))?(?P<time>(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\]? +(?P<message>.*)",
    re.S,
)
_OWN = re.compile(
    rb"(?:\[[^\]\s]{4,30}\] |[\d:.]{8,12} +)?(?:Started by |\[Pipeline\] |Finished: |Running on |Building (?:remotely|on|in) |Checking out (?:git|Revision) |Obtained \S{1,80} from git)"
)
_UNTIMED = re.compile(rb"\[Pipeline\] |Started by |Obtained |Running in Durability|Resume disabled")
_FAILED = re.compile(
    rb"Finished: (?:FAILURE|ABORTED|UNSTABLE)|script returned exit code [1-9]|Build step '.{1,80}' marked build as failure"
)


class JenkinsConsole:
    """Lines without a time (before the stamps are switched on) belong to the line above."""

    name: ClassVar[str] = "jenkins-console"
    describes: ClassVar[str] = "Jenkins console text with timestamps (Timestamper plug-in, Pipeline)"

    def fits(self, source: Source) -> float:
        """Sure of Jenkins' own lines among lines that begin with a time."""
        sample = sample_of(source)
        stamped = sum(bool(_HEAD.match(line)) for line in sample)
        own = sum(bool(_OWN.match(line)) for line in sample)
        return 0.86 if own >= 2 and stamped * 2 >= len(sample) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines, and always those that begin and end the build."""
        form = TextForm(_HEAD, tail=None, structural=_UNTIMED, read=_read, sample=sample_of(source))
        events = list(read_log(source, form))
        told = {event.place.ordinal for event in events}
        events += [event for event in _ends(source) if event.place.ordinal not in told]
        yield from sorted(events, key=lambda event: event.place.ordinal)


def _ends(source: Source) -> Iterator[RawEvent]:
    """The first stamped line and `Finished: …`."""
    number, begun = 0, False
    for piece in lines_of(source):
        for line in piece.data.split(b"\n"):
            number += 1
            match = _HEAD.match(line)
            if match is None or (begun and not match["message"].startswith(b"Finished: ")):
                continue
            read = _read(match)
            if isinstance(read, Line):
                begun = True
                yield RawEvent(
                    place=Place(number, number), text=read.message, raw_time=read.time, kind="log",
                    actor_kind="system", severity=read.level,
                )  # fmt: skip


def _read(match: re.Match[bytes]) -> Line | Other:
    message = match["message"].strip()
    if (
        not message
        or message.startswith(b"> git ")
        or (message.startswith(b"[Pipeline] ") and not _OWN.match(message[11:]))
    ):
        return Other.STRUCTURAL
    level = "ERROR" if _FAILED.match(message) else split_level(message)[0]
    return Line(match["time"].decode("latin-1"), plain(message).strip(), level)
