"""Action items in prose, lists, tables and chat: the words, who is to do it, by when, and how one would know.

Owner and date are taken only where they are written; a person who merely speaks is not an owner, unless they say
"I'll do it".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pm_agent.language import HAN
from pm_agent.reading.clock_face import local
from pm_agent.reading.cues import read_cues, stance_of
from pm_agent.reading.due_dates import Due, due_date
from pm_agent.reading.lines import Line
from pm_agent.reading.sentences import split

_ALIAS = r"(?:Engineer|工程师|Incident commander|Tech lead|Communications lead|事故指挥官|技术负责人|沟通负责人|Responder|响应人员|记录员|Scribe)(?:\s[A-Z]{1,2}\b)?"
_PERSON = r"(?!\w*day\b|(?:Add|Fix|Move|Update|Remove|Deploy|Check|Set|Write|Create|Test|Run|Use|Done|Open|High|Medium|Low|Critical|Todo)\b)[A-Z][a-z]+(?!day\b)(?<!Jan)(?<!Feb)(?<!Mar)(?<!Apr)(?<!May)(?<!Jun)(?<!June)(?<!Jul)(?<!July)(?<!Aug)(?<!Sep)(?<!Oct)(?<!Nov)(?<!Dec)"
_SURNAME = "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
_HAN_PERSON = rf"(?!高可|高峰|高并|高频|高级|余额|余量|余下|周.[前内末]|周[一二三四五六日末期边]|方案|方法|方式|方面|任务|任何|程序|金额|时间|时候|常见|常规|安全|安装|文档|文件|温度|路由|万[一级]|马上|于[是此]|白名|石头|段落|龙头|江湖|钱包|黄金|黎明|项目|史上|孔径|汤|万)(?:{_SURNAME}{HAN}{{1,2}}|[小老阿]{HAN})"
_TEAM = "(?:DBA|SRE|QA|PM|Infra|运维|研发|后端|前端|测试|安全|网络|平台|数据|产品|运营)(?:组|团队|侧)?"
_WHEN = r"(?:\d|by\b|due\b|eta\b|until\b|before\b|update\b|on\s|next\b|this\b|mon|tue|wed|thu|fri|tomorrow|today|今|明|后天|下|本|周|月|年)"
_DATED = r"(?:20\d\d-)?\d{1,2}[-/.]\d{1,2}|(?i:mon|tues|wednes|thurs|fri)day|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}|\d{1,2} (?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|日|号|周[一二三四五六日]|前"
_OWNER = (
    re.compile(
        r"(?:(?:\bowners?|\bassignees?|\bdri|\bresponsible|\bwho)\s*(?:[:：=]|is\b)|\bassigned to\b|(?:负责人|责任人|跟进人|跟踪人|处理人|主责人?|执行人)\s*(?:[:：=]|是|为)?|(?<![理原缘自])由(?!于|此))\s*(?P<o>@?[^\s,，;；。()（）|、]+(?:\s(?:[A-Z]{1,2}\b|[A-Z][a-z]+))?)",
        re.I,
    ),
    re.compile(
        rf"(?:^|[\-–—(（\[]\s*)@?(?P<o>{_ALIAS})\s*(?:[)）\]]|to\b|will\b|[:：]|来|负责|跟进|去)", re.I
    ),
    re.compile(rf"@(?P<o>{_ALIAS})", re.I),
    re.compile(r"(?:^|[\s(（\[，,、])@(?P<o>[\w\u4e00-\u9fff][\w\u4e00-\u9fff.\-]*)"),
    re.compile(rf"[\-–—(（\[,，]\s*(?P<o>{_ALIAS})\s*(?:[,，)）\]]|$)", re.I),
    re.compile(
        r"(?P<o>[\u4e00-\u9fff]{2,3}(?<!我们|他们|大家|需要|建议|后续|应该))(?:负责|来跟|跟进|来做|牵头)"
    ),
    re.compile(
        rf"(?P<o>{_HAN_PERSON}(?:[/、]{_HAN_PERSON})*|{_TEAM})\s*(?:负责|来跟|跟进|来做|牵头|一起把|共同)"
    ),
    re.compile(rf"[,;]\s*(?P<o>{_PERSON})\s+(?:to|will)\s+(?:lead|own|drive|handle|follow|do|take)\b"),
    re.compile(
        rf"(?:^|[,;:]\s*)(?P<o>{_PERSON})\s+(?:adds|writes|fixes|updates|removes|creates|owns|drives|checks|migrates|documents|builds|runs|takes|leads|files|opens|moves|rotates|schedules|prepares|publishes|cleans|deletes|drafts)\b"
    ),
    re.compile(rf"[(（]\s*(?P<o>{_PERSON}|{_HAN_PERSON})\s*[,，]\s*\S"),
    re.compile(rf"[,，]\s*(?P<o>{_PERSON}|{_HAN_PERSON}|{_TEAM})\s*[)）]"),
    re.compile(rf"\s[—–-]\s*(?P<o>{_PERSON}|{_HAN_PERSON})\s*$"),
    re.compile(rf"^\W*(?P<o>{_HAN_PERSON})\s*[-–—]\s"),
    re.compile(
        rf"(?:交给|(?<![理原缘自])由(?!于|此)|请|麻烦|辛苦|归|给到|指派给?|分配给)\s*@?(?P<o>{_HAN_PERSON}|{_TEAM})"
    ),
    re.compile(
        rf"(?:^|[\s，,（(])(?P<o>{_HAN_PERSON}|{_TEAM})\s*(?:来|去|领|认领|搞定|主导|承接|推进|弄|跟一下|在\S{{1,6}}前|\d{{1,2}}\s?[月/.])"
    ),
    re.compile(rf"(?:^|[，,。；;])\s*(?P<o>{_HAN_PERSON}|{_TEAM})\s*[:：]"),
    re.compile(rf"[【\[（(]\s*@?(?P<o>{_HAN_PERSON}|{_TEAM})\s*[】\])）]"),
    re.compile(rf"[，,]\s*(?P<o>{_HAN_PERSON})\s*[。.]?$"),
    re.compile(rf"(?:{_DATED})\s*[,，;—–-]?\s*(?P<o>{_PERSON}|{_HAN_PERSON})\s*[.。)）]?$"),
    re.compile(
        rf"\b(?P<o>{_PERSON}|(?:the )?[\w-]+ team)\s+(?:owns|is on it|has (?:it|this)|is going to|takes this|picks (?:it|this) up|volunteered|is responsible|is doing)\b"
    ),
    re.compile(
        rf"\b(?:assign(?:ed)? (?:it )?to|assignee|owned by|owner is|handled by|lead by|led by)\s*:?\s*@?(?P<o>{_PERSON})\s*(?:[,.;)]|$|\bto\b|\bby\b)"
    ),
    re.compile(rf"\|\s*(?P<o>{_PERSON}|{_HAN_PERSON})\s*(?:\||$)"),
    re.compile(rf"[,，]\s*(?P<o>{_PERSON}|{_HAN_PERSON})\s*[,，]\s*(?i:{_WHEN})"),
    re.compile(rf"(?:^|[,，])\s*(?P<o>{_HAN_PERSON})(?:给|把|补|加|写|改|整理|输出|组织)"),
    re.compile(
        r"(?:^|[\-–—*•]\s*)(?P<o>(?!(?:Move|Migrate|Add|Change|Switch|Upgrade|Update|Set|Send|Route|Convert|Extend|Rename|Promote|Connect|Link|Push|Pull|Point|Give|Ask|Get|Use|Make|Bind|Grant|Need|Plan|Try|Remember|Continue|Talk|Work|Want|Reach|Speak|Restrict|Limit|Scale|Expose|Attach|Deploy|Apply|Write|Report|Back|Bring|Redirect|Forward|Bump|Raise|Lower|Increase|Reduce|Raise)\b)[A-Z][a-z]+(?:\s[A-Z][a-z]+)?(?:\s*(?:/|,|&|and)\s*[A-Z][\w]*)*|(?:the\s+)?[A-Za-z]+ team)\s+(?:to|will)\s+[a-z]",
        re.M,
    ),
)
_SELF = re.compile(
    r"\b(?:i(?:'?ll| will|'?m going to| can| am going to)|let me)\b|我(?:来|去|会|这边|负责|今天|明天|下周|待会|晚点|提|补|加|改|写|弄|跟|约|整理)",
    re.I,
)
_DONE_WHEN = re.compile(
    r"(?:done when|accept(?:ance|ed)(?: criteri\w+)?|verified by|success criteri\w+|definition of done|验收(?:标准|条件|方式)?|完成标准|达到|确保能|标准)\s*[:：]?\s*(?P<v>[^;；。\n]+)",
    re.I,
)
_PRIORITY = re.compile(
    r"(?<![A-Za-z0-9])(?:\[?(?P<p>P[0-3])\]?(?!\d)|priority\s*[:=]?\s*(?P<w>high|medium|low|critical)|优先级\s*[:：]?\s*(?P<z>高|中|低))",
    re.I,
)
_TICKET = re.compile(r"(?<![\w/])(?P<t>[A-Z][A-Z0-9]{1,9}-\d+|#\d{2,6})(?![\w])")
_MARK = re.compile(
    r"^\s*(?:[-*+•·]|\d{1,2}[.)、]|[（(]\d{1,2}[)）]|\[[ xX]\]|[-*]\s\[[ xX]\])\s*(?:\[[ xX]\]\s*)?"
)
_LEAD = re.compile(
    r"^\W*(?:action items?|ai[- ]?\d*|todo|to[- ]do|follow[- ]?ups?|next steps?|ar|行动项|待办|改进(?:项|措施|点)?|后续(?:动作|计划|改进|措施|待办)?|跟进(?:项|事项)?|整改(?:项|措施)?)\s*\d*\s*[：:\-#–]+\s*",
    re.I,
)
_DONE_MARK = re.compile(r"\[[xX]\]|✅|\(done\)|已完成|（完成）|\bdone\b\s*$", re.I)
_NOT_OWNER = {
    "我们",
    "大家",
    "team",
    "we",
    "someone",
    "tbd",
    "待定",
    "?",
    "无",
    "none",
    "n/a",
    "-",
    "于",
    "此",
    "这个",
    "该",
    "因",
    "him",
    "her",
    "them",
    "all",
    "everyone",
    "于是",
    "every team", "each team", "all teams", "every", "everybody",
    "continue", "about", "how", "this", "that", "it", "now", "then", "when", "before", "after", "until", "by", "ft",
}  # fmt: skip


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


def item_of(
    text: str,
    written_on: date | None,
    *,
    speaker: str | None = None,
    line: Line | None = None,
    at_line: int | None = None,
) -> Item:
    """Owner, date, criterion, priority and ticket of one item."""
    bare = _LEAD.sub("", _MARK.sub("", text.strip())).strip()
    accepted = _DONE_WHEN.search(bare)
    return Item(
        text=bare,
        owner=owner_of(bare, speaker),
        due=due_date(bare, written_on),
        acceptance=accepted["v"].strip() if accepted else None,
        priority=_priority(bare),
        ticket=m["t"] if (m := _TICKET.search(bare)) else None,
        done=_DONE_MARK.search(text) is not None,
        line=line,
        at_line=at_line,
    )


def owner_of(text: str, speaker: str | None = None) -> str | None:
    """Who is to do it, as written; the speaker where they say that they will."""
    for pattern in _OWNER:
        for match in pattern.finditer(text):
            owner = match["o"].strip().lstrip("@").strip(" .,:：，;；")
            if owner and owner.lower() not in _NOT_OWNER and not owner.isdigit() and len(owner) > 1:
                return owner
    return speaker if speaker and _SELF.search(text) else None


def _priority(text: str) -> str | None:
    match = _PRIORITY.search(text)
    if match is None:
        return None
    if match["p"]:
        return match["p"].upper()
    word = (match["w"] or match["z"]).lower()
    return {"critical": "P0", "high": "P0", "高": "P0", "medium": "P1", "中": "P1", "low": "P2", "低": "P2"}[
        word
    ]


_LIST_HEAD = re.compile(
    r"(?:action items?|follow[- ]?ups?|next steps?|todos?|to[- ]do|remediation|improvements?|行动项|待办|改进(?:措施|项)?|后续(?:动作|计划|改进|措施|待办|事项)?|跟进(?:项|事项)?|整改(?:项|措施)?)\s*(?:\([^)]*\)|（[^）]*）)?\s*[:：]?\s*$",
    re.I,
)


def items_in(lines: Sequence[Line], timezone: str) -> list[Item]:
    """Action items in evidence: list items under a heading that says so, and sentences that say what is to be done later."""
    found: list[Item] = []
    collecting: Line | None = None
    for line in lines:
        if line.commands or not line.by_person:
            continue
        if asks_for_items(line):
            collecting = line
            continue
        if collecting and _answers_call(line, collecting):
            on = local(line.at, timezone).date() if line.at else None
            found.append(item_of(line.text, on, speaker=line.actor, line=line))
            continue
        on = local(line.at, timezone).date() if line.at else None
        found += [item_of(text, on, speaker=line.actor, line=line) for text in _candidates(line.text, on)]
    unique: dict[str, Item] = {}
    for item in found:
        unique.setdefault(re.sub(r"\W+", "", item.text.lower()), item)
    return list(unique.values())


_CALL = re.compile(
    r"(?:改进(?:项|点|措施)|行动项|待办|后续)[^。！？\n]{0,8}(?:大家|各位|都)[^。！？\n]{0,8}(?:说|列|提|报|写|补充)|\b(?:drop|post|list|add|put) (?:your |the |all )?(?:action items|follow[- ]?ups|todos)\b",
    re.I,
)
"""Somebody asks for action items; what follows at once are answers."""
_ANSWERS = timedelta(minutes=6)


def asks_for_items(line: Line) -> bool:
    """True where somebody asks everybody for action items."""
    return line.by_person and _CALL.search(line.text) is not None


def _answers_call(line: Line, call: Line) -> bool:
    if line.at is None or call.at is None or line.thread != call.thread or line.at - call.at > _ANSWERS:
        return False
    return len(line.text) >= 10 and _WORK.search(line.text) is not None


_LIST_LEAD = re.compile(
    r"\b(?:action items?|follow[- ]?ups?|next steps?|to-?dos?|to do|remediation|improvements?|things to|takeaways?)\b|行动项|待办|改进|后续|后面|跟进|整改|几个事|几件事|要做的|任务",
    re.I,
)
"""Words that make a line the head of a list where list items follow at once."""


def _candidates(text: str, on: date | None) -> Iterable[str]:
    in_list = False
    rows = text.split("\n")
    for row, following in zip(rows, [*rows[1:], ""], strict=True):
        if _is_head(row, following):
            in_list = True
            continue
        if in_list and _MARK.match(row):
            yield row
            continue
        in_list = in_list and not row.strip()
        yield from (
            s.text for s in split(row) if not s.pasted and (_says_action(s.text) or _commits(s.text, on))
        )


def _is_head(row: str, following: str) -> bool:
    bare = row.strip(" #*_")
    if len(row) >= 60 or _MARK.match(row):
        return False
    return bool(_LIST_HEAD.search(bare) or (_LIST_LEAD.search(bare) and _MARK.match(following)))


_WORK = re.compile(
    r"\b(?:file|open|write|add|fix|update|send|schedule|draft|create|document|review|raise|set up|ship|roll out|merge|remove|rotate|clean up|backfill|follow up)\b"
    r"|[提补做改加推缩建写发修查清迁换约出排拉]|整理|更新|上线|申请|评审|梳理|对齐|复盘|收尾|关掉|打开",
    re.I,
)


def _commits(sentence: str, on: date | None) -> bool:
    """Somebody takes on work for a day that is named: `我明天就能提`, `I'll file it tomorrow`."""
    if len(sentence) < 6 or stance_of(sentence).question:
        return False
    if not _WORK.search(sentence) and not _SELF.search(sentence):
        return False
    due = due_date(sentence, on)
    if due is None or (on is not None and due.on < on):
        return False
    return _SELF.search(sentence) is not None or _BY_DAY.search(sentence) is not None


_BY_DAY = re.compile(r"\b(?:by|before|until|due)\b|[前内]|明天|后天|下周|月底|周[一二三四五六日天]", re.I)


def _says_action(sentence: str) -> bool:
    """A sentence that commits to later work; the work of the incident itself is mitigation, not an action item."""
    cues = {c.category for c in read_cues(sentence) if c.strong}
    if "action" not in cues or stance_of(sentence).question:
        return False
    return len(sentence) >= 8 and not (
        {"mitigate", "in_progress"} <= cues
        and not _LEAD.match(sentence)
        and not re.search(
            r"ticket|postmortem|follow|后续|复盘|下周|工单|文档|next week|long[- ]term", sentence, re.I
        )
    )
