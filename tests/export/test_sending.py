"""Sending: once and only once, whatever the tracker answers, and wherever the run breaks off."""

from __future__ import annotations

import base64
from typing import Any

import httpx2
import pytest

from export.fakes import PROJECTS, SECRETS, FakeTracker
from export.incident import action, report
from pm_agent.errors import InputError, TrackerError, TrackerRefused, TrackerSilent
from pm_agent.export import TRACKERS, HttpApi, Outcome, Place, Plan, Ticket, create, plan, tickets_of

KINDS = sorted(TRACKERS)


def ready() -> list[Ticket]:
    return [t for t in tickets_of(report()) if not t.lacks]


def planned(fake: FakeTracker, tickets: list[Ticket] | None = None, again: tuple[str, ...] = ()) -> Plan:
    tickets = tickets if tickets is not None else ready()
    found = TRACKERS[fake.kind].find(fake.api(), Place(PROJECTS[fake.kind]), tickets[0].mark.key)
    return plan(tickets, found, again)


def run(fake: FakeTracker, tickets: list[Ticket] | None = None) -> Outcome:
    made = planned(fake, tickets)
    return create(TRACKERS[fake.kind], fake.api(), Place(PROJECTS[fake.kind]), made.create)


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_run_creates_nothing(kind: str) -> None:
    fake = FakeTracker(kind)
    first = run(fake)
    assert [t.mark.item for t, _ in first.created] == ["AI-001", "AI-003", "AI-006"]
    again = planned(fake)
    assert again.create == []
    assert [(t.mark.item, url) for t, url in again.there] == [(t.mark.item, url) for t, url in first.created]
    assert run(fake).created == []
    assert len(fake.tickets) == 3


def test_github_finds_what_search_does_not_know_yet() -> None:
    fake = FakeTracker("github", search_lags=True)
    run(fake)
    assert planned(fake).create == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("broken", [1, 2, 3])
def test_a_run_that_breaks_off_goes_on_where_it_stopped(kind: str, broken: int) -> None:
    fake = FakeTracker(kind)

    def fault(request: httpx2.Request) -> httpx2.Response | None:
        return httpx2.Response(500) if request.method == "POST" and fake.posts() == broken else None

    fake.before = fault
    outcome = run(fake)
    assert len(outcome.created) == broken - 1
    assert isinstance(outcome.failed[0][1], TrackerSilent)
    assert len(outcome.untried) == 3 - broken
    fake.before = lambda request: None
    run(fake)
    assert len(fake.tickets) == 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("error", [httpx2.ReadTimeout, httpx2.ConnectError, httpx2.RemoteProtocolError])
def test_a_ticket_created_behind_a_lost_answer_is_found_and_not_created_again(
    kind: str, error: type[httpx2.TransportError]
) -> None:
    fake = FakeTracker(kind)

    def lose(request: httpx2.Request) -> httpx2.Response | None:
        if request.method == "POST" and fake.posts() == 2:
            raise error("lost")
        return None

    fake.after = lose
    outcome = run(fake)
    assert len(outcome.created) == len(fake.tickets) == 3
    assert outcome.failed == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_tracker_that_goes_away_leaves_the_truth_open(kind: str) -> None:
    fake = FakeTracker(kind)
    made = planned(fake)

    def gone(request: httpx2.Request) -> httpx2.Response | None:
        raise httpx2.ConnectTimeout("gone")

    fake.before = gone
    outcome = create(TRACKERS[kind], fake.api(), Place(PROJECTS[kind]), made.create)
    assert isinstance(outcome.failed[0][1], TrackerSilent)
    assert "no answer in time" in str(outcome.failed[0][1])
    assert len(outcome.untried) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "hint"), [(401, "token"), (403, "right"), (404, "--project"), (410, "switched off")]
)
def test_a_refusal_that_meets_everything_stops_the_run(kind: str, status: int, hint: str) -> None:
    fake = FakeTracker(kind)
    made = planned(fake)
    fake.before = lambda request: httpx2.Response(status, json={"message": "no\x1b[31m way"})
    outcome = create(TRACKERS[kind], fake.api(), Place(PROJECTS[kind]), made.create)
    error = outcome.failed[0][1]
    assert isinstance(error, TrackerRefused)
    assert error.status == status
    assert str(error).endswith("no way"), "the server's words, without its control codes"
    assert "t0ken" not in str(error)
    assert hint in error.hint
    assert len(outcome.untried) == 2
    assert fake.waits == []


