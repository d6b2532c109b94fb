"""Under which names audit logs write who did what, when, to what, where and how it went.

The names are those of LaunchDarkly, Unleash, AWS CloudTrail, GitHub, Okta, GCP, Azure, Kubernetes and of release
platforms; a dot leads into an inner object, the first name with a value counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pm_agent.ingest.formats.audit_actors import Actor, actor_of
from pm_agent.ingest.formats.audit_values import MANY, Names, diff_of, first_named, one_line, parameters
from pm_agent.ingest.formats.payloads import field, text
from pm_agent.reading.timeforms import read_time

_TIME: Names = (
    "eventTime", "eventTimestamp", "requestReceivedTimestamp", "@timestamp", "published", "timestamp", "ts", "time",
    "datetime", "occurred_at", "occurredAt", "operated_at", "operatedAt", "operate_time", "operateTime", "operation_time",
    "operationTime", "op_time", "opTime", "created_at", "createdAt", "create_time", "createTime", "gmt_create", "gmtCreate",
    "event_time", "date", "操作时间", "时间",
)  # fmt: skip
_VERB: Names = (
    "protoPayload.methodName", "titleVerb", "operationName.localizedValue", "operationName.value", "operationName",
    "eventName", "displayMessage", "action", "action_name", "actionName", "operation", "operate_type", "operateType",
    "op_type", "opType", "op", "verb", "event_type", "eventType", "event_name", "event", "activity", "操作", "操作类型", "动作",
)  # fmt: skip
_COMPOUND_TYPE = re.compile(r"[a-z]+(?:[-_.][a-z]+)+")
"""Unleash's `type` is a verb (feature-environment-enabled); a bare `message` or `refund` is only a kind of object."""
_ID: Names = ("change_id", "changeId", "change_no", "order_no", "ticket", "ticket_id", "release_id", "deploy_id", "变更单", "工单")  # fmt: skip
_APP: Names = (
    "app", "app_name", "appName", "application", "application_name", "service", "service_name", "featureName", "target.name",
    "flag", "flag_key", "repo", "repository", "team", "config_key", "key", "resource_name", "resourceName", "resource", "object",
    "target", "name", "应用", "服务", "对象",
)  # fmt: skip
_TITLE: Names = ("title", "subject", "summary", "标题")
_WHERE: Names = (
    "env",
    "environment",
    "env_name",
    "environment_name",
    "cluster",
    "namespace",
    "zone",
    "org",
    "环境",
    "集群",
)
_NODE: Names = ("node", "host", "hostname", "instance", "pod", "ip", "machine", "节点", "机器")
_BATCH: Names = ("batch", "batch_no", "batchNo", "batch_id", "stage_no", "批次")
_FROM: Names = (
    "from_version",
    "fromVersion",
    "old_version",
    "oldVersion",
    "previous_version",
    "from",
    "旧版本",
)
_TO: Names = (
    "to_version",
    "toVersion",
    "new_version",
    "newVersion",
    "version",
    "image_tag",
    "tag",
    "to",
    "版本",
    "新版本",
)
_RESULT: Names = (
    "outcome.result",
    "status.value",
    "result",
    "outcome",
    "status",
    "state",
    "resultType",
    "结果",
    "状态",
)
_ERROR: Names = (
    "errorMessage", "error_message", "error_msg", "error", "errorCode", "protoPayload.status.message", "failure_reason",
    "outcome.reason", "错误",
)  # fmt: skip
_SAID: Names = ("comment", "reason", "remark", "note", "message", "备注", "原因", "说明")


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of an audit log; what it does not say is empty."""

    at: str
    """As written."""
    verb: str
    actor: Actor
    what: str = ""
    title: str = ""
    number: str = ""
    """Of the change or ticket."""
    where: str = ""
    node: str = ""
    batch: str = ""
    before: str = ""
    after: str = ""
    """The versions."""
    result: str = ""
    done: str = ""
    """`7 of 8`."""
    error: str = ""
    said: str = ""
    """The comment or reason that somebody wrote."""
    diff: str = ""


def record_of(value: dict[str, Any]) -> Record | None:
    """The record, or None where a time, a verb or an actor is missing."""
    at, verb, actor = first_named(value, _TIME), _verb(value), actor_of(value)
    if not verb or actor is None or not at or read_time(at) is None:
        return None
    if text(value, "kind") == "Event" and text(value, "apiVersion").startswith("audit.k8s.io/"):
        return _kubernetes(value, at, verb, actor)
    title, error = one_line(first_named(value, _TITLE)), _error(value)
    before, after = first_named(value, _FROM), first_named(value, _TO)
    if "titleVerb" in value:  # LaunchDarkly's title says actor, verb and name again
        title = ""
    return Record(
        at, verb, actor, what=_what(value), title=title, number=first_named(value, _ID), where=_where(value),
        node=first_named(value, _NODE), batch=first_named(value, _BATCH), before=before, after=after, result=_result(value),
        done=_done(value), error=error, said=_said(value, error), diff=diff_of(value),
    )  # fmt: skip


def _verb(value: dict[str, Any]) -> str:
    kind = text(value, "type")
    verb = one_line(first_named(value, _VERB) or (kind if _COMPOUND_TYPE.fullmatch(kind) else ""))
    service = text(value, "eventSource").partition(".amazonaws.")
    return f"{service[0]} {verb}"[:120] if service[1] and verb else verb[:120]


def _what(value: dict[str, Any]) -> str:
    """What it was done to: by name, else the end of a path of resources, else the parameter that names something."""
    if found := text(value, "protoPayload", "resourceName") or text(value, "resourceId"):
        return found.rstrip("/").rpartition("/")[2]
    if found := one_line(first_named(value, _APP)):
        return found
    targets = field(value, "target")
    if isinstance(targets, list):  # Okta's
        return ", ".join(name for one in targets[:3] if (name := text(one, "displayName")))
    if "requestParameters" in value:
        return " ".join(list(parameters(value, named=True).values())[:2])
    return text(value, "user") if "actor" in value else ""


_OF_PATH = re.compile(r":env/(?P<env>[\w.*-]{1,80})")


def _where(value: dict[str, Any]) -> str:
    """The environment, cluster or region."""
    found = first_named(value, _WHERE) or text(value, "target", "environment")
    in_path = _OF_PATH.search(text(value, "target", "resources", 0))
    labels = field(value, "resource", "labels")
    return (
        found
        or (in_path["env"] if in_path else "")
        or first_named(labels, ("cluster_name", "zone", "location"))
        or first_named(value, ("resourceGroupName", "awsRegion"))
    )


def _result(value: dict[str, Any]) -> str:
    success = field(value, "success")
    if isinstance(success, bool):
        return "success" if success else "failed"
    found = first_named(value, _RESULT)
    return "failed" if not found and _error(value) else found


def _done(value: dict[str, Any]) -> str:
    count, total = field(value, "success"), field(value, "total")
    numbers = all(isinstance(n, int) and not isinstance(n, bool) for n in (count, total))
    return f"{count} of {total}" if numbers else ""


def _error(value: dict[str, Any]) -> str:
    found, code = one_line(first_named(value, _ERROR)), text(value, "errorCode")
    if found in {"0", "OK", "-", "None", "null"}:
        return ""
    return f"{code}: {found}" if code and code not in found else found


def _said(value: dict[str, Any], error: str) -> str:
    """What somebody wrote about it; two fields that say different things are both kept."""
    found = dict.fromkeys(line for name in _SAID if (line := one_line(text(value, name))) and line != error)
    return "; ".join(found)[:MANY]


def _kubernetes(value: dict[str, Any], at: str, verb: str, actor: Actor) -> Record:
    """A request to the API server: kind and name, and the answer where it was refused."""
    about = field(value, "objectRef")
    parts = (text(about, "resource"), text(about, "subresource"), text(about, "name"))
    what = "/".join(part for part in parts if part) or text(value, "requestURI").partition("?")[0]
    code, answer = text(value, "responseStatus", "code"), field(value, "responseStatus")
    refused = code.isdecimal() and int(code) >= 400
    why = one_line(" ".join(filter(None, (code, text(answer, "reason"), text(answer, "message")))))
    return Record(
        at, verb, actor, what=what, where=text(about, "namespace"), result="failed" if refused else "", error=why if refused else "",
    )  # fmt: skip
