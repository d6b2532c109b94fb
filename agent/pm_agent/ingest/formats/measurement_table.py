"""Whether a table holds measurements: which column says when, which say what was measured where, which hold numbers.

A log, and a table with one row a message sent, a request or an order, is none: its texts are many and its times come
as they please, whereas what is measured comes again and again under few names, at even distances.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from pm_agent.ingest.logs.line import rank
from pm_agent.reading.timeforms import Reading, read_time

_DELIMITERS = (",", "\t", ";")
_FEWEST_ROWS = 6
_MOST_SERIES = 200
_LONGEST_LABEL = 40
_EVEN = 0.6
"""Of the distances between the times of one series, how many lie near the middle one."""
_NUMBER = re.compile(
    r"(?P<number>[-+]?(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})(?:[eE][-+]?\d{1,3})?)\s?(?P<unit>%|[A-Za-z°℃µ/]{1,6})?"
)
_MISSING = {"", "-", "--", "nan", "null", "none", "n/a", "na"}
_TIME = re.compile(
    r"^(?:time|timestamp|ts|date|datetime|epoch|clock|(?:采集|采样|记录|上报|监测)?时间戳?)$", re.I
)
_VALUE = re.compile(
    r"^(?:value|val|reading|measurement|avg|(?:测量|监测|当前|采样)?[数读]?值|数据|读数)$", re.I
)
_METRIC = re.compile(
    r"^(?:metric|metric[_ ]?name|series|counter|item|measure|指标(?:名称?)?|监控项|测项)$", re.I
)
_UNIT = re.compile(r"^(?:units?|单位)$", re.I)
_MESSAGE = re.compile(
    r"^(?:message|msg|text|content|log|event|summary|description|日志|消息|内容|详情|描述|事件)$", re.I
)
_LABEL = re.compile(
    r"^(?:room|rack|probe|sensor|host|node|instance|pod|zone|region|status|code|port|channel|device|shard|partition|"
    r"测点|机房|机柜|探头|传感器|主机|节点|实例|设备|状态码|通道|端口|分区|编号)|(?:id|no|编号)$",
    re.I,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table of measurements."""

    delimiter: str
    header: tuple[str, ...]
    time: int
    values: tuple[int, ...]
    labels: tuple[int, ...] = ()
    metric: int | None = None
    unit: int | None = None

    def is_named(self, column: int) -> bool:
        """False where the header says no more than that here stands the value."""
        return len(self.values) > 1 or not _VALUE.match(self.header[column])


def cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def number(cell: str) -> tuple[float, str] | None:
    """The value and its unit (`71.5 %`), or None."""
    found = _NUMBER.fullmatch(cell)
    return (float(found["number"]), found["unit"] or "") if found else None


def is_missing(cell: str) -> bool:
    """True for what exports write where nothing was measured."""
    return cell.lower() in _MISSING


def moment(cell: str) -> Reading | None:
    """A time with its day and hour, else None."""
    if not 8 <= len(cell) <= 40 or not cell[-1:].isalnum():
        return None
    reading = read_time(cell)
    if reading is None or reading.epoch is not None:
        return reading
    return reading if reading.year and reading.month and reading.day and reading.hour is not None else None


def seconds(reading: Reading, *, day_first: bool = False) -> float | None:
    """Seconds since 1970; of a time without a zone, as if it were UTC."""
    if reading.epoch is not None:
        return reading.epoch
    month, day = reading.month or 1, reading.day or 1
    if day_first and reading.day_first is not None:
        month, day = day, month
    try:
        at = datetime(reading.year or 1970, month, day, reading.hour or 0, reading.minute, tzinfo=UTC)
        return (at + timedelta(seconds=reading.second) - timedelta(minutes=reading.offset or 0)).timestamp()
    except (ValueError, OverflowError):
        return None


