"""Numbers about impact: value, unit, how exact, and which later figure corrects an earlier one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pm_agent.language.compiled import compiled
from pm_agent.reading import harm
from pm_agent.reading.cues import stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.sentences import split

Qualifier = Literal["exact", "about", "at_least", "at_most"]

_UNITS_EN = (
    r"users?|customers?|accounts?|orders?|requests?|transactions?|payments?|merchants?|(?:support )?tickets?|complaints?|messages?|sessions?|rows?|records?|e-?mails?|"
    r"devices?|jobs?|builds?|calls?|sign-?ups?|logins?|carts?|checkouts?|refunds?|notifications?|downloads?|installs?|tenants?|subscribers?|shipments?|tokens?|files?|pushes|crashes|codes?|clients?|stores?|people|queries|reviews?|events?|invoices?|bookings?"
)
_UNITS_ZH = r"用户|客户|商户|商家|订单|请求|交易|支付|投诉|工单|消息|会话|记录|数据|设备|门店|账号|账户|短信|推送|人次|人|笔|单|条|行|次|台|家|个任务|任务"
_NUMBER = r"(?<![\d:：])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_EN = compiled(
    rf"(?P<money>[$€£¥])?\s?(?P<n>{_NUMBER})\s?(?P<k>k|m|mm|million|thousand|billion)?\b(?!\s?(?:%|ms|s\b|min|hour|gb|mb|gi|mi))(?P<between>(?:\s+(?!and\b|or\b|to\b|in\b|at\b|of\b|on\b|from\b|for\b)[a-z\-]+){{0,2}}?)\s+(?P<unit>{_UNITS_EN})\b",
    re.I,
)
_MONEY = compiled(
    rf"(?P<money>[$€£¥￥]|(?:USD|EUR|CNY|RMB)\s?)\s?(?P<n>{_NUMBER})\s?(?P<k>k|m|mm|million|thousand|bn|billion|万|亿)?\b",
    re.I,
)
_MONEY_ZH = compiled(
    rf"(?P<n>{_NUMBER})\s*(?P<k>多|余)?(?P<k2>万|亿|千|w)?\s*(?P<unit>元|块钱|块|人民币|RMB)", re.I
)
_MONEY_AFTER = compiled(
    rf"(?P<n>{_NUMBER})\s?(?P<k>(?:k|m|mm|bn)(?![A-Za-z])|thousand|million|billion)?\s?(?P<money>eur|usd|gbp|cny|euros?|dollars|pounds)\b",
    re.I,
)
_PERCENT = compiled(
    rf"(?P<n>{_NUMBER})\s?%\s*(?:of\s+)?(?P<unit>(?:[a-z\-]+\s+){{0,3}}(?:users?|customers?|traffic|requests?|orders?|payments?|transactions?|logins?|calls?|writes?|reads?|sessions?|messages?|checkouts?)|(?:的)?(?:用户|流量|请求|订单|支付|商户|设备|客户|消息|交易))",
    re.I,
)
_ZH = compiled(
    rf"(?P<n>{_NUMBER})\s*(?P<more>多|余)?\s*(?P<k>万|千|百|亿|w|k)?\s*(?P<more2>多|余)?\s*(?:个|名|位|笔|条|单|次|家|台|起|通)?(?:左右)?\s*(?:的)?(?P<unit>{_UNITS_ZH})",
    re.I,
)
_LABELLED = compiled(
    rf"(?P<unit>{_UNITS_ZH}|损失|资损|金额|GMV|投诉量|影响面|进线|客诉|投诉升级|排队|失败|退款|门店|相关的)(?:数量?|总数|量|金额)?\s*(?:是|为|有|共|约|大约|大概|估计|先说|确认|最终|核实|[:：])*\s*(?P<n>{_NUMBER})\s*(?P<k>万|千|亿|w|k)?(?!\s*[:：点分\d%])",
    re.I,
)
_SCALE = {
    "k": 1e3,
    "m": 1e6,
    "mm": 1e6,
    "million": 1e6,
    "thousand": 1e3,
    "bn": 1e9,
    "billion": 1e9,
    "万": 1e4,
    "w": 1e4,
    "千": 1e3,
    "百": 1e2,
    "亿": 1e8,
}
_ABOUT = compiled(
    r"(?:about|around|roughly|approx\w*|~|≈|some|nearly|almost|ish|est(?:imated?)?|ballpark|大约|大概|约|左右|估计|差不多|近|预估|粗略|初步)\s*\S{0,3}$",
    re.I,
)
_LEAST = compiled(
    r"(?:at least|over|more than|north of|>=?|\bplus|至少|超过|不少于|不止|逾)\s*\S{0,3}$", re.I
)
_MOST_Q = compiled(
    r"(?:at most|up to|under|less than|fewer than|<=?|max(?:imum)?|最多|不超过|少于|不到)\s*\S{0,3}$", re.I
)
_CORRECTS = compiled(
    r"\b(?:correct(?:ion|ed)?|actual(?:ly)?|final|confirmed|updated?|exact(?:ly)?|turned out|revised|real number|precise|down to|recount\w*)\b|更正|修正|确认|最终|实际|核实|准确|精确|更新|纠正|统计出来|核对",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One number with its unit, as one sentence states it."""

    line: Line
    sentence: str
    value: float
    unit: str
    qualifier: Qualifier
    corrects: bool
    beside: tuple[str, ...] = ()
    """Ids of further lines that the sentence stands on."""
    odds: float = 0.0
    """Log odds that it counts who or what was hit."""


