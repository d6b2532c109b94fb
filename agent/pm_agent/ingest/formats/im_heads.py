"""Heads of messages in copied chat text that is not Slack's: DingTalk, Feishu, WeCom, and logs of talk made by hand.

`张伟 20:03` over the text, name and time on two lines, or `[20:03] 张伟: …` before it. A line of somebody's words
can end in a time as well ("故障开始 20:03"), and a word taken for a name would be replaced all over the report; so a
name has to look like one, or to come back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pm_agent.ingest.formats.pasted import Head, Line
from pm_agent.ingest.formats.person_names import bare_name, is_machine, is_personal, is_robot
from pm_agent.language.compiled import compiled
from pm_agent.reading.timeforms import read_time

LONGEST = 160
_DATE = (
    r"(?:(?:\d{4}年\s?)?\d{1,2}月\d{1,2}[日号]?(?:\s*(?:星期|周)[一二三四五六日天])?|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|"
    r"\d{1,2}[-/]\d{1,2}(?:/\d{2,4})?|今天|昨天|(?:星期|周)[一二三四五六日天]|Today|Yesterday)"
)
_CLOCK = r"(?:(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上)\s*)?\d{1,2}:\d\d(?::\d\d(?:\.\d{1,3})?)?(?!:?\d)(?:\s?[AaPp][Mm]\b)?"
_TIME = (
    rf"(?<![\d:])(?P<time>(?:{_DATE}(?: at |[ \tT]|, ?|，)?\s*)?{_CLOCK}(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d)\b)?)"
)
_CHAR = r"[^\s:：,，。!！?？;；、\"“”<>|=\\\[\]{}「」*#`]"
_NAME = rf"(?:\*\*)?(?P<name>(?:【[^】\n]{{1,12}}】)?{_CHAR}{{1,30}}(?: {_CHAR}{{1,20}}){{0,3}}?)(?:\*\*)?"
_ABOVE = compiled(rf"^{_NAME}(?:,(?=\s\[))?\s+[\[(（【]?{_TIME}[\])）】]?\s*$")
_NAME_ALONE = compiled(rf"^{_NAME}\s*$")
_TIME_ALONE = compiled(rf"^\s*{_TIME}\s*$")
_OPENED = rf"(?:\*\*)?[\[【(（]?{_TIME}[\]】)）]?"
_BEFORE = (
    compiled(rf"^{_OPENED}\s*(?:[-–—|]\s+)?{_NAME}(?:\s*[:：](?:\*\*)?\s*|\s*\|\s*|\t)(?P<text>\S.*)$"),
    compiled(rf"^{_NAME}\s*[\[(（]?{_TIME}[\])）]?\s*[:：]\s*(?P<text>\S.*)$"),
    compiled(rf"^{_OPENED}\s*\[{_NAME}\]\s*[:：]?\s*(?P<text>\S.*)$"),
    compiled(rf"^{_OPENED}\s+{_NAME}\s+(?P<text>\S.*)$"),
)
"""The last two only for names that look like one: a log writes its thread and its level there."""
_TIME_THEN_NAME = compiled(rf"^\[?{_TIME}\]?\s+{_NAME}\s*$")
_TIME_THEN_ID = compiled(rf"^{_TIME}\s+{_NAME}[(<]\S+[)>]\s*$")
_NOBODY = compiled(rf"^{_OPENED}\s+(?P<text>\S.*)$")
_RECALLED = compiled(
    rf"^[“\"]?{_NAME}[”\"]?\s*(?:撤回了一条消息(?:\s*重新编辑)?|(?:recalled|unsent) a message)\s*$"
)
_RENAMED = compiled(r"^.{1,40}(?:修改群(?:聊)?名(?:称)?为|将群(?:聊)?名(?:称)?(?:修改|更改)为).{1,80}$")


@dataclass(frozen=True, slots=True)
class Found:
    """A head, and in which manner it is written: what tells the clients apart."""

    head: Head
    form: str
    """`above`, `under` (the time first) or `two lines`; `before` the words, `bare` without a colon."""
    is_robot: bool = False


class ImHeads:
    """Finds heads in one text, knowing which names come back in it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        found = [candidate for at in range(len(lines)) if (candidate := _candidate(lines, at))]
        self.returning = Counter(f.head.name for f in found if f.head.name)
        self.forms = Counter(f.form for f in found if f.head.name and self._returns(f))
        self.is_regular = _are_regular(lines, found, self.forms["before"])

    def find(self, lines: Sequence[Line], at: int, last: Head | None) -> Found | None:
        """The head that begins at this line, or None."""
        found = _candidate(lines, at)
        if found is not None and found.head.is_whole:
            return found
        if found is not None and (
            self._is_known(found)
            or (is_personal(found.head.name or "") and found.form != "bare" and _goes_on(last, found.head))
            or (found.form in {"above", "two lines"} and _is_full(found.head.time))
        ):
            return found
        return self._of_nobody(lines[at][1], last)

    def _is_known(self, found: Found) -> bool:
        """True for a name that comes back, and for any single word where every line of the text has a time and a name."""
        name = found.head.name or ""
        alone = self.is_regular and found.form == "before" and len(name) < 20 and " " not in name
        return alone or self._returns(found)

    def _returns(self, found: Found) -> bool:
        name = found.head.name or ""
        if found.form == "bare" and not is_personal(name):
            return False
        return found.is_robot or (self.returning[name] > 1 and len(name) < 20)

    def _of_nobody(self, line: str, last: Head | None) -> Found | None:
        """A timed line without a name, in a text whose heads stand before the words."""
        before = self.forms["before"] + self.forms["bare"]
        if before < 2 or before * 2 < self.forms.total():
            return None
        match = _NOBODY.match(line[:LONGEST])
        head = Head(match["time"].strip(), "", line[match.start("text") :]) if match else None
        return Found(head, "before") if head and _goes_on(last, head) else None

    def every(self, lines: Sequence[Line]) -> Iterator[Found]:
        """All heads of some lines."""
        last: Head | None = None
        for at in range(len(lines)):
            if found := self.find(lines, at, last):
                last = found.head if found.head.time else last
                yield found


