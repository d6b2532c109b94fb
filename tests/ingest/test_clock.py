"""Times of a bundle: zones, roll-over, missing dates and years, repeated and skipped hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.errors import InputError
from pm_agent.evidence import EventKind, Place, RawEvent
from pm_agent.ingest.clock import ClockFile, ClockSettings, FileTimes, resolve, zone_of


def event(
    raw_time: str, *, raw_date: str | None = None, kind: EventKind = "chat", zone: str | None = None
) -> RawEvent:
    return RawEvent(Place(1), "x", raw_time, kind, raw_date=raw_date, zone=zone)


def run(*times: str | RawEvent, settings: ClockSettings | None = None, hint: date | None = None) -> FileTimes:
    events = [t if isinstance(t, RawEvent) else event(t) for t in times]
    return resolve(
        [ClockFile("f", events, hint)], settings or ClockSettings(timezone="UTC", date=date(2026, 3, 4))
    )[0]


def shown(times: FileTimes) -> list[str | None]:
    return [m.at.strftime("%m-%d %H:%M") if m.at else None for m in times.moments]


def test_given_zone_and_date() -> None:
    """HH:MM takes the date and the zone that were given."""
    times = run("20:03", settings=ClockSettings(timezone="Asia/Shanghai", date=date(2026, 3, 4)))
    assert shown(times) == ["03-04 12:03"]
    assert (times.timezone, times.basis) == ("Asia/Shanghai", "given")


def test_stated_zone_wins() -> None:
    """An offset in the text is stronger than the given zone."""
    times = run("2026-03-04T20:03:00+01:00", settings=ClockSettings(timezone="Asia/Shanghai"))
    assert shown(times) == ["03-04 19:03"]
    assert times.basis == "stated"


def test_midnight_rolls_over() -> None:
    """A chat whose clock goes back from 23:58 to 00:04 is on the next day; small jitter is not."""
    assert shown(run("23:50", "23:58", "23:57", "00:04", "00:10")) == [
        "03-04 23:50", "03-04 23:58", "03-04 23:57", "03-05 00:04", "03-05 00:10",
    ]  # fmt: skip


def test_midnight_under_one_day_header() -> None:
    """A day header that stays the same does not pull the morning back to the evening's date."""
    events = [event(t, raw_date="2026-03-04") for t in ("23:58", "00:04", "00:10")]
    assert shown(run(*events)) == ["03-04 23:58", "03-05 00:04", "03-05 00:10"]


def test_day_headers_set_the_date() -> None:
    """Each new header is believed."""
    events = [event("23:58", raw_date="2026-03-04"), event("09:00", raw_date="2026-03-06")]
    assert shown(run(*events)) == ["03-04 23:58", "03-06 09:00"]


def test_notes_look_back_without_rolling() -> None:
    """A note that mentions an earlier hour stays on its day."""
    events = [event("15:10", kind="note"), event("14:05", kind="note")]
    assert shown(run(*events)) == ["03-04 15:10", "03-04 14:05"]


def test_new_year_rolls_over() -> None:
    """Syslog carries no year; December to January is the next one."""
    times = run(
        "Dec 31 23:59:58", "Jan  1 00:00:03", settings=ClockSettings(timezone="UTC", date=date(2025, 12, 31))
    )
    assert [m.at.year for m in times.moments if m.at] == [2025, 2026]


def test_year_from_other_files() -> None:
    """A file without years takes the year of a file that states it, and says so."""
    other = ClockFile("a", [event("2024-06-01T00:00:00Z")])
    bare = ClockFile("b", [event("Jun  2 10:00:00")])
    times = resolve([other, bare], ClockSettings(timezone="UTC"))[1]
    assert [m.at.year for m in times.moments if m.at] == [2024]
    assert [n.code for n in times.notes] == ["clock.year_from_others"]


