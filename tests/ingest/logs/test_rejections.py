"""Requests that a server turns away: when it began, how bad it got, when it ended; the noise of every day is silent."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.evidence import RawEvent
from pm_agent.ingest.formats.access_log import AccessLog
from pm_agent.ingest.logs.bursts import Axis
from pm_agent.ingest.logs.failures import failure_bursts
from pm_agent.ingest.source import of_bytes

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def events(
    status_of: Callable[[int, random.Random], str], per_minute: int = 13, minutes: int = 40
) -> list[RawEvent]:
    """An access log of nginx with the times of the upstream behind each line."""
    dice, lines = random.Random(4), []
    for second in sorted(dice.choices(range(minutes * 60), k=minutes * per_minute)):
        at = START + timedelta(seconds=second)
        path = dice.choice(("/v1/send", "/v1/send", "/v1/send", "/v1/templates/17"))
        lines.append(
            f'203.0.113.{dice.randint(1, 250)} - - [{at:%d/%b/%Y:%H:%M:%S +0000}] "POST {path} HTTP/1.1" '
            f'{status_of(second // 60, dice)} 153 "-" "sdk/2.1" rt={dice.random():.3f} uct="0.001" urt="0.120"'
        )
    source = of_bytes("access.log", "\n".join(lines).encode())
    assert AccessLog().fits(source) > 0.5
    return list(AccessLog().read(source))


@pytest.mark.parametrize("status", ["429", "499", "503"])
def test_a_rise_in_a_log_of_few_requests_is_told(status: str) -> None:
    """Four rejections a minute among thirteen requests: onset and end to the minute, the share, the busiest path."""
    found = events(lambda minute, dice: status if 12 <= minute < 30 and dice.random() < 0.4 else "200")
    assert [e.signal for e in found] == ["onset", "peak", "ended"]
    onset, peak, ended = found
    assert (onset.raw_time or "")[12:17] == "09:12"
    assert (ended.raw_time or "")[12:17] == "09:29"
    assert onset.subject == f"POST /<*>/send {status}"
    assert f'"POST /v1/send HTTP/1.1" {status}' in onset.text
    assert " failed requests of 2 kinds, 3" in onset.text
    assert peak.text.endswith(" requests)")


def test_a_rise_in_a_log_of_very_few_requests_is_told_by_five_minutes() -> None:
    found = events(lambda minute, dice: "429" if 12 <= minute < 30 and dice.random() < 0.5 else "200", 4)
    assert [e.signal for e in found] == ["onset", "peak", "ended"]
    assert "09:12" <= (found[0].raw_time or "")[12:17] <= "09:14"
    assert "09:28" <= (found[2].raw_time or "")[12:17] <= "09:29"
    assert "/5 min" in found[1].text


def test_five_quiet_minutes_are_an_end_and_fewer_are_none() -> None:
    """Also where minutes are counted by fives."""
    for last, signals in ((35, ["onset", "peak", "ended"]), (37, ["onset", "peak"])):
        found = events(
            lambda minute, dice, last=last: "429" if 10 <= minute < last and dice.random() < 0.5 else "200", 4
        )
        assert [e.signal for e in found] == signals
        assert "/5 min" in found[1].text


def test_a_rise_in_a_busy_log_is_told_by_the_minute() -> None:
    found = events(lambda minute, dice: "429" if 12 <= minute < 30 and dice.random() < 0.4 else "200", 100)
    assert [e.signal for e in found] == ["onset", "peak", "ended"]
    assert "/min" in found[1].text


@pytest.mark.parametrize(
    "status_of",
    [
        lambda minute, dice: "404" if dice.random() < 0.1 else "200",
        lambda minute, dice: "429" if dice.random() < 0.1 else "200",
        lambda minute, dice: "429" if minute == 20 and dice.random() < 0.4 else "200",
        lambda minute, dice: "499" if dice.random() < 0.01 else "200",
    ],
    ids=["bots", "one client always", "a moment", "a few"],
)
@pytest.mark.parametrize("per_minute", [3, 13])
def test_the_noise_of_every_day_is_silent(
    status_of: Callable[[int, random.Random], str], per_minute: int
) -> None:
    assert not [e for e in events(status_of, per_minute) if e.signal in {"onset", "peak", "ended"}]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=60), st.sampled_from([1, 5])
)  # fmt: skip
def test_bursts_are_apart_and_count_what_is_in_them(minutes: list[tuple[int, int]], step: int) -> None:
    errors = {at * step: failed for at, (failed, _) in enumerate(minutes) if failed}
    total = {at * step: failed + fine for at, (failed, fine) in enumerate(minutes)}
    axis = Axis(0, (len(minutes) - 1) * step, step)
    last = -1
    for burst in failure_bursts(errors, total, axis):
        assert last < burst.first <= burst.peak <= burst.last <= axis.last
        assert burst.count == sum(n for minute, n in errors.items() if burst.covers(minute))
        assert errors[burst.peak] == burst.peak_count
        assert burst.usual >= 0
        last = burst.last