def _are_regular(lines: Sequence[Line], found: Sequence[Found], returning: int) -> bool:
    """True where nearly every line has a time and a name before its words, and most of the names come back."""
    before = sum(f.form == "before" for f in found)
    return before >= REGULAR * len(lines) and 2 * returning >= before > 2


REGULAR = 0.8


def separator(line: str) -> str | None:
    """The date of a line such as `—— 3月11日 ——`, or None."""
    if len(line) > 60:
        return None
    bare = line.strip(" \t\u3000-—–─━=>")
    reading = read_time(bare) if bare else None
    return bare if reading and (reading.has_date or reading.day_word) and reading.epoch is None else None


def _candidate(lines: Sequence[Line], at: int) -> Found | None:
    number, line = lines[at]
    start = line[:LONGEST]
    for rank, pattern in enumerate(_BEFORE):
        if match := pattern.match(start):
            text = line[match.start("text") :]
            found = _found(match["name"], match["time"], "bare" if rank > 1 else "before", text)
            if found and (found.form == "before" or is_personal(found.head.name or "")):
                return found
    if len(line) > LONGEST:
        return None
    if match := _RECALLED.match(line):
        name = None if match["name"] in {"你", "You", "您"} else match["name"]
        return Found(Head(None, name, is_whole=True, is_deleted=True), "above")
    if _RENAMED.match(line):
        return Found(Head(None, None, line.strip(), is_whole=True), "above")
    for pattern in (_TIME_THEN_ID, _TIME_THEN_NAME, _ABOVE):
        form = "above" if pattern is _ABOVE else "under"
        if (match := pattern.match(line)) and (found := _found(match["name"], match["time"], form)):
            return found
    return _two_lines(line, lines[at + 1]) if at + 1 < len(lines) and lines[at + 1][0] == number + 1 else None


def _two_lines(line: str, following: Line) -> Found | None:
    time = _TIME_ALONE.match(following[1]) if len(following[1]) < LONGEST else None
    name = _NAME_ALONE.match(line) if time else None
    return _found(name["name"], time["time"], "two lines", lines=2) if name and time else None


def _found(written: str, time: str, form: str, text: str = "", lines: int = 1) -> Found | None:
    name = bare_name(written)
    if name is None:
        return None
    return Found(Head(time.strip(), name, text, lines, is_machine(written)), form, is_robot(written))


def _is_full(time: str | None) -> bool:
    """True where a date stands before the clock: words seldom end so."""
    return time is not None and re.search(r"[-/年月日]", time.split(":")[0]) is not None


def _goes_on(last: Head | None, head: Head) -> bool:
    """True where the time does not go back: a chat is written forwards, only words look back."""
    if last is None or last.time is None or head.time is None or _is_full(head.time):
        return True
    before, after = read_time(last.time), read_time(head.time)
    if before is None or after is None or before.hour is None or after.hour is None:
        return True
    return (after.hour * 60 + after.minute - before.hour * 60 - before.minute) % 1440 < 720
