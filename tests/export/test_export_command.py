"""`pm-agent export`, whole: a real server on this machine, a real report, files and exit codes."""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from export.fakes import SECRETS, FakeTracker
from export.incident import report
from pm_agent.cli import main
from pm_agent.report import Report


class Server:
    """A fake tracker behind a real socket."""

    def __init__(self, fake: FakeTracker) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            body = handler.rfile.read(int(handler.headers.get("content-length") or 0))
            url = f"http://127.0.0.1{handler.path}"
            made = fake(httpx2.Request(handler.command, url, content=body, headers=dict(handler.headers)))
            handler.send_response(made.status_code)
            for name, value in made.headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(made.content)

        methods = {"do_GET": answer, "do_POST": answer, "log_message": lambda *a: None}
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (BaseHTTPRequestHandler,), methods))
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def stop(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def github() -> Iterator[tuple[FakeTracker, str]]:
    fake = FakeTracker("github")
    server = Server(fake)
    yield fake, server.url
    server.stop()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    Path("report.json").write_text(report().model_dump_json(indent=2), encoding="utf-8")


def export(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["export", "report.json", *arguments])
    return int(ended.value.code or 0)


def sent(url: str, *more: str) -> int:
    return export("--to", "github", "--base-url", url, "--project", "acme/shop", "--send", *more)


def test_payloads_are_printed_and_nothing_is_sent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(httpx2, "Client", lambda *a, **k: pytest.fail("a client was opened"))
    for name in SECRETS:
        monkeypatch.delenv(name)
    for tracker in ("github", "gitlab", "jira"):
        assert export("--to", tracker) == 1, "some were refused"
        printed = capsys.readouterr()
        assert [p["item"] for p in json.loads(printed.out)] == ["AI-001", "AI-003", "AI-006"]
        assert "refused AI-002: Improve monitoring: not specific, not measurable, not dated" in printed.err
        assert "refused AI-005" in printed.err
        assert "AI-001: nobody is assigned; --assignee 'Zuzana Malá=ACCOUNT' does" in printed.err


def test_incomplete_items_are_taken_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert export("--to", "github", "--allow-incomplete") == 0
    payloads = json.loads(capsys.readouterr().out)
    assert [p["item"] for p in payloads] == ["AI-001", "AI-002", "AI-003", "AI-005", "AI-006"]
    assert "### Not complete yet" in payloads[1]["payload"]["body"]


def test_sent_once_then_there(github: tuple[FakeTracker, str], capsys: pytest.CaptureFixture[str]) -> None:
    fake, url = github
    assert sent(url, "--yes", "--allow-incomplete") == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0] == "AI-001\thttps://github.com/acme/shop/issues/1"
    assert "github acme/shop: 5 to create, 0 there, 0 unclear" in printed.err
    assert "5 created, 0 were there, 0 not created" in printed.err
    assert sent(url, "--yes", "--allow-incomplete") == 0
    assert "0 created, 5 were there" in capsys.readouterr().err
    assert len(fake.tickets) == 5


def test_nothing_is_created_unless_somebody_agrees(
    github: tuple[FakeTracker, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, url = github
    assert sent(url) == 2
    assert "--yes" in capsys.readouterr().err
    for reply, tickets in (("n\n", 0), ("", 0), ("y\n", 3)):
        monkeypatch.setattr(sys, "stdin", Typed(reply))
        sent(url)
        assert len(fake.tickets) == tickets
        assert "create  AI-001: Alert on pool usage above 80 %  [postmortem, detect, P1] for nobody, due 2026-04-01" in capsys.readouterr().err  # fmt: skip


class Typed(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_public_repository_is_named_before_evidence_goes_there(
    github: tuple[FakeTracker, str], capsys: pytest.CaptureFixture[str]
) -> None:
    fake, url = github
    fake.public = True
    assert sent(url, "--yes") == 2
    assert fake.tickets == []
    assert "acme/shop is public" in capsys.readouterr().err
    assert sent(url, "--yes", "--public") == 1
    assert len(fake.tickets) == 3


def test_a_failure_on_the_way_says_what_was_created(
    github: tuple[FakeTracker, str], capsys: pytest.CaptureFixture[str]
) -> None:
    fake, url = github
    fake.before = lambda r: (
        httpx2.Response(401, json={"message": "Bad credentials"}) if fake.posts() == 2 else None
    )
    assert sent(url, "--yes", "--record") == 3
    printed = capsys.readouterr()
    assert printed.out.splitlines() == ["AI-001\thttps://github.com/acme/shop/issues/1"]
    assert "failed  AI-003" in printed.err
    assert "Bad credentials" in printed.err
    assert "1 created, 0 were there, 2 not created" in printed.err
    assert "t0ken" not in printed.err
    assert loaded().actions[0].ticket == "https://github.com/acme/shop/issues/1", (
        "kept although the run failed"
    )


def test_addresses_are_recorded_in_the_report(github: tuple[FakeTracker, str]) -> None:
    _, url = github
    before = loaded().provenance.digest
    sent(url, "--yes", "--record")
    assert [a.ticket for a in loaded().actions if a.ticket] == [
        f"https://github.com/acme/shop/issues/{n}" for n in (1, 2, 3)
    ]
    assert loaded().provenance.digest == before, (
        "so that a new draft does not write over the addresses unasked"
    )


def loaded() -> Report:
    return Report.model_validate_json(Path("report.json").read_bytes())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--to", "trello"], "can't export to 'trello'"),
        (["--to", "csv", "--send"], "csv is written, not sent"),
        (["--to", "github", "--send"], "no project to send to"),
        (["--to", "jira", "--send", "--project", "OPS"], "jira has no address of its own"),
        (["--to", "github", "--assignee", "alice"], "names no account"),
        (["--to", "github", "--assignee", "Alice=x"], "nobody called 'Alice' owns an item"),
        (["--to", "github", "--assignee", "Bo=a /close"], "names no account"),
        (["--to", "github", "--report-url", "wiki"], "is no address"),
        (["--to", "github", "--only", "AI-9"], "no action item 'AI-9'"),
        (["--to", "github", "--send", "--project", "a/b", "--base-url", "http://x.example"], "not encrypted"),
    ],
)
def test_wrong_input_is_told_before_anything_happens(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(*arguments) == 2
    assert says in capsys.readouterr().err


def test_a_missing_token_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JIRA_API_TOKEN")
    assert export("--to", "jira", "--project", "OPS", "--base-url", "https://x.example", "--send") == 2
    assert "JIRA_API_TOKEN not set" in capsys.readouterr().err


def test_files_are_written_whole_and_not_over_others(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert export("--to", "csv", "-o", "actions.csv") == 0
    assert Path("actions.csv").read_bytes().startswith(b"\xef\xbb\xbfID,Action"), (
        "spreadsheets know UTF-8 by it"
    )
    assert export("--to", "csv", "-o", "actions.csv") == 2
    assert export("--to", "csv", "-o", "actions.csv", "--force") == 0
    assert export("--to", "ics", "-o", "dates.ics") == 0
    assert Path("dates.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert export("--to", "markdown") == 0
    assert capsysbinary.readouterr().out.startswith(b"| ID | Action |")


def test_what_is_no_report_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[Any]) -> None:
    Path("report.json").write_text("{}", encoding="utf-8")
    assert export("--to", "csv") == 2
    assert "is no report" in capsys.readouterr().err
