"""Action items as tickets that any tracker can take: title, body, labels, owner, date, and what they lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pm_agent.errors import InputError
from pm_agent.export.body import body_of, one_line
from pm_agent.export.marks import Mark, report_key, wording_of
from pm_agent.report import ActionItem, Report

LETTERS = ("specific", "measurable", "time_bound")
"""What an item must not fail to become a ticket."""
_LONGEST_TITLE = 240


@dataclass(frozen=True)
class TicketOptions:
    """What whoever exports decides."""

    report_id: str | None = None
    report_url: str | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Owner as the report names them → account in the tracker."""
    labels: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    quotes: bool = True
    """False leaves the text of evidence lines out."""


@dataclass(frozen=True)
class Ticket:
    """One action item, ready for a tracker."""

    item: ActionItem
    mark: Mark
    title: str
    body: str
    """Markdown; text from evidence in it is escaped and mentions nobody."""
    labels: tuple[str, ...]
    account: str | None
    due: date | None
    lacks: tuple[str, ...]
    """Letters of SMART that it clearly fails."""


def tickets_of(report: Report, options: TicketOptions | None = None) -> list[Ticket]:
    """A ticket for each open action item of a report, in its order.

    Raises:
        InputError: `only` names an item that does not exist.
    """
    options = options or TicketOptions()
    known = {action.id for action in report.actions}
    if strange := [name for name in options.only if name not in known]:
        raise InputError(
            f"no action item {strange[0]!r} in the report",
            hint=f"it has: {', '.join(sorted(known)) or 'none'}",
        )
    key, seen = report_key(report, options.report_id), list[str]()
    found = []
    for action in report.actions:
        mark = Mark(key, action.id, wording_of(action.text, seen))
        if action.status == "open" and (not options.only or action.id in options.only):
            found.append(_ticket(report, action, mark, options))
    return found


def lacks(action: ActionItem) -> tuple[str, ...]:
    """The letters that an item must not fail and does."""
    return tuple(name for name in LETTERS if getattr(action.smart, name).met is False)


def _ticket(report: Report, action: ActionItem, mark: Mark, options: TicketOptions) -> Ticket:
    title = f"{action.id}: {one_line(action.text)}"
    return Ticket(
        item=action,
        mark=mark,
        title=title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…",
        body=body_of(report, action, lacks(action), options.report_url, quotes=options.quotes),
        labels=_labels(action, options.labels),
        account=options.accounts.get(action.owner or ""),
        due=action.due,
        lacks=lacks(action),
    )


def _labels(action: ActionItem, more: tuple[str, ...]) -> tuple[str, ...]:
    found = ["postmortem", *more]
    found += [action.category] if action.category != "other" else []
    found += [action.priority] if action.priority else []
    found += ["proposed"] if action.origin == "proposed" else []
    return tuple(dict.fromkeys(found))
