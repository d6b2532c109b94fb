"""Commands that fetch what an incident's evidence lacks, for its window, ready to paste.

After the first step of the conduct-post-mortem skill: logs, metrics, alert history; plus changes and the channel.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

MARGIN = timedelta(minutes=30)


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
    makers = {"logs": _logs, "metrics": _metrics, "alerts": _alerts, "changes": _changes, "chat": _chat}
    return [(kind, makers[kind](first, last, services)) for kind in missing]


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def _logs(start: datetime, end: datetime, services: Sequence[str]) -> list[str]:
    found = []
    for service in services or ["SERVICE"]:
        name = shlex.quote(f"deployment/{service}")
        found.append(
            f"kubectl logs {name} --all-containers --prefix --timestamps --since-time={_iso(start)} > {shlex.quote(service)}.log"
        )
    found.append(
        "kubectl get events --all-namespaces --sort-by=.lastTimestamp --output json > k8s-events.json"
    )
    local = f"--since '{start:%Y-%m-%d %H:%M:%S} UTC' --until '{end:%Y-%m-%d %H:%M:%S} UTC'"
    return [*found, f"journalctl {local} --output json > journal.json"]


def _metrics(start: datetime, end: datetime, services: Sequence[str]) -> list[str]:
    step = max(15, _minutes(start, end) * 60 // 10_000 // 15 * 15)
    queries = [
        'sum by (code) (rate(http_requests_total{job="%s"}[5m]))',
        'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job="%s"}[5m])))',
    ]
    return [
        "curl -sG http://prometheus:9090/api/v1/query_range"
        f" --data-urlencode {shlex.quote('query=' + query % service)}"
        f" --data-urlencode start={_iso(start)} --data-urlencode end={_iso(end)} --data-urlencode step={step}s"
        f" > metrics-{number}-{shlex.quote(service)}.json"
        for service in services or ["SERVICE"]
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
    return [
        "gh run list --limit 200 --json name,displayTitle,status,conclusion,createdAt,updatedAt,headSha"
        f" --created '{day_before:%Y-%m-%d}..{end:%Y-%m-%d}' > runs.json",
        f"git log --since={_iso(day_before)} --until={_iso(end)} --date=iso-strict > git-log.txt",
        *(f"kubectl rollout history deployment/{shlex.quote(s)}" for s in services),
    ]


def _chat(start: datetime, end: datetime, services: Sequence[str]) -> list[str]:
    return [
        "# Slack: export the workspace (Settings → Import/Export → Export), or through the API:",
        'curl -s -H "Authorization: Bearer $SLACK_TOKEN" \'https://slack.com/api/conversations.history'
        f"?channel=CHANNEL_ID&oldest={start.timestamp():.0f}&latest={end.timestamp():.0f}&limit=1000' > slack.json",
        "# DingTalk, Feishu, WeCom: select the messages of the group, copy, and save them as a text file",
    ]
