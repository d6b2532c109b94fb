"""Report → text. One format a line in `FORMATS`; templates lie in `templates/`."""

from __future__ import annotations

from collections.abc import Callable

from pm_agent.errors import InputError
from pm_agent.rendering.html import to_html
from pm_agent.rendering.json_format import to_json
from pm_agent.rendering.markdown import to_markdown
from pm_agent.report import Report

FORMATS: dict[str, tuple[Callable[[Report], str], str]] = {
    "md": (to_markdown, "Markdown, all eleven sections"),
    "html": (to_html, "one self-contained HTML file, with a picture of the incident"),
    "json": (to_json, "the report contract, for programs"),
}


def render(report: Report, format: str = "md") -> str:
    """The report as text.

    Raises:
        InputError: no such format.
    """
    if format not in FORMATS:
        raise InputError(f"unknown output format {format!r}", hint=f"one of: {', '.join(FORMATS)}")
    return FORMATS[format][0](report if format == "json" else shared(report))


def shared(report: Report) -> Report:
    """The report as it may go round: evidence is quoted without the blame in it, which is for the author alone."""
    lines = [line.model_copy(update={"text": line.quote}) if line.quote else line for line in report.evidence]
    return report.model_copy(update={"evidence": lines})