def figures(lines: Sequence[Line]) -> list[Found]:
    """Numbers of what persons and pages said that count who or what was hit, in order."""
    found: list[Found] = []
    for line in lines:
        if line.commands or not (line.by_person or line.kind in {"page", "note"}):
            continue
        for sentence in split(line.text):
            asks = stance_of(sentence.text).question and re.search(r"[?？]", sentence.text)
            if not sentence.pasted and not asks:
                found += _of_harm(line, sentence.text)
    return found


def _of_harm(line: Line, text: str) -> list[Found]:
    numbers = counted(line, text, bare=True)
    odds = [harm.likelihood(line, text, f.value, f.unit, len(numbers)) for f in numbers]
    return [replace(f, odds=o) for f, o in zip(numbers, odds, strict=True) if o >= harm.LEAST]


def _in_sentence(line: Line, text: str) -> list[Found]:
    taken: list[tuple[int, int]] = []
    found: list[Found] = []
    for pattern in (_PERCENT, _MONEY, _MONEY_AFTER, _MONEY_ZH, _EN, _ZH, _LABELLED):
        for match in pattern.finditer(text):
            start, end = match.span("n")
            if any(a < end and start < b for a, b in taken):
                continue
            taken.append((start, end))
            found.append(_figure(line, text, match, pattern))
    return found


def _figure(line: Line, text: str, match: re.Match[str], pattern: re.Pattern[str]) -> Found:
    groups = match.groupdict()
    scale = next(
        (_SCALE[g.lower()] for g in (groups.get("k"), groups.get("k2")) if g and g.lower() in _SCALE), 1.0
    )
    value = float(groups["n"].replace(",", "")) * scale
    unit = (groups.get("unit") or groups.get("money") or "").strip().lower()
    if pattern is _PERCENT:
        unit = f"% {unit.removeprefix('的')}"
    if groups.get("money"):
        unit = _CURRENCIES.get(groups["money"].strip().lower(), groups["money"].strip().upper())
    if pattern is _MONEY_ZH:
        unit = "CNY"
    before = text[max(0, match.start() - 18) : match.start("n")]
    after = text[match.end("n") : match.end("n") + 14]
    return Found(
        line, text, value, unit, _qualifier(before, after, groups), _CORRECTS.search(text) is not None
    )


