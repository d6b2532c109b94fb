"""Archives and compressed files → sources. No member's name ever becomes a path; bounds keep a hostile archive small."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal

from pm_agent.ingest.source import Source
from pm_agent.ingest.streams import Bounded, Spool, printable

MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = 2 * 1024**3
MAX_ARCHIVE_BYTES = 4 * 1024**3
MAX_RATIO = 200
"""What grows by more than this is a bomb."""
SMALL = 50 * 1024**2
"""What stays below this is harmless, however much it grew."""
BOMB = "grows more than two hundred times when unpacked (archive bomb)"
NOT_TEXT = "binary, not text: export it as text"
NESTED = "an archive inside an archive: unpack it and give the folder"
BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
_UNKNOWN = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
}
_COMPRESSED: dict[bytes, Callable[[BinaryIO], BinaryIO]] = {
    b"\x1f\x8b": lambda raw: gzip.GzipFile(fileobj=raw),  # type: ignore[dict-item,return-value]
    b"BZh": bz2.BZ2File,  # type: ignore[dict-item]
    b"\xfd7zXZ\x00": lzma.LZMAFile,  # type: ignore[dict-item]
}
_TAR = re.compile(r"\.(?:tar\.\w{2,4}|tgz|tbz2?|txz)$", re.I)
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
BINARY = {
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".mp4", ".mp3", ".wav", ".ico", ".svg", ".woff", ".pyc",
    ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".exe", ".so", ".db", ".sqlite",
}  # fmt: skip

Skip = Callable[[str, str], None]
"""Counts a path that is not read, with the reason."""
Kind = Literal["zip", "tar", "packed tar", "packed", "unknown"]


def kind_of(start: bytes, name: str) -> Kind | None:
    """What archive a file is by its first 512 bytes and its name, None for a plain file."""
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return "zip"
    if start[257:262] == b"ustar":
        return "tar"
    if any(start.startswith(mark) for mark in _UNKNOWN):
        return "unknown"
    if any(start.startswith(mark) for mark in _COMPRESSED):
        return "packed tar" if _TAR.search(name) else "packed"
    return None


def unknown(start: bytes) -> str:
    """Why such an archive is not read."""
    what = next((what for mark, what in _UNKNOWN.items() if start.startswith(mark)), "an unknown archive")
    return f"{what}: unpack it and give the folder"


def packed_source(shown: str, opener: Callable[[], BinaryIO], start: bytes, size: int) -> Source:
    """A single compressed file, read as what it unpacks to."""
    unpack = next(unpack for mark, unpack in _COMPRESSED.items() if start.startswith(mark))

    def check(given: int) -> str | None:
        if given > MAX_ARCHIVE_BYTES:
            return "larger than allowed when unpacked"
        return BOMB if given > SMALL and given > MAX_RATIO * size else None

    def open_unpacked() -> BinaryIO:
        raw = opener()
        return Bounded.over(unpack(raw), raw, source, check)

    source = Source(shown, open_unpacked, None)
    return source


def zip_members(path: Path, shown: str, skip: Skip) -> dict[str, Source]:
    """The members of a zip archive that may be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except BROKEN as error:
        skip(shown, f"broken archive: {error}")
        return {}
    members: dict[str, Source] = {}
    total = 0
    for info in infos[:MAX_MEMBERS]:
        name = _zip_name(info)
        label = f"{shown}!{name}"
        total += info.file_size
        reason = (
            ("a second member of this name" if name in members else None)
            or _zip_refusal(info)
            or _refusal(name, info.file_size, total, info.file_size, info.compress_size)
        )
        if reason:
            skip(label, reason)
        else:
            _add_member(members, name, label, _zip_opener(path, info), info.file_size, skip)
    for _ in infos[MAX_MEMBERS:]:
        skip(shown, f"a member beyond the first {MAX_MEMBERS}: give the archive in parts")
    return members


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Windows in Chinese writes GBK and doesn't say so."""
    if info.flag_bits & 0x800:
        return printable(info.filename)
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return printable(info.filename)
    for encoding in ("utf-8", "gb18030"):
        try:
            return printable(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return printable(info.filename)


def _zip_refusal(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & 1:
        return "encrypted: unpack it and give the folder"
    return "a link inside an archive" if stat.S_ISLNK(info.external_attr >> 16) else None


def _refusal(name: str, size: int, total: int, grown: int, packed: int) -> str | None:
    if _OUTSIDE.search(name):
        return "its name leads out of the archive: pack it again with plain names"
    if Path(name).suffix.lower() in BINARY:
        return NOT_TEXT
    if size > MAX_MEMBER_BYTES or total > MAX_ARCHIVE_BYTES:
        return "larger than allowed when unpacked: unpack it and give what matters"
    return BOMB if grown > SMALL and grown > MAX_RATIO * max(packed, 1) else None


def _add_member(
    members: dict[str, Source], name: str, label: str, opener: Callable[[], BinaryIO], size: int, skip: Skip
) -> None:
    """Take a member, unpacked if it is compressed itself; an archive in an archive is refused."""
    try:
        with opener() as stream:
            start = stream.read(512)
    except (*BROKEN, NotImplementedError) as error:
        return skip(label, f"broken in the archive: {error}")
    kind = kind_of(start, name)
    if not start:
        skip(label, "empty file")
    elif kind == "packed":
        members[name] = packed_source(label, opener, start, size)
    elif kind == "unknown":
        skip(label, unknown(start))
    elif kind is not None:
        skip(label, NESTED)
    else:
        members[name] = Source(label, opener, size)
    return None


def _zip_opener(path: Path, info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def open_member() -> BinaryIO:
        archive = zipfile.ZipFile(path)
        stream = archive.open(info)
        archive.close()  # the member keeps the file open and closes it
        return stream  # type: ignore[return-value]

    return open_member


def tar_members(path: Path, shown: str, skip: Skip) -> dict[str, Source]:
    """The members of a tar archive, packed or not, copied once to a nameless temporary file."""
    members: dict[str, Source] = {}
    spool, packed = Spool(), path.stat().st_size
    try:
        with tarfile.open(path, "r|*") as archive:
            total = 0
            for count, info in enumerate(archive):
                label = f"{shown}!{printable(info.name)}"
                if count >= MAX_MEMBERS:
                    skip(shown, f"members beyond the first {MAX_MEMBERS}: give the archive in parts")
                    break
                if not info.isfile() or info.issparse():
                    if not info.isdir():
                        skip(label, "a link, a device or a sparse file inside an archive")
                    continue
                total += info.size
                reason = _refusal(info.name, info.size, total, total, packed)
                if reason:
                    skip(label, reason)
                    if (
                        reason == BOMB or total > MAX_ARCHIVE_BYTES
                    ):  # even passing over it would take too long
                        skip(shown, "what follows in the archive was not read: unpack it and give the folder")
                        break
                    continue
                start = spool.size
                stream = archive.extractfile(info)
                if stream is not None:
                    shutil.copyfileobj(stream, spool, 1024 * 1024)
                opener = spool.part(start, spool.size - start)
                _add_member(members, printable(info.name), label, opener, info.size, skip)
    except BROKEN as error:
        skip(shown, f"broken archive, read up to where it breaks: {error}")
    return members
