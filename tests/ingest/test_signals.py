"""The well-known shapes of alert texts say what they are; ordinary sentences don't."""

from __future__ import annotations

import pytest

from pm_agent.ingest.signals import SignalText, read_alert


@pytest.mark.parametrize(
    ("text", "signal", "subject", "severity"),
    [
        ("[FIRING:1] CartErrorRatioHigh cart", "firing", "CartErrorRatioHigh cart", None),
        ("[RESOLVED] CartErrorRatioHigh (cart critical)", "resolved", "CartErrorRatioHigh", None),
        ('#### <font color="#FF0000">S2 - Triggered - 磁盘满</font>', "firing", "磁盘满", "S2"),
        ("S3 - Recovered - promo CPU", "resolved", "promo CPU", "S3"),
        ("**级别状态**: S1 Triggered\n**规则标题**: 成功率低", "firing", "成功率低", "S1"),
        ("🔥 【P3】PodRestartTooOften 告警触发\n对象：etl", "firing", "PodRestartTooOften", "P3"),
        ("✅ 【P3】PodRestartTooOften 已恢复", "resolved", "PodRestartTooOften", "P3"),
        ("======监控告警======\n告警类型: disk_full\n告警级别: warning", "firing", "disk_full", "warning"),
        ("======告警恢复======\n告警类型: disk_full", "resolved", "disk_full", None),
        ("Problem: Lag is high\nHost: db", "firing", "Lag is high", None),
        ("Resolved in 5m 12s: Lag is high", "resolved", "Lag is high", None),
        ("Problem started at 17:24:05 on 2026.02.03\nProblem name: Lag", "firing", "Lag", None),
        ("【阿里云监控】实例发生报警\n规则名称：slb_5xx", "firing", "slb_5xx", None),
        ("【阿里云监控】实例恢复正常\n规则名称：slb_5xx", "resolved", "slb_5xx", None),
        ("FIRING HighErrorRate checkout 5xx at 12% for 5m", "firing", "HighErrorRate", None),
        ("RESOLVED HighErrorRate checkout", "resolved", "HighErrorRate", None),
        ("[P1] 订单失败率突增\n当前值: 41.3% 阈值: 3%", "firing", "订单失败率突增", "P1"),
    ],
)
def test_shape(text: str, signal: str, subject: str, severity: str | None) -> None:
    assert read_alert(text) == SignalText(signal, subject, severity)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "the problem started at noon, see below",
        "resolved the ticket",
        "【通知】今晚发布",
        "=== notes ===",
        "S2 - we think",
        "firing the new deploy now",
        "[P1] we should talk",
    ],
)
def test_a_sentence_is_no_alert(text: str) -> None:
    assert read_alert(text) is None
