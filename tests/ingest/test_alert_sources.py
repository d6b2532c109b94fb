"""One alert that several programs tell of is one event with all their sources."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pm_agent.evidence import TimedEvent
from pm_agent.ingest import read
from pm_agent.ingest.formats import BUILT_INS
from pm_agent.ingest.source import of_bytes
from pm_agent.settings import Settings

CHAT = """\
Alertbot  09:28
[FIRING:1] CartErrorRatioHigh cart
4 of 10 requests fail

Aiko Sato  09:30
looking at it

Alertbot  09:52
[RESOLVED] CartErrorRatioHigh cart
"""
PAGE = {
    "event": {
        "event_type": "incident.triggered", "occurred_at": "2026-02-03T09:28:10Z", "agent": None,
        "data": {"type": "incident", "title": "PoolTimeout: no free connection after 30 s", "service": {"summary": "cart"}},
    }
}  # fmt: skip
SENTRY = {
    "action": "triggered",
    "data": {
        "event": {
            "event_id": "0a1b", "title": "PoolTimeout: no free connection after 30 s", "culprit": "cart.db in checkout",
            "datetime": "2026-02-03T09:27:12.000000Z", "level": "error",
        },
        "triggered_rule": "Cart errors to on-call",
    },
}  # fmt: skip


def grafana(status: str, ends: str) -> dict[str, Any]:
    return {
        "orgId": 1, "status": status, "state": "alerting",
        "alerts": [{
            "status": status, "labels": {"alertname": "CartErrorRatioHigh", "service": "cart", "severity": "critical"},
            "annotations": {"summary": "4 of 10 requests fail"}, "startsAt": "2026-02-03T09:27:00Z", "endsAt": ends,
        }],
    }  # fmt: skip


def read_all(folder: Path, files: dict[str, Any]) -> list[TimedEvent]:
    for name, content in files.items():
        said = content if isinstance(content, str) else json.dumps(content)
        (folder / name).write_text(said, encoding="utf-8")
    evidence = read(
        sorted(folder.iterdir()), Settings(timezone="UTC", date=datetime(2026, 2, 3, tzinfo=UTC).date())
    )
    return list(evidence.events)


def told(events: list[TimedEvent], signal: str) -> list[tuple[str, set[str], str | None]]:
    """Time, sources and severity of every event with this signal."""
    return [
        (f"{e.at:%H:%M:%S}" if e.at else "", {s.format for s in e.sources}, e.raw.severity)
        for e in events
        if e.raw.signal == signal
    ]


def test_grafana_and_the_chat_bots_post(tmp_path: Path) -> None:
    events = read_all(
        tmp_path,
        {
            "grafana.jsonl": json.dumps(grafana("firing", "0001-01-01T00:00:00Z"))
            + "\n"
            + json.dumps(grafana("resolved", "2026-02-03T09:51:00Z")),
            "chat.txt": CHAT,
        },
    )
    assert told(events, "firing") == [("09:27:00", {"grafana", "slack-paste"}, "critical")]
    assert told(events, "resolved") == [("09:51:00", {"grafana", "slack-paste"}, "critical")]


def test_sentry_and_pagerduty(tmp_path: Path) -> None:
    events = read_all(tmp_path, {"sentry.json": SENTRY, "page.json": PAGE})
    assert told(events, "firing") == [("09:27:12", {"sentry", "pagerduty"}, "error")]


def test_datadog_and_pagerduty(tmp_path: Path) -> None:
    hook = {
        "event_type": "query_alert_monitor", "title": "[Triggered on {service:cart}] High error rate on cart", "date": "1770110820000",
    }  # fmt: skip
    page = json.loads(
        json.dumps(PAGE).replace("PoolTimeout: no free connection after 30 s", "High error rate on cart")
    )
    events = read_all(tmp_path, {"datadog.json": hook, "page.json": page})
    assert told(events, "firing") == [("09:27:00", {"datadog", "pagerduty"}, None)]


@pytest.mark.parametrize(
    "mail", ["** PROBLEM Service Alert: cart-2/HTTP is CRITICAL **", "[PROBLEM] HTTP on cart-2 is CRITICAL!"]
)
def test_nagios_and_its_mail(tmp_path: Path, mail: str) -> None:
    fields = "Notification Type: PROBLEM\nService: HTTP\nHost: cart-2\nState: CRITICAL\nDate/Time: Tue Feb 3 09:27:02 UTC 2026\n"
    log = "[1770110820] SERVICE ALERT: cart-2;HTTP;CRITICAL;HARD;3;503\n"
    events = read_all(tmp_path, {"nagios.log": log, "mail.txt": f"{mail}\n\n{fields}"})
    assert told(events, "firing") == [("09:27:00", {"nagios", "alert-text"}, "CRITICAL")]


def test_zabbix_problem_and_its_message(tmp_path: Path) -> None:
    """The message states a local time; the clock of its sending says in which zone."""
    body = (
        "Problem started at 17:24:05 on 2026.02.03\nProblem name: Lag is high\nHost: db-2\nSeverity: High\n"
    )
    message = {
        "alertid": "1",
        "eventid": "9",
        "clock": "1770110647",
        "sendto": "x",
        "subject": "Problem: Lag is high",
        "message": body,
    }
    problem = {
        "eventid": "9",
        "clock": "1770110645",
        "name": "Lag is high",
        "severity": "4",
        "hosts": [{"host": "db-2"}],
    }
    events = read_all(
        tmp_path, {"alert_get.json": {"result": [message]}, "event_get.json": {"result": [problem]}}
    )
    assert told(events, "firing") == [("09:24:05", {"zabbix"}, "High")]
    assert len(events) == 1


def test_nightingale_callback_and_robot_text(tmp_path: Path) -> None:
    callback = {
        "rule_name": "下单成功率低于90%", "severity": 1, "group_name": "交易", "is_recovered": False, "trigger_time": 1770110910,
        "first_trigger_time": 1770110910, "tags": ["app=order"], "trigger_value": "71.4",
    }  # fmt: skip
    robot = (
        "**级别状态**: S1 Triggered\n**规则标题**: 下单成功率低于90%\n**监控指标**: [app=order]\n"
        "**触发时间**: 2026-02-03 09:28:30\n**发送时间**: 2026-02-03 09:29:31\n"
    )
    events = read_all(tmp_path, {"n9e.json": callback, "robot.txt": robot})
    assert told(events, "firing") == [("09:28:30", {"nightingale", "alert-text"}, "S1")]


def test_the_second_is_kept_where_another_source_has_only_the_minute(tmp_path: Path) -> None:
    """The bot's post is first in the minute, the log is exact; what lies between keeps its place."""
    log = "[1770110841] SERVICE ALERT: cart-2;HTTP;CRITICAL;HARD;3;503\n"
    other = "[1770110830] SERVICE ALERT: edge-1;PING;WARNING;HARD;3;loss\n"
    chat = "nagbot  09:27\nPROBLEM ** cart-2/HTTP is CRITICAL: 503\n\nAiko Sato  09:29\nlooking\n"
    events = read_all(tmp_path, {"nagios.log": other + log, "chat.txt": chat})
    assert [f"{e.at:%H:%M:%S}" for e in events if e.at] == ["09:27:10", "09:27:21", "09:29:00"]
    assert told(events, "firing")[1] == ("09:27:21", {"nagios", "chat-text"}, "CRITICAL")


