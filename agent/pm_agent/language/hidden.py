"""Characters that hide, reorder or command: taken out of whatever is shown, decoded where they carry a message."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff\U000e0000-\U000e0fff]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]{2,}")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x9b[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85]")


def visible(text: str) -> str:
    """The text without characters that hide, reorder or command: bidi marks, zero widths, tags, escapes, lone returns."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROL.sub("", _BREAKS.sub("\n", text))
    return _HIDDEN.sub("", unicodedata.normalize("NFC", text))


def messages(text: str) -> list[str]:
    """What hidden characters spell, so that a person can read it; and that the order of the text was turned."""
    if text.isascii():
        return []
    spelt = ["".join(chr(ord(ch) - 0xE0000) for ch in run) for run in _TAGS.findall(text)]
    for run in _SELECTORS.findall(text):
        values = [ord(ch) - 0xFE00 if ord(ch) < 0xE0000 else ord(ch) - 0xE0100 + 16 for ch in run]
        spelt.append(bytes(values).decode("utf-8", "replace"))
    return [*spelt, *(["bidirectional override"] if _BIDI.search(text) else [])]
