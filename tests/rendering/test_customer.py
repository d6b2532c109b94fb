"""What leaves the house: whatever stands in a report, the customer template prints none of it but what was published."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.errors import InputError
from pm_agent.language import LANGUAGES, Language
from pm_agent.rendering import document, render
from pm_agent.rendering.public import is_safe
from pm_agent.report import Report
from rendering.sample import OWNER, SAID, report

_FREE = {"text", "title", "actor", "owner", "sponsor", "note", "question", "whom", "file", "name", "why", "signal", "goal", "acceptance", "suggestion", "message", "where", "ticket", "before", "after", "url", "plan", "actual", "what", "facilitator", "label"}  # fmt: skip


def _planted(node: Any, key: str = "") -> Any:
    """The same content with a sentinel in every place that holds words."""
    if isinstance(node, dict):
        return {k: _planted(v, k) for k, v in node.items()}
    if isinstance(node, list):
        words = key in {"services", "participants", "authors", "reviewers", "guide", "history"}
        return [f"SENTINEL {v}" if words and isinstance(v, str) else _planted(v, key) for v in node]
    return f"SENTINEL {node}" if isinstance(node, str) and key in _FREE else node


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_of_the_report_are_printed(language: Language) -> None:
    planted = _planted(report(language).model_dump(mode="json"))
    planted["response"]["communications"] = []
    made = Report.model_validate(planted)
    assert render(made, "md", "eleven").count("SENTINEL") > 50
    for format in ("md", "confluence"):
        assert "SENTINEL" not in render(made, format, "customer")
    package = zipfile.ZipFile(io.BytesIO(document(made, "docx", "customer")))
    assert not [n for n in package.namelist() if b"SENTINEL" in package.read(n)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_published_update_is_printed_and_an_internal_one_is_left_blank(language: Language) -> None:
    text = render(report(language), "md", "customer")
    assert SAID[language]["status"] in text
    assert "checkout" not in text
    assert OWNER not in text
    assert SAID[language]["ack"] not in text, "said inside, never published"
    assert "#e-" not in text


@pytest.mark.parametrize(
    "text",
    [
        "restarting order-core-7d9c8b6f5d-x2k4q",
        "see https://wiki.internal/x",
        "10.2.3.4 is down",
        "db1.prod.example answers again",
        "ask @zuzana",
        "Engineer A is on it",
        "工程师 A 正在处理",
        "revert 5be01d7920fb",
        "pool_size is back at 20",
        "call [phone#1]",
        "checkout is slow",
    ],
)
def test_internal_words_are_recognised(text: str) -> None:
    assert not is_safe(text, ["Engineer A", "工程师 A", "checkout"])


@pytest.mark.parametrize(
    "text",
    [
        "We are investigating payment errors.",
        "A fix has been implemented and we are monitoring the results.",
        "我们正在调查支付异常，预计 30 分钟内恢复。",
        "Between 09:00 and 09:33 some customers could not pay.",
    ],
)
def test_public_words_are_kept(text: str) -> None:
    assert is_safe(text, ["Engineer A", "checkout"])


@given(st.text(max_size=40), st.sampled_from(["Zuzana Malá", "order-core", "工程师 B"]))
def test_a_text_that_holds_a_private_word_is_never_safe(around: str, word: str) -> None:
    assert not is_safe(f"{around} {word} {around}", [word])


@pytest.mark.parametrize("format", ["html", "json"])
def test_formats_that_hold_everything_are_refused(format: str) -> None:
    with pytest.raises(InputError, match="whole report"):
        document(report("en"), format, "customer")


def test_what_is_still_going_on_is_not_called_over() -> None:
    text = render(report("en", status="ongoing"), "md", "customer")
    assert "being worked on" in text
    assert "resolved" not in text


def test_a_security_incident_is_not_announced_by_itself() -> None:
    text = render(report("en", incident_type={"value": "security", "citations": []}), "md", "customer")
    assert "in words that may be published" in text
    assert "security" not in text