@pytest.mark.parametrize(
    "other",
    [
        {"event_id": "1", "platform": "ios", "timestamp": 1770110820, "message": "opened", "level": "info"},
        {"trigger": "push", "status": "ok", "time": "2026-02-03T09:27:00Z", "message": "built"},
        {"issueId": "7", "state": "open", "createdAt": "2026-02-03T09:27:00Z", "title": "wording"},
        {"event_type": "login", "title": "signed in", "date": "1770110820000"},
        {"rule_name": "r", "first_trigger_time": 1770110820, "is_recovered": False, "fingerprint": "x"},
        {"time": 1770110820000, "text": "hello", "level": "info"},
        {"alerts": ["one"], "groupKey": "k", "state": "x"},
        {"clock": 1770110820, "value": 4.2, "itemid": 7},
    ],
    ids=lambda value: next(iter(value)),
)
def test_what_only_looks_alike_is_left_to_others(other: dict[str, Any]) -> None:
    """A key that many programs use doesn't make an alert of a monitoring system."""
    ours = {"grafana", "datadog", "newrelic", "sentry", "zabbix", "nagios", "nightingale"}
    source = of_bytes("x.json", json.dumps(other).encode())
    assert [a.name for a in BUILT_INS if a.name in ours and a.fits(source) > 0] == []
