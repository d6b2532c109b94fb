"""Report → tickets and dates: payloads for trackers, tables, a calendar. Sending is a step of its own, never implied."""

from __future__ import annotations

from pm_agent.export.calendar import to_ics
from pm_agent.export.github import GitHub
from pm_agent.export.gitlab import GitLab
from pm_agent.export.http_api import HttpApi
from pm_agent.export.jira import Jira
from pm_agent.export.sending import Outcome, Plan, create, plan
from pm_agent.export.tables import to_csv, to_markdown_table
from pm_agent.export.tickets import Ticket, TicketOptions, tickets_of
from pm_agent.export.tracker import Found, Place, Request, Tracker

__all__ = [
    "TRACKERS",
    "Found",
    "HttpApi",
    "Outcome",
    "Place",
    "Plan",
    "Request",
    "Ticket",
    "TicketOptions",
    "Tracker",
    "create",
    "plan",
    "tickets_of",
    "to_csv",
    "to_ics",
    "to_markdown_table",
]

TRACKERS: dict[str, Tracker] = {tracker.name: tracker for tracker in (GitHub(), GitLab(), Jira())}
