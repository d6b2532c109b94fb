"""What every issue tracker gives: one class a tracker, without state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from pm_agent.export.http_api import HttpApi
from pm_agent.export.marks import Mark
from pm_agent.export.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Place:
    """Where tickets go."""

    project: str
    """owner/name, group/name or a project's key."""
    issue_type: str = "Task"
    """Jira only."""


@dataclass(frozen=True, slots=True)
class Request:
    """One ticket as the tracker's API takes it."""

    path: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket of this report that is there already."""

    mark: Mark
    url: str
    title: str


class Tracker(Protocol):
    """One tracker's dialect."""

    name: ClassVar[str]
    default_url: ClassVar[str | None]
    variables: ClassVar[tuple[str, ...]]
    """Environment variables that hold its credentials."""
    blank: ClassVar[str]
    """Printed where no project is given."""

    def headers(self, secrets: Mapping[str, str]) -> dict[str, str]:
        """What authenticates a request."""

    def request(self, ticket: Ticket, place: Place) -> Request:
        """The ticket as a request that creates it."""

    def is_public(self, api: HttpApi, place: Place) -> bool:
        """Whether strangers read the project; refuses where it is not to be had."""

    def find(self, api: HttpApi, place: Place, key: str) -> list[Found]:
        """Every ticket that carries a mark of this report."""

    def address(self, api: HttpApi, answer: Any) -> str:
        """Where people see a ticket that was just created."""
