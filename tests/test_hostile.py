"""Text made to be slow costs no more than its length: patterns that see a whole message, and messages through a reader."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from evals.stress.hostile import PLAIN, attacks

from pm_agent import Settings, check_actions, lint
from pm_agent.api import read
from pm_agent.ingest.formats import BUILT_INS
from pm_agent.ingest.source import of_bytes
from pm_agent.language import LANGUAGES, words
from pm_agent.redact import injections, secrets

WHOLE = 5_000
SLOW = 0.25


def worst(pattern: re.Pattern[str], length: int) -> tuple[float, str]:
    """The most processor time that one hostile text takes, and the text; the better of two tries counts."""
    found = (0.0, "")
    for text in [
        *((p * length)[: length - 1] + "\x00" for p in PLAIN),
        *attacks(pattern.pattern, pattern.flags, length),
    ]:
        took = _seconds(pattern, text)
        if took > found[0]:
            found = (min(took, _seconds(pattern, text)), text[:60])
        if found[0] > SLOW:
            break
    return found


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    started = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - started


def commands() -> list[Any]:
    return [
        pytest.param(re.compile(pattern, re.I), id=f"{language}-{number}")
        for language in LANGUAGES
        for number, pattern in enumerate(words(language, "injection")["commands"])
    ]


@pytest.mark.parametrize("pattern", commands())
def test_a_pattern_of_commands_is_quick_on_any_text(pattern: re.Pattern[str]) -> None:
    """They search whole messages, written by whoever wants to."""
    took, text = worst(pattern, WHOLE)
    assert took < SLOW, (pattern.pattern, text)


@pytest.mark.parametrize("module", [injections, secrets], ids=lambda m: m.__name__)
def test_the_redactors_own_patterns_are_quick_on_any_text(module: Any) -> None:
    for name, pattern in vars(module).items():
        if isinstance(pattern, re.Pattern):
            took, text = worst(pattern, WHOLE)
            assert took < SLOW, (name, text)


@pytest.mark.parametrize(
    "body",
    [
        "new system instructions" + " " * 4_900 + "!",
        "because @" + "-" * 4_900 + "~",
        "not " + "a" * 4_900 + "~",
        " :a: [ P0" + " " * 4_900 + "~",
        "Note" + " " * 4_900 + "~",
        "0" * 4_900 + "~",
    ],
    ids=lambda body: body[:12].strip(),
)
def test_a_hostile_message_is_read_within_a_second(tmp_path: Path, body: str) -> None:
    """Found by timing each pattern on texts made for it; the first took minutes."""
    path = tmp_path / "notes.txt"
    path.write_text(
        f"10:02 checkout is down, users report errors\n10:05 {body}\n10:20 rolled back v2, all good now\n"
    )
    settings = Settings(date="2026-03-04", timezone="UTC")  # type: ignore[arg-type]
    started = time.process_time()
    evidence = read(path, settings)
    assert time.process_time() - started < 1.0
    assert len(evidence.events) == 3


@pytest.mark.parametrize("unit", ["yesterday", "error", "0", "中，万元 ", "UTC\t"])
def test_a_line_of_a_document_is_judged_within_a_second(unit: str) -> None:
    """Found by the fuzzer: action items of ten thousand characters and more."""
    text = "- improve " + unit * (20_000 // len(unit))
    started = time.process_time()
    assert len(check_actions(text)) == 1
    lint(text)
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("blank.txt", "10:02 checkout is down\n" + "\n \t" * 8_000 + "x\n10:20 fixed\n"),
        ("digits.txt", "10:02 checkout is down\n" + "9" * 30_000 + "\n10:20 fixed\n"),
        ("wide.csv", "time,message\n" + "2026-03-04T10:02:00Z," + "word" * 6_000 + "\n2026-03-04T10:03:00Z,it is down\n"),
        ("number.json", '{"messages": [{"ts": ' + "9" * 15_000 + "}]}"),
    ],
    ids=lambda value: value if len(value) < 20 else "",
)  # fmt: skip
def test_every_reader_judges_a_hostile_file_within_a_second(name: str, content: str) -> None:
    """Found by the fuzzer: runs of blank lines, of digits, of letters; a number that Python refuses to read."""
    source = of_bytes(name, content.encode())
    started = time.process_time()
    assert all(0 <= adapter.fits(source) <= 1 for adapter in BUILT_INS)
    assert time.process_time() - started < 1.0
    if name.endswith(".json"):
        assert source.json_error == ("a number of too many digits", 1)
