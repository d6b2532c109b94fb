"""Measurements as tables (CSV, TSV): one series for each name and place, or for each column of numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.measurement_table import (
    Table,
    cells,
    is_missing,
    moment,
    number,
    seconds,
    table_of,
)
from pm_agent.ingest.formats.metric_series import WALL, MetricFile
from pm_agent.ingest.formats.payloads import Payload
from pm_agent.ingest.source import Source

_IN_BRACKETS = re.compile(r"^(?P<name>[^(（\[]{1,80}?)\s*[(（\[](?P<unit>[^)）\]]{1,12})[)）\]]$")
_AT_THE_END = re.compile(r"[_ ](?P<unit>ms|pct)$", re.I)
_DAY_BEFORE_MONTH = re.compile(r"\s*(?:1[3-9]|2\d|3[01])/")


@dataclass
class _Line:
    """One series as it is gathered."""

    metric: dict[str, str]
    values: list[list[float]] = field(default_factory=list)
    rows: list[tuple[int, str]] = field(default_factory=list)
    """Line and written time of each value."""
    units: Counter[str] = field(default_factory=Counter)


class CsvMetrics:
    """Onset, peak and end of a clear excursion as events; the rest is for the picture."""

    name: ClassVar[str] = "csv-metrics"
    describes: ClassVar[str] = (
        "CSV and TSV of measurements: a time and a value beside labels and a unit, or one column a series"
    )

    def fits(self, source: Source) -> float:
        """Surer than a log: numbers at even distances under few names."""
        return 0.85 if _table(source) is not None else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every series, then what stands out in them."""
        table = _table(source)
        source.tally.counted = True
        if table is None:
            for line_number, _ in source.lines():
                source.tally.miss(line_number)
            return
        payloads = [
            Payload(at, line.rows[0][0], None, _value(line))
            for at, line in enumerate(_gathered(source, table), 1)
        ]
        yield from MetricFile(source, payloads, actor=None).read()


def _table(source: Source) -> Table | None:
    if "table" not in source.judged:
        source.judged["table"] = None if source.members is not None else table_of(source.head_lines[:300])
    found: Table | None = source.judged["table"]
    return found


def _value(line: _Line) -> dict[str, Any]:
    unit = next(iter(line.units.most_common(1)), ("", 0))[0]
    return {"metric": line.metric, "values": line.values, "rows": line.rows, "unit": unit}


def _gathered(source: Source, table: Table) -> list[_Line]:
    """The series in order of first appearance; a row without a time or a number is counted as not read."""
    found: dict[tuple[Any, ...], _Line] = {}
    day_first = any(_DAY_BEFORE_MONTH.match(_cell(line, table)) for line in source.head_lines)
    for line_number, text in source.lines():
        row = cells(text, table.delimiter)
        if tuple(row) == table.header:
            source.tally.parsed += 1
            continue
        reading = moment(row[table.time]) if len(row) == len(table.header) else None
        at = None if reading is None else seconds(reading, day_first=day_first)
        wrong = at is not None and not any(number(row[v]) or is_missing(row[v]) for v in table.values)
        if reading is None or at is None or wrong:
            source.tally.miss(line_number)
            continue
        source.tally.parsed += 1
        is_wall = reading.epoch is None and reading.offset is None
        for column in table.values:
            value = number(row[column])
            if value is None:
                continue
            line = _line(found, table, row, column)
            line.values.append([at, value[0]])
            line.rows.append((line_number, row[table.time]))
            line.units[_unit(table, row, column) or value[1]] += 1
            line.metric[WALL] = "yes" if is_wall else ""
    return list(found.values())


def _cell(line: str, table: Table) -> str:
    """The written time of a line."""
    return next(iter(cells(line, table.delimiter)[table.time :]), "")


def _line(found: dict[tuple[Any, ...], _Line], table: Table, row: list[str], column: int) -> _Line:
    said = "" if table.metric is None else row[table.metric]
    key = (column, said, *(row[at] for at in table.labels))
    if key not in found:
        name = _IN_BRACKETS.sub(r"\g<name>", table.header[column]) if table.is_named(column) else ""
        labels = {table.header[at] or f"#{at + 1}": row[at] for at in table.labels if row[at]}
        found[key] = _Line({**labels, "__name__": " ".join(filter(None, (said, name)))})
    return found[key]


def _unit(table: Table, row: list[str], column: int) -> str:
    if table.unit is not None:
        return row[table.unit]
    named = _IN_BRACKETS.match(table.header[column]) or _AT_THE_END.search(table.header[column])
    return {"pct": "%"}.get(named["unit"].lower(), named["unit"]) if named else ""
