"""MySQL and MariaDB: the error log and the slow query log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import Line, TextForm, read_log, sample_of, share
from pm_agent.ingest.logs.line import plain
from pm_agent.ingest.logs.wording import shortened
from pm_agent.ingest.source import Source

_TIME = rb"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}(?:Z|[+-]\d\d:\d\d)|\d{4}-\d\d-\d\d [ \d]\d:\d\d:\d\d|\d{6} [ \d]\d:\d\d:\d\d)"
_ERROR = re.compile(
    _TIME + rb" +(?:(?:\d{1,12}|0x[0-9a-f]+) +)?(?:\[(?P<level>System|Note|Warning|ERROR|Error)\]|(?=mysqld_safe|mariadbd-safe|InnoDB:))"
    rb"(?: \[MY-\d{6}\])?(?: \[\w+\])? *(?P<message>.*)", re.S,
)  # fmt: skip
_SLOW = re.compile(rb"# Time: " + _TIME, re.S)
_BANNER = re.compile(rb"\S+, Version: .{1,200} started with:|Tcp port: |Time {5,}Id Command")
_COST = re.compile(r"# Query_time: (?P<time>[\d.]+).*?Rows_examined: (?P<rows>\d+)")
_USER = re.compile(r"# User@Host: (?P<user>[^\[\s]*)")


class MysqlLog:
    """A slow query is one message: its cost and its statement."""

    name: ClassVar[str] = "mysql-log"
    describes: ClassVar[str] = "MySQL and MariaDB error logs and slow query logs"

    def fits(self, source: Source) -> float:
        """`[Warning] [MY-…]` behind time and thread, or `# Time:` with `# Query_time:`."""
        return 0.9 if share(_form(source), sample_of(source)) >= 0.6 and _is_mysql(source) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _form(source))


def _is_mysql(source: Source) -> bool:
    text = source.head_text
    return (
        "# Query_time:" in text
        or re.search(r"\[MY-\d{6}\]|mysqld|mariadbd|InnoDB|\d \[(?:Note|Warning|ERROR)\] ", text) is not None
    )


def _form(source: Source) -> TextForm:
    sample = sample_of(source)
    if any(_SLOW.match(line) for line in sample):
        return TextForm(
            _SLOW, tail=re.compile(rb""), structural=_BANNER, read=_slow, sample=sample, wording=_tell_slow
        )
    return TextForm(_ERROR, tail=None, structural=_BANNER, read=_error, sample=sample)


def _error(match: re.Match[bytes]) -> Line:
    level = match["level"].decode() if match["level"] else None
    return Line(match["time"].decode(), plain(match["message"]).strip(), level, "MySQL")


def _slow(match: re.Match[bytes]) -> Line:
    return Line(match["time"].decode(), "slow query", None, "MySQL")


def _tell_slow(head: Line, tail: Sequence[str], *, whole: bool) -> str:
    cost = next((found for line in tail if (found := _COST.search(line))), None)
    user = next((found["user"] for line in tail if (found := _USER.search(line))), "")
    statement = " ".join(
        line.strip() for line in tail if not re.match(r"#|SET timestamp|use |/\S+, Version", line, re.I)
    )
    spent = f"{cost['time']} s, {cost['rows']} rows examined" if cost else ""
    about = ", ".join(part for part in (spent, f"by {user}" if user else "") if part)
    return shortened(f"slow query ({about}): {statement}" if about else f"slow query: {statement}")
