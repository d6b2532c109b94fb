"""`--format-of`, `--channel`, `--since`, `--until`: what they keep, and that a name or time nobody knows is an error."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pm_agent.cli import main

START = int(datetime(2026, 3, 4, 10, 0, tzinfo=UTC).timestamp())
CHANNELS = {
    "incidents": [(3, "checkout is down, users get 502"), (18, "rolled back checkout to v41"), (25, "502s are gone, recovered")],
    "deploys": [(1, "deploying checkout v42 to production now"), (2, "checkout v42 is live")],
    "random": [(4, "lunch at noon?"), (30, "the coffee machine is down again, error 7")],
}  # fmt: skip


@pytest.fixture
def export(tmp_path: Path) -> Path:
    root = tmp_path / "export"
    for channel, messages in CHANNELS.items():
        folder = root / channel
        folder.mkdir(parents=True)
        day = [
            {"type": "message", "user": "U1", "text": text, "ts": f"{START + minute * 60}.000100"}
            for minute, text in messages
        ]
        (folder / "2026-03-04.json").write_text(json.dumps(day))
    (root / "users.json").write_text(
        json.dumps([{"id": "U1", "name": "mira", "profile": {"real_name": "Mira Holt"}}])
    )
    (root / "channels.json").write_text(json.dumps([{"name": name} for name in CHANNELS]))
    return root


def draft(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, dict[str, object], str]:
    with pytest.raises(SystemExit) as ended:
        main(["draft", *map(str, args), "-f", "json", "--all-evidence", "--model", "rules"])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), json.loads(out) if out else {}, err


def shown(report: object) -> str:
    return json.dumps(report, ensure_ascii=False)


def skips(report: dict[str, object]) -> list[tuple[str, int]]:
    coverage = report["coverage"]
    assert isinstance(coverage, dict)
    return [(s["reason"], s["count"]) for s in coverage["skipped"]]


def test_one_channel(capsys: pytest.CaptureFixture[str], export: Path) -> None:
    """Only its messages are in the report; the others are counted, not lost."""
    code, report, _ = draft(capsys, export, "--channel", "incidents")
    assert code == 0
    assert "rolled back checkout" in shown(report)
    assert "coffee" not in shown(report)
    assert "v42 is live" not in shown(report)
    assert ("in other channels (--channel)", 4) in skips(report)


def test_two_channels_with_and_without_hash(capsys: pytest.CaptureFixture[str], export: Path) -> None:
    code, report, _ = draft(capsys, export, "--channel", "#incidents", "--channel", "deploys")
    assert code == 0
    assert "v42 is live" in shown(report)
    assert ("in other channels (--channel)", 2) in skips(report)


def test_unknown_channel_names_those_that_are_there(capsys: pytest.CaptureFixture[str], export: Path) -> None:
    code, report, err = draft(capsys, export, "--channel", "incidents", "--channel", "incident")
    assert (code, report) == (2, {})
    assert "unknown channel 'incident'" in err
    assert "#deploys, #incidents, #random" in err


def test_channel_where_there_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("10:02 checkout is down\n10:20 rolled back, all good\n")
    code, _, err = draft(capsys, notes, "--date", "2026-03-04", "--channel", "x")
    assert code == 2
    assert "nothing that was read has channels" in err


@pytest.mark.parametrize(
    ("flags", "kept"),
    [
        (["--since", "2026-03-04T10:18:00Z"], 3),
        (["--until", "2026-03-04T10:03:59Z"], 3),
        (["--since", "2026-03-04T10:03Z", "--until", "2026-03-04T10:18:30Z"], 3),
        (["--since", "2026-03-04T18:18:00+08:00"], 3),
        (["--since", "2026-03-04T11:18", "--display-tz", "Europe/Berlin"], 3),
        (["--since", "2026-03-04T18:18", "--tz", "Asia/Shanghai"], 3),
        (["--since", "2026-03-04", "--until", "2026-03-04"], 7),
    ],
    ids=["since", "until", "both", "another zone", "the report's zone", "the given zone", "whole days"],
)
def test_span(capsys: pytest.CaptureFixture[str], export: Path, flags: list[str], kept: int) -> None:
    code, report, _ = draft(capsys, export, *flags)
    assert code == 0
    left_out = sum(count for reason, count in skips(report) if reason == "outside --since/--until")
    assert left_out == 7 - kept


def test_zone_of_the_incident_folder_holds_for_the_span(
    capsys: pytest.CaptureFixture[str], export: Path, tmp_path: Path
) -> None:
    """Times typed without a zone are on the clocks that the report prints, also where incident.yaml says which."""
    folder = tmp_path / "incident"
    (folder / "evidence").mkdir(parents=True)
    export.rename(folder / "evidence" / "export")
    (folder / "incident.yaml").write_text("timezone: Asia/Shanghai\n")
    code, report, _ = draft(capsys, folder, "--since", "2026-03-04T18:18")
    assert code == 0
    assert ("outside --since/--until", 4) in skips(report)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--since", "10:18"], "--since '10:18' is no time"),
        (["--until", "yesterday"], "--until 'yesterday' is no time"),
        (["--until", "2026-02-30T10:00"], "--until '2026-02-30T10:00' is no time"),
        (["--since", "2026-03-04T11:00Z", "--until", "2026-03-04T10:00Z"], "lies before --since"),
        (["--since", "2026-03-05T00:00Z"], "the evidence runs from 2026-03-04 10:01 to 2026-03-04 10:30 UTC"),
        (["--format-of", "export=slak-export"], "unknown format 'slak-export'"),
        (["--format-of", "exprot=slack-export"], "--format-of 'exprot': no such file is read"),
        (["--format-of", "=slack-export"], "PATH=NAME"),
    ],
)
def test_wrong_values_are_errors(
    capsys: pytest.CaptureFixture[str], export: Path, flags: list[str], said: str
) -> None:
    code, report, err = draft(capsys, export, *flags)
    assert (code, report) == (2, {})
    assert said in err
    assert "Traceback" not in err


def test_an_unknown_format_is_an_error_though_other_files_are_read(
    capsys: pytest.CaptureFixture[str], export: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("10:02 checkout is down\n")
    code, report, err = draft(capsys, export, notes, "--format-of", "notes.txt=word")
    assert (code, report) == (2, {})
    assert "unknown format 'word'" in err


@pytest.mark.parametrize("written", ["talk.txt", "{path}", "./talk.txt"])
def test_format_of_forces_the_reader(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, written: str
) -> None:
    """By the file's name or by the path as it was typed."""
    path = tmp_path / "talk.txt"
    path.write_text("10:02 checkout is down, users report errors\n10:20 rolled back v2, errors gone\n")
    flag = f"{written.format(path=path)}=markdown-notes"
    code, report, _ = draft(capsys, path, "--date", "2026-03-04", "--tz", "UTC", "--format-of", flag)
    assert code == 0
    coverage = report["coverage"]
    assert isinstance(coverage, dict)
    assert [f["format"] for f in coverage["files"]] == ["markdown-notes"]
