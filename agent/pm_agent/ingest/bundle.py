"""Paths on the command line → sources: files, folders, archives, standard input.

Nothing is unpacked to disk; a member's name is only ever a name. Bounds keep a hostile archive small.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pm_agent.errors import InputError
from pm_agent.evidence import Skipped
from pm_agent.ingest.source import Source

MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = 2 * 1024**3
MAX_ARCHIVE_BYTES = 4 * 1024**3
MAX_RATIO = 200
"""An archive member that grows by more than this is a bomb."""
_HIDDEN = {".git", ".svn", "__pycache__", ".ds_store", "thumbs.db", "__macosx"}
_NEVER = {"gold.yaml", "incident.yaml"}
"""`gold.yaml` belongs to evaluation; `incident.yaml` holds the author's facts, not evidence."""
_BINARY = {
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".mp4", ".mp3", ".wav", ".ico", ".svg", ".woff", ".pyc",
    ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".exe", ".so", ".db", ".sqlite",
}  # fmt: skip


@dataclass
class Bundle:
    """The sources found under the given paths, and what was passed over."""

    sources: list[Source] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def skip(self, path: str, reason: str) -> None:
        """Count a file that is not read."""
        self.skipped.append(Skipped(path, reason))


IsExport = Callable[[Source], bool]
"""True for a folder or archive that one adapter reads as a whole (a Slack export)."""


def collect(paths: Iterable[str | Path], is_export: IsExport, stdin: BinaryIO | None = None) -> Bundle:
    """Walk the paths in the order given; inside a folder in name order.

    Raises:
        InputError: a path does not exist or may not be read.
    """
    bundle = Bundle()
    for path in paths:
        if str(path) == "-":
            data = stdin.read() if stdin else b""
            bundle.sources.append(Source("stdin", lambda data=data: io.BytesIO(data), len(data)))  # type: ignore[misc]
            continue
        _add(bundle, Path(path), Path(path).name or str(path), is_export, top=True)
    return bundle


def _add(bundle: Bundle, path: Path, shown: str, is_export: IsExport, *, top: bool = False) -> None:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        if top:
            raise InputError(f"{str(path)!r}: {_why(error)}", hint="check the path") from error
        bundle.skip(shown, _why(error))
        return
    if stat.S_ISDIR(mode):
        _add_folder(bundle, path, shown, is_export, top=top)
    elif not stat.S_ISREG(mode):
        bundle.skip(shown, "not a regular file (pipe, socket or device)")
    else:
        _add_file(bundle, path, shown, is_export, top=top)


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)


def _add_folder(bundle: Bundle, path: Path, shown: str, is_export: IsExport, *, top: bool) -> None:
    if (path / "evidence").is_dir() and (path / "incident.yaml").is_file():
        return _add_folder(bundle, path / "evidence", "evidence", is_export, top=top)
    try:
        files = list(_walk(path, bundle, shown))
    except OSError as error:
        if top:
            raise InputError(f"{str(path)!r}: {_why(error)}", hint="check the permissions") from error
        return bundle.skip(shown, _why(error))
    exports = _export_folders(path, shown, files, is_export)
    for root, source in exports.items():
        bundle.sources.append(source)
        files = [item for item in files if not item[1].startswith(root)]
    for file, name in files:
        _add(bundle, file, name, is_export)
    return None


def _walk(root: Path, bundle: Bundle, shown: str) -> Iterator[tuple[Path, str]]:
    """Regular files below `root` in name order; links that leave it or loop are not followed."""
    home = root.resolve()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f.lower() not in _HIDDEN and not f.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            label = (
                f"{shown}/{file.relative_to(root).as_posix()}" if shown else file.relative_to(root).as_posix()
            )
            if name.lower() in _HIDDEN | _NEVER or name.startswith("."):
                continue
            if file.is_symlink() and not _within(file, home):
                bundle.skip(label, "a link that leads out of the folder")
                continue
            yield file, label


