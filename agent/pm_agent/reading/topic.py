"""What the incident is about, by the words that its telling lines share; which alerts and talk stand outside it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import fsum

from pm_agent.language import LANGUAGES, words
from pm_agent.reading.lines import Line
from pm_agent.reading.remembered import remembered
from pm_agent.reading.says import Saying

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]+|(?<!\d)v?\d++(?:\.\d+)+[\w\-]*|#\d+|[\u4e00-\u9fff]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_STOP = frozenset(word for language in LANGUAGES for word in words(language)["stop"])
_RELEVANT_ACTS = {
    "detected",
    "symptom",
    "cause",
    "fix_done",
    "fix_started",
    "recovered",
    "suspected",
    "fired",
    "declared",
    "onset",
    "impact",
    "not_recovered",
}


_ALSO = {
    "磁盘": "disk", "内存": "memory", "证书": "certificate", "队列": "queue", "缓存": "cache", "网关": "gateway", "域名": "dns", "延迟": "latency",
    "集群": "cluster", "连接池": "pool", "线程": "thread", "副本": "replica", "消费": "consumer", "网络": "network", "数据库": "database",
}  # fmt: skip
"""Chinese talk about things that alerts name in English."""


@remembered
def tokens(text: str) -> frozenset[str]:
    """The telling words of a text: identifiers taken apart, Han runs as pairs of characters."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        if "\u4e00" <= word[0] <= "\u9fff":
            found |= {alias for name, alias in _ALSO.items() if name in word}
            found |= {word[i : i + 2] for i in range(len(word) - 1)} if len(word) > 1 else set()
            continue
        found.add(word.lower())
        found |= {part.lower() for part in _CAMEL.split(word) if len(part) > 2}
    return frozenset(
        t for t in found if t not in _STOP and (len(t) > 2 or not t.isascii() or any(c.isdigit() for c in t))
    )


class Topic:
    """Weights of the words that the incident's own lines share."""

    def __init__(
        self,
        lines: Sequence[Line],
        said: Mapping[str, Sequence[Saying]],
        services: Sequence[str] = (),
        window: tuple[datetime, datetime] | None = None,
    ) -> None:
        telling: dict[str, float] = defaultdict(float)
        talked: Counter[str] = Counter()
        everywhere: Counter[str] = Counter()
        for line in lines:
            mine = tokens(line.text if line.kind != "alert" else f"{line.subject or ''} {line.text}")
            everywhere.update(mine)
            weight = max((s.weight for s in said.get(line.id, ()) if s.act in _RELEVANT_ACTS), default=0.0)
            if weight >= 1.0 and line.by_person:
                for token in mine:
                    telling[token] += 1
            elif line.by_person and window and line.at and window[0] <= line.at <= window[1]:
                talked.update(mine)
        for token, times in talked.items():
            if times + telling[token] >= 2:  # what people keep coming back to while it lasts
                telling[token] += times * 0.5
        total = max(1, len(lines))
        self.weights = {t: n * (1 - everywhere[t] / (total * 1.5)) for t, n in telling.items() if n >= 1.5}
        for service in services:
            for token in tokens(service):
                self.weights[token] = max(self.weights.get(token, 0.0), 5.0)

    def relevance(self, text: str) -> float:
        """How much of the incident's own words a text holds; 0 for none."""
        mine = tokens(text)
        return (
            fsum(min(self.weights.get(t, 0.0), 6.0) for t in mine) / (1 + 0.15 * len(mine)) if mine else 0.0
        )


_OF_ALERTS = {"firing", "resolved", "notified", "acknowledged", "escalated"}
_CHANGES = {"change_started", "change_finished", "change_failed"}
DISMISSAL = timedelta(minutes=40)


_NOT_OF_THIS = re.compile(
    r"(?:跟|和|与)\s?(?!我们|咱们|这|本次|此|当前|线上)[^，。！？\n]{1,16}?(?:没关系|无关|没有关系)"
    r"|\b(?:unrelated to|not related to|nothing to do with)\s+(?!this|us\b|it\b|ours|the (?:incident|outage))\S",
    re.I,
)
"""`it has nothing to do with 5.2` rules out a cause; it calls no alert unrelated."""


def unrelated_alerts(lines: Sequence[Line], said: Mapping[str, Sequence[Saying]], topic: Topic) -> set[str]:
    """Ids of alerts that persons called unrelated, or that share no word with the incident while others do."""
    alerts = [line for line in lines if line.signal in {"firing", "resolved"}]
    changes = [line for line in lines if line.signal in _CHANGES]
    outside: set[str] = set()
    for line in lines:
        if line.at is None or not line.by_person:
            continue
        if _NOT_OF_THIS.search(line.text) is None and any(
            s.act == "unrelated" and not s.question and not s.uncertain for s in said.get(line.id, ())
        ):
            outside |= _dismissed(line, alerts) or _dismissed(line, changes)
    relevance = {a.id: topic.relevance(f"{a.subject or ''} {a.text}") for a in alerts}
    best = max((r for i, r in relevance.items() if i not in outside), default=0.0)
    if best > 0:
        outside |= {i for i, r in relevance.items() if r == 0}
    subjects = {_name(a) for a in alerts if a.id in outside}
    tellings = [line for line in lines if line.signal in _OF_ALERTS]
    return {a.id for a in tellings if _name(a) in subjects} | (outside & {c.id for c in changes})


def _name(alert: Line) -> str:
    return (alert.subject or alert.text).lower()


def _dismissed(line: Line, alerts: Sequence[Line]) -> set[str]:
    words = tokens(line.text)
    found = set()
    for alert in alerts:
        if alert.at is None or line.at is None or not timedelta(0) <= line.at - alert.at <= DISMISSAL:
            continue
        shared = words & tokens(f"{alert.subject or ''} {alert.text}")
        if shared:
            found.add(alert.id)
    if not found:
        before = [
            a
            for a in alerts
            if a.at
            and line.at
            and timedelta(0) <= line.at - a.at <= timedelta(minutes=4)
            and a.thread == line.thread
        ]
        found |= {before[-1].id} if before else set()
    return found
