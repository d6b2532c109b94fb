"""Writing files whole: to a temporary name beside the target, then renamed, so that no half file is ever seen.

Only a file is replaced: a device or a pipe is written to, a link leads to what it points to.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from pm_agent.errors import InputError


def write_whole(path: Path, text: str) -> None:
    """Write `text` to `path`.

    Raises:
        InputError: the folder can't be written to.
    """
    try:
        path = path.resolve() if path.is_symlink() else path
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            with part.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            f"can't write {str(path)!r}: {error.strerror or error}", hint="choose another place with -o"
        ) from error
