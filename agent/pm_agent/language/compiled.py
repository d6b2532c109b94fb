"""Our own long patterns, compiled once: kept beside this file as Python keeps its modules, half a second saved each draft.

Python writes a compiled pattern as a list of code words, and making that list is the slow part. The words are kept with
the pattern's text; the same text always has the same words under one version of Python, so nothing kept can grow
stale. So is what else is read from a pattern (`kept`). Only patterns of the program's own files belong here, never
one made from evidence or from a team's rules.
"""

from __future__ import annotations

import atexit
import marshal
import os
import re
import sys
from array import array
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

_MOST_BYTES = 10_000_000
"""All that the commands use takes half of it; a larger file holds mostly what tests and former versions compiled, and is begun anew."""
_OTHERWISE = (ArithmeticError, AttributeError, ImportError, LookupError, RuntimeError, TypeError, ValueError)
"""What a Python that compiles in another way, or a damaged file, may raise."""
Key = tuple[str, int | str]
"""A pattern's text and flags, or what was read from it and of what."""
T = TypeVar("T")


def compiled(text: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, quicker where the pattern was compiled before on this machine.

    Args:
        text: the pattern, from a file of the program.
        flags: as for `re.compile`.

    Raises:
        re.error: the pattern is wrong.
    """
    return _store().pattern(text, flags)


def any_of(parts: Iterable[str], flags: int = re.I) -> re.Pattern[str]:
    """One alternation of whole patterns."""
    return compiled("|".join(f"(?:{part})" for part in parts), flags)


def kept(key: Key, make: Callable[[], T]) -> T:
    """What was made before for a key on this machine, else made now and kept; of plain values alone.

    Args:
        key: tells all that the value depends on.
        make: makes the value.
    """
    return _store().value(key, make)


class Store:
    """The kept patterns of one file, read if it is there.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = _read(path)
        self._new = False

    def pattern(self, text: str, flags: int) -> re.Pattern[str]:
        """The compiled form of one pattern."""
        flags = int(flags)  # as a file holds it
        try:
            return _assembled(text, self.value((text, flags), lambda: _translated(text, flags)))
        except _OTHERWISE:
            return re.compile(text, flags)

    def value(self, key: Key, make: Callable[[], T]) -> T:
        """What is kept for a key, else made and kept."""
        if key in self._kept:
            found: T = self._kept[key]
            return found
        self._kept[key] = made = make()
        self._new = True
        return made

    def write(self) -> None:
        """Keep what was compiled newly; a folder that may not be written to or a full disk costs time only."""
        if not self._new:
            return
        content = sealed(_read(self._path) | self._kept)  # another process may have kept others meanwhile
        try:
            self._path.parent.mkdir(exist_ok=True)
            beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
            beside.write_bytes(content)
            beside.replace(self._path)
        except OSError:
            return
        self._new = False


_SEAL = 16
"""Bytes of the checksum before the content: Python itself may crash on bytes that `marshal` did not write."""


def sealed(kept: dict[Key, Any]) -> bytes:
    """What is kept, as a file holds it."""
    content = marshal.dumps(kept)
    return blake2b(content, digest_size=_SEAL).digest() + content


def _read(path: Path) -> dict[Key, Any]:
    try:
        content = path.read_bytes()
        seal, content = content[:_SEAL], content[_SEAL:]
        if len(content) > _MOST_BYTES or seal != blake2b(content, digest_size=_SEAL).digest():
            return {}
        kept: dict[Key, Any] = marshal.loads(content)
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _translated(text: str, flags: int) -> Any:
    """Flags as compiled, code words, number of groups, group names."""
    compiler: Any = import_module("re._compiler")
    tree = import_module("re._parser").parse(text, flags)
    words = array("I", compiler._code(tree, flags)).tobytes()
    return flags | tree.state.flags, words, tree.state.groups - 1, tuple(tree.state.groupdict.items())


def _assembled(text: str, known: Any) -> re.Pattern[str]:
    flags, words, groups, names = known
    code = array("I")
    code.frombytes(words)
    by_number: list[str | None] = [None] * (groups + 1)
    for name, number in names:
        by_number[number] = name
    engine: Any = import_module("_sre")
    pattern: re.Pattern[str] = engine.compile(
        text, flags, code.tolist(), groups, dict(names), tuple(by_number)
    )
    return pattern


@cache
def _store() -> Store:
    engine: Any = import_module("_sre")
    version = f"{sys.implementation.cache_tag}-{sys.hexversion:x}-{engine.MAGIC}-{sys.byteorder}"
    store = Store(Path(__file__).parent / "__pycache__" / f"patterns.{version}.bin")
    if not sys.dont_write_bytecode:
        atexit.register(store.write)
    return store
