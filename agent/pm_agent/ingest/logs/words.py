"""What log lines say of themselves, in the words programs use: failures, restarts, changes."""

from __future__ import annotations

import re

from pm_agent.ingest.logs.line import ERROR, WARN

_GRAVE = re.compile(
    r"\b(?:errors?|exceptions?|fail(?:ed|ure|ures|ing|s)?|fatal|panic|critical|emergency|abort(?:ed|ing)?|refused|denied|rejected"
    r"|unreachable|unavailable|unable|can(?:no|')t|could(?: not|n't)|timed? ?out|time-?outs?|out of memory|oom[- ]?kill\w*"
    r"|killed|segfault|core dumped|corrupt\w*|crash\w*|dead ?lock\w*|reset by peer|broken pipe|no route to host|no space left"
    r"|disk full|read-only file system|exhausted|overflow|lost connection|connection lost|disconnected|too many"
    r"|CRITICAL|DOWN|BREAK-IN|5\d\d (?:error|internal|bad gateway|service unavailable|gateway))\b"
    r"|失败|错误|异常|超时|拒绝|崩溃|不可用|无法|中断|死锁|耗尽|宕机",
    re.I,
)
_WARNING = re.compile(
    r"\b(?:warn(?:ing)?|retry(?:ing)?|slow|degraded|deprecated|invalid|not found|missing)\b|警告|告警|重试|缓慢",
    re.I,
)
_FINE = re.compile(
    r"\b(?:no|0|without|zero)\s+(?:errors?|failures?|exceptions?|warnings?|problems?)\b|\b(?:errors?|failed|failures?)[=: ]+(?:0|none|no)\b",
    re.I,
)

BREAKDOWN = re.compile(
    r"\b(?:Main process exited|Scheduled restart job|Failed with result|Start request repeated too quickly|Back-off restarting|CrashLoopBackOff)\b"
    r"|\bOut of memory: Kill|\boom-kill|\binvoked oom-killer|\bOOMKill|\bMemory cgroup out of memory|\bKernel panic|\bsegfault at\b"
    r"|\bjava\.lang\.OutOfMemoryError|\bfatal error: runtime|\bwas terminated by signal"
)
"""A process or a machine went down."""
UNIT = re.compile(
    r"^(?:Started|Stopped|Stopping|Starting|Restarting) (?!Session |User |Run |Daily |Cleanup |Clean |Rotate )"
)
"""What systemd says of a unit."""
RESTART = re.compile(
    r"\bLinux version\b|\bBooting (?:Linux|paravirtualized|worker|Node)"
    r"|^Start(?:ing|ed) (?:\S+ )?(?:\S*(?:Application|Server|service|PostgreSQL|MySQL|Redis|Grafana|nginx|httpd|mysqld|mariadbd|daemon|worker|process)\b|v?\d|<)"
    r"|\b[Ss]tarted \S*Application in\b"
    r"|\b(?:[Ss]erver|[Ss]ervice|[Aa]pplication|[Aa]pp|[Pp]rocess|[Ww]orker|[Dd]aemon|[Pp]od|[Cc]ontainer|[Nn]ode|[Bb]roker|[Ii]nstance)\b(?: \S+){0,3} (?:re)?start(?:ed|ing|up)\b"
    r"|\b(?:re)?start(?:ed|ing) (?:the )?(?:server|service|application|app|container|pod|worker|daemon|process|node|broker|instance)\b"
    r"|\b(?:listening (?:on|at)|ready to accept connections|ready for connections|database system (?:was (?:shut down|interrupted)|is (?:ready|shut down|starting)))"
    r"|\breceived (?:fast|smart|immediate) shutdown request|\bServer initialized|\bis starting\b.*oO0|\bgrace?fully? (?:shutting|stopp)"
    r"|\b(?:received|caught|got|handling) (?:signal )?(?:SIG)?(?:TERM|KILL|QUIT|INT)\b|\bsignal: (?:killed|terminated)"
    r"|\b(?:worker|process|child|container)\b.{0,40}\b(?:exited|died|was terminated|was killed)\b|\bRestarting\b"
    r"|\bresuming normal operations|\bcaught SIGTERM|\bexiting on signal"
    r"|(?:服务|进程|容器|实例)(?:已)?(?:启动|重启|停止|退出)|启动(?:成功|完成)",
)
MILESTONE = re.compile(
    r"\b(?:deploy(?:ed|ing|ment)?|roll(?:ed|ing)?[ -]?(?:out|back)|rollback|releas(?:ed|ing) v|upgrad(?:e|ed|ing)|downgrad(?:e|ed|ing))\b"
    r"|\b(?:config(?:uration)?|settings?|rules?|certificates?|feature flags?|flags?)\b.{0,40}\b(?:re-?load(?:ed|ing)?|changed|updated|applied|rotated|expired|enabled|disabled|toggled)\b"
    r"|\bre-?load(?:ed|ing)\b.{0,30}\b(?:config\w*|rules?|certificates?|settings?)\b"
    r"|\bleader (?:elect\w+|change\w*|lost)|\b(?:elected|became|becoming|acting as|new|stepping down as) (?:the )?(?:leader|primary|master)\b|\belection\b"
    r"|\bfail(?:ed|ing)?[ -]?over\b|\bswitch(?:ed|ing)?[ -]?over\b|\bpromot(?:ed|ing|ion)\b|\bquorum\b|\bsplit[- ]brain\b"
    r"|\bmigrat(?:ion|ions|ed|ing|e)\b|\bALTER TABLE\b|\bCREATE INDEX\b|\bDROP (?:TABLE|INDEX|COLUMN)\b|\bschema (?:change|version|update)"
    r"|\bshut(?:ting)?[ -]?down\b|\bdrain(?:ed|ing)?\b|\bmaintenance\b|\bread-only mode\b|\bcircuit.?breaker\b|\bscal(?:ed|ing) (?:up|down|out|in|from|to)\b"
    r"|\brebalanc\w+|\b(?:backup|restore|compaction|reindex\w*|import|batch|cleanup|job) .{0,30}\b(?:start(?:ed|ing)?|finish(?:ed)?|complet(?:ed|e)|fail(?:ed)?)\b"
    r"|\b(?:marked|is|was) (?:as )?(?:DOWN|UP|unhealthy|healthy)\b|\brecovered\b|\bfeature flag\b"
    r"|部署|发布|上线|回滚|切换|主从|选举|配置.{0,10}(?:更新|加载|重载|变更|生效|推送)|迁移|扩容|缩容|降级|熔断|限流|下线",
    re.I,
)
"""Changes of state by nature: worth a line of a timeline where they are rare."""


def grave(message: str) -> int | None:
    """How grave a message of no stated level sounds: an error, a warning, or nothing."""
    plain = _FINE.sub("", message[:400])
    if _GRAVE.search(plain):
        return ERROR
    return WARN if _WARNING.search(plain) else None
