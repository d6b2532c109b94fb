"""Documents given to `lint` and `actions`: files, folders of them, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pm_agent.errors import InputError, UnreadableSource

_TEXT = {".md", ".markdown", ".txt", ".rst", ".adoc", ".html", ".eml", ""}
LARGEST = 20 * 1024 * 1024


def documents(paths: list[str]) -> Iterator[tuple[str, str]]:
    """Path and text of each document.

    Raises:
        InputError: one does not exist, is too large, or is no text.
    """
    for name in paths or ["-"]:
        if name == "-":
            yield "stdin", _decoded(sys.stdin.buffer.read(LARGEST + 1), "stdin")
            continue
        path = Path(name)
        files = (
            sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in _TEXT)
            if path.is_dir()
            else [path]
        )
        for file in files:
            try:
                with file.open("rb") as stream:
                    data = stream.read(LARGEST + 1)
            except OSError as error:
                raise InputError(
                    f"{str(file)!r}: {(error.strerror or str(error)).lower()}", hint="check the path"
                ) from error
            yield str(file), _decoded(data, str(file))


def _decoded(data: bytes, name: str) -> str:
    from pm_agent.ingest.encoding import detect_encoding

    if len(data) > LARGEST:
        raise InputError(f"{name!r} is larger than {LARGEST // 1024 // 1024} MB", hint="give a part of it")
    try:
        encoding = detect_encoding(data[:65536], name)
    except UnreadableSource as error:
        raise InputError(f"{name!r}: {error.reason}", hint="give a text file") from error
    return data.decode(encoding, errors="replace").lstrip("\ufeff").replace("\r\n", "\n")
