"""Drafts blameless incident postmortems from what an incident left behind.

The public names are all here; everything else may change. They are loaded when first used, so that importing the
package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pm_agent.api import check_actions, draft, draft_async, lint, read, verify
    from pm_agent.evidence import Evidence
    from pm_agent.rendering import render
    from pm_agent.report import Report
    from pm_agent.settings import Settings
    from pm_agent.stages.interview import InterviewAnswer, InterviewQuestion

__all__ = [
    "Evidence",
    "InterviewAnswer",
    "InterviewQuestion",
    "Report",
    "Settings",
    "check_actions",
    "draft",
    "draft_async",
    "lint",
    "read",
    "render",
    "verify",
]

_HOMES = {
    "draft": "pm_agent.api",
    "draft_async": "pm_agent.api",
    "read": "pm_agent.api",
    "lint": "pm_agent.api",
    "check_actions": "pm_agent.api",
    "verify": "pm_agent.api",
    "render": "pm_agent.rendering",
    "Report": "pm_agent.report",
    "Evidence": "pm_agent.evidence",
    "Settings": "pm_agent.settings",
    "InterviewAnswer": "pm_agent.stages.interview",
    "InterviewQuestion": "pm_agent.stages.interview",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