def test_nothing_to_go_by_stays_open() -> None:
    """Without any date a clock time resolves to nothing, and the note says what to give."""
    times = run("20:03", settings=ClockSettings(timezone="UTC"))
    assert shown(times) == [None]
    assert [n.code for n in times.notes] == ["clock.no_date"]


def test_repeated_hour_is_told_apart_by_order() -> None:
    """On the night the clocks go back, the second 02:30 lies an hour after the first."""
    settings = ClockSettings(timezone="Europe/Berlin", date=date(2025, 10, 26))
    times = run("01:50", "02:10", "02:50", "02:05", "02:30", "03:05", settings=settings)
    assert shown(times) == [
        "10-25 23:50",
        "10-26 00:10",
        "10-26 00:50",
        "10-26 01:05",
        "10-26 01:30",
        "10-26 02:05",
    ]
    assert "clock.repeated_hour" in [n.code for n in times.notes]


def test_skipped_hour_is_noted() -> None:
    """A time that no clock showed is read and said."""
    times = run("02:30", settings=ClockSettings(timezone="America/New_York", date=date(2026, 3, 8)))
    assert shown(times) == ["03-08 07:30"]
    assert "clock.skipped_hour" in [n.code for n in times.notes]


def test_day_first_is_proven_by_the_file() -> None:
    """One date above 12 shows how all of the file's dates are written."""
    assert shown(run("03/04/2026 10:00", "13/04/2026 10:00")) == ["04-03 10:00", "04-13 10:00"]
    assert shown(run("03/04/2026 10:00")) == ["03-04 10:00"]


def test_recording_with_a_start() -> None:
    """Offsets become moments through the meeting's start, and stay offsets without one."""
    start = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
    assert shown(run("+00:12:40", settings=ClockSettings(starts={"f": start}))) == ["03-04 10:12"]
    moment = run("+00:12:40").moments[0]
    assert (moment.at, moment.relative) == (None, 760.0)


def test_start_of_a_recording_without_a_zone() -> None:
    """A start typed without a zone is in the given one; what comes out is always UTC."""
    typed = datetime(2026, 3, 4, 10, 0)  # noqa: DTZ001 - the point of the test
    settings = ClockSettings(timezone="Asia/Shanghai", starts={"f": typed})
    assert shown(run("+00:12:40", settings=settings)) == ["03-04 02:12"]
    stated = ClockSettings(starts={"f": datetime.fromisoformat("2026-03-04T10:00:00+08:00")})
    moment = run("+00:12:40", settings=stated).moments[0]
    assert moment.at is not None
    assert (moment.at.hour, moment.at.tzinfo) == (2, UTC)


def test_unknown_zone_is_an_error() -> None:
    """A misspelt zone is said, not replaced."""
    with pytest.raises(InputError, match="Mars/Olympus"):
        zone_of("Mars/Olympus")


@given(
    st.lists(st.integers(0, 55), min_size=1, max_size=40),
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001
)
def test_rising_clock_times_rise(gaps: list[int], start: datetime) -> None:
    """A chat with only HH:MM, less than an hour between messages, resolves to the very minutes it was written."""
    at, moments = start.replace(second=0, microsecond=0), []
    for gap in gaps:
        at += timedelta(minutes=gap)
        moments.append(at)
    settings = ClockSettings(timezone="UTC", date=moments[0].date())
    times = run(*[m.strftime("%H:%M") for m in moments], settings=settings)
    assert [m.at for m in times.moments] == [m.replace(tzinfo=UTC) for m in moments]


@given(
    st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"]),
)
def test_local_times_come_back(moment: datetime, zone: str) -> None:
    """A moment written as local time in its zone resolves to that moment, or to its twin in a repeated hour."""
    exact = moment.replace(microsecond=0, tzinfo=UTC)
    written = exact.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")
    found = run(written, settings=ClockSettings(timezone=zone)).moments[0].at
    assert found is not None
    assert found == exact or abs(found - exact) <= timedelta(hours=1)
    assert found.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S") == written
