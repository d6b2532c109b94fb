"""`pm-agent collect`: what is missing, commands that a shell takes as they are meant, whatever a service is called."""

from __future__ import annotations

import json
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pm_agent.cli import main
from pm_agent.rendering.commands import commands
from pm_agent.rubric.sources import KINDS

START = datetime(2026, 3, 11, 12, 3, tzinfo=UTC)
END = datetime(2026, 3, 11, 12, 21, tzinfo=UTC)
CHAT = "Mira Holt 20:03\ncheckout is down, users get 502\nDeShawn Pike 20:15\nrolled back checkout to v41\nMira Holt 20:21\n502s are gone, recovered\n"
HOSTILE = [
    "checkout",
    "x; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "o'brien",
    'a"}) or up{b="',
    "../../etc/passwd",
    "-rf",
    "--help",
    "x\ntouch pwned",
    "x\r\x1b[201~touch pwned\n",
    "pay\u202eorder",
    "支付 服务",
    "a\\",
    "> pwned",
    "*",
]
TOOLS = ("kubectl", "journalctl", "curl", "amtool", "gh", "git")


def lines_for(services: list[str]) -> list[str]:
    return [line for _, lines in commands(list(KINDS), START, END, services) for line in lines]


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stand-ins that write down the arguments they were called with."""
    folder = tmp_path_factory.mktemp("bin")
    for name in TOOLS:
        tool = folder / name
        tool.write_text(
            f'#!/bin/sh\n{{ printf "%s" {name}; for a in "$@"; do printf "\\001%s" "$a"; done; printf "\\002"; }} >> "$CALLS"\n'
        )
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    return folder


def run_all(tools: Path, folder: Path, services: list[str]) -> tuple[list[list[str]], set[str]]:
    """Arguments of every command, and the files that were written."""
    calls = folder.parent / f"{folder.name}.calls"
    calls.write_text("")
    environment = {
        "PATH": f"{tools}:/bin:/usr/bin",
        "CALLS": str(calls),
        "SLACK_TOKEN": "t",
        "HOME": str(folder),
    }
    script = "\n".join(lines_for(services)) + "\n"
    done = subprocess.run(
        ["/bin/sh", "-e"],
        input=script,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [call.split("\x01") for call in calls.read_text().split("\x02") if call], {
        p.name for p in folder.iterdir()
    }


@pytest.mark.parametrize("service", HOSTILE)
def test_a_shell_takes_every_command_as_it_is_meant(service: str, tools: Path, tmp_path: Path) -> None:
    """A service's name out of the evidence is never more than a part of one argument."""
    folder = tmp_path / "here"
    folder.mkdir()
    calls, files = run_all(tools, folder, [service])
    wanted = ["amtool", *["curl"] * 4, "gh", "gh", "git", "journalctl", "kubectl", "kubectl"]
    assert sorted(call[0] for call in calls) == wanted
    selector = next(call for call in calls if call[1] == "logs")[3]
    assert selector.startswith("app=")
    assert not any(ord(char) < 32 for char in selector)
    assert "pwned" not in files
    assert len(files) == 11
    assert list(folder.parent.glob("**/passwd*")) == []


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=3))
@settings(max_examples=200)
def test_each_command_stays_on_its_line(services: list[str]) -> None:
    """No name makes a line more, and no character acts in a terminal."""
    plain = len(lines_for([f"s{n}" for n in range(len(dict.fromkeys(services)))]))
    lines = lines_for(services)
    assert len(lines) <= plain
    for line in lines:
        assert "\n" not in line
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line)


@pytest.mark.parametrize(("service", "label"), [('a"b', r'job="a\"b"'), ("a\\", r'job="a\\"')])
def test_a_quote_does_not_end_the_label(service: str, label: str) -> None:
    """PromQL's own quoting, inside the shell's."""
    line = next(line for line in lines_for([service]) if "http_requests_total" in line)
    assert label in line


