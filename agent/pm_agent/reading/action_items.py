"""One action item as a text words it: what is to be done, who is to do it, by when, and how one would know.

Owner and date are taken only where they are written. Where items stand in talk is told in `follow_ups`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pm_agent.reading.due_dates import Due, due_date
from pm_agent.reading.lines import Line
from pm_agent.reading.owners import owner_of

_DONE_WHEN = re.compile(
    r"(?:done when|accept(?:ance|ed)(?: criteri\w+)?|verified by|success criteri\w+|definition of done|验收(?:标准|条件|方式)?|完成标准|达到|确保能|标准)\s*[:：]?\s*(?P<v>[^;；。\n]+)",
    re.I,
)
_PRIORITY = re.compile(
    r"(?<![A-Za-z0-9])(?:\[?(?P<p>P[0-3])\]?(?!\d)|priority\s*[:=]?\s*(?P<w>high|medium|low|critical)|优先级\s*[:：]?\s*(?P<z>高|中|低))",
    re.I,
)
_TICKET = re.compile(r"(?<![\w/])(?P<t>[A-Z][A-Z0-9]{1,9}-\d+|#\d{2,6})(?![\w])")
MARK = re.compile(
    r"^\s*(?:[-*+•·]|\d{1,2}[.)、]|[（(]\d{1,2}[)）]|\d{1,2}(?=\s[^\d\s])|\[[ xX]\]|[-*]\s\[[ xX]\])\s*(?:\[[ xX]\]\s*)?"
)
LEAD = re.compile(
    r"^\W*(?:(?:todo|to[- ]do|TODO)\s+(?=\w)|note to self\b[\s:,]*|(?:action items?|ai[- ]?\d*|todo|to[- ]do|follow[- ]?ups?|next steps?|ar|行动项|待办|改进(?:项|措施|点)?|后续(?:动作|计划|改进|措施|待办)?|跟进(?:项|事项)?|整改(?:项|措施)?)\s*\d*\s*[：:\-#–]+\s*)",
    re.I,
)
_DONE_MARK = re.compile(r"\[[xX]\]|✅|\(done\b|已完成|（完成）|\bdone\b\s*$", re.I)
_LEVEL = {"critical": "P0", "high": "P0", "高": "P0", "medium": "P1", "中": "P1", "low": "P2", "低": "P2"}


@dataclass(frozen=True, slots=True)
class Item:
    """One action item as it stands in a text."""

    text: str
    """Cleaned of list marks; otherwise verbatim."""
    owner: str | None
    due: Due | None
    acceptance: str | None
    priority: str | None
    ticket: str | None
    done: bool
    line: Line | None = None
    at_line: int | None = None


_SELF = re.compile(r"^\W*(?:我|本人|me|mine)\s*[:：]\s*(?=\S{4})", re.I)
"""Who speaks, before what they will do: `我：给队列加告警`; it tells the owner, not the work."""


def item_of(
    text: str,
    written_on: date | None,
    *,
    speaker: str | None = None,
    line: Line | None = None,
    at_line: int | None = None,
) -> Item:
    """Owner, date, criterion, priority and ticket of one item."""
    bare = LEAD.sub("", MARK.sub("", text.strip())).strip()
    accepted = _DONE_WHEN.search(bare)
    return Item(
        text=_SELF.sub("", bare),
        owner=owner_of(bare, speaker),
        due=due_date(bare, written_on),
        acceptance=accepted["v"].strip() if accepted else None,
        priority=_priority(bare),
        ticket=m["t"] if (m := _TICKET.search(bare)) else None,
        done=_DONE_MARK.search(text) is not None,
        line=line,
        at_line=at_line,
    )


def _priority(text: str) -> str | None:
    match = _PRIORITY.search(text)
    if match is None:
        return None
    return match["p"].upper() if match["p"] else _LEVEL[(match["w"] or match["z"]).lower()]
