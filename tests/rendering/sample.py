"""A small report with something, and an empty place, in every part: what the templates are tested on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

from pm_agent.report import Report

Language = Literal["en", "zh"]

SAID: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Orders fail after a pool change", "alert": "HighErrorRate on checkout", "ack": "I am looking",
        "deploy": "checkout v2 deployed", "cause": "pool size is 2 | should be 20", "roll": "rolled back to v1",
        "ok": "all good again", "users": "1,200 customers could not pay", "well": "the alert came within two minutes",
        "slow": "nobody knew who owns the pool setting", "act": "Add an alert on pool usage", "talk": "updates were rare",
        "status": "We are investigating payment errors.", "inside": "The fix on checkout-7f9c is rolling out, ask #ops.",
        "log": "ERROR PoolExhausted: no connection after 30000 ms", "doc": "the runbook lacks a step for the pool",
        "goal": "Raise the pool", "alias": "Engineer A", "lucky": "traffic was low", "why": "Why did it happen?",
        "deep": "Why was it possible?", "suggest": "name an owner of each setting", "revenue": "about 40 orders were lost",
        "role": "incident commander", "unknown": "not in the evidence", "whom": "service owner", "ask": "What let it through?",
    },
    "zh": {
        "title": "连接池变更后下单失败", "alert": "checkout 错误率过高", "ack": "我看一下",
        "deploy": "checkout v2 发布", "cause": "连接池是 2 | 应为 20", "roll": "已回滚到 v1",
        "ok": "全部恢复正常", "users": "1,200 名客户无法支付", "well": "两分钟内收到告警",
        "slow": "没有人知道连接池配置归谁", "act": "为连接池使用率加告警", "talk": "进展通报太少",
        "status": "我们正在调查支付异常。", "inside": "checkout-7f9c 的修复正在发布，详情见 #ops。",
        "log": "ERROR PoolExhausted: no connection after 30000 ms", "doc": "手册缺少连接池的步骤",
        "goal": "调大连接池", "alias": "工程师 A", "lucky": "当时流量低", "why": "为什么发生？",
        "deep": "为什么可能发生？", "suggest": "为每项配置指定负责人", "revenue": "约损失 40 笔订单",
        "role": "事故指挥官", "unknown": "证据中未提及", "whom": "服务负责人", "ask": "是什么放过了它？",
    },
}  # fmt: skip
OWNER = "Zuzana Malá"
_LINES = ["deploy", "alert", "ack", "cause", "roll", "ok", "users", "well", "slow", "act", "talk", "status", "inside", "log", "doc", "lucky", "suggest", "revenue"]  # fmt: skip


def at(minute: int) -> datetime:
    return datetime(2026, 3, 4, 9, minute, 12, tzinfo=UTC)


def report(language: Language = "en", **changes: Any) -> Report:
    """The sample, as a person would find it after a small incident."""
    said = SAID[language]
    number = {name: n for n, name in enumerate(_LINES)}

    def cite(name: str) -> list[str]:
        return [f"a1b2c3:{number[name] + 1}"]

    def st(id_: str, name: str, **more: Any) -> dict[str, Any]:
        return {"id": id_, "text": said[name], "citations": cite(name), **more}

    def none(id_: str) -> dict[str, Any]:
        ask = {"whom": said["whom"], "question": said["ask"]}
        return {"id": id_, "text": said["unknown"], "support": "unknown", "ask": ask}

    def row(n: int, minute: int, kind: str, name: str, **more: Any) -> dict[str, Any]:
        return {"id": f"T{n:02}", "at": at(minute), "kind": kind, "text": said[name], "citations": cite(name), "actor": said["alias"], **more}  # fmt: skip

    def stone(minute: int, entry: str, name: str) -> dict[str, Any]:
        return {"at": at(minute), "entry": entry, "citations": cite(name)}

    def line(name: str) -> dict[str, Any]:
        minute = number[name]
        kind = {"log": "log", "alert": "alert", "deploy": "deploy", "status": "page", "inside": "page"}.get(name, "chat")  # fmt: skip
        form = "statuspage" if kind == "page" else "slack-export"
        source = {"file": f"evidence/{form}.json", "line": number[name] + 1, "format": form}
        return {"id": cite(name)[0], "at": at(minute), "raw_time": None, "precision": "second", "actor": said["alias"], "actor_kind": "person", "kind": kind, "text": said[name], "sources": [source]}  # fmt: skip

    content: dict[str, Any] = {
        "title": said["title"], "language": language, "timezone": "UTC", "status": "draft",
        "document": {"id": "PM-7", "version": "v1", "authors": [OWNER], "references": [{"title": "wiki/runbook-pool", "url": "https://wiki.example/runbook-pool"}]},
        "severity": {"value": "P1", "label": "SEV2", "citations": cite("ack")},
        "incident_type": {"value": "unavailable", "citations": cite("alert")},
        "services": ["checkout"],
        "window": {"start": at(0), "end": at(33)},
        "summary": [st("S1", "alert"), st("S2", "cause", support="hypothesis")],
        "narrative": [st("N1", "deploy"), st("N2", "roll")],
        "one_line": st("O1", "cause"),
        "timeline": [
            row(1, 0, "trigger", "deploy"), row(2, 2, "detect", "alert", key=True), row(3, 4, "acknowledge", "ack"),
            row(4, 11, "cause_found", "cause"), row(5, 20, "mitigate", "roll"), row(6, 33, "recover", "ok"),
        ],
        "milestones": {
            "trigger": stone(0, "T01", "deploy"), "impact_start": stone(0, "T01", "deploy"), "detected": stone(2, "T02", "alert"),
            "acknowledged": stone(4, "T03", "ack"), "cause_found": stone(11, "T04", "cause"), "fixed": stone(20, "T05", "roll"),
            "mitigated": stone(20, "T05", "roll"), "recovered": stone(33, "T06", "ok"), "declared": {"reason": said["unknown"]},
        },
        "metrics": {
            "mttd": {"minutes": 2, "from": "trigger", "to": "detected"}, "mtti": {"minutes": 9, "from": "detected", "to": "cause_found"},
            "mttf": {"minutes": 9, "from": "cause_found", "to": "fixed"}, "mttr": {"minutes": 33, "from": "trigger", "to": "recovered"},
            "duration": {"minutes": 33, "from": "impact_start", "to": "recovered"},
        },
        "impact": {
            "scope": st("I0", "users"), "users": [st("I1", "users", aspect="affected_users")], "business": [st("I2", "revenue", aspect="orders")],
            "technical": [none("I3")],
            "figures": [{"text": said["users"], "value": 1200, "unit": "customers", "citations": cite("users")}],
        },
        "whys": [
            {"id": "W1", "level": "direct", "question": said["why"], "answer": st("W1.a", "cause")},
            {"id": "W2", "parent": "W1", "level": "process", "question": said["deep"], "answer": none("W2.a")},
        ],
        "root_causes": {"technical": [st("C0", "cause", **{"from": ["W1"]})]},
        "contributing_factors": [st("C1", "slow", role="contributing", gap="process"), st("C2", "doc", role="latent", gap="runbook")],
        "hypotheses": [{"text": said["cause"], "verdict": "confirmed", "supporting": cite("cause")}],
        "response": {
            "roles": [{"role": "incident_commander", "actor": said["role"], "citations": cite("ack")}],
            "went_well": [st("R1", "well", phase="detection", why=said["lucky"])],
            "went_poorly": [st("R2", "talk", phase="communication"), st("R3", "slow", phase="mitigation")],
            "got_lucky": [st("R4", "lucky")], "suggestions": [st("R5", "suggest", support="hypothesis")],
            "communications": [
                {"at": at(11), "audience": "external", "text": said["status"], "citations": cite("status")},
                {"at": at(12), "audience": "external", "text": said["inside"], "citations": cite("inside")},
                {"at": at(4), "audience": "internal", "text": said["ack"], "citations": cite("ack")},
            ],
            "checks": [{"rule": "response.restore_first", "severity": "info", "where": "response", "message": said["roll"]}],
        },
        "temporary_fixes": [{"text": said["roll"], "actor": said["alias"], "at": at(20), "effect": "success", "needs_long_term": True, "citations": cite("roll")}],
        "actions": [
            {"id": "AI-001", "text": said["act"], "owner": OWNER, "due": date(2026, 3, 9), "priority": "P1", "category": "detect", "strength": "alert", "addresses": ["W1"], "citations": cite("act"), "ticket": "OPS-1"},
            {"id": "AI-002", "text": said["suggest"], "category": "process", "strength": "document", "origin": "proposed", "citations": cite("suggest"), "smart": {"specific": {"met": False, "reason": "-"}}},
        ],
        "lessons": [st("L1", "well", aspect="keep"), st("L2", "slow", aspect="improve"), st("L3", "lucky", aspect="surprise")],
        "learning": {"documents": [st("D1", "doc")], "training": [none("D2")], "drills": [none("D3")], "sharing": [none("D4")]},
        "monitoring": {"blind_spots": [none("B1")], "new_signals": [{"signal": said["act"], "citations": cite("act")}], "alert_tuning": [none("B2")]},
        "meeting": {"at": at(59), "participants": [OWNER], "conclusions": [none("M1")], "open_questions": [none("W2.a")], "guide": [said["ask"]]},
        "follow_up": [{"what": code, "due": day, "code": code} for code, day in (("draft", date(2026, 3, 6)), ("week", date(2026, 3, 11)), ("month", date(2026, 4, 1)))],
        "task": {
            "result": "partial", "goals": [{"text": said["goal"], "met": "met"}, {"text": said["act"], "met": "missed", "note": said["slow"]}],
            "phases": [{"name": said["goal"], "start": at(0), "end": at(20)}], "planned": [{"name": "duration", "plan": "15 min"}, {"name": "users", "plan": "0"}],
        },
        "problems": [{"text": said["talk"], "at": at(4), "resolved_at": at(11), "citations": cite("talk")}],
        "measurements": [{"name": "error rate", "before": 0.1, "during": 40, "after": 0.1, "unit": "%", "citations": cite("alert")}],
        "config_changes": [{"before": "pool: 20", "after": "pool: 2", "citations": cite("deploy")}],
        "feedback": [st("F1", "talk", aspect="business")],
        "gaps": [{"kind": "silence", "text": said["talk"], "citations": cite("talk")}],
        "evidence": [line(name) for name in _LINES],
        "coverage": {"files": [{"file": "evidence/slack-export.json", "format": "slack-export", "events": 40, "unparsed": 0, "timezone": "UTC", "timezone_basis": "stated", "read": 40}], "events": 40, "cited": len(_LINES)},
        "provenance": {"tool": "0.0.0"},
    }  # fmt: skip
    return Report.model_validate({**content, **changes})
