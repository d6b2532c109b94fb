"""Logs of Python programs: logging's usual layouts, Flask, gunicorn, Celery, Django, loguru; tracebacks stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import TextForm, read_log, sample_of, share
from pm_agent.ingest.source import Source

_DAY = rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d"
_LEVEL = rb"(?P<level>DEBUG|INFO|SUCCESS|WARN(?:ING)?|ERROR|CRITICAL|FATAL)"
_NAME = rb"(?P<who>[\w.-]{1,120})"
_LAYOUTS = (
    rb"(?P<time>" + _DAY + rb"(?:,\d{3})?) - " + _NAME + rb" - " + _LEVEL + rb" - (?P<message>.*)",
    rb"(?P<time>" + _DAY + rb",\d{3}) ?: ?" + _LEVEL + rb" ?: ?(?:" + _NAME + rb" ?: ?)?(?P<message>.*)",
    rb"(?P<time>"
    + _DAY
    + rb",\d{3}) +\[?"
    + _LEVEL
    + rb"\]? +(?:\[?"
    + _NAME
    + rb"\]?(?::\d+)?(?: -|:) |\["
    + _NAME
    + rb"(?::\d+)?\] )?(?P<message>.*)",
    rb"\[(?P<time>" + _DAY + rb",\d{3})\] " + _LEVEL + rb" in " + _NAME + rb": (?P<message>.*)",
    rb"\[(?P<time>" + _DAY + rb" [+-]\d{4})\] \[\d+\] \[" + _LEVEL + rb"\] (?P<message>.*)",
    rb"\[(?P<time>" + _DAY + rb",\d{3}): " + _LEVEL + rb"/" + _NAME + rb"\] (?P<message>.*)",
    rb"(?P<time>" + _DAY + rb"\.\d{3}) \| " + _LEVEL + rb" *\| " + _NAME + rb":\S+ - (?P<message>.*)",
    rb"\[?"
    + _LEVEL
    + rb"\]? +\[?(?P<time>"
    + _DAY
    + rb",\d{3})\]? (?:"
    + _NAME
    + rb" (?:\d+ )*)?(?P<message>.*)",
)


def _named_once(layout: bytes) -> re.Pattern[bytes]:
    """A pattern may name a group once; the second name of one layout gets none."""
    at = layout.find(b"(?P<who>", layout.find(b"(?P<who>") + 1) if layout.count(b"(?P<who>") > 1 else -1
    return re.compile(layout if at < 0 else layout[:at] + b"(?:" + layout[at + 8 :], re.S)


_HEADS = tuple(map(_named_once, _LAYOUTS))


class PythonLog:
    """The layout is the one that reads most of the first lines."""

    name: ClassVar[str] = "python-log"
    describes: ClassVar[str] = (
        "Python logging, Flask, gunicorn, Celery, Django and loguru logs, tracebacks kept whole"
    )

    def fits(self, source: Source) -> float:
        """Sure of the layouts that only Python programs write."""
        sample = sample_of(source)
        return 0.7 if share(_form(sample), sample) >= 0.5 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _form(sample_of(source)))


def _form(sample: tuple[bytes, ...]) -> TextForm:
    counts = [sum(bool(head.match(line)) for line in sample) for head in _HEADS]
    best = _HEADS[counts.index(max(counts))]
    return TextForm(best, tail=None, sample=sample)
