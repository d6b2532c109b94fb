"""Requests that a route suddenly refuses: onset, peak and end; what clients get wrong every day is silent."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from pm_agent.evidence import RawEvent
from pm_agent.ingest.formats.access_log import AccessLog
from pm_agent.ingest.formats.jsonl_log import JsonlLog
from pm_agent.ingest.logs.routes import Routes
from pm_agent.ingest.logs.track import Track
from pm_agent.ingest.source import of_bytes

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
Request = tuple[str, str, str]
"""Method, path and status."""
PAGES = ("/", "/cart", "/search", "/items/17", "/items/18", "/help", "/api/stock", "/api/prices")


def calm(dice: random.Random, minutes: int, logins: int) -> Iterator[tuple[int, Request]]:
    """Pages in every minute, and so many log-ins, of which some are mistyped."""
    for minute in range(minutes):
        for _ in range(20):
            yield minute, ("GET", dice.choice(PAGES), dice.choice(("200", "200", "304")))
        for _ in range(logins + (minute % 7 == 3)):
            yield minute, ("POST", "/login", "401" if dice.random() < 0.05 else "200")


def told(
    more: Callable[[int, random.Random], list[Request]] = lambda minute, dice: [],
    answer: Callable[[int, Request], str | None] = lambda minute, request: None,
    *, minutes: int = 120, logins: int = 8, form: str = "access",
) -> list[RawEvent]:  # fmt: skip
    """What is told of a log with these requests on top and these answers instead."""
    dice = random.Random(5)
    requests = list(calm(dice, minutes, logins))
    requests += [(minute, one) for minute in range(minutes) for one in more(minute, dice)]
    lines = []
    for second, (method, path, status) in sorted(
        (minute * 60 + dice.randrange(60), (one[0], one[1], answer(minute, one) or one[2]))
        for minute, one in requests
    ):
        at = START + timedelta(seconds=second)
        if form == "json":
            lines.append(
                f'{{"time": "{at:%Y-%m-%dT%H:%M:%SZ}", "method": "{method}", "path": "{path}", "status": {status}}}'
            )
        else:
            lines.append(
                f'192.0.2.{dice.randint(1, 250)} - - [{at:%d/%b/%Y:%H:%M:%S +0000}] "{method} {path} HTTP/1.1" {status} 153'
            )
    adapter = JsonlLog() if form == "json" else AccessLog()
    found = adapter.read(of_bytes("access.log", "\n".join(lines).encode()))
    return [e for e in found if isinstance(e, RawEvent) and e.signal in {"onset", "peak", "ended"}]


def login_refused(
    status: str = "403", first: int = 40, last: int = 99, every: int = 1
) -> Callable[[int, Request], str | None]:
    return lambda minute, one: (
        status if one[1] == "/login" and first <= minute <= last and minute % every == 0 else None
    )


def clock(event: RawEvent) -> str:
    said = event.raw_time or ""
    return said[12:17] if "/" in said else said[11:16]


@pytest.mark.parametrize("status", ["400", "401", "403", "404", "410", "422"])
def test_log_ins_that_are_refused_for_an_hour_are_told(status: str) -> None:
    onset, peak, ended = told(answer=login_refused(status))
    assert (onset.signal, peak.signal, ended.signal) == ("onset", "peak", "ended")
    assert (clock(onset), clock(ended)) == ("09:40", "10:39")
    assert onset.subject == f"POST /login {status}"
    assert onset.count == 488
    assert "488 refused requests, 100 % of 488 requests there in 60 minutes" in onset.text
    assert peak.text.endswith("(peak: 9/min, 100 % of 9 requests there)")
    assert "the last of 488 refused requests in 60 minutes" in ended.text


def test_a_log_in_json_tells_alike() -> None:
    assert [(e.signal, clock(e)) for e in told(answer=login_refused(), form="json")][::2] == [
        ("onset", "09:40"), ("ended", "10:39")
    ]  # fmt: skip


def test_few_log_ins_a_minute_are_told_by_five_minutes() -> None:
    found = told(answer=login_refused(), logins=2)
    assert [(e.signal, clock(e)) for e in found][::2] == [("onset", "09:40"), ("ended", "10:39")]
    assert "/5 min" in found[1].text


def test_a_wave_that_lasts_until_the_end_has_none() -> None:
    assert [e.signal for e in told(answer=login_refused(last=119))] == ["onset", "peak"]


def test_a_wave_at_the_beginning_of_the_log_is_seen_against_what_follows() -> None:
    found = told(answer=login_refused(first=0, last=30))
    assert [(e.signal, clock(e)) for e in found][::2] == [("onset", "09:00"), ("ended", "09:30")]


def test_routes_that_are_refused_together_are_one_wave() -> None:
    found = told(
        answer=lambda minute, one: (
            "401" if 40 <= minute < 60 and one[1].startswith(("/api", "/cart", "/login")) else None
        )
    )
    assert [(e.signal, clock(e)) for e in found][::2] == [("onset", "09:40"), ("ended", "09:59")]
    assert "refused requests of 4 kinds" in found[0].text


def test_waves_of_two_routes_at_different_times_are_two() -> None:
    found = told(
        answer=lambda minute, one: (
            "403"
            if one[1] == "/login" and 20 <= minute < 40
            else "404"
            if one[1] == "/cart" and 80 <= minute < 100
            else None
        )
    )
    assert [e.subject for e in found if e.signal == "onset"] == ["POST /login 403", "GET /cart 404"]


@pytest.mark.parametrize("clients", [2, 12])
def test_what_is_refused_all_the_time_is_silent(clients: int) -> None:
    assert not told(
        lambda minute, dice: [("GET", "/api/stock", "401")] * dice.randint(clients - 1, clients + 1)
    )


def test_a_route_that_is_always_refused_is_silent() -> None:
    assert not told(lambda minute, dice: [("POST", "/wp-login", "403")] * (60 if minute == 50 else 3))


def waves(more: Callable[[int, random.Random], list[Request]]) -> list[RawEvent]:
    """Without the mere rises of traffic."""
    return [event for event in told(more) if "refused" in event.text]


@pytest.mark.parametrize("many", [3, 60])
def test_a_crawler_and_a_scanner_are_silent(many: int) -> None:
    """Pages that are gone beside those that are there, and paths that never were there."""
    gone = [("GET", f"/items/{n}", "404") for n in range(1000, 1000 + many)]
    assert not waves(lambda minute, dice: gone if 50 <= minute < 60 else [])
    paths = [
        ("GET", f"/{n}/.env", "404") for n in ("old", "app", "src", "backup", "admin") for _ in range(many)
    ]
    assert not waves(lambda minute, dice: paths if 50 <= minute < 60 else [])


def test_too_few_requests_prove_nothing() -> None:
    assert not told(answer=login_refused(first=40, last=50), logins=1)
    assert not told(answer=login_refused(first=40, last=40))


def test_busy_minutes_with_the_usual_share_are_silent() -> None:
    """Five times the log-ins bring five times the mistyped ones."""
    assert not told(
        lambda minute, dice: [
            ("POST", "/login", "401" if dice.random() < 0.06 else "200")
            for _ in range(40 * (50 <= minute < 70))
        ]
    )


def test_what_nobody_was_served_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pm_agent.ingest.logs.routes._MAX_ENTRIES", 30)
    routes = Routes()
    for minute in range(40):
        for tokens in (("", "GET", "/gone", "404"), ("", "GET", "/", "200"), ("", "GET", "/", "403")):
            track = Track(failed=False)
            track.add(minute, 1, 1, 1)
            routes.add(tokens, track, minute, 0)
        routes.shrink()
    ((name, answers),) = routes.answered_both_ways()
    assert (name, routes.step) == ("GET /", 10)
    assert {status: (track.count, len(track.minutes)) for status, track in answers.items()} == {
        "": (40, 4),
        "403": (40, 4),
    }
