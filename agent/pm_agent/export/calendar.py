"""Follow-up dates as an iCalendar file (RFC 5545): all-day events that can be imported again without doubles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from pm_agent.export.body import one_line
from pm_agent.export.marks import report_key
from pm_agent.language import words
from pm_agent.report import Report

CHECKS = ("week", "month", "quarter")
_OCTETS = 75


def to_ics(report: Report, stamp: datetime, report_id: str | None = None, url: str | None = None) -> str:
    """The checks after a week, four weeks and a quarter, and the due date of each open action item.

    Args:
        report: whose dates.
        stamp: the moment of writing; a later one replaces an earlier import.
        report_id: the name of the report in each event's UID.
        url: where the report can be read.
    """
    own, key = words(report.language, "export"), report_key(report, report_id)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//pm-agent//{report.provenance.tool}//EN",
        "CALSCALE:GREGORIAN",
    ]
    lines.append("X-WR-CALNAME:" + _text(own["calendar"].format(title=one_line(report.title))))
    for name, day, summary, description in _dates(report, own):
        lines += _event(f"{key}-{name}@pm-agent", day, summary, description, stamp, url)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) + "\r\n" for line in lines)


def _dates(report: Report, own: dict[str, str]) -> Iterator[tuple[str, date, str, str]]:
    """(name in the UID, day, summary, description) of each event."""
    title = one_line(report.title)
    for entry in report.follow_up:
        if entry.code in CHECKS:
            yield entry.code, entry.due, own["check"].format(what=entry.what, title=title), ""
    for action in report.actions:
        if action.due and action.status == "open":
            summary = own["action_due"].format(id=action.id, text=one_line(action.text))
            facts = [title]
            facts += [f"{own['owner']}: {one_line(action.owner)}"] if action.owner else []
            facts += [f"{own['done_when']}: {one_line(action.acceptance)}"] if action.acceptance else []
            facts += [one_line(action.ticket)] if action.ticket else []
            yield action.id, action.due, summary, "\n".join(facts)


def _event(
    uid: str, day: date, summary: str, description: str, stamp: datetime, url: str | None
) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    lines += [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]
    lines.append("SUMMARY:" + _text(summary))
    lines += ["DESCRIPTION:" + _text(description)] if description else []
    lines += [f"URL:{url}"] if url else []
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _text(text: str) -> str:
    """TEXT of RFC 5545: backslash, semicolon, comma and line end escaped, control characters left out."""
    text = re.sub(r"([\\;,])", r"\\\1", text).replace("\r\n", "\n").replace("\n", r"\n")
    return re.sub(r"[\x00-\x1f\x7f]", "", text)


def fold(line: str) -> str:
    """A content line in pieces of at most 75 octets, never cut within a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode("utf-8", "replace"))
        if size + width > _OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += width
    return "\r\n".join([*pieces, piece])
