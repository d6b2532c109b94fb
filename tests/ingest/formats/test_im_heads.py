"""Who wrote a message, and which lines only look like it."""

from __future__ import annotations

import pytest

from pm_agent.ingest.formats.im_chat import read_chat
from pm_agent.ingest.formats.im_heads import ImHeads, separator
from pm_agent.ingest.source import of_bytes


def names(text: str) -> list[tuple[str | None, str | None]]:
    return [(event.actor, event.raw_time) for event in read_chat(of_bytes("chat.txt", text.encode()))]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("张伟 20:03", ("张伟", "20:03")),
        ("张伟(运维) 03-11 20:03", ("张伟(运维)", "03-11 20:03")),
        ("张伟  2026-03-11 20:03:12", ("张伟", "2026-03-11 20:03:12")),
        ("张伟 昨天 20:03", ("张伟", "昨天 20:03")),
        ("张伟 2026/3/11 20:03:12", ("张伟", "2026/3/11 20:03:12")),
        ("张伟 2026年3月11日 20:03", ("张伟", "2026年3月11日 20:03")),
        ("张伟 下午 8:03", ("张伟", "下午 8:03")),
        ("陈静@微信 3/11 20:03:12", ("陈静", "3/11 20:03:12")),
        ("【SRE】张伟 20:03", ("【SRE】张伟", "20:03")),
        ("Mira Holt 2026-03-11 20:03", ("Mira Holt", "2026-03-11 20:03")),
        ("Mira Holt, [11.03.2026 20:03]", None),
        ("Mira Holt, [2026-03-11 20:03]", ("Mira Holt", "2026-03-11 20:03")),
        ("夜莺告警 机器人 20:03", ("夜莺告警", "20:03")),
        ("恢复时间 20:41", None),
        ("重启完成 20:15", None),
        ("故障开始 2026-03-11 20:03:12", None),
        ("since 20:03", None),
        ("ERROR 2026-03-11 20:03:12", None),
    ],
)
def test_head(head: str, expected: tuple[str, str] | None) -> None:
    """A head names a person or a robot; words that end in a time are words."""
    assert names(f"{head}\nwords\n") == ([expected] if expected else [])


def test_words_that_look_back() -> None:
    """A name seen once is a head only where the clock goes on; one that comes back always is."""
    text = "张伟 20:03\na\n陈静 19:58\nb\n张伟 20:05\nc\n"
    assert names(text) == [("张伟", "20:03"), ("张伟", "20:05")]
    assert names(text + "陈静 20:06\nd\n")[1] == ("陈静", "19:58")


def test_separators() -> None:
    """A date between dashes or alone; not a time, not a sentence."""
    assert separator("—— 3月11日 ——") == "3月11日"
    assert separator("2026年3月11日 星期三") == "2026年3月11日 星期三"
    assert separator("昨天") == "昨天"
    assert separator("20:03") is None
    assert separator("3月11日我不在") is None


def test_nobody() -> None:
    """Text without a head yields no names."""
    assert ImHeads([(1, "hello"), (2, "world")]).returning == {}
