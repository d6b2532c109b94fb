"""What is listed in a timeline: what people quote, suspect and undo; not what only blames; more of few lines than of many."""

from __future__ import annotations

from pathlib import Path

from pm_agent import Settings, draft
from pm_agent.report import Report

HEAD = "date: 2026-03-04\ntimezone: UTC\n"


def _draft(folder: Path, chat: str) -> Report:
    folder.joinpath("chat.txt").write_text(chat, encoding="utf-8")
    folder.joinpath("incident.yaml").write_text(HEAD, encoding="utf-8")
    return draft(folder, Settings())


def _texts(report: Report) -> dict[str, str]:
    return {f"{row.at:%H:%M}": row.text for row in report.timeline if row.at}


NIGHT = """[2026-03-04 10:00] mira: checkout is down, customers report 502s on /pay
[2026-03-04 10:03] jo: looking
[2026-03-04 10:05] jo: could it be the redis upgrade of yesterday? it touched the session cache
[2026-03-04 10:09] ana: redis is fine, 2 ms everywhere, so not the upgrade
[2026-03-04 10:12] mira: unbelievable, Jo is careless and broke it again
[2026-03-04 10:15] jo: found it, the pool of checkout is set to 2 since v41, it was 20
[2026-03-04 10:18] jo: rolled back checkout to v40
[2026-03-04 10:22] mira: checkout error rate is back to normal, payments go through again
[2026-03-04 10:40] mira: incident closed
"""


def test_a_false_lead_stands_among_the_hypotheses_and_what_ruled_it_out_in_the_timeline(
    tmp_path: Path,
) -> None:
    report = _draft(tmp_path, NIGHT)
    assert "10:05" not in _texts(report)
    assert "redis is fine" in _texts(report)["10:09"]
    (suspected,) = [h for h in report.hypotheses if "redis" in h.text]
    assert suspected.verdict == "ruled_out"


def test_a_suspicion_that_nobody_ruled_out_is_a_row_and_a_hypothesis(tmp_path: Path) -> None:
    doubt = "10:09] ana: I suspect the redis upgrade too, the session cache changed with it"
    report = _draft(
        tmp_path,
        "".join(
            doubt.join(["[2026-03-04 ", "\n"]) if "10:09" in row else row + "\n" for row in NIGHT.splitlines()
        ),
    )
    assert "redis upgrade" in _texts(report)["10:05"]
    (suspected,) = [h for h in report.hypotheses if "redis" in h.text]
    assert suspected.verdict == "open"


def test_what_only_blames_is_no_row(tmp_path: Path) -> None:
    report = _draft(tmp_path, NIGHT)
    assert "10:12" not in _texts(report)
    assert any(f.sentence.startswith("unbelievable") for f in report.language_findings)


def test_a_guess_at_a_figure_a_hope_or_a_request_is_no_hypothesis(tmp_path: Path) -> None:
    guesses = """[2026-03-04 10:06] ana: roughly 900 orders lost I think, from the graph
[2026-03-04 10:07] ana: is it safe to let the 11:00 export go out?
[2026-03-04 10:08] ana: looks like it, one more minute maybe
"""
    report = _draft(tmp_path, NIGHT.replace("[2026-03-04 10:09]", guesses + "[2026-03-04 10:09]"))
    assert not [
        h.text for h in report.hypotheses if "900" in h.text or "safe" in h.text or "looks like" in h.text
    ]


def test_the_way_back_from_a_workaround_on_the_next_day_is_a_row(tmp_path: Path) -> None:
    later = """[2026-03-04 18:00] jo: anyone for dinner?
[2026-03-05 09:30] jo: switched checkout back to the new pool, done. error rate is back to normal, everything recovered
"""
    report = _draft(tmp_path, NIGHT + later)
    days = {f"{row.at:%d %H:%M}" for row in report.timeline if row.at}
    assert "05 09:30" in days
    assert "04 18:00" not in days


def test_of_a_few_lines_more_are_listed_than_of_the_same_among_many(tmp_path: Path) -> None:
    """Of ten lines people list most; of five hundred a few dozen."""
    few, many = tmp_path / "few", tmp_path / "many"
    chatter = "".join(
        f"[2026-03-04 10:{n // 12:02d}:{5 * (n % 12):02d}] p{n % 7}: still waiting for number {n} of the queue here\n"
        for n in range(12 * 40)
    )
    for folder in (few, many):
        folder.mkdir()
    seconds = NIGHT.replace("] ", ":30] ")
    listed = _texts(_draft(few, seconds))
    merged = "".join(sorted([*seconds.splitlines(True), *chatter.splitlines(True)]))
    crowded = _texts(_draft(many, merged))
    mine = [line.split(": ", 1)[1] for line in seconds.splitlines()]
    assert sum(any(words[:30] in text for text in listed.values()) for words in mine) >= sum(
        any(words[:30] in text for text in crowded.values()) for words in mine
    )
    assert len(crowded) < len(chatter.splitlines()) / 4


def test_talk_of_lunch_stays_out_even_with_figures(tmp_path: Path) -> None:
    beside = """[2026-03-04 10:16] ana: lunch is 12 boxes of pizza, kitchen on floor 40
[2026-03-04 10:17] ana: 奶茶到了 前台有 11 杯
"""
    report = _draft(tmp_path, NIGHT.replace("[2026-03-04 10:18]", beside + "[2026-03-04 10:18]"))
    texts = " ".join(_texts(report).values())
    assert "pizza" not in texts
    assert "奶茶" not in texts
