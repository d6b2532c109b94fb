"""What a bot's or a pager's text says about itself: fired, resolved, deployed, and of what.

Alerts reach people as text of a few well-known shapes (Alertmanager's `[FIRING:1] Name`, Grafana's
`[Alerting] title`, CloudWatch's `ALARM: "name"`, Zabbix's `Problem:`, 夜莺's `Triggered`). Reading the shape here
gives every chat format the same signal and subject, so that one alert from three sources can be joined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pm_agent.evidence import ActorKind, EventKind, Signal
from pm_agent.language.compiled import compiled


@dataclass(frozen=True, slots=True)
class SignalText:
    """What the text says it is."""

    signal: Signal
    subject: str
    severity: str | None = None
    at: str | None = None
    """When it happened, as the text states it with its date; a post comes later than what it tells of."""

    @property
    def absolute(self) -> str | None:
        """`at` where it carries a zone: beside a post's epoch, a bare local time might be hours off."""
        return self.at if self.at and re.search(r"(?:Z|UTC|[+-]\d\d:?\d\d)$", self.at) else None


_FIRING = r"firing|alerting|re-?triggered|triggered|problem|alarm|critical|warning|告警触发|触发告警|告警通知|告警中|告警|报警|异常"
_RESOLVED = r"resolved|recovery|recovered|ok|cleared|告警恢复|恢复通知|已恢复|恢复"
_ACK = r"acknowledgement|acknowledged|acked|已认领|认领|已确认"
_TITLE = 400
"""A title stands in the first characters; no more of a text is searched for it."""
_EMOJI = r"(?::[a-z0-9_+-]+:|[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F])"

_BRACKETED = compiled(
    rf"^\W*(?:{_EMOJI}\s*+)*[\[【(（]\s*+(?:(?P<sev>P[0-5]|S[1-5]|SEV-?\d|critical|warning)\s*+[\]】)）]?\s*+[\[【(（]?\s*+)?"
    rf"(?P<word>{_FIRING}|{_RESOLVED}|{_ACK})(?:\s*+:\s*+\d+)?(?:\s*+on \{{[^}}\n]{{0,200}}\}})?\s*+[\]】)）]\s*+(?P<rest>[^\n]*)",
    re.I,
)
_PREFIXED = compiled(
    rf"^\W*(?:{_EMOJI}\s*)*(?:(?:alert|incident|monitor|trigger)\s+)?(?P<word>{_FIRING}|{_RESOLVED}|{_ACK})\s*(?:!|:|：|-|—)\s*(?P<rest>[^\n]+)",
    re.I,
)
_SHOUTED = compiled(
    rf"^\W*(?:{_EMOJI}\s*)*(?P<word>FIRING|ALERTING|TRIGGERED|PROBLEM|RESOLVED|RECOVERY|RECOVERED)\s+(?P<rest>[A-Za-z][\w.-]+)"
)
"""`FIRING HighErrorRate checkout 5xx at 12 %`: only in capitals, and only the alert's name is its subject."""
_FIELD_STATE = compiled(
    rf"^[^\w\n]*(?:级别状态|告警状态|状态|status|state)\s*[:：]\s*(?:(?P<sev>S[1-5]|P[0-5])\s*)?(?P<word>{_FIRING}|{_RESOLVED})",
    re.I | re.M,
)
_FIELD_NAME = compiled(
    r"^[^\w\n]*(?:规则标题|规则名称|告警名称|报警名称|告警标题|告警主题|告警规则|报警规则|告警项|告警类型|alert ?name|problem name|rule ?name|alert|monitor|rule|trigger)"
    r"\s*[:：=]\s*(?P<name>[^\n]+)",
    re.I | re.M,
)
_DASHED = compiled(
    rf"^\W*(?P<sev>S[1-5]|P[0-5])\s*[-—|]\s*(?P<word>{_FIRING}|{_RESOLVED}|{_ACK})\s*[-—|]\s*(?P<rest>[^\n]+)",
    re.I,
)
"""夜莺's title."""
_ENDING = compiled(
    r"^\W*[\[【(（]\s*+(?P<sev>P[0-5]|S[1-5])\s*+[\]】)）]\s*+(?P<rest>[^\n]{1,120}?)\s*(?P<word>告警触发|触发告警|告警通知|告警恢复|已恢复|恢复|告警|报警)[ \t!！]*(?=\n|$)",
    re.I,
)
"""`【P2】Name 告警触发`, as home-made robots write."""
_BANNER = compiled(
    r"^\s*[=*#~-]{3,}\s*(?P<rest>[^=*#~\n-]{0,40}?(?P<word>告警恢复|恢复|告警|报警|异常)[^=*#~\n-]{0,20}?)\s*[=*#~-]{3,}\s*$",
    re.M,
)
"""`======监控告警======` over the fields."""
_ZABBIX = compiled(
    r"^\W*(?:(?P<word>Resolved) in [\dywdhms ]{1,30}:\s*(?P<rest>[^\n]+)|Problem (?P<word2>started|has been resolved|resolved) (?:at|in)\b)",
    re.I,
)
_CLOUD = compiled(
    r"^\W*[\[【](?P<rest>[^\]】\n]{0,12}(?:监控|云)[^\]】\n]{0,6})[\]】][^\n]*?(?P<word>发生(?:告警|报警|异常)|恢复正常|已恢复|报警|告警)",
    re.I,
)
"""The cloud vendors' short messages: `【阿里云监控】… 发生报警`."""
_NAGIOS = compiled(
    r"^\W*(?:(?P<word>PROBLEM|RECOVERY|ACKNOWLEDGEMENT)\W+(?:(?:Service|Host) Alert:\s*)?)(?P<rest>\S[^\n]{0,200}?) is "
    r"(?P<state>OK|UP|WARNING|CRITICAL|UNKNOWN|DOWN|UNREACHABLE)\b"
)
"""`** PROBLEM Service Alert: host/service is CRITICAL **`, `[PROBLEM] service on host is CRITICAL!`."""
_NAGIOS_TYPE = compiled(r"^\W*Notification Type:\s*(?P<word>PROBLEM|RECOVERY|ACKNOWLEDGEMENT)\b", re.M)
_NAGIOS_FIELD = compiled(r"^(?P<key>Service|Host|State):[ \t]*(?P<value>[^\n]{1,120})$", re.M)
_MARKUP = compiled(r"</?font[^>\n]{0,60}>|\*\*|^[ \t>]*#{1,6}[ \t]+|^[ \t]*>[ \t]?", re.M | re.I)
_FIELD_SEVERITY = compiled(
    r"(?:告警级别|级别|等级|severity|priority|level)\s*[:：=]\s*\"?(?P<sev>[A-Za-z0-9-]+|严重|紧急|警告|一级|二级|三级)",
    re.I,
)

