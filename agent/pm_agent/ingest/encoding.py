"""First bytes → the encoding of a text, or the reason why it is none."""

from __future__ import annotations

import codecs

from pm_agent.errors import UnreadableSource

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def detect_encoding(head: bytes, path: str = "") -> str:
    """utf-8, utf-16-le/-be or gb18030 of these first bytes.

    Raises:
        UnreadableSource: they are binary.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\x00" in head:
        return _among_zeros(head, path)
    for name in ("utf-8", "gb18030"):
        if _decodes(head, name):
            return name
    if _controls(head) > len(head) // 20:
        raise UnreadableSource("binary, not text: export it as text", path=path)
    return "utf-8"


def _among_zeros(head: bytes, path: str) -> str:
    """UTF-16, a text with holes of zeros that a crash or a rotation left in it, or binary."""
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    half = max(1, len(head[:2000]) // 2)
    if odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.1:
        return "utf-16-be"
    rest = head.replace(b"\x00", b"")
    if not rest:
        raise UnreadableSource(
            "begins with nothing but zeros (a hole that log rotation left?): `tr -d '\\000'` takes them out",
            path=path,
        )
    if not _decodes(rest, "utf-8") or _controls(rest) > len(rest) // 200:
        raise UnreadableSource("binary, not text: export it as text", path=path)
    return "utf-8"


def _decodes(head: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _controls(head: bytes) -> int:
    return sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)
