"""How a log line reads as an event."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pm_agent.ingest.logs.bursts import Burst
from pm_agent.ingest.logs.line import Line
from pm_agent.ingest.logs.minutes import minute_text, read_minute
from pm_agent.ingest.logs.view import Pick

MAX_TEXT = 300
MAX_WHOLE = 1500
_WHOLE_LINES = 12
"""A stack trace longer than this is told by its telling lines."""
_CLOCK = re.compile(r"(?<![\d.])(\d\d?:\d\d)(?::\d\d)?")
_TELLING = re.compile(
    r"^\s*(?:Caused by: .+|[\w.$]+(?:Error|Exception|Failure|Fault|Interrupt|Timeout|Exit)\b.*|panic: .+|(?:DETAIL|HINT|STATEMENT|CONTEXT|ERROR)\b.+)"
)
"""The lines of a trace that say what went wrong."""


def shortened(text: str, limit: int = MAX_TEXT) -> str:
    """The text, cut with a mark where it is too long."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def tell(head: Line, tail: Sequence[str], *, whole: bool) -> str:
    """The message with the lines that continue it; not whole, or too long: with those that say what went wrong."""
    limit = MAX_WHOLE if whole else MAX_TEXT
    if whole and len(tail) <= _WHOLE_LINES:
        chosen = [line.rstrip() for line in tail]
    else:
        telling = [line.strip() for line in tail if _TELLING.match(line)]
        chosen = telling[:1] + telling[-1:] if len(telling) > 1 else telling
        if not head.message and not chosen and tail:
            chosen = [tail[0].strip()]
    parts = [shortened(part, limit) for part in dict.fromkeys([head.message, *chosen]) if part]
    return "\n".join(parts) or "(empty message)"


def note(one: Pick, peak_time: str | None, until: str | None) -> str:
    """What the counts say about a picked line, in words."""
    if one.silence:
        if one.signal == "ended":
            return f"first line after {_minutes(one.silence)} without any"
        usual = one.burst.usual if one.burst else 0
        return f"then no line for {_minutes(one.silence)}; usual: about {usual:.0f} a minute"
    if one.burst is None:
        last = f", the last at {until}" if until else ""
        return f"{one.count} lines in this log{last}" if one.count > 1 else ""
    return _of_burst(one, one.burst, peak_time)


def _of_burst(one: Pick, burst: Burst, peak_time: str | None) -> str:
    length = burst.last - burst.first + one.step
    per = "min" if one.step == 1 else f"{one.step} min"
    named = "lines" if not one.requests else "refused requests" if one.refused else "failed requests"
    lines, requests = f"{burst.count} {named}", "requests there" if one.refused else "requests"
    if one.signal == "peak":
        share = (
            f", {_percent(burst.peak_count, one.peak_requests)} of {one.peak_requests} {requests}"
            if one.requests
            else ""
        )
        return f"peak: {burst.peak_count}/{per}{share}"
    if one.signal == "ended":
        return f"the last of {lines} in {_minutes(length)}"
    kinds = f" of {one.kinds} kinds" if one.kinds > 1 else ""
    share = f", {_percent(burst.count, one.requests)} of {one.requests} {requests}" if one.requests else ""
    peak = f", peak {burst.peak_count}/{per}" + (f" at {clock_of(peak_time)}" if peak_time else "")
    usual = f"; otherwise about {burst.usual:.1f}/{per}" if burst.usual >= 0.05 else ""
    return f"{lines}{kinds}{share} in {_minutes(length)}{peak}{usual}"


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "?"


def clock_of(time: str) -> str:
    """The hour and minute of a written time, as it stands there; of seconds since 1970, in UTC."""
    found = _CLOCK.search(time)
    if found:
        return found[1]
    minute = read_minute(minute_text(time))
    return f"{minute[0] // 60 % 24:02d}:{minute[0] % 60:02d} UTC" if minute else time
