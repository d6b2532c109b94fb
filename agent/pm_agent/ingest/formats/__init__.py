"""The built-in formats: one file each, one line each in `BUILT_INS`."""

from __future__ import annotations

from pm_agent.ingest.adapter import Adapter
from pm_agent.ingest.formats.access_log import AccessLog
from pm_agent.ingest.formats.alert_text import AlertText
from pm_agent.ingest.formats.alertmanager import Alertmanager
from pm_agent.ingest.formats.argocd import ArgoCD
from pm_agent.ingest.formats.audit_log import AuditLog
from pm_agent.ingest.formats.aws_deploy import AwsDeploy
from pm_agent.ingest.formats.chat_text import ChatText
from pm_agent.ingest.formats.cloudwatch import CloudWatch
from pm_agent.ingest.formats.csv_log import CsvLog
from pm_agent.ingest.formats.csv_metrics import CsvMetrics
from pm_agent.ingest.formats.datadog import Datadog
from pm_agent.ingest.formats.dingtalk_json import DingtalkJson
from pm_agent.ingest.formats.dingtalk_paste import DingtalkPaste
from pm_agent.ingest.formats.discord import Discord
from pm_agent.ingest.formats.email_message import EmailMessage
from pm_agent.ingest.formats.feishu_json import FeishuJson
from pm_agent.ingest.formats.feishu_minutes import FeishuMinutes
from pm_agent.ingest.formats.feishu_paste import FeishuPaste
from pm_agent.ingest.formats.git_log import GitLog
from pm_agent.ingest.formats.github import GitHub
from pm_agent.ingest.formats.gitlab import GitLab
from pm_agent.ingest.formats.grafana import Grafana
from pm_agent.ingest.formats.haproxy import Haproxy
from pm_agent.ingest.formats.irc import Irc
from pm_agent.ingest.formats.java_log import JavaLog
from pm_agent.ingest.formats.jenkins import Jenkins
from pm_agent.ingest.formats.jenkins_console import JenkinsConsole
from pm_agent.ingest.formats.journald import Journald
from pm_agent.ingest.formats.jsonl_log import JsonlLog
from pm_agent.ingest.formats.k8s_events import K8sEvents
from pm_agent.ingest.formats.klog import Klog
from pm_agent.ingest.formats.kubectl_logs import KubectlLogs
from pm_agent.ingest.formats.logfmt import Logfmt
from pm_agent.ingest.formats.markdown_notes import MarkdownNotes
from pm_agent.ingest.formats.matrix import Matrix
from pm_agent.ingest.formats.mattermost import Mattermost
from pm_agent.ingest.formats.msteams import MsTeams
from pm_agent.ingest.formats.mysql_log import MysqlLog
from pm_agent.ingest.formats.nagios import Nagios
from pm_agent.ingest.formats.newrelic import NewRelic
from pm_agent.ingest.formats.nightingale import Nightingale
from pm_agent.ingest.formats.opsgenie import Opsgenie
from pm_agent.ingest.formats.pagerduty import PagerDuty
from pm_agent.ingest.formats.people_list import PeopleList
from pm_agent.ingest.formats.plain_log import PlainLog
from pm_agent.ingest.formats.plain_notes import PlainNotes
from pm_agent.ingest.formats.postgres_log import PostgresLog
from pm_agent.ingest.formats.prometheus import Prometheus
from pm_agent.ingest.formats.python_log import PythonLog
from pm_agent.ingest.formats.sentry import Sentry
from pm_agent.ingest.formats.slack_api import SlackApi
from pm_agent.ingest.formats.slack_export import SlackExport
from pm_agent.ingest.formats.slack_paste import SlackPaste
from pm_agent.ingest.formats.srt import Srt
from pm_agent.ingest.formats.statuspage import Statuspage
from pm_agent.ingest.formats.syslog import Syslog
from pm_agent.ingest.formats.telegram import Telegram
from pm_agent.ingest.formats.tencent_meeting import TencentMeeting
from pm_agent.ingest.formats.w3c_log import W3cLog
from pm_agent.ingest.formats.webvtt import WebVtt
from pm_agent.ingest.formats.wecom_paste import WecomPaste
from pm_agent.ingest.formats.zabbix import Zabbix
from pm_agent.ingest.formats.zoom_chat import ZoomChat
from pm_agent.ingest.formats.zoom_transcript import ZoomTranscript
from pm_agent.ingest.source import Source

BUILT_INS: tuple[Adapter, ...] = (
    SlackExport(),
    Alertmanager(),
    Prometheus(),
    AlertText(),
    PagerDuty(),
    CloudWatch(),
    GitHub(),
    GitLab(),
    Jenkins(),
    JenkinsConsole(),
    ArgoCD(),
    GitLog(),
    K8sEvents(),
    AwsDeploy(),
    AuditLog(),
    Opsgenie(),
    Statuspage(),
    Datadog(),
    Grafana(),
    Nagios(),
    NewRelic(),
    Nightingale(),
    Sentry(),
    Zabbix(),
    AccessLog(),
    CsvLog(),
    CsvMetrics(),
    Haproxy(),
    JavaLog(),
    Journald(),
    JsonlLog(),
    Klog(),
    KubectlLogs(),
    Logfmt(),
    MysqlLog(),
    PlainLog(),
    PostgresLog(),
    PythonLog(),
    Syslog(),
    W3cLog(),
    SlackApi(),
    Mattermost(),
    Discord(),
    MsTeams(),
    Telegram(),
    Irc(),
    Matrix(),
    DingtalkJson(),
    FeishuJson(),
    PeopleList(),
    ZoomChat(),
    SlackPaste(),
    DingtalkPaste(),
    FeishuPaste(),
    WecomPaste(),
    ChatText(),
    WebVtt(),
    Srt(),
    ZoomTranscript(),
    TencentMeeting(),
    FeishuMinutes(),
    EmailMessage(),
    MarkdownNotes(),
    PlainNotes(),
)


def is_export(source: Source) -> bool:
    """True for a folder or archive that one of the formats reads as a whole."""
    return any(adapter.fits(source) >= 0.9 for adapter in BUILT_INS)
