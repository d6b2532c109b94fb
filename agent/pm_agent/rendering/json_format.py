"""The JSON contract."""

from __future__ import annotations

import json

from pm_agent.rendering.stamp import json_digest
from pm_agent.report import Report


def to_json(report: Report) -> str:
    """The report as JSON with a final line end; the same report gives the same bytes."""
    content = json.loads(report.model_dump_json())
    provenance = report.provenance.model_copy(update={"digest": json_digest(content)})
    return report.model_copy(update={"provenance": provenance}).model_dump_json(indent=2) + "\n"
