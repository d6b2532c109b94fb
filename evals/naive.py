"""The naive way: the well-known eleven-section prompt, the whole evidence pasted behind it, one message.

What a user would do instead of us, read as kindly as a small parser can: rows and action items from their tables,
milestones from the rows that the prompt itself names (事故触发, 首次发现, 定位根因, 应急修复, 服务恢复), durations and severity from their
lines, causes from the sections on causes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from openai import OpenAI

from evals.case import Case
from evals.view import Action, Row, View
from pm_agent.reading.clock_face import zone
from pm_agent.reading.due_dates import due_date
from pm_agent.reading.figures import figures
from pm_agent.reading.lines import Line
from pm_agent.reading.severity import value_of

PROMPT = Path(__file__).parent / "naive_prompt.zh.txt"


def ask(folder: Path, model: str, base_url: str) -> str:
    """Send prompt and evidence as one message; the answer's text."""
    client = OpenAI(base_url=base_url, api_key="none", max_retries=0, timeout=5000)
    message = f"{PROMPT.read_text(encoding='utf-8')}\n\n{evidence_text(folder)}"
    completion = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": message}], temperature=0
    )
    return completion.choices[0].message.content or ""


def evidence_text(folder: Path) -> str:
    """What a user would paste: what they know, then every file under its name."""
    parts = []
    facts = folder / "incident.yaml"
    if facts.is_file():
        parts.append(facts.read_text(encoding="utf-8"))
    for path in sorted(p for p in (folder / "evidence").rglob("*") if p.is_file()):
        parts.append(f"===== {path.name} =====\n{path.read_text(encoding='utf-8', errors='replace')}")
    return "\n\n".join(parts)


_MILESTONES = (
    ("trigger", re.compile(r"事故触发|故障触发|^触发|trigger", re.I)),
    ("detected", re.compile(r"首次发现|^发现|首次告警|detect", re.I)),
    (
        "cause_found",
        re.compile(r"定位根因|根因(?:确认|定位)|root cause (?:found|identified)|identified", re.I),
    ),
    ("fixed", re.compile(r"应急修复|修复完成|^修复|mitigat|fix", re.I)),
    ("recovered", re.compile(r"服务恢复|恢复正常|^恢复|recover|restored", re.I)),
)
_METRIC = re.compile(r"\b(?P<name>MTT[DIFR])\b[^\n]*?[:：](?P<rest>[^\n]*)", re.I)
_HOURS = re.compile(r"(?P<h>\d+)\s*(?:小时|hours?|h\b)", re.I)
_MINUTES = re.compile(r"(?P<m>\d+)\s*(?:分钟|分|min)", re.I)
_TIME = re.compile(r"(?:(?P<d>\d{4}-\d\d-\d\d|\d\d-\d\d)[ T])?(?P<h>\d{1,2}):(?P<m>\d\d)")
_BLANK = re.compile(r"待定|待确认|未知|未提及|不详|TBD|N/A|^[-—–\[\]〔〕]*$|姓名|YYYY", re.I)


def view_of(markdown: str, case: Case) -> View:
    """The scorers' view of a report in prose."""
    rows = list(_rows(markdown, case))
    milestones: dict[str, datetime | None] = {name: None for name, _ in _MILESTONES}
    for name, pattern in _MILESTONES:
        found = [row.at for row in rows if row.at and pattern.search(row.text)]
        milestones[name] = found[-1] if name == "fixed" and found else found[0] if found else None
    causes = _items(_section(markdown, "三")) + _items(_section(markdown, "五"))
    return View(
        rows=rows,
        milestones=milestones,
        metrics={name.lower(): _duration(markdown, name) for name in ("MTTD", "MTTI", "MTTF", "MTTR")},
        severity=_severity(markdown),
        figures=[
            f.value for f in figures(_as_lines(_section(markdown, "一") + "\n" + _section(markdown, "四")))
        ],
        causes=causes,
        prose=re.sub(r"^\|.*\|$", "", _without_actions(markdown), flags=re.M)
        + "\n".join(r.text for r in rows),
        actions=list(_actions(markdown, case)),
        markdown=markdown,
    )