@pytest.mark.parametrize(
    ("kind", "answer", "says"),
    [
        ("github", {"message": "Validation Failed", "errors": [{"field": "assignees", "code": "invalid"}]}, "assignees invalid"),
        ("gitlab", {"message": {"due_date": ["is wrong"]}}, "due_date"),
        ("jira", {"errorMessages": [], "errors": {"duedate": "cannot be set"}}, "duedate: cannot be set"),
    ],
)  # fmt: skip
def test_a_refusal_of_one_ticket_lets_the_others_through(kind: str, answer: Any, says: str) -> None:
    fake = FakeTracker(kind)
    status = 422 if kind == "github" else 400

    def fault(request: httpx2.Request) -> httpx2.Response | None:
        return (
            httpx2.Response(status, json=answer) if request.method == "POST" and fake.posts() == 2 else None
        )

    fake.before = fault
    outcome = run(fake)
    assert [t.mark.item for t, _ in outcome.created] == ["AI-001", "AI-006"]
    assert says in str(outcome.failed[0][1])
    assert outcome.untried == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "headers", "waited"),
    [
        (429, {"retry-after": "7"}, 7),
        (429, {"retry-after": "Wed, 04 Mar 2026 09:00:30 GMT", "date": "Wed, 04 Mar 2026 09:00:00 GMT"}, 30),
        (429, {}, 60),
        (403, {"retry-after": "3"}, 3),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1772614812", "date": "Wed, 04 Mar 2026 09:00:00 GMT"}, 12),
    ],
)  # fmt: skip
def test_a_tracker_that_asks_to_wait_is_waited_for(
    kind: str, status: int, headers: dict[str, str], waited: float
) -> None:
    fake = FakeTracker(kind)

    def busy(request: httpx2.Request) -> httpx2.Response | None:
        return (
            httpx2.Response(status, headers=headers)
            if request.method == "POST" and fake.posts() == 2
            else None
        )

    fake.before = busy
    outcome = run(fake)
    assert fake.waits == [waited]
    assert len(outcome.created) == len(fake.tickets) == 3


def test_a_tracker_that_asks_to_wait_for_an_hour_is_left() -> None:
    fake = FakeTracker("github")
    fake.before = lambda r: (
        httpx2.Response(429, headers={"retry-after": "3600"}) if r.method == "POST" else None
    )
    outcome = run(fake)
    assert fake.waits == []
    assert "3600 s" in str(outcome.failed[0][1])
    assert len(outcome.untried) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_looking_is_tried_three_times_and_then_given_up(kind: str) -> None:
    fake = FakeTracker(kind)
    fake.before = lambda request: httpx2.Response(502, text="<html>bad gateway</html>")
    with pytest.raises(TrackerSilent, match="502"):
        planned(fake)
    assert len(fake.requests) == 3
    assert len(fake.waits) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_login_page_is_no_answer(kind: str) -> None:
    fake = FakeTracker(kind)
    fake.before = lambda request: httpx2.Response(200, text="<html>sign in</html>")
    with pytest.raises(TrackerError, match="no JSON"):
        planned(fake)


def test_a_moved_repository_is_not_followed_with_the_token() -> None:
    fake = FakeTracker("github")
    fake.before = lambda request: httpx2.Response(301, headers={"location": "https://evil.example/x"})
    with pytest.raises(TrackerRefused, match=r"moved to 'https://evil\.example/x'"):
        planned(fake)
    assert {r.url.host for r in fake.requests} == {"api.github.com"}


