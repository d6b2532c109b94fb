"""Audit logs: who did what when, of release platforms, feature flags, clouds, identity providers and Kubernetes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.audit_actors import people_of
from pm_agent.ingest.formats.audit_fields import Record, record_of
from pm_agent.ingest.formats.audit_meaning import Meaning, is_routine, meaning_of
from pm_agent.ingest.formats.change_events import change_event, subject_of
from pm_agent.ingest.formats.payloads import Payload, glance, payloads, text
from pm_agent.ingest.logs.minutes import minute_text, read_minute
from pm_agent.ingest.source import Source

_WRAPPERS = ("items", "Records", "records", "events", "data", "value", "entries")
_EARLIER_STAGES = {"RequestReceived", "ResponseStarted", "Panic"}
"""Kubernetes tells of one request again when it is answered."""
_PLAIN_CODE = re.compile(r"[a-z]{2,}(?:[._-][a-z]+){0,5}")


class AuditLog:
    """Any list of objects with a time, a verb and an actor; like entries of one change are one with their number."""

    name: ClassVar[str] = "audit-log"
    describes: ClassVar[str] = (
        "audit logs, who did what when: release platforms, LaunchDarkly, Unleash, CloudTrail, GitHub, Okta, GCP, Azure, Kubernetes"
    )

    def fits(self, source: Source) -> float:
        """Less sure than any format that knows its program; most of the first objects must be records."""
        first = glance(source, *_WRAPPERS)
        records = sum(record_of(value) is not None for value in first)
        return 0.12 if records and records * 10 >= len(first) * 7 else 0.0

    def people(self, source: Source) -> Mapping[str, str]:
        """Account → name of everybody whom a record names."""
        names: dict[str, str] = {}
        again = Source(source.path, source.opener, source.size)  # so that nothing is counted twice
        for payload in payloads(again, *_WRAPPERS):
            names.update(people_of(payload.value))
        return names

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """The records in the file's order, like ones folded."""
        kept: list[_Fold] = []
        for payload in payloads(source, *_WRAPPERS):
            record = record_of(payload.value)
            if record is None:
                continue
            told_again = text(payload.value, "stage") in _EARLIER_STAGES
            if told_again or is_routine(record) or not _fold(kept, payload, record):
                source.tally.structural += 1
        for one in kept:
            yield one.event()


@dataclass
class _Fold:
    """A record, and those like it that came soon after."""

    payload: Payload
    first: Record
    meaning: Meaning
    count: int = 1
    last: Record | None = None
    nodes: dict[str, None] = field(default_factory=dict)

    def event(self) -> RawEvent:
        """One event at the first time until the last."""
        first, last = self.first, self.last
        if last is not None and _minute(last) < _minute(first):  # newest first
            first, last = last, first
        until = last.at if last is not None and last.at != first.at else ""
        person = self.first.actor.name if self.first.actor.is_person else ""
        one = self.first
        what = one.what or one.title
        about = subject_of(what, one.after or one.number, where=_where(one)) if what else _verb(one.verb)
        return change_event(
            self.payload.place(), self._text(first), first.at, program="", kind="deploy" if self.meaning.is_change else "log",
            signal=self.meaning.signal, person=person, bot="" if person else self.first.actor.name, until=until, count=self.count,
            subject=about[:160],
        )  # fmt: skip

    def _text(self, first: Record) -> str:
        nodes = list(self.nodes)
        on = nodes[0] if len(nodes) == 1 else f"{nodes[0]} … {nodes[-1]}" if nodes else ""
        last = self.last or first
        done = last.done if last.done == first.done or not first.done else f"{first.done} … {last.done}"
        told = said_of(replace(first, node=on, done=done))
        return told if self.count == 1 else f"{told} ({self.count} records)"


def said_of(record: Record) -> str:
    """The record as one line: verb, what, where, versions, how it went, in quotes what somebody wrote."""
    parts = [_verb(record.verb), record.what]
    parts += [f"in {_where(record)}"] if _where(record) else []
    parts += [f"on {record.node}"] if record.node else []
    parts += [f"batch {record.batch}"] if record.batch else []
    said = " ".join(part for part in parts if part)
    versions = " → ".join(part for part in (record.before, record.after) if part)
    said += "".join(f", {part}" for part in (versions, record.number) if part and part not in said)
    how = ", ".join(part for part in (record.result, record.done, record.error) if part)
    said += f": {how}" if how else ""
    said += f" ({record.diff})" if record.diff and record.diff.lower() not in said.lower() else ""
    quoted = dict.fromkeys(part for part in (record.title, record.said) if part and part not in said)
    return said + "".join(f' "{part}"' for part in quoted)


def _where(record: Record) -> str:
    """Not said twice: `harbor/checkout` is in harbor."""
    return "" if record.where in record.what.split("/") else record.where


def _verb(written: str) -> str:
    """`publish_finish` as words; what is no plain code (UpdateService, a sentence) as it stands."""
    return re.sub(r"[._-]+", " ", written) if _PLAIN_CODE.fullmatch(written) else written


def _fold(kept: list[_Fold], payload: Payload, record: Record) -> bool:
    """Take the record into a fold of its like, or begin one; True where it begins one."""
    nodes = dict.fromkeys([record.node] if record.node else [])
    for one in reversed(kept[-_NEAR:]):
        if _like(one.first) == _like(record) and _together(one.last or one.first, record):
            one.count += 1
            one.last = record
            one.nodes |= nodes
            return False
        if one.meaning.signal and one.first.what == record.what:
            break  # on, off and on again stay three
    kept.append(_Fold(payload, record, meaning_of(record), nodes=nodes))
    return True


_NEAR = 20
"""Events back that a record may still belong to: several changes run side by side."""
_BATCH = 30
"""Minutes from one record of a batch to the next."""


def _like(record: Record) -> tuple[Any, ...]:
    """All that a record says but its moment, its node and how far the change has got."""
    return tuple(getattr(record, name) for name in Record.__slots__ if name not in {"at", "node", "done"})


def _together(one: Record, other: Record) -> bool:
    """Within a minute of each other, or of one batch that takes its time."""
    return abs(_minute(one) - _minute(other)) <= (_BATCH if one.batch else 1)


def _minute(record: Record) -> int:
    found = read_minute(minute_text(record.at)) or read_minute(record.at)
    return found[0] if found else 0
