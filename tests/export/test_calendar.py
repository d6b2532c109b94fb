"""The calendar: read back by another program, folded, escaped, stable."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from export.incident import HOSTILE, action, report
from pm_agent.export import to_ics
from pm_agent.export.body import one_line
from pm_agent.export.calendar import fold
from rendering.sample import report as sample

NOW = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


def test_checks_and_due_dates_are_all_day_events() -> None:
    calendar = Calendar.from_ical(to_ics(report(), NOW))
    events = {
        str(e["UID"]).removeprefix("PM-7-").removesuffix("@pm-agent"): e for e in calendar.walk("VEVENT")
    }
    due = {f.code: f.due for f in report().follow_up}
    for name in ("week", "month", "quarter"):
        assert events[name].start == due[name]
    first = events["AI-001"]
    assert (first.start, first.end) == (date(2026, 4, 1), date(2026, 4, 2))
    assert str(first["SUMMARY"]) == "Due: AI-001 Alert on pool usage above 80 %"
    assert "Owner: Zuzana Malá" in str(first["DESCRIPTION"])
    assert "AI-004" not in events, "what is done is not due"
    assert "AI-002" not in events, "a date is never invented"


def test_uids_stay_and_the_stamp_moves() -> None:
    first, later = to_ics(report(), NOW), to_ics(report(), NOW + timedelta(days=1))
    assert first.replace("20260305T080000Z", "20260306T080000Z") == later
    uids = [line for line in first.splitlines() if line.startswith("UID:")]
    assert len(uids) == len(set(uids)) == 6


@given(st.text(max_size=200), st.sampled_from(["en", "zh"]))
def test_any_text_is_read_back_as_it_was(text: str, language: str) -> None:
    made = sample(language).replace(actions=[action(1, text, due=date(2026, 4, 1))], follow_up=[])  # type: ignore[arg-type]
    written = to_ics(made, NOW)
    assert written.endswith("\r\n")
    assert "\n" not in written.replace("\r\n", "")
    assert all(len(line.encode("utf-8", "replace")) <= 75 for line in written.split("\r\n"))
    event = Calendar.from_ical(written).walk("VEVENT")[0]
    assert str(event["SUMMARY"]).endswith(one_line(text))


def test_hostile_text_adds_no_line_of_its_own() -> None:
    written = to_ics(report(action(1, HOSTILE + "\r\nEND:VEVENT\r\nATTENDEE:x", due=date(2026, 4, 1))), NOW)
    assert not any(line.startswith("ATTENDEE") for line in written.split("\r\n"))
    assert len(Calendar.from_ical(written).walk("VEVENT")) == 4


@given(st.text(alphabet=st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"])))
def test_folding_unfolds(line: str) -> None:
    folded = fold(line)
    assert folded.replace("\r\n ", "") == line
