"""What `argocd app get` and `argocd app history` print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pm_agent.evidence import Place, RawEvent
from pm_agent.ingest.formats.change_events import change_event, short, signal_of, subject_of
from pm_agent.ingest.formats.pasted import all_lines
from pm_agent.ingest.source import Source

_FIELD = re.compile(r"(?P<key>[A-Z][A-Za-z ]{1,24}):\s+(?P<value>\S.{0,4000})")
_HISTORY = re.compile(r"ID\s+DATE\s+REVISION\s*$")
_ENTRY = re.compile(
    r"(?P<id>\d{1,9})\s+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? [+-]\d{4}(?: \S{1,6})?)(?:\s{2,}|\s+(?=\S))(?P<revision>\S.{0,200})?"
)
_IN_BRACKETS = re.compile(r"\((?P<sha>[0-9a-f]{7,64})\)")
_OWN = {"Sync Status", "Health Status", "Sync Policy"}
_COMMAND = re.compile(r"argocd app (?:history|get|sync) (?:--?\S+ )*(?P<app>[\w./-]{1,120})")


def looks_like_text(source: Source) -> bool:
    """True for the fields of `app get` or the table of `app history`."""
    lines = source.head_lines
    keys = {found["key"] for line in lines if (found := _FIELD.match(line))}
    if "Name" in keys and len(keys & _OWN) >= 2:
        return True
    heads = [at for at, line in enumerate(lines) if _HISTORY.match(line.strip())]
    return any(at + 1 < len(lines) and _ENTRY.match(lines[at + 1].strip()) for at in heads)


def read_text(source: Source) -> Iterator[RawEvent]:
    """The operation of `app get` as start and end; each line of the history."""
    source.tally.counted = True
    lines, name, used = all_lines(source), "", 0
    values: dict[str, tuple[int, str]] = {}
    in_history = False
    for number, line in lines:
        found, entry = _FIELD.match(line), _ENTRY.match(line.strip())
        if command := _COMMAND.search(line):
            name = command["app"]
        if _HISTORY.match(line.strip()):
            in_history = True
        elif in_history and entry:
            yield _entry(number, name, entry)
        elif found:
            if found["key"] == "Name":
                yield from _operation(values)
                values = {}
                name = found["value"].strip()
            values.setdefault(found["key"], (number, found["value"].strip()))
        used += 1
    yield from _operation(values)
    source.tally.parsed = used


def _entry(number: int, name: str, entry: re.Match[str]) -> RawEvent:
    revision = (entry["revision"] or "").strip()
    sha = _IN_BRACKETS.search(revision)
    subject = subject_of(name, short(sha["sha"]) if sha else revision)
    return change_event(
        Place(number, number), f"deployment {entry['id']} of {subject or 'the application'}", entry["time"],
        program="Argo CD", signal="change_finished", subject=subject,
    )  # fmt: skip


def _operation(values: dict[str, tuple[int, str]]) -> Iterator[RawEvent]:
    def said(key: str) -> str:
        return values[key][1] if key in values else ""

    subject = subject_of(said("Name"), short(said("Sync Revision")))
    what = said("Operation").lower() or "operation"
    if "Start" in values:
        number, at = values["Start"]
        yield change_event(
            Place(number, number), f"{what} of {subject} started", at,
            program="Argo CD", signal="change_started", subject=subject,
        )  # fmt: skip
    if "Finished" in values:
        number, at = values["Finished"]
        why = said("Message")
        yield change_event(
            Place(number, number), f"{what} of {subject}: {said('Phase')}" + (f": {why}" if why else ""), at,
            program="Argo CD", signal=signal_of(said("Phase")), subject=subject,
        )  # fmt: skip
