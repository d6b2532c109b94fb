"""A report with action items of every kind: complete, incomplete, proposed, done, hostile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pm_agent.report import ActionItem, Report
from rendering.sample import report as sample

HOSTILE = "/close @everyone see #12 and !7 <img src=x onerror=alert(1)> ``` [x](javascript:1) | =cmd()"


def verdicts(**unmet: str) -> dict[str, Any]:
    letters = ("specific", "measurable", "achievable", "relevant", "time_bound")
    return {name: {"met": name not in unmet, "reason": unmet.get(name)} for name in letters}


def action(number: int, text: str, **more: Any) -> ActionItem:
    return ActionItem.model_validate(
        {"id": f"AI-{number:03}", "text": text, "smart": verdicts(), "citations": ["a1b2c3:10"], **more}
    )


ACTIONS = [
    action(1, "Alert on pool usage above 80 %", owner="Zuzana Malá", due=date(2026, 4, 1), priority="P1", category="detect", addresses=["W1"]),
    action(2, "Improve monitoring", smart=verdicts(specific="no object", measurable="no end", time_bound="no date")),
    action(3, "Write the step for the pool into the runbook", owner="Bo", due=date(2026, 4, 8), acceptance="a stranger can follow it"),
    action(4, "Rehearse a failover", status="done", due=date(2026, 3, 20)),
    action(5, "Add a canary", origin="proposed", smart=verdicts(time_bound="no date")),
    action(6, HOSTILE, due=date(2026, 4, 9)),
]  # fmt: skip


def report(*actions: ActionItem, **changes: Any) -> Report:
    checks = [
        {"what": "check", "due": date(2026, 3, 4) + timedelta(days=days), "code": code}
        for code, days in (("meeting", 3), ("week", 7), ("month", 28), ("quarter", 91))
    ]
    return sample("en").replace(actions=list(actions or ACTIONS), follow_up=checks, **changes)  # type: ignore[no-any-return]
