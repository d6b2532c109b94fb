"""Files, folders and archives → sources: every file is read or a named, counted skip with a reason."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import tarfile
import tracemalloc
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from pm_agent.errors import InputError, NothingToRead
from pm_agent.evidence import RawEvidence
from pm_agent.ingest import archives, bundle, read
from pm_agent.ingest.streams import BROKEN_OFF
from pm_agent.settings import Settings

LOG = b"".join(b"2026-03-04 10:%02d:00 ERROR disk %d is full\n" % (n, n) for n in range(50))


def reasons(evidence: RawEvidence) -> dict[str, str]:
    return {s.path: s.reason for s in evidence.skipped}


def read_all(path: Path) -> RawEvidence:
    """The path beside a file that can be read, so that one event is there whatever happens."""
    good = path.parent / "good.log"
    good.write_bytes(LOG)
    return read([good, path], Settings())


def events_of(evidence: RawEvidence, file: str) -> int:
    return sum(e.sources[0].file == file for e in evidence.events)


def zipped(path: Path, members: Iterable[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def tarred(path: Path, members: Iterable[tuple[str | tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix == ".tgz" else "w") as archive:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def special(name: str, type_: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = type_, target
    return info, b""


@pytest.mark.parametrize("ending", ["zip", "tar", "tgz"])
def test_members_are_read_packed_ones_too(tmp_path: Path, ending: str) -> None:
    members = [
        ("./logs/a.log", LOG),
        ("logs/b.log.gz", gzip.compress(LOG)),
        ("logs/c.log.bz2", bz2.compress(LOG)),
        ("logs/d.log.xz", lzma.compress(LOG)),
    ]
    path = tmp_path / f"x.{ending}"
    evidence = read([(zipped if ending == "zip" else tarred)(path, members)], Settings())
    assert not evidence.skipped
    assert [(f.format, f.parsed) for f in evidence.files] == [("plain-log", 50)] * 4


@pytest.mark.parametrize("name", ["../../etc/evil.log", "/etc/evil.log", "..\\evil.log", "C:\\evil.log"])
def test_a_name_that_leads_out_of_its_archive(tmp_path: Path, name: str) -> None:
    for path in (zipped(tmp_path / "x.zip", [(name, LOG)]), tarred(tmp_path / "x.tar", [(name, LOG)])):
        found = reasons(read_all(path))
        assert list(found) == [f"{path.name}!{name}"]
        assert "leads out of the archive: pack it again" in found[f"{path.name}!{name}"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["good.log", "x.tar", "x.zip"]


def test_links_and_devices_in_a_tar(tmp_path: Path) -> None:
    path = tarred(
        tmp_path / "x.tgz",
        [
            special("link.log", tarfile.SYMTYPE, "/etc/passwd"),
            special("hard.log", tarfile.LNKTYPE, "/etc/passwd"),
            special("pipe", tarfile.FIFOTYPE),
            ("ok.log", LOG),
        ],
    )
    evidence = read_all(path)
    assert sorted(reasons(evidence)) == ["x.tgz!hard.log", "x.tgz!link.log", "x.tgz!pipe"]
    assert [f.file for f in evidence.files] == ["good.log", "x.tgz!ok.log"]


def test_an_archive_in_an_archive_is_named(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", [("deep.log", LOG)]).read_bytes()
    found = reasons(
        read_all(zipped(tmp_path / "x.zip", [("in.zip", inner), ("in.7z", b"7z\xbc\xaf\x27\x1c....")]))
    )
    assert found == {
        "x.zip!in.zip": archives.NESTED,
        "x.zip!in.7z": "a 7z archive: unpack it and give the folder",
    }


def test_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "SMALL", 100_000)
    data = LOG[:45] * 20_000
    packed = tmp_path / "b.log.gz"
    packed.write_bytes(gzip.compress(data))
    assert len(data) > archives.MAX_RATIO * packed.stat().st_size
    assert reasons(read_all(packed)) == {"b.log.gz": archives.BOMB}
    assert reasons(read_all(zipped(tmp_path / "z.zip", [("b.log", data)]))) == {"z.zip!b.log": archives.BOMB}
    found = reasons(read_all(tarred(tmp_path / "t.tgz", [("b.log", data), ("later.log", LOG)])))
    assert found.pop("t.tgz!b.log") == archives.BOMB
    assert "what follows" in found.pop("t.tgz")
    assert not found


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    path = zipped(tmp_path / "x.zip", [(f"{n}.log", LOG) for n in range(5)])
    evidence = read_all(path)
    assert sum(s.count for s in evidence.skipped) == 3
    assert len(evidence.files) == 3
    assert (
        "beyond the first 2"
        in reasons(read_all(tarred(tmp_path / "x.tar", [(f"{n}.log", LOG) for n in range(5)])))["x.tar"]
    )


@pytest.mark.parametrize("cut", [0.001, 0.3, 0.9])
def test_a_broken_off_download_is_read_up_to_there(tmp_path: Path, cut: float) -> None:
    """Rotated logs are often copied while they are written."""
    dice = random.Random(3)
    lines = [
        f"2026-03-04 10:{n // 60 % 60:02}:{n % 60:02} ERROR task {dice.getrandbits(64):x} failed\n"
        for n in range(3600)
    ]
    data = gzip.compress("".join(lines).encode())
    path = tmp_path / "x.log.gz"
    path.write_bytes(data[: int(len(data) * cut)])
    evidence = read_all(path)
    if cut < 0.01:
        assert "broken compressed data" in reasons(evidence)["x.log.gz"]
    else:
        assert reasons(evidence) == {"x.log.gz": BROKEN_OFF}
        assert 0.8 * cut * 3600 < evidence.files[1].read < 3600
        assert sum(s.path == "x.log.gz" for s in evidence.skipped) == 1


@pytest.mark.parametrize("ending", ["zip", "tgz", "tar"])
@pytest.mark.parametrize("seed", range(8))
def test_a_spoiled_archive_is_a_skip(tmp_path: Path, ending: str, seed: int) -> None:
    path = (zipped if ending == "zip" else tarred)(
        tmp_path / f"x.{ending}", [("a.log", LOG), ("b.log", LOG * 9)]
    )
    data, dice = bytearray(path.read_bytes()), random.Random(seed)
    if seed % 2:
        del data[dice.randrange(20, len(data)) :]
    for _ in range(dice.randrange(6)):
        data[dice.randrange(4, len(data))] = dice.randrange(256)
    path.write_bytes(bytes(data))
    evidence = read_all(path)
    assert evidence.skipped or len(evidence.files) > 1


def test_names_that_windows_wrote_in_chinese(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", [("AABBCCDD.log", LOG)])
    path.write_bytes(path.read_bytes().replace(b"AABBCCDD", "订单日志".encode("gbk")))
    assert read([path], Settings()).files[0].file == "x.zip!订单日志.log"


def test_links_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.log").write_bytes(LOG)
    (folder / "again").symlink_to(folder)
    (folder / "round").symlink_to(folder / "circle")
    (folder / "circle").symlink_to(folder / "round")
    (folder / "gone").symlink_to("nowhere")
    (tmp_path / "secret").write_bytes(LOG)
    (folder / "out.log").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    evidence = read([folder], Settings())
    assert [f.file for f in evidence.files] == ["folder/a.log"]
    found = reasons(evidence)
    assert "link to a folder" in found.pop("folder/again")
    assert "leads out of the folder" in found.pop("folder/out.log")
    assert "not a regular file" in found.pop("folder/pipe")
    assert found == dict.fromkeys(
        ("folder/circle", "folder/gone", "folder/round"), "a link that leads nowhere"
    )


def test_a_device_is_not_read() -> None:
    with pytest.raises(NothingToRead, match="not a regular file"):
        read(["/dev/zero"], Settings())


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    for name in ("a.log", "b.log", "inner/c.log"):
        (folder / name).write_bytes(LOG)
    open_, scan = Path.open, os.scandir

    def guarded(self: Path, *args: object, **more: object) -> object:
        if self.name == "b.log":
            raise PermissionError(13, "Permission denied", str(self))
        return open_(self, *args, **more)  # type: ignore[call-overload]

    def scanned(path: str) -> object:
        if str(path).endswith("inner"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(Path, "open", guarded)
    monkeypatch.setattr(os, "scandir", scanned)
    evidence = read([folder], Settings())
    assert [f.file for f in evidence.files] == ["folder/a.log"]
    assert sorted(reasons(evidence)) == ["folder/b.log", "folder/inner"]
    assert all("no permission" in reason for reason in reasons(evidence).values())
    with pytest.raises(InputError, match="no permission"):
        read([folder / "b.log"], Settings())


def test_empty_folders_and_files_are_counted(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(NothingToRead, match="'empty': an empty folder"):
        read([empty], Settings())
    many = tmp_path / "many"
    many.mkdir()
    for n in range(500):
        (many / f"{n}.log").touch()
    evidence = read_all(many)
    assert sum(s.count for s in evidence.skipped) == 500
    assert len(evidence.skipped) == bundle.NAMED + 1


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/a\xff\n.log")).write_bytes(LOG)
    evidence = read([folder], Settings())
    assert evidence.files[0].file == "folder/a\\xff\\x0a.log"
    assert evidence.files[0].parsed == 50


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input(packed: bool) -> None:
    data = gzip.compress(LOG) if packed else LOG
    evidence = read(["-"], Settings(), stdin=io.BytesIO(data))
    assert evidence.files[0].parsed == 50
    with pytest.raises(NothingToRead, match="nothing came from standard input"):
        read(["-"], Settings(), stdin=io.BytesIO(b""))


def test_endless_standard_input_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MAX_ARCHIVE_BYTES", 5_000_000)
    with Path("/dev/zero").open("rb") as endless, pytest.raises(NothingToRead, match="larger than allowed"):
        read(["-"], Settings(), stdin=endless)


@pytest.mark.parametrize("name", ["x.log", "x.txt", "x.jsonl"])
def test_a_line_of_many_megabytes_costs_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    start = b'{"time":"2026-03-04T10:00:00Z","msg":"' if name == "x.jsonl" else LOG
    with path.open("wb") as file:
        file.write(LOG if name != "x.jsonl" else start + b'fine"}\n')
        file.write(start)
        for _ in range(40):
            file.write(b"x" * 1_000_000)
        file.write(b"\n" + (LOG if name != "x.jsonl" else start + b'fine"}\n'))
    tracemalloc.start()
    try:
        evidence = read_all(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40_000_000
    coverage = evidence.files[1]
    assert coverage.read == coverage.parsed + coverage.continued + coverage.unparsed
    assert any("line cut" in s.reason for s in evidence.skipped)
