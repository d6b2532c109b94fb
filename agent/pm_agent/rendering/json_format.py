"""The JSON contract."""

from __future__ import annotations

from pm_agent.report import Report


def to_json(report: Report) -> str:
    """The report as JSON with a final line end; the same report gives the same bytes."""
    return report.model_dump_json(indent=2) + "\n"
