"""Who is to do an action item, where the words say so: a label, a mention, a name at a place where owners stand.

A person who is merely named is no owner: `the password that Engineer B pasted`, `ask Engineer B's team`. Who speaks is
one where they say that they will.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from pm_agent.language import HAN, LANGUAGES, has_han, patterns, words
from pm_agent.language.compiled import compiled
from pm_agent.reading.cues import languages_of
from pm_agent.reading.due_dates import due_date

_ALIAS = r"(?:Engineer|工程师|Incident commander|Tech lead|Communications lead|事故指挥官|技术负责人|沟通负责人|Responder|响应人员|记录员|Scribe)(?![a-z])(?:\s[A-Z]{1,2}(?![A-Za-z]))?"
_LATIN = r"[A-ZÀ-ÖØ-ÞŁŚŽČŠĐ][a-zà-öø-ÿłśžčšđćęąńő'’]+"
_PERSON = rf"(?:{_LATIN}(?:[ -]{_LATIN})?)"
_SURNAME = "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭韦殷欧卓翁倪凌庄柴聂裴覃骆耿詹阮邢廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
_NO_GIVEN = "库表机器端层口率量值卡箱池区页单线链网服件包版"
"""Characters that end a thing and no given name."""
_HAN_PERSON = rf"(?!高可|高峰|高并|高频|高级|余额|余量|余下|周.[前内末]|周[一二三四五六日末期边]|方案|方法|方式|方面|任务|任何|程序|金额|时间|时候|常见|常规|安全|安装|文档|文件|温度|路由|万[一级]|马上|于[是此]|白名|石头|段落|龙头|江湖|钱包|黄金|黎明|项目|史上|孔径|汤|万|卓越|庄家|凌晨|欧洲|欧元|欧盟)(?:(?:欧阳|司马|上官|诸葛|慕容|令狐|皇甫|尉迟){HAN}{{0,2}}|{_SURNAME}{HAN}(?:(?![{_NO_GIVEN}]){HAN})?|[小老阿]{HAN})"
_TEAM = "(?:DBA|SRE|QA|PM|Infra|运维|研发|后端|前端|测试|安全|网络|平台|数据|产品|运营|客服|法务|架构|基础架构|中间件|经理|项目经理|产品经理|技术经理|组长|主管|存储|人事|财务|市场)(?:组|团队|侧|那边|的?同学)?"
_BRIEF = _HAN_PERSON.replace(")?|", ")??|").replace("{0,2}", "{0,2}?")
_SURE_TEAM = "(?:(?:DBA|SRE|QA|PM|运维|前端|后端)(?:组|团队|侧|那边|同学)?|(?:研发|测试|安全|网络|平台|数据|产品|运营|客服|法务|架构|中间件|存储|人事|财务|市场|缓存|支付|订单|搜索)(?:组|团队|侧|那边|的?同学))"
_ADVERB = "我们|大家|需要|建议|然后|以后|尽快|后续|统一|直接|[上下本这]周|明天|今天|后天|可以|应该|最好|顺便|同时|另外|务必|必须|最后|首先|先|再|也|都|要|得|请|将|月底|周[一-日]|记得|准备|计划|考虑|尝试|继续|默认|全部|所有|每[次个天]|其[他余次中]|[之今前]后|并且|而且|或者|以及|定期|逐步|自动|手动|[一二三四五六七八九十]+月"
_EN_TEAM = r"(?:(?:the )?[A-Za-z-]+ (?:team|folks|group|squad|crew)|DBAs?|SREs?|QA|Infra|Platform|NetOps|DevOps|Ops|Security|Legal|Support|Product|Data|Backend|Frontend|Mobile|Payments|EM|TPM|PO|CTO|PM|HR|IT|BI|Finance|Marketing|Sales|Storage|Network|Infrastructure|Compute|Identity|Observability)"
_WHO = rf"(?:{_PERSON}|{_HAN_PERSON}|{_EN_TEAM})"
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_WHEN = rf"(?:\d|by\b|due\b|eta\b|until\b|till\b|before\b|update\b|on\s|end of\b|next\b|this\b|mon|tue|wed|thu|fri|tomorrow|today|(?:{_MONTH})[a-z]*\.? \d|q[1-4]\b|eo[dwmq]\b|tbd\b|no date\b|今|明|后天|下|本|这|周|月|年|季)"
_DATED = rf"(?:20\d\d-)?\d{{1,2}}[-/.]\d{{1,2}}|(?i:mon|tues|wednes|thurs|fri|satur|sun)day|(?i:tomorrow|today|next week|this week|next sprint|end of (?:the )?(?:week|month|quarter)|(?:{_MONTH})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})[a-z]*)|日|号|周[一二三四五六日]|前|底|内"
_DOES = r"(?:adds|writes|fixes|updates|removes|creates|owns|drives|checks|migrates|documents|builds|runs|takes|leads|files|opens|moves|rotates|schedules|prepares|publishes|cleans|deletes|drafts|does|sets|sends|talks|asks|looks|tests|reviews|raises|changes|makes|puts|turns|gets|investigates|organi[sz]es|implements|enables|disables|replaces|renews|revokes|automates|extends|splits|ships|rolls|patches|upgrades|tunes|follows|handles|wires|hooks|presents|reports|books|orders|limits|reduces|lowers|increases|bumps|pins|confirms|verifies|audits|calls|contacts|chases|pushes|starts|kicks|collects|gathers)"
_TRAILS = r"(?:will|to|can|shall|should|must|is going to|is to|has to|agreed to|volunteered to|offered to|promised to|plans to|wants to|'ll|’ll)"

_STRONG = (
    compiled(
        r"(?:(?:\bowners?|\bassignees?|\bdri|\bresponsible|\bwho|\bpoc|\blead|\bdriver)\s*(?:[:：=]|is\b)|\bassigned to\b|(?:负责人|责任人|跟进人|跟踪人|处理人|主责人?|执行人|接口人|经办人|牵头人)\s*(?:[:：=]|是|为)?|(?<![理原缘自])由(?!于|此))\s*(?P<o>@?[^\s,，;；。()（）|、]+(?:\s(?:[A-Z]{1,2}\b|[A-Z][a-z]+))?)",
        re.I,
    ),
    compiled(rf"^\W*(?P<o>{HAN}{{2,6}}部)(?=尽快|负责|牵头|组织|完善|制定|梳理|补|加|改|出|把|在|于|每)"),
    compiled(rf"(?:^|[\-–—(（\[]\s*)@?(?P<o>{_ALIAS})\s*(?:[)）\]]|to\b|will\b|[:：]|来|负责|跟进|去)", re.I),
    compiled(rf"@(?P<o>{_ALIAS})", re.I),
    compiled(r"(?:^|[\s(（\[，,、])@(?P<o>\w[\w.\-]*)"),
    compiled(rf"[\-–—(（\[,，]\s*(?P<o>{_ALIAS})\s*(?:[,，)）\]]|$)", re.I),
)
_NAMED = (
    compiled(rf"\b(?:owner|assignee|lead|dri)s?\s+(?P<o>{_PERSON}|{_HAN_PERSON})"),
    compiled(
        rf"(?P<o>{HAN}{{2,3}}(?<!我们|他们|大家|需要|建议|后续|应该|一起|共同)(?<!我))(?:负责|来跟|跟进|来做|牵头)"
    ),
    compiled(
        rf"(?P<o>{_HAN_PERSON}(?:[/、]{_HAN_PERSON})*|{_TEAM})\s*(?:负责|来跟|跟进|来做|牵头|一起|共同)"
    ),
    compiled(rf"^\W*(?P<o>{_WHO})(?=\s*(?:&|\+|/|,|and)\s*{_WHO}\s+{_TRAILS}\s+[a-z])"),
    compiled(rf"(?:^|[,;:.(—–-]\s*|\band\s+)(?P<o>{_WHO})(?:\s+{_TRAILS}|(?:'ll|’ll))\s+[a-z]"),
    compiled(rf"^\W*(?:(?:[Hh]ave|[Gg]et|[Ll]et)\s+(?P<o>{_WHO})\s+(?:to\s+)?[a-z])"),
    compiled(
        rf"^\W*(?P<o>{_BRIEF}|{_SURE_TEAM})(?:[和、/跟]{_HAN_PERSON})?\s*(?:(?:这|本|下下?)?(?:周|星期)[一二三四五六日天末]?|月底|今天|今晚|明天|明早|后天|尽快|\d+\s?[月号日]\S{{0,4}}?)?\s*(?:之?前|内)?\s*(?:看|把|对|给|将|去|来|在|要|补|加|写|改|做|查|整理|输出|组织|推|出|发|提(?!高|升)|升级|迁移|删|评估|梳理|联系|找|更新|确认|完成|排查|修|建|配|接|申请|跟)"
    ),
    compiled(rf"(?:^|[,;:.(—–-]\s*)(?P<o>{_WHO})\s+{_DOES}\b"),
    compiled(rf",\s*(?P<o>{_PERSON})\s+[a-z]{{2,}}s\s+(?:the|a|an|our|all|each|every|up|out|\d)\b"),
    compiled(
        rf"(?:^|[，,])\s*(?P<o>(?!{_ADVERB}){HAN}{{2,3}}(?<!尽快)(?<!统一)(?<!直接)(?<!前)(?<!后)(?<!内))把"
    ),
    compiled(rf"(?P<o>{HAN}{{2,3}}(?:/{HAN}{{2,3}})+)\s*(?:共同|一起|负责)"),
    compiled(rf"[(（\[]\s*@?(?P<o>{_PERSON}|{_HAN_PERSON})\s*[,，;/|—–-]\s*\S"),
    compiled(rf"[,，;—–-]\s*(?P<o>{_PERSON}|{_HAN_PERSON}|{_TEAM}|{_EN_TEAM})\s*[)）\]]"),
    compiled(rf"\s(?:[—–-]|->|=>|→|\|)\s*@?(?P<o>{_WHO})\s*(?:$|[(（,，;/|])"),
    compiled(rf"^\W*(?P<o>{_PERSON}|{_HAN_PERSON}|{_EN_TEAM})\s*(?:\s[-–—]\s|[:：|]\s?)\s*\S"),
    compiled(
        rf"(?:交给|(?<![理原缘自])由(?!于|此)|请|麻烦|辛苦|归|给到|指派给?|分配给|安排|让|找)\s*@?(?P<o>{_HAN_PERSON}|{_TEAM})"
    ),
    compiled(
        rf"(?:^|[\s，,（(；;。])(?P<o>{_HAN_PERSON}|{_TEAM})\s*(?:来|去|领|认领|搞定|主导|承接|推进|弄|跟一下|在\S{{1,6}}前|\d{{1,2}}\s?[月/.]|(?:这|本|下)(?:个)?(?:周|月|季度)|月底|明天|今天)"
    ),
    compiled(rf"(?:^|[，,。；;])\s*(?P<o>{_HAN_PERSON}|{_TEAM})\s*[:：]"),
    compiled(rf"[【\[（(]\s*@?(?P<o>{_HAN_PERSON}|{_TEAM}|{_PERSON})\s*[】\])）]"),
    compiled(rf"[，,；;。\s]\s*(?P<o>{_HAN_PERSON})\s*[。.]?$"),
    compiled(rf"(?:{_DATED})\s*[,，;/—–-]?\s*(?P<o>{_PERSON}|{_HAN_PERSON})\s*[.。)）]?$"),
    compiled(
        rf"\b(?P<o>{_PERSON}|(?:the )?[\w-]+ team)\s+(?:owns|is on it|has (?:it|this)|is going to|takes this|picks (?:it|this) up|volunteered|is responsible|is doing|is (?:the )?owner)\b"
    ),
    compiled(
        rf"\b(?:assign(?:ed)? (?:it )?to|assignee|owned by|owner is|handled by|lead by|led by|driven by|done by|taken by|goes to|up to|ask)\s*:?\s*@?(?P<o>{_PERSON}|{_EN_TEAM})\s*(?:[,.;)]|$|\bto\b|\bby\b)"
    ),
    compiled(rf"\|\s*(?P<o>{_PERSON}|{_HAN_PERSON})\s*(?:\||$)"),
    compiled(rf"[,，;.。/—–-]\s*(?P<o>{_WHO})\s*[,，;:/—–-]?\s*(?i:{_WHEN})"),
    compiled(rf"(?:^|[,，])\s*(?P<o>{_HAN_PERSON})(?:给|把|补|加|写|改|整理|输出|组织)"),
    compiled(rf"[,;.]\s+(?P<o>{_WHO})\s*[.?]?\s*$"),
)
_JOINT = compiled(
    rf"\s*(?:\+|&|,|/|、|和|跟|\band\b)\s*(?P<o>{_ALIAS}|{_PERSON}|{_HAN_PERSON})(?=\s*(?:[,.;:)?—–-]|$|对|一起|把|在|做|去|来|要|月底|本周|这周|下周|周|今天|明天|\d|to\b|will\b))"
)
_ALIASED = compiled(_ALIAS, re.I)
_OBJECT_OF = compiled(
    r"(?:\b(?:with|from|of|tell|told|thank|thanks|thx|cc|for|to|like|than|that|which|as|after|before|password|@)|"
    r"[跟找问给和对是被像比替帮让叫]|感谢|谢谢)\s*$",
    re.I,
)
_NO_DOER = compiled(
    r"^(?:'s|’s|\s*的|\s*说|\s*之前|\s*(?:上次|昨天|刚才|当时)|\s+(?:pasted|wrote|made|asked|said|was|were|had|did|found|broke|has|is right|sent|knew|got|\w+ed)\b)",
    re.I,
)
_BOUNDARY = compiled(r"(?:^|[\s][-–—*•]\s*|[-–—,，.。;；:：(（\[【|/?？!！>+&、\n]\s*|\d[.)、]\s*|\band\s+)$")
_DOING = compiled(
    rf"^\s+(?:{_TRAILS}|{_DOES}|please|pls)\b|^\s*(?:来|去|负责|跟进|牵头|把|给|这周|下周|本周)"
)
_PRONOUN = compiled("[我你他她它这那谁]")
_NOT_OWNER = frozenset(
    {
        "我们", "大家", "team", "the team", "we", "someone", "somebody", "anyone", "tbd", "待定", "空缺", "未定", "暂无", "暂缺", "待补", "待认领", "open", "vacant", "?", "无", "none", "n/a", "-",
        "于", "此", "这个", "该", "因", "him", "her", "them", "all", "everyone", "everybody", "于是", "every team", "each team", "all teams",
        "every", "continue", "about", "how", "this", "that", "it", "now", "then", "when", "before", "after", "until", "by", "ft",
        "if", "also", "and", "or", "the", "a", "an", "in", "on", "at", "for", "to", "from", "with", "same", "maybe", "who", "what",
        "todo", "done", "high", "medium", "low", "critical", "note", "owner", "next", "yes", "no", "ok", "please", "our",
        "there", "here", "you", "they", "nobody", "both", "right", "our team", "your team", "a team", "another team",
    }
)  # fmt: skip


@cache
def _no_person() -> frozenset[str]:
    """Capitalised words that begin sentences or name things: verbs of work, days, months, products."""
    found = set(words("en", "owners")["no_person"].split())
    return frozenset(found | {"i"})


def owner_of(text: str, speaker: str | None = None) -> str | None:
    """Who is to do it, as written; the speaker where they say that they will."""
    for find in (_labelled, _aliased, _by_name, _apart):
        if found := find(text):
            return found
    return speaker if speaker and takes_on(text) else None


def takes_on(text: str) -> bool:
    """True where whoever speaks says that they do it: `I'll file it`, `mine, by Friday`, `这个我来`."""
    return any(
        patterns(language, "follow_ups", kind).search(text)
        for language in languages_of(text)
        for kind in ("commit", "offer")
    )


def is_speakers(text: str) -> bool:
    """True where whoever speaks is the subject of a sentence that is known to be an item: `这条拨测我周五前加好`."""
    return any(patterns(language, "follow_ups", "own").search(text) for language in languages_of(text))


def _labelled(text: str) -> str | None:
    for owner, _ in _written(_STRONG, text):
        if len(owner) > 1 and not owner.isdigit() and owner.lower() not in _NOT_OWNER:
            return owner
    return None


def _by_name(text: str) -> str | None:
    found = ((owner, end) for owner, end in _written(_NAMED, text) if _may_own(owner))
    return next((_joined(owner, text, end) for owner, end in found), None)


_CUT = compiled(
    r"(\s[-–—]+\s?|[,，;；。()（）\[\]【】|→]|\.(?=\s|$)|[:：](?=\D)|[-=]>|\s/\s|/(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?<![月号日])\s(?=\D))"
)
_NAMES = compiled(
    rf"(?P<o>(?:{_PERSON}|{_HAN_PERSON}|{_TEAM}|{_EN_TEAM}))(?:\s*(?:\+|&|/|、|和|跟|\band\b)\s*(?P<p>{_PERSON}|{_HAN_PERSON}|{_TEAM}|{_EN_TEAM}))?"
)
_BESIDE = compiled(
    r"\b(?:by|due|owner|owns(?: it)?|drives|leads|on it|in charge|leading|heads|coordinates|responsible|on point|no (?:due )?date(?: yet)?|date (?:tbd|open)|tbd|eta|this sprint|next sprint|asap|until|before|to do|please)\b"
    r"|本迭代|下个?迭代|下个?版本|时间(?:未|待)定|日期待定|排期中|负责|跟进|牵头|主导|认领|处理|完成|搞定|来做|来弄|来|做|弄|截止|之前|前$|尽快|@",
    re.I,
)
_WRITTEN = date(2026, 1, 5)


def _apart(text: str) -> str | None:
    """A name that stands for itself between marks, at an end of the text or beside a date: `…, Ana, 3 May`, `（前端，本迭代）`."""
    cuts = _CUT.split(text)
    segments, marks = cuts[::2], [*cuts[1::2], ""]
    last = max((i for i, segment in enumerate(segments) if segment.strip()), default=0)
    for place, segment in enumerate(segments):
        if place == 0 and not re.match(r"\s[-–—]|[:：|]", marks[0]):
            continue
        name = _name_alone(segment)
        if name is None:
            continue
        bracketed = place > 0 and marks[place - 1] in "(（[【"
        beside = [segment, *segments[place + 1 : place + 2]]
        if place in {0, last} or bracketed or any(_is_beside(s) for s in beside):
            return name
    return None


def _is_beside(segment: str) -> bool:
    """True for a date, or a word such as `due`, `时间未定`."""
    bare = segment.strip()
    return bool(bare) and (_BESIDE.match(bare) or due_date(f"by {bare}", _WRITTEN)) is not None


def _name_alone(segment: str) -> str | None:
    """The name where a segment is nothing but a name, a date and small words."""
    due = due_date(segment, _WRITTEN) or due_date(f"by {segment.strip()}", _WRITTEN)
    rest = segment.replace(due.written.removeprefix("by ").strip(), " ") if due else segment
    rest = _BESIDE.sub(" ", rest).strip(" -–—*.?!？！")
    match = _NAMES.fullmatch(rest)
    if match is None or not _may_own(match["o"]) or match["o"] in _ordinary():
        return None
    if match["p"] and " and " in match[0] and match["o"].split()[0] not in _given():
        return None  # the end of a list of things: `…, Checkout and Search`
    return ", ".join(name for name in (match["o"], match["p"]) if name)


@cache
def _given() -> frozenset[str]:
    return frozenset(words("en", "people")["given_names"].split())


@cache
def _ordinary() -> frozenset[str]:
    """Chinese words that look like a surname and a given name."""
    return frozenset([*words("zh", "people")["ordinary"].split(), *words("zh")["names_that_are_words"]])


def _written(forms: Iterable[re.Pattern[str]], text: str) -> Iterator[tuple[str, int]]:
    """What stands at the places of owners, and where it ends; the surest places first."""
    for pattern in forms:
        for match in pattern.finditer(text):
            yield match["o"].strip().lstrip("@").strip(" .,:，：;；"), match.end("o")


def _may_own(owner: str) -> bool:
    if len(owner) < 2 or owner.isdigit() or owner.lower() in _NOT_OWNER or _PRONOUN.search(owner):
        return False
    if not owner.isupper() and any(
        patterns(language, "follow_ups", "durable").fullmatch(owner) for language in LANGUAGES
    ):
        return False
    first, last = owner.split()[0].lower(), owner.split()[-1].lower()
    return first.rstrip("'’") not in _no_person() and not any(
        re.match(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", word) for word in (first, last)
    )


def _joined(owner: str, text: str, end: int) -> str:
    """The owner with whoever is named beside them: `Lin + Ana`."""
    names = [owner]
    while (more := _JOINT.match(text, end)) is not None and _may_own(more["o"]):
        names.append(more["o"])
        end = more.end("o")
    return ", ".join(names)


def _aliased(text: str) -> str | None:
    """An alias at the front of a clause, at its end, or before what it does; not one that something is done to."""
    for match in _ALIASED.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _NO_DOER.match(after) or _OBJECT_OF.search(before):
            continue
        loose = has_han(text) and (before[-1:] == " " or not before)
        if _BOUNDARY.search(before) or loose or _DOING.match(after):
            return _joined(match[0], text, match.end())
    return None