def _within(link: Path, home: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(home)
    except (OSError, RuntimeError):
        return False


def _file_source(path: Path, shown: str) -> Source:
    return Source(shown, lambda: path.open("rb"), path.stat().st_size)


def _export_folders(
    root: Path, shown: str, files: list[tuple[Path, str]], is_export: IsExport
) -> dict[str, Source]:
    """Folders among `files` that are one export: label prefix → source of the whole."""
    found: dict[str, Source] = {}
    tops = sorted(
        {
            label.rsplit("/", 1)[0]
            for _, label in files
            if label.rsplit("/", 1)[-1] in {"users.json", "channels.json"}
        }
    )
    for top in tops:
        prefix = top + "/"
        if any(prefix.startswith(known) for known in found):
            continue
        members = {
            label[len(prefix) :]: _file_source(file, label)
            for file, label in files
            if label.startswith(prefix)
        }
        source = Source(top, lambda: io.BytesIO(b""), None, members)
        if is_export(source):
            found[prefix] = source
    return found


def _add_file(bundle: Bundle, path: Path, shown: str, is_export: IsExport, *, top: bool) -> None:
    try:
        with path.open("rb") as stream:
            start = stream.read(512)
    except OSError as error:
        if top:
            raise InputError(f"{str(path)!r}: {_why(error)}", hint="check the permissions") from error
        return bundle.skip(shown, _why(error))
    if not start:
        return bundle.skip(shown, "empty file")
    if start[:4] == b"PK\x03\x04":
        return _add_zip(bundle, path, shown, is_export)
    if start[:2] == b"\x1f\x8b":
        return _add_gzip(bundle, path, shown, is_export)
    if start[257:262] == b"ustar":
        return _add_tar(bundle, path, shown, is_export)
    if path.suffix.lower() in _BINARY:
        return bundle.skip(shown, "binary, not text")
    bundle.sources.append(_file_source(path, shown))
    return None


def _add_members(bundle: Bundle, shown: str, members: dict[str, Source], is_export: IsExport) -> None:
    whole = _archive_export(shown, members, is_export)
    if whole is not None:
        bundle.sources.append(whole)
        return
    bundle.sources.extend(source for name, source in sorted(members.items()) if not _passed_over(name))


def _archive_export(shown: str, members: dict[str, Source], is_export: IsExport) -> Source | None:
    """The archive as one export, its common top folder taken off."""
    tops = {name.rsplit("users.json", 1)[0] for name in members if name.rsplit("/", 1)[-1] == "users.json"}
    for top in sorted(tops):
        inner = {name[len(top) :]: source for name, source in members.items() if name.startswith(top)}
        source = Source(shown, lambda: io.BytesIO(b""), None, inner)
        if is_export(source):
            return source
    return None


def _passed_over(name: str) -> bool:
    parts = name.lower().split("/")
    return any(part in _HIDDEN or part.startswith(".") for part in parts) or parts[-1] in _NEVER


def _add_zip(bundle: Bundle, path: Path, shown: str, is_export: IsExport) -> None:
    members: dict[str, Source] = {}
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        return bundle.skip(shown, f"broken archive: {error}")
    for info in infos[:MAX_MEMBERS]:
        label = f"{shown}!{info.filename}"
        total += info.file_size
        reason = _refusal(info.file_size, info.compress_size, total, Path(info.filename).suffix)
        if info.flag_bits & 1:
            reason = "encrypted"
        if info.external_attr >> 16 and stat.S_ISLNK(info.external_attr >> 16):
            reason = "a link inside an archive"
        if reason:
            bundle.skip(label, reason)
            continue
        members[info.filename] = Source(label, _zip_opener(path, info.filename), info.file_size)
    if len(infos) > MAX_MEMBERS:
        bundle.skip(shown, f"{len(infos) - MAX_MEMBERS} members beyond the first {MAX_MEMBERS}")
    return _add_members(bundle, shown, members, is_export)


def _refusal(size: int, packed: int, total: int, suffix: str) -> str | None:
    if suffix.lower() in _BINARY:
        return "binary, not text"
    if size > MAX_MEMBER_BYTES or total > MAX_ARCHIVE_BYTES:
        return "archive larger than allowed when unpacked"
    if packed and size > 50 * 1024**2 and size / packed > MAX_RATIO:
        return "grows more than two hundred times when unpacked (archive bomb)"
    return None


def _zip_opener(path: Path, member: str) -> Callable[[], BinaryIO]:
    def open_member() -> BinaryIO:
        archive = zipfile.ZipFile(path)
        stream = archive.open(member)
        archive.close()  # the member keeps the file open and closes it
        return stream  # type: ignore[return-value]

    return open_member


def _add_gzip(bundle: Bundle, path: Path, shown: str, is_export: IsExport) -> None:
    if path.name.lower().endswith((".tar.gz", ".tgz")):
        return _add_tar(bundle, path, shown, is_export)
    bundle.sources.append(Source(shown, lambda: gzip.open(path, "rb"), None))  # type: ignore[arg-type,return-value]  # noqa: SIM115 - the reader closes it
    return None


def _add_tar(bundle: Bundle, path: Path, shown: str, is_export: IsExport) -> None:
    members: dict[str, Source] = {}
    total = 0
    try:
        with tarfile.open(path) as archive:
            for count, info in enumerate(archive):
                label = f"{shown}!{info.name}"
                if not info.isfile():
                    if not info.isdir():
                        bundle.skip(label, "a link or device inside an archive")
                    continue
                total += info.size
                packed = path.stat().st_size
                reason = _refusal(info.size, packed, total, Path(info.name).suffix) or (
                    "too many members" if count >= MAX_MEMBERS else None
                )
                if reason:
                    bundle.skip(label, reason)
                    if count >= MAX_MEMBERS or total > MAX_ARCHIVE_BYTES:
                        break
                    continue
                members[info.name] = Source(label, _tar_opener(path, info.name), info.size)
    except (tarfile.TarError, OSError, EOFError) as error:
        return bundle.skip(shown, f"broken archive: {error}")
    return _add_members(bundle, shown, members, is_export)


def _tar_opener(path: Path, member: str) -> Callable[[], BinaryIO]:
    def open_member() -> BinaryIO:
        with tarfile.open(path) as archive:
            stream = archive.extractfile(member)
            data = stream.read(MAX_MEMBER_BYTES) if stream else b""
        return io.BytesIO(data)

    return open_member
