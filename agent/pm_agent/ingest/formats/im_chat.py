"""What DingTalk's, Feishu's and WeCom's copied text have in common, and the marks that tell them apart.

Their heads differ in the way a date is written and in little else. Where nothing tells, the most likely client is
named; the messages and their times are the same whichever of the adapters reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from pm_agent.evidence import RawEvent
from pm_agent.ingest.formats.im_heads import LONGEST, Found, ImHeads, separator
from pm_agent.ingest.formats.pasted import Head, Line, all_lines, conversation
from pm_agent.ingest.source import Source

Brand = Literal["dingtalk-paste", "feishu-paste", "wecom-paste", "chat-text"]
_OWN = re.compile(
    r"^\s*(?:\d+\s*人?(?:已读|未读)|(?:全部)?已读|未读|\d+ ?条回复|查看(?:更多|全部).{0,12}|展开|收起|以[上下]为.{0,6}消息|"
    r"有?\d+条新消息|(?:[-—–─] ?){3,}|.{1,60}(?:加入(?:了)?群聊|进入(?:了)?群聊|退出(?:了)?群聊|移出(?:了)?群聊|加入(?:了)?本群))[。.]?\s*$"
)
_EDITED = ("(已编辑)", "（已编辑）", "[已编辑]", "(edited)", "已编辑")
_DELETED = re.compile(
    r"(?:此|该|这条)?消息已(?:被)?(?:撤回|删除)|撤回了一条消息|This message was (?:deleted|recalled)", re.I
)
_MARKS: dict[Brand, re.Pattern[str]] = {
    "dingtalk-paste": re.compile(r"^[^\S\n]*(?:\d+人未读|全部已读)[^\S\n]*$|^\[?DING\]?|钉钉", re.M),
    "feishu-paste": re.compile(r"^[^\S\n]*回复 [^\s：:]{1,20}[：:]|(?<!\d)\d+ ?条回复|妙记|飞书", re.M),
    "wecom-paste": re.compile(r"^「[^」\n]{1,80}[：:][^」]*」|(?:- ){6,}|@微信|企业微信", re.M),
}
_HEADING = re.compile(r"^#{1,6} \S")
"""Nobody writes headings in a chat: a document is no copied conversation, even if it quotes one."""
_HAN = re.compile(r"[\u4e00-\u9fff]")


class ImChat:
    """The client of one text, as `pasted.conversation` wants it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.heads = ImHeads(lines)

    def head(self, lines: Sequence[Line], at: int, last: Head | None, in_code: bool) -> Head | None:
        """The head at this line; none inside a code block."""
        found = None if in_code else self.heads.find(lines, at, last)
        return found.head if found else None

    def day(self, line: str) -> str | None:
        """`—— 3月11日 ——`, `昨天`."""
        return separator(line)

    def own_words(self, lines: Sequence[Line], at: int) -> int:
        """Read receipts, joins, the line under a quotation."""
        line = lines[at][1]
        return int(len(line) < LONGEST and _OWN.match(line) is not None)

    def tidy(self, line: str) -> str:
        """Without the mark of an edit."""
        line = line.rstrip()
        for mark in _EDITED:
            line = line.removesuffix(mark).rstrip()
        return line

    def is_housekeeping(self, text: str) -> bool:
        """Joins stand on lines of their own here."""
        return False

    def is_deleted(self, text: str) -> bool:
        """`消息已撤回`."""
        return len(text) < 40 and _DELETED.fullmatch(text) is not None


def read_chat(source: Source) -> Iterator[RawEvent]:
    """Every message, whichever client it was copied from."""
    lines = all_lines(source)
    yield from conversation(source, lines, ImChat(lines))


def likeness(source: Source, brand: Brand) -> float:
    """How sure it is that the text was copied out of this client, 0 for any other."""
    if source.head_text.lstrip()[:1] in {"{", "<"}:
        return 0.0
    lines, found = _heads(source)
    if not found or len(found) * 40 < len(lines) or brand_of(found, source.head_text) != brand:
        return 0.0
    if sum(bool(_HEADING.match(line[:20])) for _, line in lines) > 2:
        return 0.0
    names = {f.head.name for f in found}
    speakers = len(found) > 2 and len(names) > 1
    if all(f.form in {"before", "bare"} for f in found):
        return (0.55 if speakers else 0.4) if len(found) * 2 >= len(lines) else 0.0
    sure = 0.75 if speakers else 0.5 if len(found) > 1 else 0.35
    return sure if brand != "chat-text" else min(sure, 0.6)


def _heads(source: Source) -> tuple[list[Line], list[Found]]:
    """The first lines and the heads among them, looked for once for all clients."""
    if "heads" not in source.judged:
        lines = [line for line in enumerate(source.head_text.split("\n")[:600], 1) if line[1].strip()]
        source.judged["heads"] = lines, [f for f in ImHeads(lines).every(lines) if f.head.time]
    known: tuple[list[Line], list[Found]] = source.judged["heads"]
    return known


def brand_of(found: Sequence[Found], text: str) -> Brand:
    """The client whose marks the heads and the text bear, DingTalk where there are none."""
    above = [f for f in found if f.form in {"above", "under", "two lines"}]
    if not above or not _HAN.search(text):
        return "chat-text"
    votes: Counter[Brand] = Counter()
    for f in above:
        time = f.head.time or ""
        date = time.split(":")[0]
        votes["wecom-paste"] += "/" in date
        votes["feishu-paste"] += ("月" in date) + (f.form == "two lines")
        votes["dingtalk-paste"] += "-" in date
    for brand, mark in _MARKS.items():
        votes[brand] += len(above) * (mark.search(text) is not None)
    order: tuple[Brand, ...] = ("dingtalk-paste", "feishu-paste", "wecom-paste")
    return max(order, key=lambda brand: (votes[brand], -order.index(brand)))
