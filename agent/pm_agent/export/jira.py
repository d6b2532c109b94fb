"""Jira Cloud issues, REST API v3: the description is a document, and the mark is two labels."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from pm_agent.errors import InputError
from pm_agent.export.adf import to_adf
from pm_agent.export.http_api import HttpApi, json_of
from pm_agent.export.marks import Mark, marks_in
from pm_agent.export.tickets import Ticket
from pm_agent.export.tracker import Found, Place, Request


class Jira:
    """Due date and owner (by account id) as fields; priority as a label, since every site names its own."""

    name: ClassVar[str] = "jira"
    default_url: ClassVar[str | None] = None
    variables: ClassVar[tuple[str, ...]] = ("JIRA_EMAIL", "JIRA_API_TOKEN")
    blank: ClassVar[str] = "PROJECT"

    def headers(self, secrets: Mapping[str, str]) -> dict[str, str]:
        """Basic authentication with an API token."""
        pair = f"{secrets['JIRA_EMAIL']}:{secrets['JIRA_API_TOKEN']}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}", "Accept": "application/json"}

    def request(self, ticket: Ticket, place: Place) -> Request:
        """POST /rest/api/3/issue."""
        fields: dict[str, Any] = {
            "project": {"key": place.project},
            "issuetype": {"name": place.issue_type},
            "summary": ticket.title,
            "description": to_adf(ticket.body),
            "labels": [
                *("-".join(label.split()) for label in ticket.labels),
                _report(ticket.mark.key),
                str(ticket.mark),
            ],
        }
        if ticket.due:
            fields["duedate"] = ticket.due.isoformat()
        if ticket.account:
            fields["assignee"] = {"accountId": ticket.account}
        return Request("/rest/api/3/issue", {"fields": fields})

    def is_public(self, api: HttpApi, place: Place) -> bool:
        """False: who reads a project is set elsewhere; refuses where the project is not to be had."""
        json_of(api.get(f"/rest/api/3/project/{quote(place.project, safe='')}"))
        return False

    def find(self, api: HttpApi, place: Place, key: str) -> list[Found]:
        """By the report's label."""
        if '"' in place.project or "\\" in place.project:
            raise InputError(f"{place.project!r} is no project key", hint="--project KEY")
        asked = {
            "jql": f'project = "{place.project}" AND labels = "{_report(key)}"',
            "fields": "summary,labels",
            "maxResults": "100",
        }
        found: list[Found] = []
        token: str | None = ""
        while token is not None:
            answer = json_of(
                api.get("/rest/api/3/search/jql", {**asked, **({"nextPageToken": token} if token else {})})
            )
            found += [
                Found(mark, f"{api.base_url}/browse/{issue['key']}", issue["fields"]["summary"])
                for issue in answer["issues"]
                for mark in _marks(issue["fields"].get("labels") or [], key)
            ]
            token = answer.get("nextPageToken") or None
        return found

    def address(self, api: HttpApi, answer: Any) -> str:
        """The page of the issue."""
        return f"{api.base_url}/browse/{answer['key']}"


def _report(key: str) -> str:
    return f"pm-agent:{key}"


def _marks(labels: list[str], key: str) -> list[Mark]:
    return [mark for label in labels for mark in marks_in(label) if mark.key == key]
