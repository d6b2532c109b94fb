"""A timeline has one row a minute: everything said in it stands in that row, each line cited, every actor named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_agent import Settings, draft, render
from pm_agent.report import Report, TimelineEntry

CHAT = """mira [10:00 AM]
checkout is down, users report 502s on /pay

jo [10:04 AM]
p99 of cart-db is at 9 s, pool is 200/200

mira [10:04 AM]
error rate of checkout is 38%, orders dropped to 12 per minute

jo [10:09 AM]
rolled back checkout to v41, done

mira [10:12 AM]
checkout error rate back to normal, 0.1%
"""


def _draft(folder: Path, **facts: object) -> Report:
    folder.joinpath("evidence").mkdir(exist_ok=True)
    folder.joinpath("evidence", "chat.txt").write_text(CHAT, encoding="utf-8")
    drop = facts.get("drop")
    folder.joinpath("incident.yaml").write_text(
        "date: 2026-03-04\ntimezone: UTC\n" + (f"overrides: {{drop: ['{drop}']}}\n" if drop else ""),
        encoding="utf-8",
    )
    return draft(folder, Settings())


def _row(report: Report, minute: str) -> TimelineEntry:
    (row,) = [r for r in report.timeline if r.at and f"{r.at:%H:%M}" == minute]
    return row


@pytest.fixture
def report(tmp_path: Path) -> Report:
    return _draft(tmp_path)


def test_two_persons_in_one_minute_are_one_row(report: Report) -> None:
    row = _row(report, "10:04")
    assert "pool is 200/200" in row.text
    assert "38%" in row.text
    assert len(row.citations) == 2
    assert row.actor in {"Engineer A, Engineer B", "Engineer B, Engineer A"}


def test_minutes_of_their_own_stay_apart(report: Report) -> None:
    minutes = [f"{r.at:%H:%M}" for r in report.timeline if r.at]
    assert minutes == sorted(set(minutes))
    assert {"10:00", "10:09", "10:12"} <= set(minutes)
    assert _row(report, "10:09").actor == "Engineer B"


def test_a_line_the_author_dropped_leaves_no_words_behind(report: Report, tmp_path: Path) -> None:
    (dropped,) = [line.id for line in report.evidence if "38%" in line.text]
    row = _row(_draft(tmp_path, drop=dropped), "10:04")
    assert "38%" not in row.text
    assert "200/200" in row.text
    assert row.citations != [dropped]


LATER = """mira [10:10 AM]
checkout is down, users report 502s on /pay

jo [10:14 AM]
cart-db pool is 200/200, every checkout waits

jo [10:20 AM]
rolled back checkout to v41, done

mira [10:24 AM]
checkout error rate back to normal, 0.1%

jo [10:31 AM]
checkout was already slow at 9:58, pool at 190/200. nobody saw it then

mira [10:33 AM]
shall we look at the pool again at 11:00?
"""


def test_a_moment_told_later_stands_at_its_own_time_and_says_when_it_was_told(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(LATER, encoding="utf-8")
    report = draft(path, Settings.model_validate({"date": "2026-03-04", "timezone": "UTC"}))
    row = _row(report, "09:58")
    assert "190/200" in row.text
    assert "10:31" in row.note
    assert not [r for r in report.timeline if r.at and f"{r.at:%H:%M}" == "11:00"], "a plan is no moment"


def test_the_summary_has_the_words_of_the_line_that_shows_the_detection(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(
        CHAT.replace("[10:04 AM]\np99", "[10:00 AM]\np99").replace("[10:04 AM]", "[10:05 AM]"),
        encoding="utf-8",
    )
    report = draft(path, Settings.model_validate({"date": "2026-03-04", "timezone": "UTC"}))
    assert "200/200" in _row(report, "10:00").text
    assert "checkout is down" in report.summary[0].text
    assert "200/200" not in report.summary[0].text


DORMANT = """mira [10:10 AM]
checkout is down, users report 502s on /pay

jo [10:14 AM]
cart-db pool is 200/200, every checkout waits

jo [10:20 AM]
it is PR 2207, the pool change. a shop phoned about slow checkout mon 2 mar 16:42 already

mira [10:22 AM]
will roll back checkout

jo [10:25 AM]
rolled back checkout to v41

mira [10:29 AM]
checkout error rate back to normal, 0.1%

mira [10:35 AM]
P2 closed. review tomorrow 10:00
"""
MERGES = """[
 {"number": 2207, "title": "Checkout: pool of 20 instead of 200", "merged_at": "2026-03-02T09:41:27Z", "state": "closed",
  "html_url": "https://github.com/shop/checkout/pull/2207", "user": {"login": "jo"}, "base": {"ref": "main"}},
 {"number": 2209, "title": "Docs: opening hours", "merged_at": "2026-03-02T11:41:27Z", "state": "closed",
  "html_url": "https://github.com/shop/checkout/pull/2209", "user": {"login": "jo"}, "base": {"ref": "main"}}
]"""


def test_a_change_of_days_before_that_people_name_is_a_row_and_others_are_not(tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text(DORMANT, encoding="utf-8")
    (tmp_path / "pulls.json").write_text(MERGES, encoding="utf-8")
    report = draft(tmp_path, Settings.model_validate({"date": "2026-03-04", "timezone": "UTC"}))
    before = {f"{row.at:%d %H:%M}": row for row in report.timeline if row.at and row.at.day < 4}
    assert set(before) == {"02 09:41", "02 16:42"}
    assert "2207" in before["02 09:41"].text
    assert "10:20" in before["02 16:42"].note


def test_to_say_what_will_be_done_and_that_it_is_done_are_two_rows(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(DORMANT, encoding="utf-8")
    report = draft(path, Settings.model_validate({"date": "2026-03-04", "timezone": "UTC"}))
    minutes = [f"{row.at:%H:%M}" for row in report.timeline if row.at]
    assert {"10:22", "10:25"} <= set(minutes)
    assert minutes.count("10:00") == 0, "the review of tomorrow is no moment of today"
    assert report.milestones.closed.at is not None
    assert f"{report.milestones.closed.at:%H:%M}" == "10:35"


def test_an_impact_of_days_is_told_in_hours_with_the_day_of_its_end(tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text(DORMANT, encoding="utf-8")
    (tmp_path / "pulls.json").write_text(MERGES, encoding="utf-8")
    report = draft(tmp_path, Settings.model_validate({"date": "2026-03-04", "timezone": "UTC"}))
    (told,) = [s.text for s in report.summary if "restored" in s.text]
    assert told == "Impact lasted 48 h 48 min; service was restored at 2026-03-04 10:29."
    assert "03-02 09:41 → 03-04 10:29" in render(report, "md")
