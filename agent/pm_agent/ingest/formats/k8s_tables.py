"""Tables of events as kubectl prints them: ages instead of times, a heading, one event a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pm_agent.evidence import Place, RawEvent
from pm_agent.ingest.formats.k8s_meaning import Told, told_event
from pm_agent.ingest.formats.k8s_rollouts import with_rollouts
from pm_agent.ingest.formats.pasted import all_lines
from pm_agent.ingest.source import Source
from pm_agent.reading.timeforms import read_time

_COLUMNS = re.compile(
    r"LAST SEEN|FIRST SEEN|NAMESPACE|SUBOBJECT|OBJECT|COUNT|TYPE|REASON|SOURCE|MESSAGE|NAME|KIND|Type|Reason|Age|From|Message"
)
_GET = {"LAST SEEN", "REASON", "MESSAGE"}
_DESCRIBE = {"Type", "Reason", "Age", "From", "Message"}
_RULE = re.compile(r"\s*-{3,}(?:\s+-{3,}){2,}\s*$")
_AGE = re.compile(
    r"(?P<last>(?:\d+[smhdy])+|<\w+>)(?:\s+\(x(?P<count>\d+)(?: over (?P<first>(?:\d+[smhdy])+))?\))?"
)
_FIELD = re.compile(r"(?P<key>Name|Namespace|Kind):\s+(?P<value>\S{1,260})\s*$")
_TAKEN = re.compile(
    r"^[\s#$>*]{0,6}(?:(?:[A-Za-z\u4e00-\u9fff]{1,20}[ :：]{0,2}){0,4}\s)?[\[(]?"
    r"(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?|"
    r"[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d [A-Z]{3,4} \d{4})[\])]?(?:\s+[$#]?\s*kubectl\b.{0,200})?\s*$"
)
"""A line over the listing that says when it was taken: the output of `date`, or a prompt with a clock."""
_PRINTED = re.compile(r"\s{2,}\S|[A-Z][\w ().,/-]{0,60}:(?:\s|$)|\s*[{$#<]|(?:stdout|stderr):")
"""A field of `describe`, what is indented under one, a prompt."""
_SPACES = re.compile(r"\s{2,}")


@dataclass(frozen=True)
class Heading:
    """The columns of one table: name and where each begins."""

    columns: tuple[tuple[str, int], ...]

    def cells(self, line: str) -> dict[str, str]:
        """A row by its columns; by wide gaps where it isn't aligned with the heading (copied out of a chat)."""
        starts = [start for _, start in self.columns]
        if all(start < len(line) and line[start - 1 : start] in {"", " "} for start in starts):
            ends = [*starts[1:], len(line)]
            values = [line[a:b].strip() for a, b in zip(starts, ends, strict=True)]
        else:
            values = _SPACES.split(line.strip(), maxsplit=len(starts) - 1)
        return {name: value for (name, _), value in zip(self.columns, values, strict=False)}


def find_tables(lines: Sequence[str]) -> list[int]:
    """Where headings stand that have a row below them."""
    found = []
    for at, line in enumerate(lines):
        head = _heading(line)
        if head is None:
            continue
        below = [row for row in lines[at + 1 : at + 3] if not _RULE.match(row)]
        if below and _age_of(head.cells(below[0])) is not None:
            found.append(at)
    return found


def is_listing(lines: Sequence[str]) -> bool:
    """True for what kubectl printed, with little around it; a write-up that quotes a listing is a write-up."""
    tables = find_tables(lines)
    if not tables:
        return False
    head, strange = None, 0
    for line in lines:
        head = _heading(line) or head
        row = head is not None and _age_of(head.cells(line)) is not None
        strange += not (row or _heading(line) or _PRINTED.match(line))
    return strange <= 3 + len(lines) // 10


def read_tables(source: Source) -> Iterator[RawEvent]:
    """The rows of every table; what describe says above them is understood but no event."""
    tally = source.tally
    tally.counted = True
    rows: list[tuple[int, Told]] = []
    head: Heading | None = None
    about: dict[str, str] = {}
    taken = ""
    for number, line in all_lines(source):
        if found := _heading(line):
            head = found
            tally.parsed += 1
            continue
        cells = head.cells(line) if head and not _RULE.match(line) else {}
        age = _age_of(cells)
        if age is not None:
            tally.parsed += 1
            rows.append((number, _told(cells, age, about, taken)))
            continue
        if field := _FIELD.match(line):
            if field["key"] == "Name":
                about, head = {}, None
            about.setdefault(field["key"], field["value"])
        if (stamp := _TAKEN.match(line)) and not about:
            taken = stamp["time"]
        elif head and cells and not _RULE.match(line) and not field:
            if line[:1].strip() and line[:1].isalnum():
                head = None if len(_SPACES.split(line.strip())) < 3 else head
            tally.miss(number)
            continue
        tally.parsed += 1
    for (number, _), told in zip(rows, with_rollouts([told for _, told in rows]), strict=True):
        yield told_event(Place(number, number), told)


def _heading(line: str) -> Heading | None:
    found = [(match[0], match.start()) for match in _COLUMNS.finditer(line)]
    names = {name for name, _ in found}
    rest = _COLUMNS.sub("", line).strip()
    return Heading(tuple(found)) if not rest and (names >= _GET or names >= _DESCRIBE) else None


def _age_of(cells: dict[str, str]) -> re.Match[str] | str | None:
    """The age a row begins with, or the time, where the columns were the author's own; None for no row."""
    if not cells.get("REASON", cells.get("Reason")):
        return None
    written = cells.get("LAST SEEN", cells.get("Age", ""))
    if age := _AGE.fullmatch(written):
        return age
    reading = read_time(written) if written else None
    return written if reading is not None and reading.has_date else None


def _told(cells: dict[str, str], age: re.Match[str] | str, about: dict[str, str], taken: str) -> Told:
    if isinstance(age, str):
        first = last = age
        count = cells.get("COUNT", "")
    else:
        last = _ago(age["last"])
        first = _ago(age["first"] or cells.get("FIRST SEEN", "")) or last
        count = age["count"] or cells.get("COUNT", "")
    kind, _, name = cells.get("OBJECT", "").rpartition("/")
    return Told(
        kind=kind or cells.get("KIND", ""), name=name or cells.get("NAME", "") or about.get("Name", ""),
        namespace=cells.get("NAMESPACE", "") or about.get("Namespace", ""),
        reason=cells.get("REASON", cells.get("Reason", "")), message=cells.get("MESSAGE", cells.get("Message", "")),
        type=cells.get("TYPE", cells.get("Type", "")), first=first, last=last,
        count=int(count) if count.isdecimal() and 0 < int(count) < 10**9 else 1,
        component=(cells.get("From") or cells.get("SOURCE", "")).partition(",")[0],
        day="" if isinstance(age, str) else taken,
    )  # fmt: skip


def _ago(age: str) -> str:
    return f"{age} ago" if age and age[0].isdecimal() else ""
