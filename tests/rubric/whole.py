"""A whole report that no rule objects to, in English and Chinese, and the same with a few fields changed."""

from __future__ import annotations

import re
from typing import Any, Literal

import yaml

from pm_agent.report import Report

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

SAID: dict[Language, list[str]] = {
    "en": [
        "checkout v41 deployed", "HighErrorRate on checkout, users get 502", "looking", "declaring SEV2, I'm IC",
        "found it: v41 set the pool size to 2 instead of 20", "rolled back to v40", "error rate back to normal, all good", "incident closed",
        "1,200 customers could not pay", "add an alert on pool usage above 80%", "add a test of the pool size to the deploy pipeline",
        "there is no alert on pool usage", "redis is fine, it is not redis", "the page came within two minutes", "luckily traffic was low",
        "the deploy pipeline does not validate the pool size", "status page updated: some payments fail, we are investigating",
    ],
    "zh": [
        "checkout v41 发布完成", "checkout 错误率过高，用户下单报 502", "我看一下", "定级 P1，我来指挥",
        "找到原因：v41 把连接池从 20 改成了 2", "已回滚到 v40", "错误率恢复正常", "故障关闭",
        "1,200 名客户无法支付", "为连接池使用率超过 80% 加告警", "在发布流水线里加连接池大小的测试",
        "连接池使用率没有告警", "redis 正常，不是 redis 的问题", "两分钟内就收到了告警", "幸好当时流量低",
        "发布流水线没有校验连接池大小", "状态页已更新：部分支付失败，正在调查",
    ],
}  # fmt: skip
TOLD: dict[Language, dict[str, str]] = {
    "en": {
        "title": "checkout: pool size 2 (2026-03-04)", "lasted": "Impact lasted 33 min; service was restored at 10:33.", "why": "Why did it happen?",
        "deep": "Why was it possible?", "late": "Why was it not noticed earlier?", "slow": "Why was it not contained faster?",
        "none": "not in the evidence", "ask": "What slowed the repair down?", "whom": "incident commander", "role": "incident commander",
    },
    "zh": {
        "title": "checkout 连接池为 2（2026-03-04）", "lasted": "影响持续 33 分钟，10:33 恢复。", "why": "为什么发生？",
        "deep": "为什么可能发生？", "late": "为什么没有更早发现？", "slow": "为什么没有更快控制？",
        "none": "证据中未提及", "ask": "是什么拖慢了修复？", "whom": "事故指挥官", "role": "事故指挥官",
    },
}  # fmt: skip
MINUTES = [0, 2, 4, 6, 11, 20, 33, 40, 15, 50, 51, 45, 9, 44, 46, 47, 14]
KINDS = ["trigger", "detect", "acknowledge", "declare", "cause_found", "mitigate", "recover", "close"]
STONES = {"impact_start": 0, "trigger": 0, "detected": 1, "acknowledged": 2, "declared": 3, "cause_found": 4, "mitigated": 5, "fixed": 5, "recovered": 6, "closed": 7}  # fmt: skip
SPANS = {"mttd": ("trigger", "detected"), "mtti": ("detected", "cause_found"), "mttf": ("cause_found", "fixed"), "mttr": ("trigger", "recovered"), "duration": ("impact_start", "recovered")}  # fmt: skip


def _at(number: int) -> str:
    return f"2026-03-04T10:{MINUTES[number]:02}:00Z"