def table_of(lines: Sequence[str]) -> Table | None:
    """The columns, judged by the first lines; None where they are no measurements."""
    for delimiter in _DELIMITERS:
        rows = [cells(line, delimiter) for line in lines]
        width = len(rows[0]) if rows else 0
        body = [row for row in rows[1:] if len(row) == width]
        if width < 2 or len(body) < _FEWEST_ROWS or len(body) < 0.9 * (len(rows) - 1):
            continue
        header = tuple(rows[0])
        if any(number(name) or moment(name) for name in header):
            continue
        found = _Columns(delimiter, header, body).table()
        if found is not None and _comes_evenly(found, body):
            return found
    return None


class _Columns:
    """What stands in the columns of the first rows."""

    def __init__(self, delimiter: str, header: tuple[str, ...], body: list[list[str]]) -> None:
        self.delimiter, self.header, self.rows = delimiter, header, len(body)
        self.columns = [
            [cell for cell in column if not is_missing(cell)] for column in zip(*body, strict=True)
        ]
        places = [at for at, column in enumerate(self.columns) if column]
        self.numeric = [at for at in places if _mostly(number(c) is not None for c in self.columns[at])]
        self.texts = [at for at in places if at not in self.numeric]

    def table(self) -> Table | None:
        """Every column has its part, or it is no such table."""
        times = [at for at in self.texts if _mostly(moment(c) is not None for c in self.columns[at])]
        if not times:
            times = [
                at
                for at in self.numeric
                if _TIME.match(self.header[at]) and _mostly(map(_is_epoch, self.columns[at]))
            ]
        if len(times) != 1:
            return None
        texts = [at for at in self.texts if at not in times]
        values, labels = self._numbers([at for at in self.numeric if at not in times])
        unit = next((at for at in texts if _UNIT.match(self.header[at])), None)
        metric = next((at for at in texts if at != unit and _METRIC.match(self.header[at])), None)
        labels += [at for at in texts if at not in {unit, metric}]
        if not values or not all(
            self._names_things(at) for at in [*labels, *([] if metric is None else [metric])]
        ):
            return None
        return Table(
            self.delimiter, self.header, times[0], tuple(values), tuple(sorted(labels)), metric, unit
        )

    def _numbers(self, numeric: list[int]) -> tuple[list[int], list[int]]:
        """The columns that are measured, and those whose numbers only name something (probe 3, status 429)."""
        values = [at for at in numeric if _VALUE.match(self.header[at])]
        if not values:
            values = [at for at in numeric if not _LABEL.search(self.header[at])]
        return values, [at for at in numeric if at not in values]

    def _names_things(self, at: int) -> bool:
        """Few short texts that come again and again; neither levels nor messages."""
        found, distinct = self.columns[at], set(self.columns[at])
        levels = all(not cell.isdigit() and rank(cell) is not None for cell in distinct)
        few = len(distinct) <= max(1, self.rows // 3)
        return (
            few
            and not levels
            and not _MESSAGE.match(self.header[at])
            and max(map(len, found)) <= _LONGEST_LABEL
        )


def _mostly(tests: object) -> bool:
    found = [bool(one) for one in tests]  # type: ignore[attr-defined]
    return sum(found) >= 0.95 * len(found)


def _is_epoch(cell: str) -> bool:
    reading = moment(cell)
    return reading is not None and reading.epoch is not None


def _comes_evenly(table: Table, body: list[list[str]]) -> bool:
    """Each series has one value a moment; where no header speaks of values, at even distances too."""
    series: dict[tuple[str, ...], list[float]] = defaultdict(list)
    names = [at for at in (*table.labels, table.metric) if at is not None]
    for row in body:
        reading = moment(row[table.time])
        if reading is not None and (at := seconds(reading)) is not None:
            series[tuple(row[name] for name in names)].append(at)
    long = [sorted(times) for times in series.values() if len(times) > 2]
    steps = [[b - a for a, b in itertools.pairwise(times)] for times in long]
    count = sum(map(len, steps))
    if not count or len(series) > _MOST_SERIES or 2 * len(long) < len(series):
        return False
    if sum(step <= 0 for one in steps for step in one) > 0.02 * count:
        return False
    even = sum(abs(step - median(one)) <= median(one) / 2 for one in steps for step in one)
    return any(_VALUE.match(name) for name in table.header) or even >= _EVEN * count
