"""Action items as a table: CSV for spreadsheets, Markdown for pages."""

from __future__ import annotations

import csv
import io
import re

from pm_agent.export.body import one_line, prose
from pm_agent.export.tickets import lacks
from pm_agent.language import words
from pm_agent.rendering.page import Page
from pm_agent.report import ActionItem, Report

_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")


def to_csv(report: Report) -> str:
    """Every action item, one a row; no cell is a formula to a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(words(report.language, "export")["columns"])
    writer.writerows([cell(value) for value in row] for row in _rows(report))
    return text.getvalue()


def to_markdown_table(report: Report) -> str:
    """Every action item, one a row; escaped, and nobody is notified."""
    lines = [list(words(report.language, "export")["columns"])]
    lines.append(["---"] * len(lines[0]))
    lines += [[prose(value) for value in row] for row in _rows(report)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def cell(text: str) -> str:
    """A cell that spreadsheets show as text."""
    return "'" + text if _FORMULA.match(text) or (text[:1] in "\t\r\n" and text) else text


def _rows(report: Report) -> list[list[str]]:
    page, own = Page(report), words(report.language, "export")
    return [_row(page, own, action) for action in report.actions]


def _row(page: Page, own: dict[str, dict[str, str]], action: ActionItem) -> list[str]:
    places = {line.id: page.place(line) for line in page.report.evidence}
    text = one_line(action.text)
    return [
        action.id,
        f"{text} ({page.words['proposed']})" if action.origin == "proposed" else text,
        one_line(action.owner or ""),
        action.due.isoformat() if action.due else "",
        action.priority or "",
        one_line(action.acceptance or ""),
        own["statuses"][action.status],
        one_line(action.ticket or ""),
        ", ".join(own["letters"][name] for name in lacks(action)),
        one_line(", ".join(places[name] for name in action.citations if name in places)),
        one_line(action.suggestion or ""),
    ]
