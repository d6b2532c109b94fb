"""A recorded draft, replayed with no server: what it says, how a recording is kept, and how one is found to be stale."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from evals.recording import NOTE, Readable, cassette, stale

from pm_agent.api import Drafted, draft_evidence, in_own_loop, read
from pm_agent.settings import Settings

HOME = Path(__file__).parent / "recordings"
TAPE = HOME / "zhifu-chaoshi.yaml"
CHAT = """2026-03-04 20:02:10 [告警机器人] [FIRING] 支付成功率低于95% 当前 71%
2026-03-04 20:03:05 林晓 看到了，我来看
2026-03-04 20:09:40 林晓 可能是渠道抖动？先观察
2026-03-04 20:14:00 周舟 渠道那边看了是正常的，不是他们
2026-03-04 20:21:30 周舟 找到了，19:58 上线的 pay-core v3.2 把连接池上限改成了 8
2026-03-04 20:24:00 林晓 回滚 v3.1 完成
2026-03-04 20:27:20 [告警机器人] [RESOLVED] 支付成功率低于95%
2026-03-04 20:40:00 周舟 连接池上限的改动没有评审，也没有告警盯连接数。后面给连接池使用率加个告警，周舟，3/11 前
"""


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "chat.txt"
    path.write_text(CHAT, encoding="utf-8")
    return path


def replayed(
    path: Path, address: str = "http://127.0.0.1:8808/v1", tape: Path = TAPE, **more: Any
) -> Drafted:
    settings = Settings(model="relay", base_url=address, timezone="Asia/Shanghai", **more)
    with cassette(tape, record=False):
        return in_own_loop(draft_evidence(read(path, settings), settings))


def test_the_recorded_answers_become_the_draft(chat: Path) -> None:
    """Rows and causes in the model's words, times by code: the trigger is the minute that a line tells."""
    drafted = replayed(chat)
    report = drafted.report
    assert not drafted.usage.fallbacks
    assert report.milestones.trigger.at is not None
    assert report.milestones.trigger.at.isoformat() == "2026-03-04T11:58:00+00:00"
    assert report.metrics.mttd.minutes == 4
    assert report.metrics.mttr.minutes == 29
    verdicts = {h.verdict for h in report.hypotheses}
    assert verdicts == {"ruled_out", "confirmed"}
    levels = {w.level: w.answer.support for w in report.whys if w.branch == "occurrence"}
    assert levels["direct"] == "supported"
    assert levels["organisation"] == "unknown"
    assert (
        "评审"
        in next(w for w in report.whys if w.level == "process" and w.branch == "occurrence").answer.text
    )
    assert [a.due.isoformat() for a in report.actions if a.due] == ["2026-03-11"]


def test_a_recording_does_not_depend_on_the_port(chat: Path) -> None:
    """It was made at one address and is replayed at any of this machine."""
    assert not replayed(chat, "http://127.0.0.1:9/v1").usage.fallbacks


def test_a_request_that_no_recording_covers_is_stale_and_its_prompt_named(chat: Path) -> None:
    """One more line in the evidence: the first question is another; nothing is sent, the draft comes."""
    chat.write_text(CHAT + "2026-03-04 20:50:00 林晓 补充：受影响订单 312 笔\n", encoding="utf-8")
    drafted = replayed(chat)
    assert stale(drafted.usage) == ["narrative", "review", "timeline"]
    assert drafted.report.timeline


def test_recordings_are_readable_and_hold_no_secret() -> None:
    """Chinese as Chinese, the note of their origin first, no header that names or pays for anybody."""
    for path in HOME.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(NOTE)
        assert "支付" in text
        assert not re.search(r"authorization|api-key|cookie|bearer|sk-[a-z0-9]{8}", text, re.I)
        tape = yaml.safe_load(text)
        assert {one["request"]["method"] for one in tape["interactions"]} == {"POST"}


def test_a_cassette_reads_back_what_it_wrote() -> None:
    """The readable form loses nothing."""
    tape = {
        "interactions": [{"request": {"body": "支付\n失败", "uri": "http://x"}, "response": {}}],
        "version": 1,
    }
    assert Readable.deserialize(Readable.serialize(tape)) == tape
