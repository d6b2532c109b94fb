"""Which kinds of evidence an incident usually leaves, and which of them are not there."""

from __future__ import annotations

from collections.abc import Iterable

from pm_agent.evidence import EventKind

KINDS: dict[str, frozenset[EventKind]] = {
    "chat": frozenset({"chat", "transcript"}),
    "alerts": frozenset({"alert", "page"}),
    "metrics": frozenset({"metric"}),
    "logs": frozenset({"log"}),
    "changes": frozenset({"deploy"}),
}
"""Source kind (conduct-post-mortem, step 1: logs, metrics, alert history, communication, changes) → event kinds."""


def missing(kinds: Iterable[EventKind], *, has_series: bool) -> list[str]:
    """Kinds of evidence of which nothing is there."""
    there = set(kinds)
    found = [name for name, wanted in KINDS.items() if not there & wanted]
    return [name for name in found if not (name == "metrics" and has_series)]
