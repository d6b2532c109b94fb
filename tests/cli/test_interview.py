"""`draft --interactive` and `resume -i` as a person at a terminal meets them."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from pm_agent.cli.app import app


def _draft(chat: Path, keys: str) -> tuple[int, str]:
    options = ["--tz", "UTC", "--date", "2026-03-04", "--lang", "en", "--run-dir", str(chat.parent / "runs")]
    arguments = ["draft", str(chat), "-i", *options, "-o", str(chat.parent / "r.json")]
    result = CliRunner().invoke(app, arguments, input=keys)
    return result.exit_code, result.stderr


def test_each_question_says_where_it_stands_and_what_it_rests_on(chat: Path) -> None:
    code, err = _draft(chat, "\n?\nb\nb\n")
    assert code == 0
    assert "1 of 3: why it happened" in err
    assert "Question 1 (at most 7) · direct cause" in err
    assert "10:04 Engineer B (chat.txt:4)" in err
    assert "the question goes to the review meeting" in err
    assert "3 of 3: why it was not contained faster" in err


def test_an_own_answer_is_read_back_before_it_is_kept(chat: Path) -> None:
    code, err = _draft(chat, "\nthe index was dropped\nthe migration has no check of indexes\n\nb\nb\nb\n")
    assert code == 0
    assert "Read back: the migration has no check of indexes. Therefore: found it" in err
    report = json.loads((chat.parent / "r.json").read_text())
    assert report["whys"][1]["answer"]["text"] == "the migration has no check of indexes"


def test_words_for_the_keys_do_as_the_keys(chat: Path) -> None:
    code, err = _draft(chat, "a\nunknown\nb\nb\n")
    assert code == 0
    assert "the question goes to the review meeting" in err
    report = json.loads((chat.parent / "r.json").read_text())
    assert report["whys"][0]["answer"]["support"] == "supported"


def test_a_letter_that_is_no_key_is_no_answer(chat: Path) -> None:
    code, err = _draft(chat, "e\n\n?\nb\nb\n")
    assert code == 0
    assert "“e” is no key and no answer" in err
    report = json.loads((chat.parent / "r.json").read_text())
    assert "e" not in [why["answer"]["text"] for why in report["whys"]]


def test_enter_accepts_nothing_where_nothing_is_proposed(chat: Path) -> None:
    _, err = _draft(chat, "\n\nb\nb\nb\n")
    assert "There is nothing to accept" in err


def test_stopping_says_how_to_go_on_and_going_on_asks_the_rest(chat: Path) -> None:
    code, err = _draft(chat, "\nq\n")
    assert code != 0
    assert "go on with the questions: pm-agent resume" in err
    run = next((chat.parent / "runs").iterdir())
    assert list(json.loads((run / "interview.json").read_text())) == ["W1"]
    result = CliRunner().invoke(app, ["resume", str(run), "-i", "-o", str(chat.parent / "r.md")], input="<\n\nb\nb\nb\n")  # fmt: skip
    assert result.exit_code == 0
    assert "Question 2 (at most 7)" in result.stderr
    assert result.stderr.count("Question 1 (at most 7)") == 1