_GRADED = compiled(r"^\W*[\[【(（]\s*(?P<sev>P[0-5]|S[1-5])\s*[\]】)）]\s*(?P<rest>[^\n]{2,120})", re.I)
_MEASURED = compiled(r"(?:当前值|阈值|触发值|current value|threshold|value)\s*[:：=]", re.I)
"""`[P1] Name` over a value and a threshold: home-made robots that don't say what a post is."""
_MOMENT = r"\s*[:：=]\s*(?P<at>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T ]+\d{1,2}:\d\d(?::\d\d)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d)\b)?)"
_FIRED_AT = compiled(
    rf"(?:触发|告警|报警|故障|发生|开始|异常|start(?:ed|s)?|fired|triggered|since)\s?(?:时间|at|time)?{_MOMENT}",
    re.I,
)
_RESOLVED_AT = compiled(
    rf"(?:恢复|解除|结束|resolved|recovered|recovery|end(?:ed|s)?)\s?(?:时间|at|time)?{_MOMENT}", re.I
)

_DEPLOY = compiled(
    r"(?P<roll>roll(?:ed|ing)?[ -]?back|rollback|revert(?:ed|ing)?|回滚)|"
    r"(?P<what>deploy(?:ment|ed|ing|s)?|release[ds]?|rollout|rolled out|promot(?:ed|ing)|shipp(?:ed|ing)|发布|上线|部署|推送配置|配置推送)",
    re.I,
)
_ORDER = compiled(r"(?:工单|变更单|变更|发布单|订正单|任务|脚本|作业|ticket|change|job|script)", re.I)
_CARRIED_OUT = compiled(
    r"(?P<done>已执行|执行(?:完成|成功|完毕)|已生效|\bexecuted\b|\bcompleted\b)|(?P<failed>执行失败|已中止|\bfailed\b)|(?P<begun>开始执行|执行中|\bstarted\b|\brunning\b)",
    re.I,
)
"""What bots of work orders and change tickets report."""
_DONE = compiled(
    r"\b(?:succeeded|success(?:ful(?:ly)?)?|finished|completed?|done|live|deployed|promoted|rolled out|shipped|released|rolled back|reverted)\b|成功|完成|已发布|已上线|已部署|结束",
    re.I,
)
_FAILED = compiled(r"\b(?:failed|failure|aborted|cancell?ed|error)\b|失败|中止|取消", re.I)
_STARTED = compiled(
    r"\b(?:start(?:ed|ing)?|deploying|began|in progress|running|rolling|initiated|queued|pending)\b|开始|发起|进行中|执行中|运行中",
    re.I,
)


def read_alert(text: str) -> SignalText | None:
    """The alert signal of a bot's text, or None where the text has none of the known shapes."""
    found = _alert_of(bare(text))
    if found is None:
        return None
    said = (_RESOLVED_AT if found.signal == "resolved" else _FIRED_AT).search(text)
    return replace(found, at=said["at"]) if said else found


