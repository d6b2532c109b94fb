"""Notes in plain text: the loosest of the formats, taken where nothing else fits and some line has a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.markdown_notes import is_data, is_timed
from pm_agent.ingest.formats.note_blocks import NoteReader
from pm_agent.ingest.formats.pasted import all_lines
from pm_agent.ingest.source import Source


class PlainNotes:
    """What a person wrote down, without any markup."""

    name: ClassVar[str] = "plain-notes"
    describes: ClassVar[str] = "notes in plain text: any text in which lines begin with a time"

    def fits(self, source: Source) -> float:
        """A little, where at least one line begins with a time; more where most do."""
        lines = source.head_lines
        if is_data(lines):
            return 0.0
        timed = sum(is_timed(line) for line in lines)
        return 0.25 if timed * 2 > len(lines) else 0.2 if timed else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """One event a timed line, undated ones for the rest."""
        yield from NoteReader(source, all_lines(source)).run()