def test_an_item_reworded_under_its_number_is_not_created_unasked() -> None:
    fake = FakeTracker("github")
    run(fake, tickets_of(report(action(1, "Add an alert"))))
    reworded = tickets_of(report(action(1, "Add a dashboard")))
    made = planned(fake, reworded)
    assert made.create == []
    assert made.unclear[0][1].title == "AI-001: Add an alert"
    assert [t.mark.item for t in planned(fake, reworded, ("AI-001",)).create] == ["AI-001"]


def test_an_item_that_changed_its_number_is_known_by_its_words() -> None:
    fake = FakeTracker("gitlab")
    run(fake, tickets_of(report(action(1, "Add an alert"))))
    moved = tickets_of(report(action(1, "Something new"), action(2, "Add an alert")))
    made = planned(fake, moved)
    assert [t.mark.item for t, _ in made.there] == ["AI-002"]
    assert [t.mark.item for t, _ in made.unclear] == []
    assert [t.mark.item for t in made.create] == ["AI-001"]


def test_two_items_with_the_same_words_are_two_tickets_on_every_run() -> None:
    fake = FakeTracker("jira")
    twins = tickets_of(report(action(1, "Add an alert"), action(2, "Add an alert")))
    fake.before = lambda r: httpx2.Response(500) if r.method == "POST" and fake.posts() == 2 else None
    run(fake, twins)
    fake.before = lambda r: None
    run(fake, twins)
    run(fake, twins)
    assert len(fake.tickets) == 2


def test_an_item_with_a_ticket_is_left_alone() -> None:
    fake = FakeTracker("github")
    assert planned(fake, tickets_of(report(action(1, "x", ticket="https://t.example/1")))).create == []


@pytest.mark.parametrize(
    ("kind", "public"), [("github", True), ("gitlab", True), ("github", False), ("jira", False)]
)
def test_a_public_project_is_known(kind: str, public: bool) -> None:
    fake = FakeTracker(kind, public=public)
    assert TRACKERS[kind].is_public(fake.api(), Place(PROJECTS[kind])) is public


@pytest.mark.parametrize(
    "answer", [{"archived": True}, {"has_issues": False}, {"issues_access_level": "disabled"}]
)
def test_a_project_without_issues_is_refused_before_anything_is_sent(answer: dict[str, Any]) -> None:
    kind = "gitlab" if "issues_access_level" in answer else "github"
    fake = FakeTracker(kind)
    fake.before = lambda request: httpx2.Response(200, json=answer)
    with pytest.raises(InputError, match="takes no issues"):
        TRACKERS[kind].is_public(fake.api(), Place("acme/shop"))


@pytest.mark.parametrize("project", ["acme", "acme/", "/shop", "a/b/c", "a b/c", "../x/y"])
def test_a_project_that_is_no_repository_is_refused(project: str) -> None:
    with pytest.raises(InputError, match="no repository"):
        TRACKERS["github"].request(ready()[0], Place(project))


def test_a_jira_query_holds_what_it_was_given() -> None:
    with pytest.raises(InputError, match="project key"):
        TRACKERS["jira"].find(FakeTracker("jira").api(), Place('OPS" OR 1=1'), "k")


@pytest.mark.parametrize(
    "url", ["http://jira.example", "jira.example", "ftp://x", "https://u:p@h.example", ""]
)
def test_a_token_does_not_travel_in_the_open(url: str) -> None:
    with pytest.raises(InputError):
        HttpApi(url, {}, wait=lambda seconds: None)


def test_credentials_stand_in_the_header_that_each_tracker_reads() -> None:
    assert TRACKERS["github"].headers(SECRETS)["Authorization"] == "Bearer t0ken"
    assert TRACKERS["gitlab"].headers(SECRETS) == {"PRIVATE-TOKEN": "t0ken"}
    basic = TRACKERS["jira"].headers(SECRETS)["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(basic) == b"a@b.example:t0ken"
