"""Tickets: what they say, what they refuse, and that text from evidence does nothing in a tracker."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.incident import ACTIONS, HOSTILE, action, report
from pm_agent.errors import InputError
from pm_agent.export import TRACKERS, Place, TicketOptions, tickets_of
from pm_agent.export.adf import to_adf
from pm_agent.export.body import prose
from pm_agent.export.marks import marks_in, report_key
from rendering.sample import report as sample


def test_open_items_become_tickets_with_what_they_lack() -> None:
    found = tickets_of(report())
    assert [t.mark.item for t in found] == ["AI-001", "AI-002", "AI-003", "AI-005", "AI-006"], (
        "AI-004 is done"
    )
    assert found[0].title == "AI-001: Alert on pool usage above 80 %"
    assert found[0].labels == ("postmortem", "detect", "P1")
    assert found[1].lacks == ("specific", "measurable", "time_bound")
    assert found[3].labels == ("postmortem", "proposed")
    assert "not yet decided by anybody" in found[3].body


def test_a_body_says_who_when_why_and_where_it_stands_in_the_evidence() -> None:
    options = TicketOptions(report_url="https://wiki.example/p/1")
    body = tickets_of(report(), options)[0].body
    assert "**Owner:** Zuzana Malá" in body
    assert "**Due:** 2026-04-01" in body
    assert "**Done when:** 〔done when?〕" in body, "an end is asked for, not invented"
    assert re.search(r"- W1: \S+", body)
    assert re.search(r"\]\(https://wiki\.example/p/1#e-a1b2c3-10\)", body)
    assert "Engineer A" in body


def test_without_quotes_the_words_of_the_evidence_stay_out() -> None:
    quoted = tickets_of(report())[0].body
    bare = tickets_of(report(), TicketOptions(quotes=False))[0].body
    words = next(line.text for line in report().evidence if line.id == "a1b2c3:10")
    assert words in quoted
    assert words not in bare
    assert "### Evidence" in bare


def test_a_report_in_chinese_makes_chinese_tickets() -> None:
    body = tickets_of(sample("zh").replace(actions=ACTIONS))[0].body
    assert "**负责人:** Zuzana Malá" in body
    assert "来自复盘" in body


def test_text_from_evidence_notifies_links_and_commands_nothing() -> None:
    ticket = tickets_of(report(action(1, HOSTILE, owner="@all", acceptance="/close\n/assign @root")))[0]
    gitlab = str(TRACKERS["gitlab"].request(ticket, Place("a/b")).payload["description"])
    outside_code = re.sub(r"`[^`]*`", "", gitlab)
    assert "\n" not in ticket.title
    assert not re.search(r"^/", gitlab, re.MULTILINE), "a quick action"
    assert not re.search(r"(?<!\w)[@#!]\w", outside_code.replace("### ", "").replace("<!--", "")), (
        outside_code
    )
    assert "<img" not in outside_code.replace("\\<img", "")


@given(st.text(max_size=60))
def test_prose_is_one_line_and_mentions_nobody(text: str) -> None:
    printed = prose(text)
    assert "\n" not in printed
    assert not re.search(r"(?<![\w`])@\w", re.sub(r"`[^`]*`", "", printed.replace("\\`", "")))


@given(st.lists(st.text(max_size=40), max_size=4))
def test_a_jira_document_keeps_the_words(texts: list[str]) -> None:
    document = to_adf("\n".join(f"- {prose(text)}" for text in texts))
    assert document["type"] == "doc"
    assert all(node["content"] for node in document["content"] if node["type"] == "bulletList")
    for node in _texts(document):
        assert node["text"], "an empty text node is refused by Jira"


def _texts(node: dict[str, object]) -> list[dict[str, object]]:
    if node["type"] == "text":
        return [node]
    children = node.get("content", [])
    assert isinstance(children, list)
    return [found for child in children for found in _texts(child)]


def test_marks_tell_two_items_with_the_same_words_apart() -> None:
    twice = [action(1, "Add an alert"), action(2, "Add  an ALERT")]
    marks = [t.mark for t in tickets_of(report(*twice))]
    assert marks[0].wording != marks[1].wording
    assert marks_in(f"<!-- {marks[0]} -->") == [marks[0]]


def test_a_closed_twin_before_it_does_not_change_an_items_mark() -> None:
    both = [action(1, "Add an alert"), action(2, "Add an alert")]
    closed = [both[0].replace(status="done"), both[1]]
    assert tickets_of(report(*closed))[0].mark == tickets_of(report(*both))[1].mark


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("PM-2026 / 12", "PM-2026-12"),
        ("a -- b", "a-b"),
        ("复盘一号", None),
        ("复盘二号", None),
        ("INC 7 号", None),
    ],
)
def test_a_report_key_fits_a_comment_and_a_label(given: str, key: str | None) -> None:
    made = report_key(report(), given)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", made)
    assert "--" not in made
    assert key is None or made == key
    assert made != report_key(report(), given + "x")


def test_the_key_is_the_documents_number_before_day_and_title() -> None:
    bare = report(document={})
    assert report_key(bare) == report_key(report(document={}))
    assert report_key(bare).startswith("2026-03-04-")
    assert report_key(bare) != report_key(report(document={}, title="Another"))
    assert report_key(report(document={"id": "PM-7"})) == "PM-7"
    assert report_key(report(document={"id": "PM-7"}), "mine") == "mine"


def test_an_item_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(InputError, match="AI-099"):
        tickets_of(report(), TicketOptions(only=("AI-099",)))


def test_each_tracker_gets_owner_and_date_in_its_own_fields() -> None:
    ticket = tickets_of(report(), TicketOptions(accounts={"Zuzana Malá": "zuzana"}, labels=("team a",)))[0]
    github = TRACKERS["github"].request(ticket, Place("acme/shop"))
    assert github.path == "/repos/acme/shop/issues"
    assert github.payload["assignees"] == ["zuzana"]
    assert f"<!-- {ticket.mark} -->" in github.payload["body"]
    gitlab = TRACKERS["gitlab"].request(ticket, Place("acme/shop"))
    assert gitlab.path == "/api/v4/projects/acme%2Fshop/issues"
    assert gitlab.payload["due_date"] == "2026-04-01"
    assert gitlab.payload["description"].endswith("\n/assign @zuzana\n")
    jira = TRACKERS["jira"].request(ticket, Place("OPS", "Bug")).payload["fields"]
    assert jira["duedate"] == date(2026, 4, 1).isoformat()
    assert jira["assignee"] == {"accountId": "zuzana"}
    assert jira["issuetype"] == {"name": "Bug"}
    assert "team-a" in jira["labels"], "Jira's labels hold no blanks"
    assert not any(" " in label for label in jira["labels"])


def test_a_numeric_gitlab_account_is_a_field() -> None:
    ticket = tickets_of(report(), TicketOptions(accounts={"Zuzana Malá": "42"}))[0]
    payload = TRACKERS["gitlab"].request(ticket, Place("a/b")).payload
    assert payload["assignee_ids"] == [42]
    assert "/assign" not in payload["description"]


def test_long_words_are_cut_to_what_trackers_take() -> None:
    assert len(tickets_of(report(action(1, "word " * 200)))[0].title) <= 240
