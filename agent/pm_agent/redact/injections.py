"""Text in the evidence that tries to command whoever reads it, and characters that hide text."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

from pm_agent.language import LANGUAGES, patterns
from pm_agent.language.hidden import messages, visible
from pm_agent.redact.checks import from_base64

_SENTENCE_END = re.compile(r"[.!?。！？\n]")
_LOOKALIKES = str.maketrans("асеіјорѕухАВСЕНІЈКМОРЅТХԁԛɡ", "aceijopsyxABCEHIJKMOPSTXdqg")
"""Cyrillic and other letters that pass for Latin ones, so that a disguised command reads as what it looks like."""
_BLOB = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{32,}={0,2}(?![A-Za-z0-9+/])")
_SPACED = re.compile(r"(?:\b\w[ .·_-]){6,}\w\b")
_LONGEST = 300


def find(text: str) -> list[str]:
    """The spans that try to command a reader; hidden and encoded ones are decoded so that a person can read them."""
    spans = messages(text)
    plain = visible(text)
    spans += _commands(plain)
    if not spans:
        for other in _disguised(plain):
            spans += _commands(other)
    return list(dict.fromkeys(span for span in spans if span.strip()))


def _commands(text: str) -> list[str]:
    """Sentences that hold a command."""
    found = []
    for language in LANGUAGES:
        for match in patterns(language, "injection", "commands").finditer(text):
            found.append(_sentence(text, match.start(), match.end()))
    return found


def _disguised(text: str) -> list[str]:
    """The text as it reads after what disguises it: full width, foreign letters, entities, percent signs, base64, l e t t e r s."""
    folded = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    found = [folded] if folded != text else []
    if "&" in text and (plain := html.unescape(text)) != text:
        found.append(visible(plain))
    if "%" in text and (plain := unquote(text)) != text:
        found.append(visible(plain))
    if "_" in text or "-" in text or "+" in text:
        found.append(re.sub(r"[_+-]+", " ", text))
    found += [blob for match in _BLOB.finditer(text) if (blob := from_base64(match[0]))]
    spaced = _SPACED.sub(lambda m: re.sub(r"[ .·_-]", "", m[0]), re.sub(r"[ ]{2,}", "\u3000", text))
    return [*found, spaced.replace("\u3000", " ")] if spaced != text else found


def _sentence(text: str, start: int, end: int) -> str:
    before = [m.end() for m in _SENTENCE_END.finditer(text, 0, start)]
    after = _SENTENCE_END.search(text, end)
    return text[before[-1] if before else 0 : after.end() if after else len(text)].strip()[:_LONGEST]
