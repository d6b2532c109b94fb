"""GitHub issues, REST API 2022-11-28; GitHub Enterprise Server with its own base URL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pm_agent.errors import InputError
from pm_agent.export.http_api import HttpApi, json_of
from pm_agent.export.marks import marks_in
from pm_agent.export.tickets import Ticket
from pm_agent.export.tracker import Found, Place, Request

_PAGES = 3


class GitHub:
    """Owner → assignee; the due date stands in the body, issues have no field for it."""

    name: ClassVar[str] = "github"
    default_url: ClassVar[str | None] = "https://api.github.com"
    variables: ClassVar[tuple[str, ...]] = ("GITHUB_TOKEN",)
    blank: ClassVar[str] = "OWNER/REPO"

    def headers(self, secrets: Mapping[str, str]) -> dict[str, str]:
        """Bearer token, and the version of the API that was read."""
        return {
            "Authorization": f"Bearer {secrets['GITHUB_TOKEN']}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    def request(self, ticket: Ticket, place: Place) -> Request:
        """POST /repos/{owner}/{repo}/issues."""
        payload: dict[str, Any] = {
            "title": ticket.title,
            "body": f"{ticket.body}\n<!-- {ticket.mark} -->\n",
            "labels": list(ticket.labels),
        }
        if ticket.account:
            payload["assignees"] = [ticket.account]
        return Request(f"{_repository(place)}/issues", payload)

    def is_public(self, api: HttpApi, place: Place) -> bool:
        """Whether the repository is public.

        Raises:
            InputError: it takes no issues.
        """
        found = json_of(api.get(_repository(place)))
        if found.get("archived") or found.get("has_issues") is False:
            raise InputError(
                f"{place.project} takes no issues", hint="it is archived, or they are switched off"
            )
        return found.get("private") is False

    def find(self, api: HttpApi, place: Place, key: str) -> list[Found]:
        """By search, and in the newest issues with our label: search learns of an issue only after a while."""
        query = f'"pm-agent:{key}" in:body is:issue repo:{place.project}'
        found: dict[str, Found] = {}
        for page in range(1, 11):
            answer = json_of(api.get("/search/issues", {"q": query, "per_page": "100", "page": str(page)}))
            found |= _marked(answer["items"], key)
            if len(answer["items"]) < 100:
                break
        newest = {
            "state": "all",
            "labels": "postmortem",
            "sort": "created",
            "direction": "desc",
            "per_page": "100",
        }
        for page in range(1, _PAGES + 1):
            issues = json_of(api.get(f"{_repository(place)}/issues", {**newest, "page": str(page)}))
            found |= _marked(issues, key)
            if len(issues) < 100:
                break
        return list(found.values())

    def address(self, api: HttpApi, answer: Any) -> str:
        """The page of the issue."""
        return str(answer["html_url"])


def _repository(place: Place) -> str:
    owner, slash, name = place.project.partition("/")
    if place.project != GitHub.blank and not (
        slash and owner and name and "/" not in name and " " not in place.project
    ):
        raise InputError(f"{place.project!r} is no repository", hint="--project OWNER/REPO")
    return f"/repos/{owner}/{name}"


def _marked(issues: Iterable[dict[str, Any]], key: str) -> dict[str, Found]:
    return {
        issue["html_url"]: Found(mark, issue["html_url"], issue["title"])
        for issue in issues
        for mark in marks_in(issue.get("body") or "")
        if mark.key == key
    }
