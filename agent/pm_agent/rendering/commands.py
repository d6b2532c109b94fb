"""Commands that fetch what an incident's evidence lacks, for its window, ready to paste.

After the first step of the conduct-post-mortem skill: logs, metrics, alert history; plus changes and the channel.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

MARGIN = timedelta(minutes=30)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")


def commands(
    missing: Sequence[str], start: datetime, end: datetime, services: Sequence[str]
) -> list[tuple[str, list[str]]]:
    """(kind, lines) for each missing kind, in the order given.

    Args:
        missing: kinds of `rubric.sources.KINDS`.
        start: first moment of the incident, UTC.
        end: last moment of the incident, UTC.
        services: names of the services that were hit.
    """
    first, last = start - MARGIN, end + MARGIN
    names = list(dict.fromkeys(name for service in services if (name := _one_line(service)))) or ["SERVICE"]
    makers = {"logs": _logs, "metrics": _metrics, "alerts": _alerts, "changes": _changes, "chat": _chat}
    return [(kind, makers[kind](first, last, names)) for kind in missing]


def _one_line(service: str) -> str:
    """A name out of the evidence without what a terminal would obey; what the shell would obey is quoted later."""
    return " ".join(_CONTROL.sub(" ", service).split())[:200]


def _file(stem: str, ending: str) -> str:
    """A file name in this folder, whatever the service is called."""
    return f"{_NOT_IN_A_NAME.sub('-', stem).strip('-.') or 'service'}.{ending}"


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def _logs(start: datetime, end: datetime, services: Sequence[str]) -> list[str]:
    found = [
        f"kubectl logs --selector {shlex.quote(f'app={service}')} --all-containers --prefix --timestamps --tail=-1"
        f" --max-log-requests=50 --since-time={_iso(start)} > {_file(service, 'log')}"
        for service in services
    ]
    local = f"--since '{start:%Y-%m-%d %H:%M:%S} UTC' --until '{end:%Y-%m-%d %H:%M:%S} UTC'"
    return [
        "# pods with another label than app=…: change it; another namespace: add --namespace; for the container before a restart: --previous",
        *found,
        "# the cluster forgets its events, after an hour where nothing else is set",
        "kubectl get events --all-namespaces --sort-by=.lastTimestamp --output json > k8s-events.json",
        f"journalctl {local} --output json > journal.json",
    ]


def _label(value: str) -> str:
    """A value between PromQL's double quotes."""
    return value.replace("\\", r"\\").replace('"', r"\"")


def _metrics(start: datetime, end: datetime, services: Sequence[str]) -> list[str]:
    step = max(15, _minutes(start, end) * 60 // 10_000 // 15 * 15)
    queries = [
        'sum by (code) (rate(http_requests_total{job="%s"}[5m]))',
        'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job="%s"}[5m])))',
    ]
    return [
        "curl -sG http://prometheus:9090/api/v1/query_range"
        f" --data-urlencode {shlex.quote('query=' + query % _label(service))}"
        f" --data-urlencode start={_iso(start)} --data-urlencode end={_iso(end)} --data-urlencode step={step}s"
        f" > {_file(f'metrics-{number}-{service}', 'json')}"
        for service in services
        for number, query in enumerate(queries, 1)
    ]


def _alerts(start: datetime, end: datetime, services: Sequence[str]) -> list[str]:
    return [
        "curl -sG http://prometheus:9090/api/v1/query_range --data-urlencode 'query=ALERTS'"
        f" --data-urlencode start={_iso(start)} --data-urlencode end={_iso(end)} --data-urlencode step=60s > alerts-range.json",
        "amtool alert query --output json > alerts-now.json    # resolved alerts are no longer in it",
    ]


def _changes(start: datetime, end: datetime, services: Sequence[str]) -> list[str]:
    day_before = start - timedelta(hours=24)
    fields = "number,name,workflowName,displayTitle,status,conclusion,createdAt,startedAt,updatedAt,headSha,headBranch,url"
    return [
        "# in the repository of the service",
        f"gh run list --limit 200 --json {fields} --created '{day_before:%Y-%m-%d}..{end:%Y-%m-%d}' > runs.json",
        "gh api 'repos/{owner}/{repo}/deployments?per_page=100' > deployments.json",
        f"git log --format=fuller --stat --date=iso-strict --since={_iso(day_before)} --until={_iso(end)} > git-log.txt",
    ]


def _chat(start: datetime, end: datetime, services: Sequence[str]) -> list[str]:
    return [
        "# Slack: export the workspace (Settings → Import/Export → Export), or through the API:",
        'curl -s -H "Authorization: Bearer $SLACK_TOKEN" \'https://slack.com/api/conversations.history'
        f"?channel=CHANNEL_ID&oldest={start.timestamp():.0f}&latest={end.timestamp():.0f}&limit=1000' > slack.json",
        "# DingTalk, Feishu, WeCom: select the messages of the group, copy, and save them as a text file",
    ]
