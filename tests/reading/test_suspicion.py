"""Suspected causes: which talk suspects one, and what became of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_agent import Settings, draft
from pm_agent.report import Hypothesis, Report

HEAD = "date: 2026-03-04\ntimezone: UTC\n"
NIGHT = """[2026-03-04 10:00] mira: parcel labels don't print, depots report timeouts on /labels
[2026-03-04 10:03] jo: looking
[2026-03-04 10:05] jo: {suspected}
[2026-03-04 10:07] ana: {answer}
[2026-03-04 10:15] jo: found it, the renderer of labels waits for a font server that was switched off since v41
[2026-03-04 10:18] jo: rolled back labels to v40
[2026-03-04 10:22] mira: labels print again, error rate is back to normal
[2026-03-04 10:40] mira: incident closed
"""


def _draft(folder: Path, suspected: str, answer: str = "let me see what the graphs say") -> Report:
    folder.joinpath("chat.txt").write_text(NIGHT.format(suspected=suspected, answer=answer), encoding="utf-8")
    folder.joinpath("incident.yaml").write_text(HEAD, encoding="utf-8")
    return draft(folder, Settings())


def _of(report: Report, words: str) -> list[Hypothesis]:
    return [h for h in report.hypotheses if words in h.text]


@pytest.mark.parametrize(
    "suspected",
    [
        "could it be the kafka upgrade of yesterday? it touched the same hosts",
        "my money is on the proxy, it was moved last week",
        "maybe the kernel round broke the disks of the printers",
        "looks like dns to me, we had that in spring",
    ],
)
def test_a_suspicion_is_found_in_many_wordings(tmp_path: Path, suspected: str) -> None:
    (found,) = _of(_draft(tmp_path, suspected), suspected[:20])
    assert found.verdict == "open"


@pytest.mark.parametrize(
    "talk",
    [
        "can you join the call please?",
        "is it safe to send the noon batch?",
        "about 40 depots I think",
        "coffee?",
    ],
)
def test_other_questions_are_none(tmp_path: Path, talk: str) -> None:
    assert not _of(_draft(tmp_path, talk), talk[:12])


@pytest.mark.parametrize(
    "answer",
    [
        "kafka is fine, no lag at all, so not that",
        "it wasn't the kafka upgrade, that runs on other hosts",
        "no, that's not it",
    ],
)
def test_a_denial_that_names_it_or_answers_at_once_rules_it_out(tmp_path: Path, answer: str) -> None:
    report = _draft(tmp_path, "could it be the kafka upgrade of yesterday? it touched the same hosts", answer)
    (found,) = _of(report, "kafka upgrade")
    assert found.verdict == "ruled_out"
    assert found.contradicting


def test_a_suspicion_that_shares_two_words_with_the_cause_is_not_confirmed_by_that(tmp_path: Path) -> None:
    report = _draft(
        tmp_path,
        "maybe the renderer of labels ran out of memory after the big import of the winter catalogue",
    )
    (found,) = _of(report, "winter catalogue")
    assert found.verdict != "confirmed"


def test_who_says_in_the_end_that_the_cause_is_unknown_is_believed(tmp_path: Path) -> None:
    chat = NIGHT.format(suspected="odd", answer="yes").replace(
        "found it, the renderer of labels waits for a font server that was switched off since v41",
        "so the renderer of labels waits on something since v41",
    )
    chat = chat.replace(
        "incident closed", 'nobody found why it waits. putting "cause: unknown", incident closed'
    )
    tmp_path.joinpath("chat.txt").write_text(chat, encoding="utf-8")
    tmp_path.joinpath("incident.yaml").write_text(HEAD, encoding="utf-8")
    cause = draft(tmp_path, Settings()).milestones.cause_found
    assert cause.at is None
    assert "not known" in cause.reason
