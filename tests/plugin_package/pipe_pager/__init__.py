"""The dump of a home-made pager: `2026-03-04T02:17:00Z|firing|DiskFull|db-1 is at 97 %`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import Place, RawEvent, Signal
from pm_agent.ingest.source import Source

_LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT[\d:]+Z)\|(?P<state>firing|resolved)\|(?P<name>[^|]+)\|(?P<text>.*)"
)
_SIGNALS: dict[str, Signal] = {"firing": "firing", "resolved": "resolved"}


class PipePager:
    """One event a line."""

    name: ClassVar[str] = "pipe-pager"
    describes: ClassVar[str] = "dumps of the home-made pager"

    def fits(self, source: Source) -> float:
        """Sure where every line has the four fields."""
        lines = source.head_lines
        return 0.99 if lines and all(_LINE.match(line) for line in lines) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """Every line that has the four fields; the others are counted as not read."""
        for number, line in source.lines():
            if match := _LINE.match(line):
                yield RawEvent(
                    place=Place(number, number),
                    text=f"{match['name']} {match['state']}: {match['text']}",
                    raw_time=match["time"],
                    kind="alert",
                    actor="pager",
                    actor_kind="system",
                    signal=_SIGNALS[match["state"]],
                    subject=match["name"],
                )
