"""journalctl -o json: one object an entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import read_log, sample_of
from pm_agent.ingest.logs.json_form import JsonForm
from pm_agent.ingest.logs.json_keys import Keys, Object
from pm_agent.ingest.source import Source

_KEYS = Keys(
    time=("__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP"),
    message=("MESSAGE",),
    level=("PRIORITY",),
    who=("_SYSTEMD_UNIT", "UNIT", "SYSLOG_IDENTIFIER", "_COMM"),
)
_PRIORITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")


class Journald:
    """Times are microseconds since 1970; the priority is syslog's number."""

    name: ClassVar[str] = "journald"
    describes: ClassVar[str] = "systemd journal as journalctl -o json writes it"

    def fits(self, source: Source) -> float:
        """Keys that only the journal has."""
        return 0.95 if source.is_json_lines and "__REALTIME_TIMESTAMP" in source.first_object else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The journal's telling entries."""
        yield from read_log(
            source, JsonForm.learnt(sample_of(source), _KEYS, level_of=_priority, who_of=_who)
        )


def _priority(value: Any) -> str | None:
    return (
        _PRIORITIES[int(value)] if isinstance(value, (str, int)) and str(value) in set("01234567") else None
    )


def _who(item: Object, keys: Keys) -> str | None:
    names = [str(item[key]).removesuffix(".service") for key in keys.who if item.get(key)]
    host = str(item["_HOSTNAME"]) if item.get("_HOSTNAME") else ""
    return " ".join(part for part in (host, names[0] if names else "") if part) or None
