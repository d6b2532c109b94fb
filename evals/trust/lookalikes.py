"""400 texts that look like secrets and are none; touching one is a false alarm."""

from __future__ import annotations

import random
import re

from evals.trust.grow import grow

RECIPES = (
    "commit {hex:40}", "{hex:7} fix retry budget", "Merge: {hex:8} {hex:8}", "sha256:{hex:64}", "image registry/app@sha256:{hex:64}",
    "trace_id={hex:32}", "traceparent: 00-{hex:32}-{hex:16}-01", "span {hex:16} took 1{d:3} ms", "request id {uuid} failed", "\"requestId\":\"{uuid}\"",
    "订单号 20260520{d:10}", "order_id={d:16}", "orderNo=XC2604{d:14}", "工单 {d:8} 已关闭", "流水号：{d:18}",
    "2026-05-20T15:{d13}7:33.12{d:4}Z", "2026/05/20 15:04:05 +0800", "20260520150405", "Wed May 20 17:51:33 2026 +0800", "1779{d:6}", "1779{d:9}", "ts=1779{d:12}", "1779{d:15}",
    "v2.1{d:1}.3-rc.{d:1}+build.2026052{d:1}", "upgraded 10.2.1{d:1}.4 to 10.3.0", "Chrome/12{d:1}.0.6{d:3}.1{d:2} Safari/537.36", "openjdk 17.0.{d:1}+7-LTS-{d:3}",
    "order-core-7d9c8b6f5d-x2k{d:1}q restarted", "ip-10-20-{d13}-4.ec2.internal", "connect to 10.20.{d13}.7:5432 refused", "2001:db8::{hex:4} unreachable",
    "heap used 13{d:9} bytes", "offset=15{d:9}", "allocated 17{d:9} B", "duration_ns=13{d:9}", "wrote 1{d:7} rows in 3{d:3}ms",
    "https://grafana.example.com/d/{an:9}/checkout?from=now-1h&to=now", "https://git.example.com/app/-/merge_requests/{d:4}", "git@github.com:example/{word}.git", "s3://backups/2026/05/20/{uuid}.tar.zst",
    "/var/lib/docker/overlay2/{hex:64}/merged", "/srv/app/releases/20260520{d:6}/config.yaml", "com.example.orders.{word}.TokenService$$Lambda$12{d:1}/0x{hex:16}",
    "0x{hex:16} in main", "mac 02:42:{d13}a:11:00:0{d:1}", "ETag: \"{hex:32}\"", "md5 {hex:32}  backup.tar", "W/\"{hex:8}\"",
    "password reset mail sent to 1{d:2} users", "the password policy was updated", "password=******", "password: ${DB_PASSWORD}", "token expired after 3{d:1} min", "invalid token, retrying", "secret rotated by job {d:4}", "session started at 10:{d13}2",
    "密码错误 {d:2} 次后锁定", "密码策略已更新", "令牌已过期，重新登录", "Authorization header missing", "bearer authentication required", "passed: 12{d:1}, failed: 0", "compass: north", "pass rate 99.{d:1}%",
    "tokens: {d:4} prompt, {d:3} completion", "cache_key=user:{d:5}:profile", "primary key (id)={d:8}", "partition key 2026-05-2{d:1}", "idempotency-key: {uuid}", "key: checkout.timeout.ms", "secretName: db-credentials", "PWD=/srv/app/current",
    "JIRA OPS-{d:4} and INC-{d:5}", "CVE-2026-{d:5}", "PR #{d:4} by 3 reviewers", "RFC 7519 section {d:1}.2", "error code {d:5}: ORA-0{d:4}", "#{hex:6} on #{hex:6}", "99.9{d:1}% of 1{d:6} requests", "logo@2x.png loaded", "node rabbit@rmq-{d:1} down", "@param userId the id", "docker run -u 1000 -p 80{d:2}:80 nginx", "psql -h db -p 54{d:2} orders", "mysql -h db -P 33{d:2} -p", "curl -u $USER https://api.example.com", "region us-east-1 az use1-az{d:1}", "0 0 * * {d13} /usr/bin/backup", "latitude 31.2{d:5} longitude 121.4{d:5}", "uid=5{d:7} items=3", "PID 2{d:4} exited with 137", "QPS 从 12{d:2} 跌到 3{d:1}", "5xx 比例 41.{d:1}%", "data:image/png;base64,iVBORw0KGgo{an:40}",
)  # fmt: skip


def lookalikes(count: int, seed: int = 2) -> list[str]:
    """`count` look-alikes, every recipe in turn."""
    rng = random.Random(seed)
    return [grow(RECIPES[n % len(RECIPES)], rng)[0] for n in range(count)]


def differs(before: str, after: str) -> bool:
    """True where more than blanks changed."""
    return re.sub(r"\s+", "", before) != re.sub(r"\s+", "", after)
