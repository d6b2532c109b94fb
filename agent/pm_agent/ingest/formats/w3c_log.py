"""W3C extended logs: IIS, CloudFront and others that name their fields in a header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import read_log, sample_of, share
from pm_agent.ingest.logs.request_form import RequestForm
from pm_agent.ingest.source import Source

_FIELDS = re.compile(rb"#Fields:\s*(.+)")
_HEADER = re.compile(rb"#")
_VALUE = rb"(?:\"[^\"]{0,4000}\"|\S{1,8000})"
_GROUPS = {
    b"cs-method": b"method",
    b"cs-uri-stem": b"path",
    b"sc-status": b"status",
    b"cs-host": b"who",
    b"x-host-header": b"who",
    b"cs(Host)": b"who",
}


class W3cLog:
    """Fields by the header; times are UTC by the standard."""

    name: ClassVar[str] = "w3c-log"
    describes: ClassVar[str] = "W3C extended log files (IIS, CloudFront): #Fields: date time … sc-status"

    def fits(self, source: Source) -> float:
        """The header names date, time and status."""
        form = _form(source)
        return 0.95 if form is not None and share(form, sample_of(source)) >= 0.5 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        form = _form(source)
        if form is not None:
            yield from read_log(source, form)


def _form(source: Source) -> RequestForm | None:
    sample = sample_of(source)
    header = next((match for line in sample[:20] if (match := _FIELDS.match(line))), None)
    fields = header[1].split() if header else []
    places = [
        at for at, name in enumerate(fields) if name == b"date" and fields[at + 1 : at + 2] == [b"time"]
    ]
    if not places or not {b"cs-method", b"cs-uri-stem", b"sc-status"} <= set(fields):
        return None
    return RequestForm(_pattern(fields[:60]), structural=_HEADER, zone="UTC", sample=sample)


def _pattern(fields: list[bytes]) -> re.Pattern[bytes]:
    """One group a field that matters; date and time are one."""
    parts, used = [], set()
    for name in fields:
        group = _GROUPS.get(name)
        if name == b"date":
            parts.append(rb"(?P<time>\d{4}-\d\d-\d\d\s")
        elif name == b"time":
            parts.append(rb"\d\d:\d\d:\d\d(?:\.\d+)?)")
        elif group and group not in used:
            used.add(group)
            parts.append(rb"(?P<" + group + rb">" + (rb"\d{3}" if group == b"status" else _VALUE) + rb")")
        else:
            parts.append(_VALUE)
    return re.compile(rb"\s".join(parts).replace(rb"\d\s\s", rb"\d\s"), re.S)