def test_the_window_with_half_an_hour_on_each_side() -> None:
    text = "\n".join(lines_for(["checkout"]))
    assert "start=2026-03-11T11:33:00Z --data-urlencode end=2026-03-11T12:51:00Z" in text
    assert "--since-time=2026-03-11T11:33:00Z" in text
    assert "--since '2026-03-11 11:33:00 UTC' --until '2026-03-11 12:51:00 UTC'" in text
    assert "--since=2026-03-10T11:33:00Z" in text  # a change may wait a day before it breaks something
    assert f"oldest={START.timestamp() - 1800:.0f}&latest={END.timestamp() + 1800:.0f}" in text


def run(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, args), "--date", "2026-03-11", "--tz", "Asia/Shanghai"])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_only_what_is_missing_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A chat is there, so nothing about chats; `--all` prints every kind. The window is that of the incident."""
    chat = tmp_path / "chat.txt"
    chat.write_text(CHAT)
    code, out, _ = run(capsys, "collect", chat, "--service", "checkout")
    assert code == 0
    assert out.startswith("# window 2026-03-11 12:03 – 2026-03-11 12:21 UTC")
    headings = [line[2:] for line in out.splitlines() if line in {f"# {kind}" for kind in KINDS}]
    assert headings == ["alerts", "metrics", "logs", "changes"]
    assert "slack" not in out.lower()
    _, everything, _ = run(capsys, "collect", chat, "--all", "--service", "checkout")
    assert "slack.com/api/conversations.history" in everything


def test_what_is_missing_stands_in_the_reports_gaps(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The same kinds that `collect` would fetch, and none that is there."""
    chat, log = tmp_path / "chat.txt", tmp_path / "app.log"
    chat.write_text(CHAT)
    log.write_text("2026-03-11 20:03:01 ERROR pool exhausted\n2026-03-11 20:04:01 ERROR pool exhausted\n")
    with pytest.raises(SystemExit):
        main(
            [
                "draft",
                str(chat),
                str(log),
                "-f",
                "json",
                "--date",
                "2026-03-11",
                "--tz",
                "Asia/Shanghai",
                "--lang",
                "en",
                "--model",
                "rules",
            ]
        )
    gaps = " ".join(gap["text"] for gap in json.loads(capsys.readouterr().out)["gaps"])
    _, out, _ = run(capsys, "collect", chat, log, "--service", "checkout")
    for kind in ("alerts", "metrics", "changes"):
        assert f"# {kind}\n" in out
    for word in ("alert", "metric", "change"):
        assert word in gaps.lower()
    assert "# logs\n" not in out


def test_no_time_no_window(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    notes = tmp_path / "listing.txt"
    notes.write_text(
        "LAST SEEN  TYPE     REASON     OBJECT  MESSAGE\n5m12s      Warning  Unhealthy  pod/a   probe failed\n"
    )
    code, out, err = run(capsys, "collect", notes)
    assert (code, out) == (2, "")
    assert "no window to fetch" in err


def test_what_gh_and_git_save_is_read(tmp_path: Path) -> None:
    """The printed commands write files that the program reads."""
    from pm_agent.ingest import read
    from pm_agent.settings import Settings

    runs = tmp_path / "runs.json"
    runs.write_text(json.dumps([{
        "number": 7, "name": "Deploy", "workflowName": "Deploy", "displayTitle": "v42", "status": "completed", "conclusion": "success",
        "createdAt": "2026-03-11T12:00:00Z", "startedAt": "2026-03-11T12:00:05Z", "updatedAt": "2026-03-11T12:02:00Z",
        "headSha": "41aa09b77c0de1f2a3b4c5d6e7f8091a2b3c4d5e", "headBranch": "main", "url": "https://github.com/harbor/mailer/actions/runs/1",
    }]))  # fmt: skip
    evidence = read([runs], Settings())
    assert [(e.raw.signal, f"{e.at:%H:%M:%S}") for e in evidence.events if e.at] == [
        ("change_started", "12:00:05"),
        ("change_finished", "12:02:00"),
    ]
    assert "Deploy #7 main 41aa09b" in (evidence.events[0].raw.subject or "")
