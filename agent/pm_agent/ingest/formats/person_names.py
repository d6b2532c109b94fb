"""Whether a word before a colon or a time is somebody's name.

A word taken for a name would be replaced by an alias all over the report, so a doubtful one is left alone.
"""

from __future__ import annotations

import re

from pm_agent.reading.timeforms import ZONE_WORDS

_MACHINE = re.compile(
    r"机器人|助手|告警|监控|平台$|系统$|通知$|\bbot\b|[a-z]bot\b|webhook|\bAPP\b|"
    r"^(?:alert-?manager|prometheus|grafana(?: oncall)?|pager ?duty|ops ?genie|datadog|sentry|new ?relic|nagios|icinga|zabbix|pingdom|statuspage|uptime ?robot|"
    r"cloudwatch|jenkins|argo ?cd|flux|github|gitlab|circleci|buildkite|spinnaker|vercel|jira|rootly|firehydrant|incident\.io|nightingale)$",
    re.I,
)
_ROBOT = re.compile(r"(?:机器人|助手|bot|webhook)(?:[(（].{1,16}[)）])?$|\s(?:BOT|APP)$", re.I)
_TAG = re.compile(r"\s+(?:机器人|BOT|APP)$|[(（\[]机器人[)）\]]$|@微信$|\s*[—–-]$", re.I)
_SAYS = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:说|表示|反馈|回复|问)$")
_NEVER = re.compile(
    r"时间|开始|结束|恢复|发布|上线|重启|回滚|完成|截至|截止|更新|故障|触发|现在|目前|已经|预计|大概|左右|[上下]午|昨天|今天|"
    r"发现|处理|影响|原因|结论|行动|动作|定位|排查|确认|升级|操作|现象|备注|决定|根因|止损|进展|补充|验证|观察|方案|方法|方向|"
    r"高峰|高可用|高负载|高优|金额|任务|任何|范围|白名单|钱包|程序|余量|余额|马上|段落|严重|小时|小结|小流量|上游|上报|上升|老版|"
    r"许多|何时|石墨|万一|史上|陆续|于是|汇总|[至于在到从约是了]$|^\d|"
    r"^(?:at|since|from|until|by|around|eta|before|after|on|start|end|time|and|the|we|it|then|https?|todo|note|update|"
    r"summary|actions?|status|impact|detect(?:ed|ion)|resolved|resolution|mitigat(?:ed|ion)|root cause|rollback)\b|"
    rf"^(?:{ZONE_WORDS})$|"
    r"\b(?:at|since|until|by|around|is|was)$|^(?:info|warn(?:ing)?|error|err|debug|trace|fatal|critical|notice|main)$|^(?-i:INFO|WARN(?:ING)?|ERROR|DEBUG|TRACE|FATAL|CRITICAL|NOTICE)\b",
    re.I,
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤阿小老欧司诸上慕"
)
_PERSONAL = re.compile(
    rf"^(?:【[^】]{{1,12}}】)?(?:[{_SURNAMES}][\u4e00-\u9fff·]{{1,3}}|[A-Z][\w'.-]{{0,20}}(?: [A-Z][\w'.-]{{0,20}}){{1,2}})"
    r"(?:[(（][^()（）]{1,16}[)）]|[-@]\S{1,12})?$|^[^()（）]{1,20}[(（][^()（）]{1,16}[)）]$"
)


def bare_name(written: str) -> str | None:
    """The name without the client's tags, or None where the words can't be one."""
    name = _SAYS.sub("", _TAG.sub("", written.strip(" *@"))).strip().rstrip("(（[ ")
    return name if name and (is_machine(written) or not _NEVER.search(name)) else None


def is_machine(written: str) -> bool:
    """True for a robot's name."""
    return len(written) < 24 and _MACHINE.search(written) is not None


def is_robot(written: str) -> bool:
    """True for what nothing but a robot's name ends in; 告警 also ends sentences."""
    return len(written) < 24 and _ROBOT.search(written) is not None


def is_personal(name: str) -> bool:
    """True for what looks like a name by itself: a common surname, two capitalised words, a role in brackets."""
    return _PERSONAL.match(name) is not None
