"""Access logs of Apache, nginx and of what copies them: common, combined, with or without a virtual host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import read_log, sample_of, share
from pm_agent.ingest.logs.line import MONTH
from pm_agent.ingest.logs.request_form import RequestForm
from pm_agent.ingest.source import Source

_HEAD = re.compile(
    rb"(?:(?P<who>[^\s\"\[]{1,255}) )?[^\s\"\[]{1,255} \S{1,255} (?:\"[^\"]{0,255}\"|[^\[\"]{1,255}) \[(?P<time>\d\d/" + MONTH
    + rb"/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    rb"(?P<text>\"(?:(?P<method>[A-Z]{3,12}) (?P<path>[^\s?\"]{0,2000}))?[^\"\\]{0,8000}(?:\\.[^\"\\]{0,8000}){0,50}\" (?P<status>\d{3})(?: (?:\d+|-))?)",
    re.S,
)  # fmt: skip


class AccessLog:
    """Rates, and the share of requests that the server failed."""

    name: ClassVar[str] = "access-log"
    describes: ClassVar[str] = "access logs of nginx and Apache (common, combined, with virtual host)"

    def fits(self, source: Source) -> float:
        """Client, bracketed time, quoted request, status: unmistakable."""
        return 0.9 if share(_form(source), sample_of(source)) >= 0.6 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _form(source))


def _form(source: Source) -> RequestForm:
    return RequestForm(_HEAD, sample=sample_of(source))
