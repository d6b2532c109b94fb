"""Tables in notes: which column says when, which says who, and what the rest of a row says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pm_agent.ingest.formats.lead_times import Lead, day_of, lead_time

_WHEN = re.compile(
    r"^\W*(?:time(?:stamp)?|when|date.{0,3}time|clock|时间(?:点)?|时刻|发生时间)\b|^\W*(?:时间|时刻)", re.I
)
_DATE = re.compile(r"^\W*(?:date|day|日期)\W*$", re.I)
_WHO = re.compile(
    r"^\W*(?:who|author|actor|by|person|人员|操作人|执行人|记录人|发言人|处理人|姓名)\W*$", re.I
)
_NOBODY = re.compile(
    r"系统|监控|平台|机器人|客服|用户|客户|业务|值班|全体|所有|自动|团队|小组|运维$|研发$|测试$|\b(?:bot|system|team|ops|sre|dba|on-?call|"
    r"support|customers?|users?|automat\w+|alert\w*|n/?a|tbd|all)\b|^\W*$",
    re.I,
)
_WORK = re.compile(
    r"^(?:action(?: items?)?s?|task|todo|to-?do|follow[- ]?ups?|remediation|改进(?:措施|项|点)?|行动项?|待办(?:事项)?|措施|整改(?:项|措施)?|任务)$",
    re.I,
)
_LABEL = re.compile(
    r"^(?:owner|assignee|responsible|dri|who|due(?: date)?|deadline|eta|target(?: date)?|by when|负责人|责任人|跟进人|执行人|截止(?:时间|日期)?|完成时间|期限|deadline|ddl)$",
    re.I,
)
_NOTHING = {"-", "—", "–", "/", "无", "TBD", "tbd", "n/a", "N/A", "?"}
_RULE = re.compile(r"^\s*:?-{2,}:?\s*$|^\s*:?-:?\s*$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its time, its date, who, and the text of the other cells."""

    lead: Lead | None
    day: str | None
    actor: str | None
    is_person: bool
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table keeps time, date and person; without a header the first cell that is a time is it."""

    when: int | None = None
    date: int | None = None
    who: int | None = None
    labels: tuple[str, ...] = ()
    """Names of the columns that would be lost with the header: whose work it is and by when."""
    is_work: bool = False
    """A table of work to be done, not of what happened."""

    @classmethod
    def of_header(cls, cells: Sequence[str]) -> Table:
        """The columns by their names."""
        bare = [cell.strip("* ") for cell in cells]
        if _first(_WHEN, bare) is not None or not any(_WORK.match(cell) for cell in bare):
            return cls(_first(_WHEN, cells), _first(_DATE, cells), _first(_WHO, cells))
        return cls(labels=tuple(cell if _LABEL.match(cell) else "" for cell in bare), is_work=True)

    def row(self, cells: Sequence[str]) -> Row:
        """What a row says."""
        used: set[int | None] = set()
        day, lead = None, None
        for index in (self.date, self.when):
            if index is not None and index < len(cells) and (found := day_of(cells[index])):
                day = found
                used.add(index)
        for index in range(len(cells)) if self.when is None else [self.when]:
            time = lead_time(cells[index]) if index < len(cells) else None
            if time is not None and (self.when is not None or not time.rest):
                lead = time
                used.add(index)
                break
        actor = cells[self.who].lstrip("@") if self.who is not None and self.who < len(cells) else None
        if actor and len(actor) <= 40:
            used.add(self.who)
        rest = [lead.rest] if lead and lead.rest else []
        rest += [
            self._labelled(index, cell) for index, cell in enumerate(cells) if index not in used and cell
        ]
        named = actor if actor and len(actor) <= 40 else None
        return Row(lead, day, named, not _NOBODY.search(named or ""), " | ".join(rest))

    def _labelled(self, index: int, cell: str) -> str:
        label = self.labels[index] if index < len(self.labels) else ""
        return f"{label}: {cell}" if label and cell not in _NOTHING else cell


def cells_of(line: str) -> list[str] | None:
    """The cells of a table's line, or None where it is none."""
    bare = line.strip()
    if not bare.startswith("|") or bare.count("|") < 2:
        return None
    bare = bare[1:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare[1:]
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", bare)]


def is_rule(cells: Sequence[str]) -> bool:
    """True for the `| --- | :---: |` below a header."""
    return bool(cells) and all(_RULE.match(cell) for cell in cells)


def _first(pattern: re.Pattern[str], cells: Sequence[str]) -> int | None:
    return next((index for index, cell in enumerate(cells) if pattern.search(cell)), None)
