"""GitLab issues, API v4; gitlab.com or an instance of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from pm_agent.errors import InputError
from pm_agent.export.http_api import HttpApi, json_of
from pm_agent.export.marks import marks_in
from pm_agent.export.tickets import Ticket
from pm_agent.export.tracker import Found, Place, Request


class GitLab:
    """Due date as a field; an owner by numeric id as a field, by user name as the quick action /assign."""

    name: ClassVar[str] = "gitlab"
    default_url: ClassVar[str | None] = "https://gitlab.com"
    variables: ClassVar[tuple[str, ...]] = ("GITLAB_TOKEN",)
    blank: ClassVar[str] = "GROUP/PROJECT"

    def headers(self, secrets: Mapping[str, str]) -> dict[str, str]:
        """Personal, project and group access tokens."""
        return {"PRIVATE-TOKEN": secrets["GITLAB_TOKEN"]}

    def request(self, ticket: Ticket, place: Place) -> Request:
        """POST /projects/{id}/issues."""
        description = f"{ticket.body}\n<!-- {ticket.mark} -->\n"
        payload: dict[str, Any] = {"title": ticket.title, "labels": ",".join(ticket.labels)}
        if ticket.due:
            payload["due_date"] = ticket.due.isoformat()
        if ticket.account and ticket.account.isdigit():
            payload["assignee_ids"] = [int(ticket.account)]
        elif ticket.account:
            description += f"\n/assign @{ticket.account}\n"
        return Request(f"{_project(place)}/issues", {**payload, "description": description})

    def is_public(self, api: HttpApi, place: Place) -> bool:
        """Whether the project is public.

        Raises:
            InputError: it takes no issues.
        """
        found = json_of(api.get(_project(place)))
        if found.get("archived") or found.get("issues_access_level") == "disabled":
            raise InputError(
                f"{place.project} takes no issues", hint="it is archived, or they are switched off"
            )
        return bool(found.get("visibility") == "public")

    def find(self, api: HttpApi, place: Place, key: str) -> list[Found]:
        """By search in descriptions."""
        asked = {"search": f"pm-agent:{key}", "in": "description", "scope": "all", "per_page": "100"}
        found, page = [], "1"
        while page:
            answer = api.get(f"{_project(place)}/issues", {**asked, "page": page})
            found += [
                Found(mark, issue["web_url"], issue["title"])
                for issue in json_of(answer)
                for mark in marks_in(issue.get("description") or "")
                if mark.key == key
            ]
            page = answer.headers.get("x-next-page", "")
        return found

    def address(self, api: HttpApi, answer: Any) -> str:
        """The page of the issue."""
        return str(answer["web_url"])


def _project(place: Place) -> str:
    return f"/api/v4/projects/{place.project if place.project == GitLab.blank else quote(place.project, safe='')}"
