"""What a list says of the past is no action item; what it asks for is one, in whatever words."""

from __future__ import annotations

import pytest

from pm_agent.rubric.smart import is_action

WORK = [
    "Gather commands used in the response and add them to the guide", "Investigate if plugins used for logs are maintained",
    "Look at the cache", "Reduce noise", "A second approver for DNS changes", "Document how it was found", "Add what we had in v1",
    "The mapping upload should fail the pipeline", "Fix whatever was broken by the import", "Sentry quota alerts must page",
    "降低告警噪音", "把告警管起来", "让系统更健壮", "保证容量充足", "把所有大盘过一遍", "手册过期了，换成新的",
    "删除旧任务（李强，已确认无下游）", "给主库加告警：持续 5 分钟打电话",
]  # fmt: skip
TOLD = [
    "Effect: 14% of logins failed for 22 minutes", "Talks with the insurer are ongoing", "The probe only covered IPv4",
    "探测只覆盖了 IPv4", "联系表更新好了，加了雨果",
    "Fast rollback thanks to feature flags", "INC-2231: https://incidents.example/2231", "Support volume peaked at 4x normal",
    "State lock already enabled for all workspaces", "从库一直没加进切换列表", "状态锁早已全部开启", "手册帮了大忙，很快找到大盘", "有开关所以回滚很快",
    "没有客户数据泄露", "手工切流花了大部分时间",
    "The pager rang at 02:14", "Latency was back to normal by noon", "Deploy took 40 minutes", "Runbook was out of date", "On-call: Ravi",
    "Refunds were issued to all affected users", "MTTR 42 min", "https://git.example/acme/infra/pull/4471", "10:20 rolled back to v41",
    "02:14 电话告警响了", "中午恢复正常", "发布花了 40 分钟", "告警阈值已经下调到 70%", "值班：李雷", "重试风暴为何停止仍不清楚",
    "手册过期了", "恢复时长 42 分钟", "做得好：回滚按钮有效",
]  # fmt: skip


@pytest.mark.parametrize("text", WORK)
def test_what_is_asked_for_is_an_action_item(text: str) -> None:
    assert is_action(text)


@pytest.mark.parametrize("text", TOLD)
def test_what_was_or_is_is_none(text: str) -> None:
    assert not is_action(text)
