"""Records of who did what: which objects are some, what they say, which of them are one event, who is a person."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pm_agent.evidence import RawEvent
from pm_agent.ingest import read as read_bundle
from pm_agent.ingest.adapter import Chooser
from pm_agent.ingest.formats import BUILT_INS
from pm_agent.ingest.formats.audit_log import AuditLog
from pm_agent.ingest.source import of_bytes
from pm_agent.redact import redact
from pm_agent.settings import Settings


def entry(**fields: Any) -> dict[str, Any]:
    return {
        "ts": "2026-06-02T20:10:02+08:00",
        "operator": "tanyue",
        "app": "coupon-svc",
        "env": "prod",
        **fields,
    }


def chosen(value: Any) -> str | None:
    adapter = Chooser(BUILT_INS, BUILT_INS).choose(of_bytes("x.json", json.dumps(value).encode()))
    return adapter.name if adapter else None


def events(*records: dict[str, Any]) -> list[RawEvent]:
    source = of_bytes("x.jsonl", "\n".join(json.dumps(record) for record in records).encode())
    found = [event for event in AuditLog().read(source) if isinstance(event, RawEvent)]
    assert source.tally.read == len(found) + source.tally.structural
    return found


@pytest.mark.parametrize("wrapper", ["", "items", "Records", "events", "data", "value"])
def test_records_are_found_in_an_array_or_inside_an_object(wrapper: str) -> None:
    records = [entry(action="publish_start"), entry(action="publish_finish")]
    assert chosen({wrapper: records} if wrapper else records) == "audit-log"


@pytest.mark.parametrize(
    "other",
    [
        [{"ts": "1773230580.1", "user": "U1", "type": "message", "text": "hi"}],
        [{"createdAt": "2026-06-02T12:00:00Z", "createdBy": "ann", "type": "refund", "amount": 3}],
        [
            {
                "time": "2026-06-02T12:00:00Z",
                "level": "info",
                "message": "done",
                "operator": "ann",
                "action": "pay",
            }
        ],
        [{"time": "2026-06-02T12:00:00Z", "action": "publish"}],
        [{"operator": "ann", "action": "publish"}],
        [{"ts": "soon", "operator": "ann", "action": "publish"}],
    ],
    ids=["chat", "orders", "a log", "nobody", "no time", "no time that reads"],
)
def test_what_is_no_audit_log(other: list[dict[str, Any]]) -> None:
    assert chosen(other) != "audit-log"


@pytest.mark.parametrize(
    ("fields", "kind", "signal"),
    [
        ({"action": "publish_start", "result": "SUCCESS"}, "deploy", "change_started"),
        ({"action": "publish_finish", "result": "SUCCESS"}, "deploy", "change_finished"),
        ({"action": "publish_finish", "result": "FAILED"}, "deploy", "change_failed"),
        ({"action": "deploy", "status": "running"}, "deploy", "change_started"),
        ({"action": "deploy_abort"}, "deploy", "change_failed"),
        ({"action": "rollback_start"}, "deploy", "change_started"),
        ({"action": "rollback"}, "deploy", "rolled_back"),
        ({"action": "publish_submit"}, "deploy", None),
        ({"action": "node_done", "change_id": "CHG-1"}, "deploy", None),
        ({"action": "publish_finish", "node": "n-1"}, "deploy", None),
        ({"action": "StartInstances"}, "deploy", "change_finished"),
        ({"action": "切流", "result": "成功"}, "deploy", "change_finished"),
        ({"action": "发布", "result": "失败"}, "deploy", "change_failed"),
        ({"action": "user.login", "result": "FAILED"}, "log", None),
        ({"action": "view_log"}, "log", None),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False),
)  # fmt: skip
def test_verb_and_result_say_what_happened_to_the_change(
    fields: dict[str, Any], kind: str, signal: str | None
) -> None:
    (event,) = events(entry(**fields))
    assert (event.kind, event.signal) == (kind, signal)


def at(second: int, **fields: Any) -> dict[str, Any]:
    return entry(
        **{"change_id": "CHG-1", **fields, "ts": f"2026-06-02T20:{second // 60:02}:{second % 60:02}Z"}
    )


def test_nodes_of_one_change_are_one_event_with_first_and_last() -> None:
    nodes = [at(10 * n, action="node_done", node=f"n-{n}", success=n, total=24) for n in range(1, 25)]
    (event,) = events(*nodes)
    assert (event.count, event.raw_time, event.raw_until) == (
        24,
        "2026-06-02T20:00:10Z",
        "2026-06-02T20:04:00Z",
    )
    assert event.text == "node done coupon-svc in prod on n-1 … n-24, CHG-1: 1 of 24 … 24 of 24 (24 records)"


def test_what_differs_stays_apart() -> None:
    found = events(
        at(0, action="node_done", node="n-1"), at(5, action="node_done", node="n-2", error="no space left"),
        at(10, action="node_done", node="n-3"), at(15, action="node_done", node="n-4", change_id="CHG-2"),
        at(900, action="node_done", node="n-5"),
    )  # fmt: skip
    assert [e.count for e in found] == [2, 1, 1, 1]
    assert "no space left" in found[1].text


def test_on_off_and_on_again_stay_three() -> None:
    found = events(*(at(n, action=f"flag_{word}") for n, word in enumerate(("enable", "disable", "enable"))))
    assert [e.text.split()[1] for e in found] == ["enable", "disable", "enable"]


def test_newest_first_folds_alike() -> None:
    (event,) = events(*(at(60 - n, action="node_done", node=f"n-{60 - n}") for n in range(0, 60, 59)))
    assert (event.raw_time, event.raw_until) == ("2026-06-02T20:00:01Z", "2026-06-02T20:01:00Z")


@pytest.mark.parametrize(
    ("actor", "is_person"),
    [
        ("gaoyang", True), ("高扬", True), ("ann.lee@harbor.example", True), ("dependabot[bot]", False), ("release-bot", False),
        ("system:serviceaccount:ci:deployer", False), ("x@p.iam.gserviceaccount.com", False), ("系统", False), ("admin", False),
        ("3f2b1a60-8d1e-4c57-9f0a-1b2c3d4e5f60", False),
    ],
)  # fmt: skip
def test_persons_and_programs(actor: str, is_person: bool) -> None:
    (event,) = events(entry(action="publish", operator=actor))
    assert (event.actor, event.actor_kind) == (actor, "person" if is_person else "bot")


def test_everybody_a_record_names_gets_an_alias(tmp_path: Any) -> None:
    """Also whom a comment names by the account that stands in another field."""
    value = [
        entry(action="publish_submit", approver="songbo", comment="songbo agreed"),
        {
            "published": "2026-06-02T12:02:30.000Z", "displayMessage": "Reset password", "eventType": "user.reset",
            "actor": {"type": "User", "alternateId": "mfeld@harbor.example", "displayName": "Marit Feld"},
            "target": [{"type": "User", "alternateId": "jo@harbor.example", "displayName": "Jo Sander"}],
        },
    ]  # fmt: skip
    (tmp_path / "audit.json").write_text(json.dumps(value))
    shown = redact(read_bundle([tmp_path], Settings()), Settings())
    text = " ".join(f"{e.actor} {e.text} {e.subject}" for e in shown.events)
    assert not [
        name for name in ("tanyue", "songbo", "Marit", "Feld", "Jo", "Sander") if name in text.split()
    ]


def test_no_json_reaches_the_text() -> None:
    (event,) = events(
        entry(action="config_update", comment='{"a": 1}', diff={"x": {"old": 1, "new": 2}, "y": [{"z": 1}]})
    )
    assert event.text == "config update coupon-svc in prod (x 1 → 2)"
