"""Action items of a document: list items, table rows, chat lines, or one a line in a text file; each judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pm_agent.language import of_text
from pm_agent.language.phrases import phrase
from pm_agent.reading.action_items import Item, item_of
from pm_agent.reading.cues import read_cues
from pm_agent.reading.due_dates import due_date
from pm_agent.reading.sorting import drawer_of
from pm_agent.reading.topic import tokens
from pm_agent.report import Priority, Strength
from pm_agent.rubric import smart
from pm_agent.rubric.action_set import duplicates
from pm_agent.rubric.team import in_force

_ITEM = re.compile(r"^\s*(?:>\s*)*(?:[-*+•]|\d{1,3}[.)、])\s+(?:\[(?P<box>[ xX])\]\s+)?(?P<text>\S.*)$")
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+(?P<head>.+)|\*\*(?P<bold>[^*]+)\*\*:?\s*)$")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}")
_COLUMNS = {
    "text": re.compile(
        r"^(?:action(?: items?)?|task|item|what|description|follow[- ]?up|title|措施|行动项?|改进(?:措施|项)?|事项|内容|任务|待办)",
        re.I,
    ),
    "owner": re.compile(r"^(?:owner|assignee|who|responsible|dri|lead|负责人|责任人|跟进人|执行人)", re.I),
    "due": re.compile(r"^(?:due|deadline|when|date|target|eta|截止|完成时间|日期|时间|期限)", re.I),
    "acceptance": re.compile(r"^(?:acceptance|done when|criteri|verification|success|验收|完成标准)", re.I),
    "goal": re.compile(r"^(?:goal|why|目标)", re.I),
}


@dataclass(frozen=True)
class JudgedItem:
    """One item, as `pm-agent actions --format json` prints it."""

    file: str
    line: int
    text: str
    owner: str | None
    due: date | None
    acceptance: str | None
    is_action: bool
    smart: dict[str, Any]
    strength: Strength
    suggestion: str | None
    priority: str | None
    category: str
    """prevent, detect, mitigate, process or other."""
    findings: dict[str, str]
    """Rule → what is wrong, in the order of the rubric."""


def judge_document(text: str, file: str, written_on: date | None) -> list[JudgedItem]:
    """Every item of a document with its verdicts.

    Args:
        text: the document.
        file: its name; in a `.txt` file each line is an item unless it has list items.
        written_on: the day from which relative dates count.
    """
    plain = file.lower().endswith(".txt") and not any(_ITEM.match(line) for line in text.split("\n"))
    items = list(_items(text, written_on, plain=plain))
    causes = [cause for _, cause in causes_in(text)]
    addressed = frozenset(t for cause in causes for t in tokens(cause)) if causes else None
    judged = [_judged(item, number, file, addressed, written_on) for number, item in items]
    return _with_duplicates(judged)


_CAUSE_HEAD = re.compile(
    r"\b(?:root causes?|causes?|contributing factors?|why)\b|根因|根本原因|原因分析|直接原因|促成因素", re.I
)
_ACTION_HEAD = re.compile(
    r"\b(?:actions?|follow[- ]?ups?|next steps?|remediation|todos?)\b|行动|措施|待办|改进|整改|跟进", re.I
)


def causes_in(text: str) -> list[tuple[int, str]]:
    """Line and words of each cause under a heading that says so; empty where the document has none."""
    found: list[tuple[int, str]] = []
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        head = _HEADING.match(line)
        if head:
            title = head["head"] or head["bold"]
            inside = bool(_CAUSE_HEAD.search(title)) and not _ACTION_HEAD.search(title)
        elif inside and line.strip() and not _RULE.match(line):
            item = _ITEM.match(line)
            found.append((number, item["text"] if item else line.strip()))
    return found


def _with_duplicates(items: list[JudgedItem]) -> list[JudgedItem]:
    """Later twins say which item they repeat."""
    works = [index for index, item in enumerate(items) if item.is_action]
    rule = in_force().rule("actions.duplicate")
    for earlier, later in duplicates([items[i].text for i in works]) if rule else []:
        first, second = items[works[earlier]], items[works[later]]
        language = of_text(second.text) or "en"
        message = phrase(language, "check.duplicate_line", line=first.line)
        items[works[later]] = replace(second, findings=second.findings | {"actions.duplicate": message})
    return items


_LONGEST = 1_000
"""An action item says what it is within so many characters; no more of a line is judged."""


def _items(text: str, written_on: date | None, *, plain: bool) -> Iterator[tuple[int, Item]]:
    columns: list[str | None] = []
    for number, whole in enumerate(text.split("\n"), 1):
        line = whole[:_LONGEST]
        cells = (
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            if line.strip().startswith("|")
            else []
        )
        if cells and not columns:
            columns = [_column(cell) for cell in cells]
            continue
        if not cells:
            columns = []
        elif _RULE.match(line):
            continue
        elif "text" in columns:
            item = _row(cells, columns, written_on)
            if item:
                yield number, item
            continue
        match = _ITEM.match(line)
        if match or (plain and line.strip()) or _says_action(line):
            yield number, item_of(line, written_on, at_line=number)


def _column(head: str) -> str | None:
    return next((name for name, pattern in _COLUMNS.items() if pattern.match(head.strip("* "))), None)


def _row(cells: list[str], columns: list[str | None], written_on: date | None) -> Item | None:
    values = {
        name: cell
        for name, cell in zip(columns, cells, strict=False)
        if name and cell and cell not in {"-", "—", "无", "TBD", "n/a"}
    }
    if "text" not in values:
        return None
    item = item_of(values["text"], written_on)
    due = due_date(values.get("due", ""), written_on) or item.due
    return Item(
        item.text, values.get("owner", "").lstrip("@") or item.owner, due, values.get("acceptance") or item.acceptance,
        item.priority, item.ticket, item.done,
    )  # fmt: skip


def _says_action(line: str) -> bool:
    """A sentence outside lists that speaks of an action item by name."""
    if _HEADING.match(line) or len(line.strip()) < 12:
        return False
    return any(cue.category == "action" and cue.strong and not cue.stance.question for cue in read_cues(line))


def _judged(
    item: Item, number: int, file: str, addressed: frozenset[str] | None, start: date | None
) -> JudgedItem:
    language = of_text(item.text) or "en"
    verdicts = smart.judge(item, addressed, language)
    work = smart.is_action(item.text)
    priority: Priority | None = item.priority  # type: ignore[assignment]
    found = smart.findings("", item, verdicts, priority, start, language) if work else []
    return JudgedItem(
        file=file,
        line=number,
        text=item.text,
        owner=item.owner,
        due=item.due.on if item.due else None,
        acceptance=item.acceptance,
        is_action=work,
        smart=verdicts.model_dump(),
        strength=smart.strength_of(item.text),
        suggestion=smart.suggestion(item, verdicts, language),
        priority=item.priority,
        category=drawer_of(item.text, "category") or "other",
        findings={f.rule: f.message for f in in_force().applied(found)},
    )