_CURRENCIES = {
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "rmb": "CNY", "euro": "EUR", "euros": "EUR", "dollars": "USD", "pounds": "GBP",
}  # fmt: skip


def _qualifier(before: str, after: str, groups: dict[str, str | None]) -> Qualifier:
    if _LEAST.search(before) or groups.get("more") or groups.get("more2") or after.startswith("+"):
        return "at_least"
    if _MOST_Q.search(before):
        return "at_most"
    if _ABOUT.search(before) or "左右" in after or "ish" in after[:4]:
        return "about"
    return "exact"


_ANY_EN = compiled(
    rf"(?<![\w.:#/@-])(?P<n>{_NUMBER})\s?(?P<k>k|m|million|thousand|billion)?(?![\w:./-]*\d)\s+(?P<unit>(?:(?!(?:and|or|to|of|in|at|on|as)\b)[a-z][a-z-]+\s+){{0,2}}?(?!(?:was|is|has|as|its|this|us|less|plus|across|always|times)\b)[a-z-]{{2,}}s)\b",
    re.I,
)
_ANY_ZH = compiled(
    rf"(?<![\w.:#/@-])(?P<n>{_NUMBER})\s*(?P<k>万|千|百|亿|w|k)?\s*(?P<more>多|余)?\s*(?P<unit>[个名位笔条张家台通起辆份次单人户](?!月)[\u4e00-\u9fff]{{0,2}})",
    re.I,
)
_SHARE_OF = compiled(rf"(?<![\w.:#/@-])(?P<n>{_NUMBER})\s?(?P<unit>%)")
_BARE = compiled(
    rf"(?<![\w.:：#/@=-])(?P<money>)(?P<n>{_NUMBER})\s?(?P<k>(?:k|m|w)(?![A-Za-z])|万|亿|千)?\s?(?P<more>多|余)?(?P<unit>)(?![\w.:/-]*\d)"
    r"(?!\s?(?:ms|s|secs?|mins?|minutes?|h|hrs?|hours?|days?|weeks?|[KMGT]i?B|[kmgt]b|am|pm|x|utc|cet|分钟?|小时|秒|点|时|月|日|号|年|天|周|版|楼|级|毫秒|个?月)(?![A-Za-z]))",
    re.I,
)
_TIMES = compiled(
    r"(?:milli)?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|ms|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)$"
    r"|^(?:分钟?|小时|秒|天|点|时|月|日|年|号|周|个?月|毫秒|版|楼|级)",
    re.I,
)
"""How long and when are told by the milestones."""


def counted(line: Line, text: str, *, bare: bool = False) -> list[Found]:
    """Every count and share in a sentence that is known to tell of the impact, whatever it counts; no times.

    Args:
        line: the evidence line that bears the sentence.
        text: the sentence.
        bare: numbers that name nothing they count, too: `projects done. 41,386`.
    """
    found = _in_sentence(line, text)
    taken = {f.value for f in found}
    for pattern in (_SHARE_OF, _ANY_EN, _ANY_ZH, *((_BARE,) if bare else ())):
        for match in pattern.finditer(text):
            if _TIMES.search(match["unit"]) or (pattern is _BARE and float(match["n"].replace(",", "")) < 10):
                continue
            figure = _figure(line, text, match, pattern)
            if figure.value not in taken:
                taken.add(figure.value)
                found.append(figure)
    return found


def same_unit(one: str, other: str) -> bool:
    """`users` and `user`, `客户` and `用户` count the same thing."""
    groups = (
        {"users", "customers", "accounts", "people", "用户", "客户", "人", "账号"},
        {"orders", "订单", "单", "笔"},
        {"tickets", "complaints", "support tickets", "投诉", "工单"},
        {"messages", "推送", "消息", "短信", "条"},
    )
    a, b = (u.rstrip("s") for u in (one.lower(), other.lower()))
    return a == b or any({one.lower(), other.lower()} <= g for g in groups)
