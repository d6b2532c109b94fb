"""Logs as tables: CSV or TSV with a column of times, found by what stands in the columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import Line, Other, read_log, sample_of
from pm_agent.ingest.logs.json_keys import LOG_KEYS
from pm_agent.ingest.logs.line import Column, plain, rank
from pm_agent.ingest.logs.minutes import minute_text
from pm_agent.ingest.logs.text_form import VARYING
from pm_agent.ingest.logs.wording import tell
from pm_agent.ingest.source import Source
from pm_agent.reading.timeforms import read_time

_DELIMITERS = (",", "\t", ";")
_WORDY = re.compile(r"[^\W\d_]{2}\W+[^\W\d_]{2}")
_NOT_LOGS = {
    "author",
    "user",
    "username",
    "sender",
    "from",
    "assignee",
    "channel",
    "reporter",
    "value",
    "responder",
}


@dataclass(frozen=True)
class _Form:
    """Which column holds what."""

    delimiter: str
    time: int
    message: int
    level: int | None
    who: int | None
    header: tuple[str, ...]

    def parse(self, line: bytes) -> Line | Other:
        row = self._row(line)
        if tuple(row) == self.header:
            return Other.STRUCTURAL
        if len(row) <= self.time or not _is_time(row[self.time]):
            return Other.TAIL
        who = self._cell(row, self.who)
        return Line(
            row[self.time].strip(),
            plain(self._cell(row, self.message)),
            self._cell(row, self.level) or None,
            who or None,
        )

    def _row(self, line: bytes) -> list[str]:
        try:
            return next(
                csv.reader(
                    [line.decode("utf-8", "replace").rstrip("\r").replace("\x00", "")],
                    delimiter=self.delimiter,
                ),
                [],
            )
        except csv.Error:
            return []

    def _cell(self, row: Sequence[str], at: int | None) -> str:
        return row[at].strip() if at is not None and at < len(row) else ""

    def columns(self, lines: list[bytes], piece: bytes, *, exact: bool = False) -> list[Column]:
        return [self._column(line) for line in lines]

    def _column(self, line: bytes) -> Column:
        row = self._row(line)
        if len(row) <= max(self.time, self.message):
            return None, line.translate(None, VARYING)
        level = self._cell(row, self.level)
        return minute_text(row[self.time].strip()), (
            row[self.message][:400].encode().translate(None, VARYING),
            level,
        )

    def tell(self, head: Line, tail: Sequence[str], *, whole: bool) -> str:
        return tell(head, tail, whole=whole)


class CsvLog:
    """Needs a column of times and one of words."""

    name: ClassVar[str] = "csv-log"
    describes: ClassVar[str] = "CSV and TSV exports of logs: any table with a time and a message column"

    def fits(self, source: Source) -> float:
        """More sure where a column holds levels."""
        form = _form(source)
        if form is None:
            return 0.0
        if form.level is not None:
            return 0.5
        names = {name.strip().lower() for name in form.header}
        if names & _NOT_LOGS:
            return 0.0
        return 0.6 if names & {key.lower() for key in LOG_KEYS.time} else 0.3

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        form = _form(source)
        if form is not None:
            yield from read_log(source, form)


def _form(source: Source) -> _Form | None:
    lines = [line.decode("utf-8", "replace").replace("\x00", "") for line in sample_of(source)[:60]]
    for delimiter in _DELIMITERS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1]
        except csv.Error:
            continue
        form = _columns_of(delimiter, rows)
        if form is not None and len(rows) * 10 >= len(lines) * 5:
            return form
    return None


def _columns_of(delimiter: str, rows: list[list[str]]) -> _Form | None:
    width = len(rows[0]) if rows else 0
    body = [row for row in rows[1:] if len(row) == width]
    if width < 2 or len(body) * 10 < len(rows) * 7 or len(body) < 2:
        return None
    names = [name.strip().lower() for name in rows[0]]
    columns = list(zip(*body, strict=True))
    times = [at for at in range(width) if _mostly(columns[at], _is_time) and not _is_time(rows[0][at])]
    wordy = [at for at in range(width) if _mostly(columns[at], lambda v: bool(_WORDY.search(v)), 0.6)]
    if not times or not wordy:
        return None
    message = _named(names, LOG_KEYS.message, wordy)
    if message is None:
        message = max(wordy, key=lambda at: (sum(map(len, columns[at])), -at))
    levels = [
        at
        for at in range(width)
        if _mostly(columns[at], lambda v: rank(v.strip()) is not None and len(v) > 1)
    ]
    time, who = _named(names, LOG_KEYS.time, times), _named(names, LOG_KEYS.who, range(width))
    return _Form(
        delimiter, times[0] if time is None else time, message, levels[0] if levels else None,
        None if who == message else who, tuple(rows[0]),
    )  # fmt: skip


def _mostly(values: Sequence[str], test: object, share: float = 0.8) -> bool:
    return callable(test) and sum(bool(test(value)) for value in values) >= share * len(values)


def _named(names: Sequence[str], wanted: Sequence[str], among: Sequence[int]) -> int | None:
    """The first of the wanted names that one of these columns has."""
    return next((at for name in wanted for at in among if names[at] == name.lower()), None)


def _is_time(value: str) -> bool:
    if not 8 <= len(value.strip()) <= 40 or not any(ch.isdigit() for ch in value):
        return False
    reading = read_time(value.strip())
    return reading is not None and (
        reading.epoch is not None or (reading.has_date and reading.hour is not None)
    )
