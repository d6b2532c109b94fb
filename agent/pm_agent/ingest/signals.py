"""What a bot's or a pager's text says about itself: fired, resolved, deployed, and of what.

Alerts reach people as text of a few well-known shapes (Alertmanager's `[FIRING:1] Name`, Grafana's
`[Alerting] title`, CloudWatch's `ALARM: "name"`, Zabbix's `Problem:`, 夜莺's `Triggered`). Reading the shape here
gives every chat format the same signal and subject, so that one alert from three sources can be joined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pm_agent.evidence import ActorKind, EventKind, Signal


@dataclass(frozen=True, slots=True)
class SignalText:
    """What the text says it is."""

    signal: Signal
    subject: str
    severity: str | None = None


_FIRING = r"firing|alerting|triggered|problem|alarm|critical|warning|告警触发|触发告警|告警通知|告警中|告警|报警|异常"
_RESOLVED = r"resolved|recovery|recovered|ok|cleared|告警恢复|恢复通知|已恢复|恢复"
_ACK = r"acknowledged|acked|已认领|认领|已确认"
_EMOJI = r"(?::[a-z0-9_+-]+:|[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F])"

_BRACKETED = re.compile(
    rf"^\W*(?:{_EMOJI}\s*)*[\[【(（]\s*(?:(?P<sev>P[0-5]|S[1-5]|SEV-?\d|critical|warning)\s*[\]】)）]?\s*[\[【(（]?\s*)?"
    rf"(?P<word>{_FIRING}|{_RESOLVED}|{_ACK})\s*(?::\s*\d+)?\s*[\]】)）]\s*(?P<rest>[^\n]*)",
    re.I,
)
_PREFIXED = re.compile(
    rf"^\W*(?:{_EMOJI}\s*)*(?:(?:alert|incident|monitor|trigger)\s+)?(?P<word>{_FIRING}|{_RESOLVED}|{_ACK})\s*(?:!|:|：|-|—)\s*(?P<rest>[^\n]+)",
    re.I,
)
_FIELD_STATE = re.compile(
    rf"^\W*(?:级别状态|告警状态|状态|status|state)\s*[:：]\s*(?:(?P<sev>S[1-5]|P[0-5])\s*)?(?P<word>{_FIRING}|{_RESOLVED})",
    re.I | re.M,
)
_FIELD_NAME = re.compile(
    r"^\W*(?:规则标题|规则名称|告警名称|告警标题|告警规则|告警项|alertname|alert|monitor|rule|trigger)\s*[:：=]\s*(?P<name>[^\n]+)",
    re.I | re.M,
)
_FIELD_SEVERITY = re.compile(
    r"(?:告警级别|级别|等级|severity|priority|level)\s*[:：=]\s*\"?(?P<sev>[A-Za-z0-9-]+|严重|紧急|警告|一级|二级|三级)",
    re.I,
)

_DEPLOY = re.compile(
    r"(?P<roll>roll(?:ed|ing)?[ -]?back|rollback|revert(?:ed|ing)?|回滚)|"
    r"(?P<what>deploy(?:ment|ed|ing|s)?|release[ds]?|rollout|rolled out|promot(?:ed|ing)|shipp(?:ed|ing)|发布|上线|部署|推送配置|配置推送)",
    re.I,
)
_DONE = re.compile(
    r"\b(?:succeeded|success(?:ful(?:ly)?)?|finished|completed?|done|live|deployed|promoted|rolled out|shipped|released|rolled back|reverted)\b|成功|完成|已发布|已上线|已部署|结束",
    re.I,
)
_FAILED = re.compile(r"\b(?:failed|failure|aborted|cancell?ed|error)\b|失败|中止|取消", re.I)
_STARTED = re.compile(
    r"\b(?:start(?:ed|ing)?|deploying|began|in progress|rolling|initiated|queued|pending)\b|开始|发起|进行中|执行中",
    re.I,
)


def read_alert(text: str) -> SignalText | None:
    """The alert signal of a bot's text, or None where the text has none of the known shapes."""
    match = _BRACKETED.search(text) or _PREFIXED.search(text)
    if match:
        name = _FIELD_NAME.search(text)
        subject = (match["rest"] if match["rest"].strip() else None) or (name["name"] if name else None)
        severity = match.groupdict().get("sev") or _severity(text)
        return SignalText(_meaning(match["word"]), tidy_subject(subject or text.split("\n")[0]), severity)
    state, name = _FIELD_STATE.search(text), _FIELD_NAME.search(text)
    if state and name:
        return SignalText(
            _meaning(state["word"]), tidy_subject(name["name"]), state["sev"] or _severity(text)
        )
    return None


def _severity(text: str) -> str | None:
    match = _FIELD_SEVERITY.search(text)
    return match["sev"] if match else None


def _meaning(word: str) -> Signal:
    if re.fullmatch(_RESOLVED, word, re.I):
        return "resolved"
    return "acknowledged" if re.fullmatch(_ACK, word, re.I) else "firing"


def tidy_subject(text: str) -> str:
    """The name of an alert without marks, label lists and links."""
    text = re.sub(r"<[^>|]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"https?://\S+|[*_`\"“”]", "", text)
    text = re.split(r"\s*(?:\(|（|\{| - | \| |，|。|\t)", text.strip())[0]
    return re.sub(r"\s+", " ", text).strip(" :：-—[]【】")[:120]


def read_deploy(text: str) -> SignalText | None:
    """The change signal of a deploy bot's text, or None where it does not speak of a deployment."""
    match = _DEPLOY.search(text)
    if match is None:
        return None
    subject = re.sub(r"\s+", " ", text.split("\n")[0]).strip()[:120]
    if _FAILED.search(text):
        return SignalText("change_failed", subject)
    if match["roll"]:
        started = _STARTED.search(text) and not _DONE.search(text)
        return SignalText("change_started" if started else "rolled_back", subject)
    if _DONE.search(text):
        return SignalText("change_finished", subject)
    return SignalText("change_started" if _STARTED.search(text) else "change_finished", subject)


def classify(text: str, actor_kind: ActorKind) -> tuple[EventKind, SignalText | None]:
    """Chat, or what a bot's text says it is: an alert or a deployment."""
    if actor_kind == "person":
        return "chat", None
    alert = read_alert(text)
    if alert:
        return "alert", alert
    deploy = read_deploy(text)
    return ("deploy", deploy) if deploy else ("chat", None)