def _section(markdown: str, numeral: str) -> str:
    match = re.search(
        rf"^#*\s*\**{numeral}、.*?(?=^#*\s*\**[一二三四五六七八九十]+、|\Z)", markdown, re.M | re.S
    )
    return match[0] if match else ""


def _without_actions(markdown: str) -> str:
    return markdown.replace(_section(markdown, "七"), "")


def _cells(section: str) -> Iterator[list[str]]:
    for line in section.splitlines():
        if line.strip().startswith("|") and not re.fullmatch(r"[|\s:\-]+", line.strip()):
            cells = [cell.strip(" *") for cell in line.strip().strip("|").split("|")]
            if cells[0] not in {"时间", "措施", "Time", "Action"}:
                yield cells


def _rows(markdown: str, case: Case) -> Iterator[Row]:
    """Rows of the timeline table, in the incident's zone; a time earlier than the one before it is the next day's."""
    tz = zone(case.gold.timezone)
    first = min((e.at for e in case.gold.timeline), default=None)
    day = _stated_day(markdown) or (first.astimezone(tz).date() if first else date(2026, 1, 1))
    before: datetime | None = None
    for cells in _cells(_section(markdown, "二")):
        match = _TIME.search(cells[0])
        if match is None or len(cells) < 2 or int(match["h"]) > 23 or int(match["m"]) > 59:
            yield Row(None, None, " ".join(cells[1:]))
            continue
        if match["d"]:
            written = match["d"] if len(match["d"]) == 10 else f"{day.year}-{match['d']}"
            day = date.fromisoformat(written)
            before = None
        at = datetime(day.year, day.month, day.day, int(match["h"]), int(match["m"]), tzinfo=tz)
        if before and before - at > timedelta(hours=12):
            day += timedelta(days=1)
            at += timedelta(days=1)
        before = at
        yield Row(at, None, " ".join(cell for cell in cells[1:] if cell not in {"-", "—"}))


def _stated_day(markdown: str) -> date | None:
    match = re.search(r"(20\d\d)-(\d\d)-(\d\d)", _section(markdown, "一"))
    return date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _duration(markdown: str, name: str) -> int | None:
    for match in _METRIC.finditer(markdown):
        if match["name"].upper() != name:
            continue
        hours, minutes = _HOURS.search(match["rest"]), _MINUTES.search(match["rest"])
        if hours or minutes:
            return (int(hours["h"]) if hours else 0) * 60 + (int(minutes["m"]) if minutes else 0)
    return None


def _severity(markdown: str) -> str | None:
    match = re.search(r"(?:事故等级|严重级别|Severity)[^\n]*?[:：]\**\s*([^\n]+)", markdown, re.I)
    return value_of(match[1]) if match else None


def _items(section: str) -> list[str]:
    rows = [re.sub(r"^[\s\-*•✅❌\d.]+", "", line).strip() for line in section.splitlines()]
    return [
        row for row in rows if len(row) > 6 and not row.startswith(("#", "|")) and not row.endswith("？**")
    ]


def _as_lines(text: str) -> list[Line]:
    return [
        Line(id=str(n), at=None, kind="note", text=row)
        for n, row in enumerate(text.splitlines())
        if row.strip()
    ]


def _actions(markdown: str, case: Case) -> Iterator[Action]:
    last = max((e.at for e in case.gold.timeline), default=None)
    for cells in _cells(_section(markdown, "七")):
        owner = cells[2] if len(cells) > 2 and not _BLANK.search(cells[2]) else None
        due = cells[3] if len(cells) > 3 and not _BLANK.search(cells[3]) else ""
        found = due_date(due, last.date() if last else None) if due else None
        yield Action(cells[0], owner, found.on if found else None)
