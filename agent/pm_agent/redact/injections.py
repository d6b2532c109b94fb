"""Text in the evidence that tries to command whoever reads it, and characters that hide text."""

from __future__ import annotations

import re
import unicodedata

from pm_agent.language import LANGUAGES, patterns

_HIDDEN = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u061c\ufeff\u00ad\u180e\U000e0000-\U000e007f]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b."
)
_SENTENCE_END = re.compile(r"[.!?。！？\n]")


def visible(text: str) -> str:
    """The text without characters that hide, reorder or command: bidi marks, zero widths, tags, escapes."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROL.sub("", text.replace("\x1b[", "\x1b["))
    return _HIDDEN.sub("", unicodedata.normalize("NFC", text))


def find(text: str) -> list[str]:
    """The spans that try to command a reader; hidden ones are decoded so that a person can read them."""
    spans = ["".join(chr(ord(ch) - 0xE0000) for ch in run) for run in _TAGS.findall(text)]
    spans += ["bidirectional override"] if _BIDI.search(text) else []
    plain = visible(text)
    for language in LANGUAGES:
        match = patterns(language, "injection", "commands").search(plain)
        if match:
            spans.append(_sentence(plain, match.start(), match.end()))
    return list(dict.fromkeys(spans))


def _sentence(text: str, start: int, end: int) -> str:
    before = [m.end() for m in _SENTENCE_END.finditer(text, 0, start)]
    after = _SENTENCE_END.search(text, end)
    return text[before[-1] if before else 0 : after.end() if after else len(text)].strip()[:300]
