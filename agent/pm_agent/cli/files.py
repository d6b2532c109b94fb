"""Writing files whole: to a temporary name beside the target, then renamed, so that no half file is ever seen.

Only a file is replaced: a device or a pipe is written to, a link leads to what it points to.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from pm_agent.errors import InputError

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def write_whole(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write `content` to `path`; a file that is replaced keeps its permissions, a link its target.

    Args:
        path: where to.
        content: all of it.
        private: True for a file that only its owner may read, whatever the replaced one allowed.

    Raises:
        InputError: the folder can't be written to.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                stream.write(data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        try:
            with os.fdopen(os.open(part, _NEW, 0o600 if private else 0o666), "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists() and not private:
                part.chmod(stat.S_IMODE(target.stat().st_mode))
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            f"can't write {str(path)!r}: {error.strerror or error}", hint="choose another place with -o"
        ) from error


def _private(path: str, flags: int) -> int:
    """What takes the place of a private file is private from its first byte."""
    return os.open(path, flags, 0o600)
