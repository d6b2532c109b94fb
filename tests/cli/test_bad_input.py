"""Bad input: a clear message that names the file, exit 2 when nothing could be read, a counted skip otherwise."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pm_agent.cli import main
from pm_agent.cli.app import app

NOTES = "10:02 checkout is down, users report errors\n10:20 rolled back v2, errors gone, all good now\n"
CHINESE = "20:03 支付成功率跌到62%，用户反馈下单失败\n20:15 回滚 order-core 到 v2.3\n20:21 成功率恢复到99%，用户确认可以下单了\n"


def run(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(a) for a in args])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def draft(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, str, str]:
    return run(capsys, "draft", *args, "--date", "2026-03-04", "--tz", "UTC", "--model", "rules")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text(NOTES)
    return path


def test_missing_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = draft(capsys, tmp_path / "nowhere.txt")
    assert code == 2
    assert out == ""
    assert "nowhere.txt" in err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("blank.txt", b"\n\n   \n"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8),
        ("prose.txt", b"nothing in here has a time\nnot one line\n"),
        ("broken.json", b'{"alerts": [{"labels": {"alertname": "X"}, "startsAt": "2026-03-'),
    ],
)
def test_nothing_to_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    code, out, err = draft(capsys, tmp_path / name)
    assert code == 2
    assert out == ""
    assert name in err
    assert "Traceback" not in err


@pytest.mark.parametrize("content", [b"", b"\x7fELF\x02\x01\x01" + bytes(400), b'{"a": ['])
def test_the_rest_goes_on_and_the_skip_is_counted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, notes: Path, content: bytes
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(content)
    code, out, err = draft(capsys, notes, bad, "-f", "json")
    assert code == 0
    assert "bad.json" in err
    skipped = json.loads(out)["coverage"]["skipped"]
    assert [s["file"] for s in skipped] == ["bad.json"]
    assert draft(capsys, notes, bad, "--strict", "-q")[0] == 1


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_encodings_common_in_chinese_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "值班.txt"
    path.write_bytes(CHINESE.encode(encoding))
    code, out, _ = draft(capsys, path, "-f", "json")
    report = json.loads(out)
    assert code == 0
    assert report["language"] == "zh"
    assert any("支付成功率跌到62%" in row["text"] for row in report["timeline"])
    assert report["milestones"]["recovered"]["at"] == "2026-03-04T20:21:00Z"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(capsys: pytest.CaptureFixture[str], notes: Path) -> None:
    notes.chmod(0)
    code, _, err = draft(capsys, notes)
    assert code == 2
    assert "notes.txt" in err


def test_unknown_key_in_incident_yaml_names_file_and_key(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, notes: Path
) -> None:
    facts = tmp_path / "incident.yaml"
    facts.write_text("sevrity: P1\n")
    code, _, err = draft(capsys, notes, "--facts", facts)
    assert code == 2
    assert "incident.yaml" in err
    assert "sevrity" in err


def test_broken_yaml_names_the_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, notes: Path) -> None:
    facts = tmp_path / "incident.yaml"
    facts.write_text("title: x\nroles: {a: b\n")
    code, _, err = draft(capsys, notes, "--facts", facts)
    assert code == 2
    assert "line" in err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--tz", "Europe/Atlantis"], "Atlantis"),
        (["--lang", "fr"], "fr"),
        (["--since", "yesterday"], "yesterday"),
        (["-f", "pdf"], "pdf"),
        (["--format-of", "notes.txt"], "PATH=NAME"),
        (["--format-of", "notes.txt=word"], "word"),
    ],
)
def test_wrong_flags_say_what_is_right(
    capsys: pytest.CaptureFixture[str], notes: Path, flags: list[str], said: str
) -> None:
    code, out, err = run(capsys, "draft", notes, "--date", "2026-03-04", *flags)
    assert code == 2
    assert out == ""
    assert said in err


def test_standard_input_and_stdout_hold_only_the_report(notes: Path) -> None:
    result = CliRunner().invoke(
        app, ["draft", "-", "--date", "2026-03-04", "--tz", "UTC"], input=notes.read_bytes()
    )
    assert result.exit_code == 0
    assert result.stdout.startswith("# ")
    assert "read 2 events" in result.stderr
