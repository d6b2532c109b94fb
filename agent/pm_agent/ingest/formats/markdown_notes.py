"""Notes in Markdown: lists, tables with a time column, headings with dates, paragraphs that begin with a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.lead_times import lead_time
from pm_agent.ingest.formats.note_blocks import BULLET, HEADING, NoteReader
from pm_agent.ingest.formats.note_tables import cells_of, is_rule
from pm_agent.ingest.formats.pasted import all_lines
from pm_agent.ingest.source import Source

_BOLD = re.compile(r"\*\*[^*\n]{1,80}\*\*|^\s*```|\]\(https?://")
_KEY = re.compile(r"^\s*(?:- )?[\w./-]+:(?:\s|$)")
_CODE = re.compile(
    r"^\s*(?:#!|import |from \w+ import|def |class |function |const |let |package |#include|if \[|\}|\{)|[;{]\s*$"
)


class MarkdownNotes:
    """What a person wrote down during or after the incident."""

    name: ClassVar[str] = "markdown-notes"
    describes: ClassVar[str] = (
        "notes in Markdown: timed lists, tables with a time column, dated headings, front matter"
    )

    def fits(self, source: Source) -> float:
        """By headings, tables and timed lists; a program or a YAML file also has lines that begin with #."""
        lines = source.head_lines
        if is_data(lines):
            return 0.0
        headings = sum(bool(HEADING.match(line[:300])) for line in lines)
        tables = sum(1 for line in lines if (cells := cells_of(line[:2000])) and is_rule(cells))
        bold = sum(bool(_BOLD.search(line[:2000])) for line in lines)
        timed = sum(is_timed(line) for line in lines)
        if headings + tables + bold == 0 or _is_code(lines, 2 if timed else 5):
            return 0.0
        if timed > 1 or (timed and headings + tables):
            return 0.4
        return 0.3 if timed else 0.15 if headings else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """One event a timed line, undated ones for the rest."""
        yield from NoteReader(source, all_lines(source)).run()


def is_timed(line: str) -> bool:
    """True for a line, list item or row that begins with a time."""
    line = line[:400]
    bullet = BULLET.match(line)
    cells = cells_of(line)
    if cells is not None:
        return any((found := lead_time(cell)) is not None and not found.rest for cell in cells)
    heading = HEADING.match(line)
    text = bullet["text"] if bullet else heading["text"] if heading else line.strip(" \t>")
    return lead_time(text) is not None


def is_data(lines: list[str]) -> bool:
    """True for JSON and XML, and for an empty file."""
    if not lines or lines[0].lstrip()[:1] in {"{", "<"}:
        return True
    return "".join(line.strip() for line in lines[:3])[:2] in {"[{", "[[", '["', "[]"}


def _is_code(lines: list[str], share: int) -> bool:
    """True for YAML (one line in `share` a key) and for programs."""
    plain = [line for line in lines if not line.lstrip().startswith("#")] or lines
    keys = sum(bool(_KEY.match(line[:200])) for line in plain)
    code = sum(bool(_CODE.search(line[:300])) for line in plain)
    return keys * share > len(plain) or code * 4 > len(plain)
