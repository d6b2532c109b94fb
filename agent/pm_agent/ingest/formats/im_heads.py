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
from pm_agent.reading.timeforms import read_time

LONGEST = 160
_DATE = (
    r"(?:(?:\d{4}年\s?)?\d{1,2}月\d{1,2}[日号]?(?:\s*(?:星期|周)[一二三四五六日天])?|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|"
    r"\d{1,2}[-/]\d{1,2}(?:/\d{2,4})?|今天|昨天|(?:星期|周)[一二三四五六日天]|Today|Yesterday)"
)
_CLOCK = r"(?:(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上)\s*)?\d{1,2}:\d\d(?::\d\d(?:\.\d{1,3})?)?(?!:?\d)(?:\s?[AaPp][Mm]\b)?"
_TIME = rf"(?P<time>(?:{_DATE}(?:[ \tT]|, ?|，)\s*)?{_CLOCK}(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d)\b)?)"
_CHAR = r"[^\s:：,，。!！?？;；、\"“”<>|=\\\[\]{}「」*#`]"
_NAME = rf"(?P<name>(?:【[^】\n]{{1,12}}】)?{_CHAR}{{1,30}}(?: {_CHAR}{{1,20}}){{0,3}}?)"
_ABOVE = re.compile(rf"^{_NAME}(?:,(?=\s\[))?\s+[\[(（【]?{_TIME}[\])）】]?\s*$")
_NAME_ALONE = re.compile(rf"^{_NAME}\s*$")
_TIME_ALONE = re.compile(rf"^\s*{_TIME}\s*$")
_TIME_FIRST = re.compile(
    rf"^(?P<open>[\[【(（])?{_TIME}[\]】)）]?\s*(?:[-–—]\s+)?{_NAME}\s*[:：]\s*(?P<text>\S.*)$"
)
_NAME_FIRST = re.compile(rf"^{_NAME}\s*\[?(?<![(（]){_TIME}\]?\s*[:：]\s*(?P<text>\S.*)$")
_TIME_OVER_TEXT = re.compile(
    rf"^(?:\[{_TIME}\]\s*{_NAME}|{_TIME.replace('time', 'time2')}\s+{_NAME.replace('name', 'name2')}[(<]\S+[)>])\s*$"
)
_RECALLED = re.compile(
    rf"^[“\"]?{_NAME}[”\"]?\s*(?:撤回了一条消息(?:\s*重新编辑)?|(?:recalled|unsent) a message)\s*$"
)
_RENAMED = re.compile(r"^.{1,40}(?:修改群(?:聊)?名(?:称)?为|将群(?:聊)?名(?:称)?(?:修改|更改)为).{1,80}$")
_BOT = re.compile(r"机器人|助手|告警|监控|平台$|系统$|通知$|\bbot\b|[a-z]bot\b|webhook|\bAPP\b", re.I)
_TAG = re.compile(r"\s+(?:机器人|BOT|APP)$|[(（\[]机器人[)）\]]$|@微信$", re.I)
_NOT_A_NAME = re.compile(
    r"时间|开始|结束|恢复|发布|上线|重启|回滚|完成|截至|截止|更新|故障|触发|现在|目前|已经|预计|大概|左右|[上下]午|"
    r"昨天|今天|发现|处理|影响|原因|结论|行动|动作|定位|排查|确认|升级|操作|现象|反馈|备注|决定|根因|止损|进展|补充|验证|观察|"
    r"[至于在到从约是了]$|^\d|"
    r"^(?:at|since|from|until|by|around|eta|before|after|on|start|end|time|and|the|we|it|then|https?|todo|note|update|"
    r"summary|actions?|status|impact|detect(?:ed|ion)|resolved|resolution|mitigat(?:ed|ion)|root cause|rollback)\b|"
    r"\b(?:at|since|until|by|around|is|was)$|^(?:info|warn(?:ing)?|error|err|debug|trace|fatal|critical|notice)$",
    re.I,
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤阿小老欧司诸上慕"
)
_PERSON = re.compile(
    rf"^(?:【[^】]{{1,12}}】)?(?:[{_SURNAMES}][\u4e00-\u9fff·]{{1,3}}|[A-Z][\w'.-]{{0,20}}(?: [A-Z][\w'.-]{{0,20}}){{1,2}})"
    r"(?:[(（][^()（）]{1,16}[)）]|[-@]\S{1,12})?$|^[^()（）]{1,20}[(（][^()（）]{1,16}[)）]$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A head, and in which manner it is written: what tells the clients apart."""

    head: Head
    form: str
    """`above`, `two lines` or `before`."""


class ImHeads:
    """Finds heads in one text, knowing which names come back in it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.returning = Counter(
            found.head.name
            for at in range(len(lines))
            if (found := _candidate(lines, at)) and found.head.name
        )

    def find(self, lines: Sequence[Line], at: int, last: Head | None) -> Found | None:
        """The head that begins at this line, or None."""
        found = _candidate(lines, at)
        if found is None or found.head.is_whole:
            return found
        name = found.head.name or ""
        if found.head.is_bot or (self.returning[name] > 1 and len(name) < 20):
            return found
        if _PERSON.match(name) and _goes_on(last, found.head):
            return found
        return found if found.form != "before" and _is_full(found.head.time) else None

    def every(self, lines: Sequence[Line]) -> Iterator[Found]:
        """All heads of some lines."""
        last: Head | None = None
        for at in range(len(lines)):
            if found := self.find(lines, at, last):
                last = found.head if found.head.time else last
                yield found


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
    for pattern in (_TIME_FIRST, _NAME_FIRST):
        if (match := pattern.match(start)) and (head := _head(match["name"], match["time"])):
            text = line[match.start("text") :]
            return Found(Head(head.time, head.name, text, is_bot=head.is_bot), "before")
    if len(line) > LONGEST:
        return None
    if match := _RECALLED.match(line):
        name = None if match["name"] in {"你", "You", "您"} else match["name"]
        return Found(Head(None, name, is_whole=True, is_deleted=True), "above")
    if _RENAMED.match(line):
        return Found(Head(None, None, line.strip(), is_whole=True), "above")
    if match := _TIME_OVER_TEXT.match(line):
        head = _head(match["name"] or match["name2"], match["time"] or match["time2"])
        return Found(head, "before") if head else None
    if match := _ABOVE.match(line):
        head = _head(match["name"], match["time"])
        return Found(head, "above") if head else None
    return _two_lines(line, lines[at + 1]) if at + 1 < len(lines) and lines[at + 1][0] == number + 1 else None


def _two_lines(line: str, following: Line) -> Found | None:
    time = _TIME_ALONE.match(following[1]) if len(following[1]) < LONGEST else None
    name = _NAME_ALONE.match(line) if time else None
    head = _head(name["name"], time["time"], 2) if name and time else None
    return Found(head, "two lines") if head else None


def _head(written: str, time: str, lines: int = 1) -> Head | None:
    name = _TAG.sub("", written.strip())
    is_bot = _BOT.search(written) is not None and len(name) < 20
    if not name or (not is_bot and _NOT_A_NAME.search(name)):
        return None
    return Head(time.strip(), name, lines=lines, is_bot=is_bot)


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
