"""Clocks that differ between sources: found with their evidence, corrected only when asked or when somebody said so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pm_agent.evidence import EventSource, Place, RawEvent, TimedEvent
from pm_agent.ingest.skew import find_skew, settle

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def event(
    file: str, minute: float, text: str, *, person: bool = False, actor: str | None = None
) -> TimedEvent:
    raw = RawEvent(
        Place(1),
        text,
        "x",
        "chat" if person else "log",
        actor=actor,
        actor_kind="person" if person else "system",
    )
    source = EventSource(file, 1, 1, None, 1, "t")
    return TimedEvent(
        f"{file}:{minute}", raw, START + timedelta(minutes=minute), None, "second", None, (source,)
    )


SHARED = ["pod checkout-7f9c-x2k4q evicted", "volume pvc-88a1f00c detached", "job nightly-20260304-77 failed"]


def test_a_constant_difference_is_found() -> None:
    """Three events in two files, six minutes apart each time."""
    events = [event("a.log", n * 3, text) for n, text in enumerate(SHARED)]
    events += [event("b.log", n * 3 + 6, text) for n, text in enumerate(SHARED)]
    (skew,) = find_skew(events)
    assert (skew.file, skew.other, skew.by) == ("a.log", "b.log", timedelta(minutes=-6))


def test_shown_but_not_corrected_unless_asked() -> None:
    """Without --fix-skew the times stay; with it one file is shifted."""
    events = [event("a.log", n * 3, text) for n, text in enumerate(SHARED)]
    events += [event("b.log", n * 3 + 6, text) for n, text in enumerate(SHARED)]
    kept, gaps = settle(events, fix=False)
    assert [e.at for e in kept] == [e.at for e in events]
    assert [g.code for g in gaps] == ["clock.skew"]
    fixed, gaps = settle(events, fix=True)
    assert [e.at for e in fixed[:3]] == [e.at for e in fixed[3:]]
    assert [g.code for g in gaps] == ["clock.skew_fixed"]


def test_scattered_differences_are_no_skew() -> None:
    """Delays that vary are delays."""
    events = [event("a.log", n * 3, text) for n, text in enumerate(SHARED)]
    events += [
        event("b.log", n * 3 + d, text)
        for (n, text), d in zip(enumerate(SHARED), (0.2, 9.0, 3.0), strict=True)
    ]
    assert find_skew(events) == []


def test_what_somebody_said_is_corrected() -> None:
    """Words that name the host and the minutes correct its file."""
    events = [event("node-7.log", 6, "disk full on /var", actor="node-7")]
    events.append(event("chat.txt", 20, "careful, the clock on node-7 is 6 minutes ahead", person=True))
    fixed, gaps = settle(events, fix=False)
    assert fixed[0].at == START
    assert [g.code for g in gaps] == ["clock.skew_stated"]
