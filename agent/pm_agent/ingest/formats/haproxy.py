"""HAProxy's log, as syslog keeps it: requests, and what it says of its servers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.formats.syslog import syslog_form
from pm_agent.ingest.logs import read_log, sample_of, share
from pm_agent.ingest.logs.line import MONTH
from pm_agent.ingest.logs.request_form import RequestForm
from pm_agent.ingest.source import Source

_ISO = rb"\d{4}-\d\d-\d\dT\S{8,21}"
_HEAD = re.compile(
    rb"(?:<\d{1,3}>)?(?P<time>" + MONTH + rb" [ \d]\d \d\d:\d\d:\d\d|" + _ISO + rb")(?: \S{1,255})? haproxy\[\d+\]: "
    rb"\S{1,80} \[(?P<at>\d\d/" + MONTH + rb"/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] "
    rb"(?P<text>\S{1,120} (?P<who>\S{1,120}) [\d/+-]{3,80} (?P<status>-1|\d{3}) \+?\d+) .{0,2000}?(?P<request>\"(?:(?P<method>[A-Z]{3,12}) (?P<path>[^\s?\"]{0,2000})|<BADREQ>)?[^\"]{0,8000}\"?)",
    re.S,
)  # fmt: skip
_PROGRAM = re.compile(rb" haproxy\[\d+\]: ")


class Haproxy:
    """A request's time is when it came in, not when it was logged."""

    name: ClassVar[str] = "haproxy"
    describes: ClassVar[str] = "HAProxy's HTTP log and its messages about servers, as syslog writes them"

    def fits(self, source: Source) -> float:
        """Syslog, most lines of which are HAProxy's."""
        sample = sample_of(source)
        mine = sum(bool(_PROGRAM.search(line[:400])) for line in sample)
        return 0.93 if mine * 2 > len(sample) and share(_form(source), sample) >= 0.6 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _form(source))


def _form(source: Source) -> RequestForm:
    sample = sample_of(source)
    return RequestForm(_HEAD, rest=syslog_form(sample), sample=sample)
