"""The validation checklist of the conduct-post-mortem skill, each point judged on the report itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pm_agent.report import ActionItem, Report


@dataclass(frozen=True, slots=True)
class Check:
    """One point: met, not met, or not to be told from the evidence."""

    text: str
    met: bool | None
    note: str


def checklist(report: Report, words: dict[str, Any]) -> list[Check]:
    """The seven points in the order of the skill; `words` holds a sentence and notes for each."""
    judged = [
        ("timeline", *_timeline(report)),
        ("factors", *_factors(report)),
        ("actions", *_actions(report)),
        ("blameless", *_blameless(report)),
        ("shared", None, {"due": _due(report, "draft")}),
        ("tracked", *_tracked(report)),
        ("follow_up", None, {"due": _due(report, "month")}),
    ]
    found = []
    for name, met, values in judged:
        point = words[name]
        note = point["yes"] if met else point["unknown"] if met is None else point["no"]
        if met is None and values.get("due") is None:
            note = point["undated"]
        found.append(Check(point["text"], met, str(note).format(**values)))
    return found


def _timeline(report: Report) -> tuple[bool, dict[str, Any]]:
    missing = [g.text for g in report.gaps if g.kind == "missing_milestone"]
    times = [e.at for e in report.timeline if e.at]
    return not missing and bool(times) and times == sorted(times), {"n": len(missing)}


def _factors(report: Report) -> tuple[bool, dict[str, Any]]:
    roots = report.root_causes
    causes = [*roots.technical, *roots.process, *roots.human_factors, *report.contributing_factors]
    count = len({c.text for c in causes if c.support != "unknown"})
    return count > 1, {"n": count}


def _actions(report: Report) -> tuple[bool, dict[str, Any]]:
    lacking = [a.id for a in report.actions if not (a.owner and a.due and a.priority)]
    return bool(report.actions) and not lacking, {"ids": ", ".join(lacking) or "–"}


def _blameless(report: Report) -> tuple[bool, dict[str, Any]]:
    found = sum(f.where == "draft" for f in report.language_findings)
    found += sum(f.rule.startswith("blame") for f in report.findings)
    return found == 0, {"n": found}


def untracked(actions: Iterable[ActionItem]) -> list[str]:
    """Ids of open actions without a ticket."""
    return [a.id for a in actions if a.ticket is None and a.status == "open"]


def _tracked(report: Report) -> tuple[bool, dict[str, Any]]:
    lacking = untracked(report.actions)
    return bool(report.actions) and not lacking, {"ids": ", ".join(lacking) or "–"}


def _due(report: Report, code: str) -> str | None:
    return next((f.due.isoformat() for f in report.follow_up if f.code == code), None)
