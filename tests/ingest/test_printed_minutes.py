"""File → printed minute: how people and programs write times, and the minute a reader gets to see.

Each case is a whole file as it would be handed over, what the author gives with it, and the minutes of its events as
they are printed in the zone of the report; `~` marks what stays approximate, `?` what has no time that resolves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from pm_agent.evidence import RawEvidence
from pm_agent.ingest import read
from pm_agent.reading.clock_face import local
from pm_agent.reading.said_times import said_times
from pm_agent.settings import Settings

DAY = date(2026, 3, 11)
SHANGHAI = Settings(date=DAY, timezone="Asia/Shanghai")
BERLIN = Settings(timezone="Europe/Berlin")
NEW_YORK = Settings(timezone="America/New_York")


@dataclass(frozen=True)
class Case:
    name: str
    files: dict[str, str]
    printed: list[str]
    settings: Settings = field(default_factory=lambda: SHANGHAI)
    notes: tuple[str, ...] = ()


def chat(*times: str, day: str = "") -> str:
    """Two people write in turn, one message a time."""
    head = f"{day}\n" if day else ""
    return head + "".join(f"{('张伟', '陈静')[i % 2]} {time}\n第{i}条消息\n" for i, time in enumerate(times))


def log(*times: str) -> str:
    return "".join(f"{time} ERROR pool exhausted {i}\n" for i, time in enumerate(times))


def jsonl(*times: str) -> str:
    return "".join(
        f'{{"ts": {time}, "level": "error", "msg": "pool exhausted {i}"}}\n' for i, time in enumerate(times)
    )


def printed(evidence: RawEvidence) -> list[str]:
    def one(at: object) -> str:
        return f"{at:%m-%d %H:%M}"

    return [
        ("~" if e.precision == "approximate" else "") + (one(local(e.at, evidence.timezone)) if e.at else "?")
        for e in evidence.events
    ]


CASES = [
    Case("no date anywhere", {"chat.txt": chat("20:03", "20:05")}, ["?", "?"], Settings(timezone="Asia/Shanghai"), ("clock.no_date",)),
    Case("the date is given", {"chat.txt": chat("20:03", "20:05")}, ["03-11 20:03", "03-11 20:05"]),
    Case(
        "the date stands in the file's name", {"chat_20260312.txt": chat("20:03", "20:05")}, ["03-12 20:03", "03-12 20:05"],
        Settings(timezone="Asia/Shanghai"), ("clock.date_from_name",),
    ),
    Case(
        "the date stands in another file", {"a.log": log("2026-03-12T20:01:00+08:00", "2026-03-12T20:02:00+08:00"), "chat.txt": chat("20:03", "20:05")},
        ["03-12 20:01", "03-12 20:02", "03-12 20:03", "03-12 20:05"], Settings(timezone="Asia/Shanghai"), ("clock.date_from_others",),
    ),
    Case(
        "an old history does not date a chat",
        {
            "git.txt": "".join(f"commit {n:040x}\nAuthor: A <a@b.example>\nDate:   {d} 10:00:00 2026 +0800\n\n    x\n\n" for n, d in ((1, "Wed Mar 11"), (2, "Sun Jan 4"))),
            "chat.txt": chat("20:03", "20:05"),
        },
        ["01-04 10:00", "03-11 10:00", "03-11 20:03", "03-11 20:05"], Settings(timezone="Asia/Shanghai"), ("clock.date_from_others",),
    ),
    Case("the year is missing", {"sys.log": "Mar 11 20:03:07 web-1 app[7]: ERROR pool exhausted\nMar 11 20:04:00 web-1 app[7]: ERROR again\n"}, ["03-11 20:03", "03-11 20:04"]),
    Case(
        "no year anywhere", {"sys.log": "Mar 11 20:03:07 web-1 app[7]: ERROR pool exhausted\nMar 11 20:04:00 web-1 app[7]: ERROR again\n"}, ["?", "?"],
        Settings(timezone="UTC"), ("clock.no_year",),
    ),
    Case("twelve hours", {"chat.txt": chat("8:05 PM", "11:59 PM", "12:00 AM", "12:30 AM")}, ["03-11 20:05", "03-11 23:59", "03-12 00:00", "03-12 00:30"]),
    Case("noon and midnight", {"notes.md": "- 12:00 PM lunch, all quiet\n- 12:15 pm errors\n"}, ["03-11 12:00", "03-11 12:15"]),
    Case("over midnight", {"chat.txt": chat("23:58", "00:03", "00:10")}, ["03-11 23:58", "03-12 00:03", "03-12 00:10"]),
    Case(
        "over new year", {"sys.log": "Dec 31 23:59:58 web-1 app[7]: ERROR a\nJan  1 00:00:03 web-1 app[7]: ERROR b\n"}, ["12-31 23:59", "01-01 00:00"],
        Settings(date=date(2025, 12, 31), timezone="UTC"),
    ),
    Case("new year in a chat", {"chat.txt": chat("23:59", "00:01")}, ["12-31 23:59", "01-01 00:01"], Settings(date=date(2025, 12, 31), timezone="Asia/Shanghai")),
    Case("clocks go forward", {"a.log": log("2026-03-08 01:59:00", "2026-03-08 02:30:00", "2026-03-08 03:01:00")}, ["03-08 01:59", "03-08 03:01", "03-08 03:30"], NEW_YORK, ("clock.skipped_hour",)),
    Case(
        "clocks go back", {"a.log": log("2025-10-26 02:50:00", "2025-10-26 02:05:00", "2025-10-26 03:05:00")},
        ["10-26 02:50", "10-26 02:05", "10-26 03:05"], BERLIN, ("clock.repeated_hour",),
    ),
    Case("epoch seconds", {"a.jsonl": jsonl("1773230580", "1773230640.5")}, ["03-11 20:03", "03-11 20:04"]),
    Case("epoch milliseconds", {"a.jsonl": jsonl("1773230580123", "1773230640123")}, ["03-11 20:03", "03-11 20:04"]),
    Case("epoch microseconds", {"a.jsonl": jsonl("1773230580123456", "1773230640123456")}, ["03-11 20:03", "03-11 20:04"]),
    Case("epoch nanoseconds", {"a.jsonl": jsonl("1773230580123456789", "1773230640123456789")}, ["03-11 20:03", "03-11 20:04"]),
    Case("epoch as text", {"a.jsonl": jsonl('"1773230580"', '"1773230640123"')}, ["03-11 20:03", "03-11 20:04"]),
    Case("Chinese clock", {"记录.txt": "下午8点05分 支付开始报错\n晚上八点十分 切流量\n"}, ["03-11 20:05", "03-11 20:10"]),
    Case("Chinese date", {"记录.txt": "5月11日 20:03 支付开始报错\n5月11日 20:15 回滚\n"}, ["05-11 20:03", "05-11 20:15"]),
    Case("about, in Chinese", {"记录.txt": "晚上大概八点十分 开始有人反馈下单失败\n20:15左右 回滚\n20:21 恢复\n"}, ["~03-11 20:10", "~03-11 20:15", "03-11 20:21"]),
    Case("about, first word", {"记录.txt": "大概晚上八点十分 开始有人反馈下单失败\n约20:15 回滚\n"}, ["~03-11 20:10", "~03-11 20:15"]),
    Case("half past and quarter", {"记录.txt": "晚上八点半 报错\n晚上九点一刻 恢复\n"}, ["03-11 20:30", "03-11 21:15"]),
    Case("after midnight, in Chinese", {"记录.txt": "晚上11点50分 报错\n凌晨0点20分 恢复\n"}, ["03-11 23:50", "03-12 00:20"]),
    Case("about, in English", {"notes.txt": "about 20:10 first complaints\n~20:15 rolled back\n20:21 recovered\n"}, ["~03-11 20:10", "~03-11 20:15", "03-11 20:21"]),
    Case("an offset in the text is stronger", {"a.log": log("2026-03-11T12:03:00Z", "2026-03-11T14:04:00+02:00")}, ["03-11 20:03", "03-11 20:04"]),
    Case("a zone beside the clock", {"notes.txt": "12:03 UTC errors begin\n12:21 UTC recovered\n"}, ["03-11 20:03", "03-11 20:21"]),
    Case("seconds are cut", {"a.log": log("2026-03-11 20:03:59", "2026-03-11 20:04:59.999")}, ["03-11 20:03", "03-11 20:04"]),
    Case(
        "event time over ingestion time",
        {
            "a.jsonl": "".join(
                f'{{"time": "2026-03-11T12:30:0{n}Z", "receiveTimestamp": "2026-03-11T12:31:00Z", "event_time": "2026-03-11T12:0{n}:00Z", "level": "error", "msg": "x{n}"}}\n'
                for n in (3, 4)
            ),
            "b.jsonl": '{"timestamp": 1773230700000, "ingestionTime": 1773239999000, "level": "error", "message": "late"}\n' * 2,
        },
        ["03-11 20:03", "03-11 20:04", "03-11 20:05", "03-11 20:05"],
    ),
    Case(
        "an edit keeps the first time",
        {
            "slack.json": '{"ok": true, "messages": [{"type": "message", "user": "U1", "text": "rolled back, 502s gone", "ts": "1773230580.000100",'
            ' "edited": {"user": "U1", "ts": "1773234000.000000"}}]}'
        },
        ["03-11 20:03"],
    ),
    Case(
        "a listing of ages, and when it was taken",
        {"ev.txt": "2026-03-11T12:25:00Z $ kubectl get events\nLAST SEEN  TYPE     REASON     OBJECT  MESSAGE\n5m12s      Warning  Unhealthy  pod/a   probe failed\n"},
        ["~03-11 20:19"],
    ),
    Case("a listing of ages alone", {"ev.txt": "LAST SEEN  TYPE     REASON     OBJECT  MESSAGE\n5m12s      Warning  Unhealthy  pod/a   probe failed\n"}, ["~?"]),
    Case("a go clock", {"a.txt": "ID  DATE  REVISION\n1   2026-03-11 14:03:09 +0200 CEST  main (1a2b3c4)\n"}, ["03-11 20:03"]),
    Case("git's clock", {"a.txt": "commit 1a2b3c4d5e\nAuthor: A <a@b.example>\nDate:   Wed Mar 11 12:03:09 2026 +0000\n\n    x\n"}, ["03-11 20:03"]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_printed_minute(case: Case, tmp_path: Path) -> None:
    for name, content in case.files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    evidence = read([tmp_path / name for name in case.files], case.settings)
    assert printed(evidence) == case.printed
    assert set(case.notes) == {gap.code for gap in evidence.gaps if gap.code.startswith("clock.")}
    for event in evidence.events:
        assert event.raw.raw_time


def test_minutes_ago_count_from_when_it_was_said(tmp_path: Path) -> None:
    """What is said to have begun five minutes ago began five minutes before the message, and stays approximate."""
    path = tmp_path / "chat.txt"
    path.write_text(
        "张伟 20:08\n支付5分钟前开始大量报错，用户下单失败\n陈静 20:12\n收到，在查\n", encoding="utf-8"
    )
    (event, _) = read([path], SHANGHAI).events
    (said,) = said_times(event.raw.text, event.at, "Asia/Shanghai")
    assert f"{local(said.at, 'Asia/Shanghai'):%H:%M}" == "20:03"
    assert (said.precision, said.written) == ("approximate", "5分钟前")