def content(language: Language) -> dict[str, Any]:
    """The report as JSON would hold it."""
    said, told = SAID[language], TOLD[language]

    def st(id_: str, number: int, **more: Any) -> dict[str, Any]:
        return {"id": id_, "text": said[number], "citations": [f"e:{number + 1}"], **more}

    def open_(id_: str) -> dict[str, Any]:
        return {"id": id_, "text": told["none"], "support": "unknown", "ask": {"whom": told["whom"], "question": told["ask"]}}  # fmt: skip

    def why(id_: str, branch: str, level: str, question: str, answer: dict[str, Any]) -> dict[str, Any]:
        return {"id": id_, "branch": branch, "level": level, "question": told[question], "answer": answer}

    def action(number: int, line: int, category: str, strength: str) -> dict[str, Any]:
        return {
            "id": f"AI-00{number}", "text": said[line], "owner": "Zuzana Malá", "due": "2026-03-09", "priority": "P1", "category": category,
            "strength": strength, "addresses": ["W1"], "citations": [f"e:{line + 1}"],
        }  # fmt: skip

    def metric(start: str, end: str) -> dict[str, Any]:
        return {"minutes": MINUTES[STONES[end]] - MINUTES[STONES[start]], "from": start, "to": end}

    return {
        "title": told["title"], "language": language, "timezone": "UTC",
        "severity": {"value": "P1", "label": "SEV2", "citations": ["e:4"]}, "incident_type": {"value": "degraded", "citations": ["e:2"]},
        "services": ["checkout"], "window": {"start": _at(0), "end": _at(7)},
        "summary": [st("S1", 1), {"id": "S2", "text": told["lasted"], "citations": ["e:1", "e:7"]}, st("S3", 4), st("S4", 8)],
        "narrative": [st("N1", 0), st("N2", 5)], "one_line": st("O1", 4),
        "timeline": [{"id": f"T{n + 1:02}", "at": _at(n), "kind": kind, "text": said[n], "citations": [f"e:{n + 1}"]} for n, kind in enumerate(KINDS)],
        "milestones": {name: {"at": _at(n), "entry": f"T{n + 1:02}", "citations": [f"e:{n + 1}"]} for name, n in STONES.items()},
        "metrics": {name: metric(*ends) for name, ends in SPANS.items()},
        "impact": {"scope": st("I0", 8), "figures": [{"text": said[8], "value": 1200, "unit": "customers", "citations": ["e:9"]}]},
        "whys": [
            why("W1", "occurrence", "direct", "why", st("W1.a", 4)), why("W2", "occurrence", "process", "deep", st("W2.a", 15)),
            why("W6", "detection", "process", "late", st("W6.a", 11)), why("W7", "response", "process", "slow", open_("W7.a")),
        ],
        "root_causes": {"technical": [st("RC-W1", 4, **{"from": ["W1"]})], "process": [st("RC-W2", 15, role="latent", **{"from": ["W2"]})]},
        "contributing_factors": [st("C1", 11, role="contributing", gap="monitoring")],
        "hypotheses": [{"text": said[4], "verdict": "confirmed", "supporting": ["e:5"]}, {"text": said[12], "verdict": "ruled_out", "supporting": ["e:13"]}],
        "response": {
            "roles": [{"role": r, "actor": told["role"], "citations": ["e:4"]} for r in ("incident_commander", "tech_lead", "communications")],
            "went_well": [st("R1", 13)], "went_poorly": [st("R2", 11)], "got_lucky": [st("R3", 14)],
            "communications": [{"at": _at(16), "audience": "external", "text": said[16], "citations": ["e:17"]}],
        },
        "actions": [action(1, 9, "detect", "alert"), action(2, 10, "prevent", "system_change")],
        "lessons": [st("L1", 13)], "meeting": {"at": "2026-03-06T09:00:00Z"},
        "evidence": [
            {"id": f"e:{n + 1}", "at": _at(n), "raw_time": None, "precision": "minute", "actor": None, "actor_kind": "person", "kind": "chat", "text": text, "sources": []}
            for n, text in enumerate(said)
        ],
        "provenance": {"tool": "0"},
    }  # fmt: skip


def language_named(change: str) -> Language | None:
    """The language whose whole report alone an example changes; None where it names none."""
    found = re.match(r"\{language: (en|zh)\b", change)
    return None if found is None else "zh" if found[1] == "zh" else "en"


def changed(language: Language, change: str) -> Report | None:
    """The whole report with these fields changed; None where the change is for the other language.

    A change is a YAML mapping of path → value. `null` takes an element out of a list; `=path` copies another field.
    """
    wanted: dict[str, Any] = yaml.safe_load(change)
    if wanted.pop("language", language) != language:
        return None
    data = content(language)
    original = content(language)
    for path, value in wanted.items():
        *way, last = path.split(".")
        node = _walk(data, way)
        value = (
            _walk(original, value[1:].split(".")) if isinstance(value, str) and value[:1] == "=" else value
        )
        if isinstance(node, list):
            if value is None:
                del node[int(last)]
            elif int(last) < len(node):
                node[int(last)] = value
            else:
                node.append(value)
        else:
            node[last] = value
    return Report.model_validate(data)


def _walk(node: Any, way: list[str]) -> Any:
    for part in way:
        node = node[int(part)] if isinstance(node, list) else node.setdefault(part, {})
    return node
