"""What an entry of an audit log does to a change, by its own verb and result; a step inside a change has no signal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pm_agent.evidence import Signal
from pm_agent.ingest.formats.audit_fields import Record
from pm_agent.ingest.formats.change_events import signal_of

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BACK = re.compile(r"\b(?:roll(?:ed|ing)? ?back|revert(?:ed)?|restored?)\b|回滚|回退")
_DEPLOY = re.compile(
    r"\b(?:publish(?:ed|ing)?|releas(?:e|ed|ing)|deploy(?:ed|ing|ment)?|roll(?:ed)? ?out|promot(?:e|ed)|upgraded?|ship(?:ped)?)\b|发布|上线|部署|升级|推送|下发"
)
_ALTER = re.compile(
    r"\b(?:updat(?:e|ed)|updates?(?:on|off)|modif(?:y|ied)|chang(?:e|ed)|patch(?:ed)?|put|set|delet(?:e|ed)|remov(?:e|ed)|creat(?:e|ed)|insert|write|"
    r"add(?:ed)?|enabl(?:e|ed)|disabl(?:e|ed)|toggl(?:e|ed)|turned (?:on|off)|scal(?:e|ed)|resiz(?:e|ed)|restart(?:ed)?|reboot(?:ed)?|stop(?:ped)?|start|"
    r"terminat(?:e|ed)|run|appl(?:y|ied)|import(?:ed)?|kill(?:ed)?|attach|detach|associate|disassociate|authorize|revoke|register|deregister|switch(?:ed)?|override)\b"
    r"|修改|更新|变更|删除|新增|创建|启用|禁用|开启|打开|关闭|扩容|缩容|重启|切换|切流|下线|限流|降级|执行"
)
_STEP = re.compile(
    r"\b(?:batch|node|instance|host|machine|step|precheck|check|approv(?:e|ed|al)|review(?:ed)?|submit(?:ted)?|appl(?:y|ied) for|confirm(?:ed)?|"
    r"paus(?:e|ed)|resum(?:e|ed)|comment(?:ed)?|notif(?:y|ied)|schedul(?:e|ed)|draft|plan|ticket|order)\b"
    r"|批次|单机|节点|审批|提交|申请|确认|暂停|继续|通知|检查|评审|预约|建单|工单"
)
_ACCESS = re.compile(
    r"\b(?:sessions?|log ?in|log ?out|logon|sign ?in|auth|token|tokens|credential|password|mfa|users?|members?|invitation|lease|"
    r"leases|events|endpoints|endpointslices|tokenreviews|subjectaccessreviews|selfsubjectaccessreviews|log ?stream|tags?)\b|登录|登出|查看|导出"
)
"""Who comes in, and what a cluster writes about itself all day: no change of what runs."""
_LOOKS = re.compile(r"(?:get|list|watch|describe|head|view|lookup|query|batch get|assume role)\b")
_STARTS = re.compile(r"\b(?:start(?:ed|ing)?|beg[ai]n|begun|initiated|running)\b|开始|发起")
_ENDS = re.compile(r"\b(?:finish(?:ed)?|complet(?:e|ed)|succe(?:ss|eded)|done|end(?:ed)?)\b|完成|成功|结束")
_FAILS = re.compile(
    r"\b(?:fail(?:ed|ure)?|abort(?:ed)?|cancel(?:l?ed)?|reject(?:ed)?|denied|deny|error|timeout|unauthorized|forbidden)\b|失败|中止|取消|驳回|拒绝|异常|超时"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Whether the entry is about a change, and what it does to it."""

    is_change: bool
    signal: Signal | None = None


def meaning_of(record: Record) -> Meaning:
    """By the verb; a failed result outdoes it, and a result that is still running makes a start of it."""
    verb, result = _words(record.verb), record.result.lower()
    back, deploys = _BACK.search(verb), _DEPLOY.search(verb)
    alters = (
        _ALTER.search(verb)
        and not _of_the_cluster(record)
        and not _ACCESS.search(f"{verb} {_words(record.what)}")
    )
    if not (back or deploys or alters):
        return Meaning(is_change=bool(record.number))
    if _STEP.search(verb) or record.node or record.batch:
        return Meaning(is_change=True)
    return Meaning(True, _signal(verb, result, back=bool(back), alone=not (back or deploys)))


def is_routine(record: Record) -> bool:
    """A program that only looks, or a cluster that keeps its own books, all day long; a refusal is worth a look."""
    if record.actor.is_person or record.error:
        return False
    return _of_the_cluster(record) or _LOOKS.match(_words(record.verb.rpartition(" ")[2])) is not None


def _of_the_cluster(record: Record) -> bool:
    return record.actor.name.startswith(
        ("system:node:", "system:kube-", "system:serviceaccount:kube-system:", "system:apiserver")
    )


def _signal(verb: str, result: str, *, back: bool, alone: bool) -> Signal:
    """`alone` is a single act (StartInstances, update): the words start and stop in it name no part of a longer one."""
    if _FAILS.search(f"{'' if alone else verb} {result}") or signal_of(result) == "change_failed":
        return "change_failed"
    done: Signal = "rolled_back" if back else "change_finished"
    if not alone and _STARTS.search(verb):
        return "change_started"
    if not alone and _ENDS.search(verb):
        return done
    running = (
        result in {"accepted", "pending"} or signal_of(result) == "change_started" or _STARTS.search(result)
    )
    return "change_started" if running else done


def _words(written: str) -> str:
    """`publish_finish`, `UpdateService` and `Microsoft.Web/sites/restart/action` as words."""
    return re.sub(r"[_\W]+", " ", _CAMEL.sub(" ", written)).lower()
