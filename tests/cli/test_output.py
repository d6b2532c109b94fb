"""Where reports go: endings, several formats, nothing written over that a person edited, nothing half written."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pm_agent.cli import files, main
from pm_agent.cli.files import write_whole
from pm_agent.errors import InputError

NOTES = "10:02 checkout is down, users report errors\n10:11 found it: bad config in checkout v2\n10:20 rolled back checkout v2, errors gone, all good now\n"


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text(NOTES, encoding="utf-8")
    return tmp_path


def draft(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["draft", "notes.txt", "--date", "2026-03-04", "--tz", "UTC", *arguments])
    return int(ended.value.code or 0)


def test_several_files_in_one_run(notes: Path) -> None:
    assert (
        draft(
            "-o", "a.md", "-o", "b.html", "-o", "c.docx", "-o", "d.xhtml", "-o", "e.json", "--template", "sre"
        )
        == 0
    )
    assert (notes / "a.md").read_text(encoding="utf-8").startswith("# Incident review")
    assert "<!doctype html>" in (notes / "b.html").read_text(encoding="utf-8").lower()[:20]
    assert zipfile.is_zipfile(notes / "c.docx")
    head = '<r xmlns:ac="a" xmlns:ri="r">'
    ElementTree.fromstring(head + (notes / "d.xhtml").read_text(encoding="utf-8") + "</r>")
    assert json.loads((notes / "e.json").read_text(encoding="utf-8"))["schema_version"] == "1.0"


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--format", "md,html"], {"postmortem.md", "postmortem.html"}),
        (["--format", "md,json", "-o", "out/x"], {"out/x.md", "out/x.json"}),
        (["--format", "md, docx", "-o", "x.md"], {"x.md", "x.docx"}),
        (["--format", "md,confluence", "-o", "v1.2"], {"v1.2.md", "v1.2.xhtml"}),
        (["--format", "json", "-o", "x.txt"], {"x.txt"}),
    ],
)
def test_several_formats_in_one_run(notes: Path, arguments: list[str], names: set[str]) -> None:
    assert draft(*arguments) == 0
    assert {str(p.relative_to(notes)) for p in notes.rglob("*") if p.is_file()} == names | {"notes.txt"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "x.pdf"], "unknown output format 'pdf'"),
        (["--format", "md,pdf"], "unknown output format 'pdf'"),
        (["--format", "md,html", "-o", "a", "-o", "b"], "several formats and several files"),
        (["--template", "elven"], "no template 'elven'"),
        (["--template", "customer", "-o", "a.html"], "html holds the whole report"),
        (["--template", "customer", "--format", "json"], "json holds the whole report"),
        (["--update", "none.md"], "no such report 'none.md'"),
        (["--update", "notes.txt"], "does not say how it was written"),
        (["-o", "notes.txt"], "unknown output format 'txt'"),
        (["-o", "notes.txt", "--format", "md"], "'notes.txt' was not written by pm-agent"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_read(
    notes: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert draft(*arguments) == 2
    assert said in capsys.readouterr().err
    assert [p.name for p in notes.iterdir()] == ["notes.txt"]
    assert (notes / "notes.txt").read_text(encoding="utf-8") == NOTES


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.json", "a.docx", "a.xhtml"])
def test_a_file_as_it_was_written_is_written_anew(notes: Path, name: str) -> None:
    assert draft("-o", name) == 0
    before = (notes / name).read_bytes()
    assert draft("-o", name) == 0
    assert (notes / name).read_bytes() == before


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.json", "a.xhtml"])
def test_an_edited_file_is_left_alone_without_force(
    notes: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    draft("-o", name)
    edited = (notes / name).read_text(encoding="utf-8").replace("checkout", "the shop", 1)
    (notes / name).write_text(edited, encoding="utf-8")
    assert draft("-o", name, "-o", "other.md") == 2
    assert "has been edited" in capsys.readouterr().err
    assert (notes / name).read_text(encoding="utf-8") == edited
    assert not (notes / "other.md").exists(), "nothing is written where one file is refused"
    assert draft("-o", name, "--force") == 0
    assert "the shop" not in (notes / name).read_text(encoding="utf-8")


def test_an_edited_word_file_is_left_alone(notes: Path) -> None:
    import docx

    draft("-o", "a.docx")
    made = docx.Document(str(notes / "a.docx"))
    made.add_paragraph("mine")
    made.save(str(notes / "a.docx"))
    before = (notes / "a.docx").read_bytes()
    assert draft("-o", "a.docx") == 2
    assert (notes / "a.docx").read_bytes() == before


def test_update_keeps_what_a_person_wrote(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft("-o", "a.md", "--template", "brief")
    text = (notes / "a.md").read_text(encoding="utf-8")
    (notes / "a.md").write_text(
        text.replace("## Impact\n", "## Impact\n\nThe shop was closed.\n", 1), encoding="utf-8"
    )
    (notes / "notes.txt").write_text(NOTES + "10:30 142 tickets came in\n", encoding="utf-8")
    assert draft("--update", "a.md") == 0
    merged = (notes / "a.md").read_text(encoding="utf-8")
    assert "The shop was closed. _(by the author)_" in merged
    assert "142 tickets" in merged
    assert merged.startswith("# Incident brief")
    captured = capsys.readouterr()
    assert "kept in 'a.md': 1 lines" in captured.err
    assert captured.out == ""
    assert draft("-o", "a.md") == 2, "a file with a person's lines is still theirs"


def test_other_formats_of_an_update_hold_the_persons_words_too(notes: Path) -> None:
    import docx

    draft("-o", "a.md", "--template", "brief")
    text = (notes / "a.md").read_text(encoding="utf-8")
    (notes / "a.md").write_text(
        text.replace("## Impact\n", "## Impact\n\nThe shop was closed.\n", 1), encoding="utf-8"
    )
    assert draft("--update", "a.md", "-o", "b.docx", "-o", "c.xhtml", "-o", "d.md") == 0
    assert any("The shop was closed." in p.text for p in docx.Document(str(notes / "b.docx")).paragraphs)
    assert "The shop was closed." in (notes / "c.xhtml").read_text(encoding="utf-8")
    assert (notes / "d.md").read_bytes() == (notes / "a.md").read_bytes()


def test_a_public_report_drafted_anew_stays_public(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft("-o", "a.md", "--template", "customer")
    assert draft("--update", "a.md", "-o", "b.html") == 2
    assert "whole report" in capsys.readouterr().err
    assert draft("--update", "a.md", "--template", "sre") == 2
    assert "--template customer" in capsys.readouterr().err
    assert draft("--update", "a.md") == 0
    assert (notes / "a.md").read_text(encoding="utf-8").startswith("# Service incident")


def test_words_of_a_person_in_another_encoding_are_refused_not_lost(notes: Path) -> None:
    draft("-o", "a.md")
    (notes / "a.md").write_bytes((notes / "a.md").read_bytes() + b"\xff\xfe")
    assert draft("--update", "a.md") == 2
    assert (notes / "a.md").read_bytes().endswith(b"\xff\xfe")


def test_html_says_that_it_keeps_its_form(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft("-o", "a.html", "--template", "sre")
    assert "HTML keeps the eleven sections" in capsys.readouterr().err


def test_a_missing_package_is_told_before_the_draft(
    notes: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pm_agent.rendering.formats.find_spec", lambda name: None)
    assert draft("-o", "a.docx") == 2
    assert "pip install 'pm-agent[docx]'" in capsys.readouterr().err


def test_a_word_file_can_be_piped(notes: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert draft("--format", "docx", "-q") == 0
    assert zipfile.is_zipfile(io.BytesIO(capfdbinary.readouterr().out))


def test_a_template_of_ones_own_from_the_settings_file(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (notes / "our.md.j2").write_text("# Ours: {{ r.title | md }}\n", encoding="utf-8")
    (notes / "pm-agent.toml").write_text('template = "our.md.j2"\n', encoding="utf-8")
    assert draft("-q") == 0
    assert capsys.readouterr().out.startswith("# Ours: ")


def test_a_fault_in_a_template_of_ones_own_writes_nothing(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (notes / "our.md.j2").write_text("x\n{{ nope }}\n", encoding="utf-8")
    assert draft("--template", "our.md.j2", "-o", "a.md", "-o", "b.json") == 2
    assert "'our.md.j2' line 2" in capsys.readouterr().err.replace(str(notes) + "/", "")
    assert not (notes / "a.md").exists()
    assert not (notes / "b.json").exists()


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]


def test_a_replaced_file_keeps_its_permissions_and_a_link_its_target(tmp_path: Path) -> None:
    path, link = tmp_path / "a.md", tmp_path / "link.md"
    path.write_text("old")
    path.chmod(0o600)
    os.symlink(path, link)
    write_whole(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("where", "said"),
    [("here", "is a folder"), ("/proc/report.md", "can't write"), ("/dev/full", "can't write")],
)
def test_where_nothing_can_be_written_is_said_and_what_next(
    notes: Path, capsys: pytest.CaptureFixture[str], where: str, said: str
) -> None:
    """`/dev/full` reads without an end and takes nothing: looked into for a person's edits, it took all memory."""
    (notes / "here").mkdir()
    assert draft("-o", where) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "-o" in error.splitlines()[-1]
    assert sorted(p.name for p in notes.iterdir()) == ["here", "notes.txt"]
