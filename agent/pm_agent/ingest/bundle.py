"""Paths on the command line → sources: files, folders, archives, standard input.

Every file below a path is a source or a counted skip with a reason; only hidden files and those of the system, and
`incident.yaml`, are passed over.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pm_agent.errors import InputError
from pm_agent.evidence import Skipped
from pm_agent.ingest.archives import (
    BINARY,
    MAX_ARCHIVE_BYTES,
    NOT_TEXT,
    kind_of,
    packed_source,
    tar_members,
    unknown,
    zip_members,
)
from pm_agent.ingest.source import Source
from pm_agent.ingest.streams import Spool, printable

NAMED = 20
"""Files passed over for one reason that are named; the rest of them are only counted."""
_HIDDEN = {".git", ".svn", "__pycache__", ".ds_store", "thumbs.db", "__macosx"}
_NEVER = {"gold.yaml", "incident.yaml"}
"""`gold.yaml` belongs to evaluation; `incident.yaml` holds the author's facts, not evidence."""


@dataclass
class Bundle:
    """The sources found under the given paths, and what was passed over."""

    sources: list[Source] = field(default_factory=list)
    _named: list[Skipped] = field(default_factory=list)
    _reasons: Counter[str] = field(default_factory=Counter)

    def skip(self, path: str, reason: str) -> None:
        """Count a file that is not read."""
        self._reasons[reason] += 1
        if self._reasons[reason] <= NAMED:
            self._named.append(Skipped(path, reason))

    @property
    def skipped(self) -> list[Skipped]:
        """What was passed over: the first of each reason by name, the rest as one number."""
        rest = [
            Skipped("…", reason, None, count - NAMED)
            for reason, count in self._reasons.items()
            if count > NAMED
        ]
        return [*self._named, *rest]


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
            _add_stream(bundle, stdin)
            continue
        _add(bundle, Path(path), printable(Path(path).name or str(path)), is_export, top=True)
    return bundle


def _add_stream(bundle: Bundle, stream: BinaryIO | None) -> None:
    """Standard input, which can be read only once, as a source that can be opened again."""
    spool = Spool()
    if stream is not None:
        shutil.copyfileobj(_Limited(stream), spool, 1024 * 1024)
    if spool.size > MAX_ARCHIVE_BYTES:
        return bundle.skip("stdin", "larger than allowed from standard input: give it as a file")
    if not spool.size:
        return bundle.skip("stdin", "empty: nothing came from standard input")
    opener, start = spool.part(0, spool.size), spool.read_at(0, 512)
    kind = kind_of(start, "stdin")
    if kind in {"zip", "tar", "unknown"}:
        return bundle.skip("stdin", "an archive from standard input: give it as a file")
    source = (
        packed_source("stdin", opener, start, spool.size) if kind else Source("stdin", opener, spool.size)
    )
    bundle.sources.append(source)
    return None


class _Limited:
    """A stream that ends a little beyond the bound, so that an endless one does not fill the disk."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._given = stream, 0

    def read(self, size: int = -1) -> bytes:
        """As of any stream."""
        if self._given > MAX_ARCHIVE_BYTES:
            return b""
        data = self._stream.read(size)
        self._given += len(data)
        return data


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
        bundle.skip(shown, "not a regular file (pipe, socket or device): save what it gives to a file")
    else:
        _add_file(bundle, path, shown, is_export, top=top)


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, PermissionError):
        return "no permission to read it: change its permissions or copy it"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)


def _add_folder(bundle: Bundle, path: Path, shown: str, is_export: IsExport, *, top: bool) -> None:
    if (path / "evidence").is_dir() and (path / "incident.yaml").is_file():
        return _add_folder(bundle, path / "evidence", "evidence", is_export, top=top)
    try:
        os.scandir(path).close()
    except OSError as error:
        if top:
            raise InputError(f"{str(path)!r}: {_why(error)}", hint="check the permissions") from error
        return bundle.skip(shown, _why(error))
    before = len(bundle.skipped)
    files = list(_walk(path, bundle, shown))
    if not files and len(bundle.skipped) == before:
        return bundle.skip(shown, "an empty folder")
    exports = _export_folders(path, shown, files, is_export)
    for root, source in exports.items():
        bundle.sources.append(source)
        files = [item for item in files if not item[1].startswith(root)]
    for file, name in files:
        _add(bundle, file, name, is_export)
    return None


def _walk(root: Path, bundle: Bundle, shown: str) -> Iterator[tuple[Path, str]]:
    """Files below `root` in name order; links that leave it, lead nowhere or are folders are not followed."""
    home, start = root.resolve(), len(str(root)) + 1

    def label(path: str) -> str:
        inner = printable(path[start:]).replace(os.sep, "/")
        return f"{shown}/{inner}" if shown else inner

    def refused(error: OSError) -> None:
        bundle.skip(label(str(error.filename or root)), _why(error))

    for folder, folders, names in os.walk(root, onerror=refused):
        wanted = sorted(f for f in folders if f.lower() not in _HIDDEN and not f.startswith("."))
        folders[:] = [f for f in wanted if not os.path.islink(os.path.join(folder, f))]
        for name in sorted(set(wanted) - set(folders)):
            bundle.skip(label(os.path.join(folder, name)), "a link to a folder: give that folder itself")
        for name in sorted(names):
            if name.lower() in _HIDDEN | _NEVER or name.startswith("."):
                continue
            path = os.path.join(folder, name)
            reason = _bad_link(Path(path), home) if os.path.islink(path) else None
            if reason:
                bundle.skip(label(path), reason)
            else:
                yield Path(path), label(path)


def _bad_link(link: Path, home: Path) -> str | None:
    try:
        inside = link.resolve(strict=True).is_relative_to(home)
    except (OSError, RuntimeError):
        return "a link that leads nowhere"
    return None if inside else "a link that leads out of the folder: give what it points to"


def _file_source(path: Path, shown: str) -> Source:
    return Source(shown, lambda: path.open("rb"), path.stat().st_size, file=path)


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
    kind = kind_of(start, path.name)
    if path.suffix.lower() in BINARY:
        return bundle.skip(shown, NOT_TEXT)
    if kind == "unknown":
        return bundle.skip(shown, unknown(start))
    if kind == "zip":
        return _add_members(bundle, shown, zip_members(path, shown, bundle.skip), is_export)
    if kind in {"tar", "packed tar"}:
        return _add_members(bundle, shown, tar_members(path, shown, bundle.skip), is_export)
    if kind == "packed":
        opener, size = _file_source(path, shown).opener, path.stat().st_size
        bundle.sources.append(packed_source(shown, opener, start, size))
    else:
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
    return (
        any(part in _HIDDEN or (part.startswith(".") and part != ".") for part in parts)
        or parts[-1] in _NEVER
    )
