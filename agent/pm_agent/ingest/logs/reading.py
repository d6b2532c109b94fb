"""A log file → its few events: count every line, pick the telling ones, read those again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pm_agent.evidence import Place, RawEvent
from pm_agent.ingest.logs.blocks import lines_of
from pm_agent.ingest.logs.line import LogForm
from pm_agent.ingest.logs.records import Record, records
from pm_agent.ingest.logs.sharing import counts_of
from pm_agent.ingest.logs.telling import pick
from pm_agent.ingest.logs.total import Total, settle
from pm_agent.ingest.logs.view import Pick
from pm_agent.ingest.logs.wording import note, shortened
from pm_agent.ingest.source import Source

EXCERPT = 60
"""A log with no more messages than this was pasted on purpose: each of them is an event."""


def read_log(source: Source, form: LogForm) -> Iterator[RawEvent]:
    """The events of a log, in file order."""
    total = Total()
    for counts in counts_of(source, form):
        total.add(counts)
    log = total.log()
    settle(source, log.counts)
    if log.counts.heads <= EXCERPT:
        for record in records(lines_of(source), form, None):
            yield _event(form, record, whole=True)
        return
    picks = pick(log)
    wanted = {n for p in picks for n in (p.line, p.end, p.peak_line) if n is not None}
    found = {record.number: record for record in records(lines_of(source), form, wanted)} if wanted else {}
    for one in picks:
        if one.line in found:
            yield _picked(form, one, found)


def _event(form: LogForm, record: Record, *, whole: bool) -> RawEvent:
    line = record.line
    return RawEvent(
        place=Place(record.number, record.number, record.end if record.end > record.number else None),
        text=form.tell(line, record.tail, whole=whole),
        raw_time=line.time,
        kind="log",
        zone=line.zone,
        actor=line.who,
        actor_kind="system",
        severity=line.level,
    )


def _picked(form: LogForm, one: Pick, found: dict[int, Record]) -> RawEvent:
    record = found[one.line]
    event = _event(form, record, whole=False)
    end = max(record.end, one.end or 0)
    until = found[one.end].line.time if one.end in found and one.signal == "onset" else None
    peak = found[one.peak_line].line.time if one.peak_line in found else None
    words = note(one, peak, until)
    return replace(
        event,
        place=replace(event.place, line_end=end if end > record.number else None),
        text=f"{event.text} ({words})" if words else event.text,
        raw_until=until,
        signal=one.signal,
        subject=shortened(one.template, 160) or None,
        count=one.count,
    )