def _alert_of(text: str) -> SignalText | None:
    if (typed := _NAGIOS_TYPE.search(text[:2000])) and (found := _of_nagios(text, typed["word"])):
        return found
    head, name = read_head(text), _FIELD_NAME.search(text)
    if head:
        subject = (
            head.subject or (tidy_subject(name["name"]) if name else "") or tidy_subject(text.split("\n")[0])
        )
        return SignalText(head.signal, subject, head.severity or _severity(text))
    state = _FIELD_STATE.search(text)
    if state and name:
        return SignalText(
            _meaning(state["word"]), tidy_subject(name["name"]), state["sev"] or _severity(text)
        )
    if (
        state and len(text) <= _TITLE and not _FIELD_STATE.match(text)
    ):  # a pager's post: title, status, service
        return SignalText(_meaning(state["word"]), tidy_subject(text.split("\n")[0]), _severity(text))
    graded = _GRADED.match(text[:_TITLE])
    if graded and _MEASURED.search(text):
        over = _RESOLVED_AT.search(text) is not None
        return SignalText("resolved" if over else "firing", tidy_subject(graded["rest"]), graded["sev"])
    return None


def read_head(text: str) -> SignalText | None:
    """What the first line says if it is the title of an alert; the subject is empty where the title names none."""
    if match := _NAGIOS.search(text[:_TITLE]):
        severity = match["state"] if match["word"] == "PROBLEM" else None
        return SignalText(_meaning(match["word"]), _service_first(match["rest"]), severity)
    for pattern in (_BRACKETED, _PREFIXED, _DASHED, _ENDING, _ZABBIX, _SHOUTED):
        if match := pattern.search(text[:_TITLE]):
            groups = match.groupdict()
            return SignalText(
                _meaning(groups["word"] or groups["word2"]),
                tidy_subject(groups["rest"] or ""),
                groups.get("sev"),
            )
    for pattern in (_BANNER, _CLOUD):
        if match := pattern.match(text[:_TITLE]):
            return SignalText(_meaning(match["word"]), "")
    return None


def _of_nagios(text: str, word: str) -> SignalText | None:
    """The fields of a notification mail."""
    fields = {
        match["key"]: match["value"].strip() for match in reversed(list(_NAGIOS_FIELD.finditer(text[:4000])))
    }
    subject = " ".join(fields[key] for key in ("Service", "Host") if key in fields)
    severity = fields.get("State") if word == "PROBLEM" else None
    return SignalText(_meaning(word), subject[:120], severity) if subject else None


def _service_first(named: str) -> str:
    """`host/service` and `service on host` alike as `service host`."""
    host, slash, service = named.partition("/")
    if slash:
        return f"{service} {host}"[:120]
    return re.sub(r" on (?=\S+$)", " ", named)[:120]


def bare(text: str) -> str:
    """A robot's text without its Markdown and font tags."""
    return _MARKUP.sub("", text)


def _severity(text: str) -> str | None:
    match = _FIELD_SEVERITY.search(text)
    return match["sev"] if match else None


def _meaning(word: str) -> Signal:
    if re.fullmatch(rf"{_RESOLVED}|恢复正常|has been resolved", word, re.I):
        return "resolved"
    return "acknowledged" if re.fullmatch(_ACK, word, re.I) else "firing"


def tidy_subject(text: str) -> str:
    """The name of an alert without marks, label lists and links."""
    text = re.sub(r"<[^>|]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"https?://\S+|[*`\"“”]|(?<!\w)_+|_+(?!\w)", "", text)
    text = re.split(r"\s*(?:\(|（|\{| - | \| |，|。|\t)", text.strip())[0]
    return re.sub(r"\s+", " ", text).strip(" :：-—[]【】")[:120]


def read_deploy(text: str) -> SignalText | None:
    """The change signal of a deploy bot's text, or None where it does not speak of a deployment."""
    match = _DEPLOY.search(text)
    if match is None:
        return _read_order(text)
    subject = re.sub(r"\s+", " ", text.split("\n")[0]).strip()[:120]
    if _FAILED.search(text):
        return SignalText("change_failed", subject)
    if match["roll"]:
        started = _STARTED.search(text) and not _DONE.search(text)
        return SignalText("change_started" if started else "rolled_back", subject)
    if _DONE.search(text):
        return SignalText("change_finished", subject)
    return SignalText("change_started" if _STARTED.search(text) else "change_finished", subject)


def _read_order(text: str) -> SignalText | None:
    """A work order or change ticket that a bot reports as carried out, failed or begun."""
    state = _CARRIED_OUT.search(text) if _ORDER.search(text) else None
    if state is None:
        return None
    signal: Signal = (
        "change_finished" if state["done"] else "change_failed" if state["failed"] else "change_started"
    )
    return SignalText(signal, re.sub(r"\s+", " ", text.split("\n")[0]).strip()[:120])


def classify(text: str, actor_kind: ActorKind) -> tuple[EventKind, SignalText | None]:
    """Chat, or what a bot's text says it is: an alert or a deployment."""
    if actor_kind == "person":
        return "chat", None
    alert = read_alert(text)
    if alert:
        return "alert", alert
    deploy = read_deploy(text)
    return ("deploy", deploy) if deploy else ("chat", None)
