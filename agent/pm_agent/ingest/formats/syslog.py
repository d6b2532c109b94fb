"""Syslog: RFC 3164 and 5424, rsyslog's ISO times, and journalctl's short output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import Line, TextForm, read_log, sample_of, share
from pm_agent.ingest.logs.line import MONTH, plain
from pm_agent.ingest.source import Source

_ISO = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)"
_OLD = MONTH + rb" [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?"
HEAD = re.compile(
    rb"(?:<(?P<pri>\d{1,3})>(?:1 )?)?(?P<time>" + _ISO + rb"|" + _OLD + rb") (?P<host>[^\s\[\]]{1,255}) (?:"
    rb"(?P<app5424>[^\s:\[]{1,60}) (?:\d{1,10}|-) \S{1,32} (?:-|(?:\[[^\]]{0,2000}\]){1,9}) ?(?P<message5424>.*)"
    rb"|(?P<app>[^\s:\[\]]{1,60})(?: \d[\d.]{0,11})?(?:\[[^\]\s]{0,40}\])?: ?(?P<message>.*)"
    rb"|(?P<bare>(?:last message|message) repeated .*))",
    re.S,
)
_MARK = re.compile(
    rb"-- (?:Boot|Reboot|Logs begin|Journal begins|No entries|Subject)\b|" + MONTH + rb" .{0,80}-- MARK --"
)
_SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")


class Syslog:
    """Time, host, program; the severity only where the line carries its number."""

    name: ClassVar[str] = "syslog"
    describes: ClassVar[str] = (
        "syslog (RFC 3164, RFC 5424, rsyslog with ISO times), journalctl -o short/short-iso"
    )

    def fits(self, source: Source) -> float:
        """Sure of time, host and program in a row."""
        return 0.85 if share(_form(source), sample_of(source)) >= 0.6 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _form(source))


def _form(source: Source) -> TextForm:
    return syslog_form(sample_of(source))


def syslog_form(sample: tuple[bytes, ...] = ()) -> TextForm:
    """The form of a syslog file with these first lines."""
    return TextForm(HEAD, structural=_MARK, read=read_syslog, sample=sample)


def read_syslog(match: re.Match[bytes]) -> Line:
    """Either RFC's parts as one line."""
    found = {key: plain(value) for key, value in match.groupdict().items() if value is not None}
    app = found.get("app5424") or found.get("app") or ""
    message = found.get("message5424", found.get("message", found.get("bare", "")))
    level = _SEVERITIES[int(found["pri"]) % 8] if "pri" in found else None
    who = " ".join(part for part in (found["host"], app) if part not in {"", "-"})
    return Line(found["time"], message.strip(), level, who or None)
