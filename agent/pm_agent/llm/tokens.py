"""How many tokens a text has: exact where tiktoken's ranks lie on this machine, else a labelled upper estimate.

tiktoken downloads its ranks when they are missing and deletes a file whose hash is off, so it is asked only when
the verified file is already there. Nothing is ever fetched.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

_RANKS = {
    "o200k_base": (
        "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": (
        "https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}
"""Encoding → address (its SHA-1 is the cache file's name) and SHA-256 of the file, as tiktoken pins them."""
_RUN = re.compile(
    r"(?P<w>[A-Za-z0-9]+)|(?P<sp>[ \t]+)|(?P<nl>[\r\n]+)|(?P<p>[!-/:-@\[-`{-~]+)|(?P<lat>[\u00a0-\u052f]+)"
    r"|(?P<cjk>[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]+)|(?P<o>.)",
    re.S,
)
_PIECE = re.compile(r"[A-Z]*[a-z]+|[A-Z]+|[0-9]+")


def upper_estimate(text: str) -> int:
    """An upper bound on the tokens of a text, close for prose, code, logs and Chinese; never above its bytes."""
    total = 0.0
    for match in _RUN.finditer(text):
        total += _weight(match.lastgroup or "o", match.group())
    return min(math.ceil(total), len(text.encode()))


def _weight(kind: str, run: str) -> float:
    length = len(run)
    if kind == "w":
        return _word_weight(run)
    if kind == "sp":
        return 0 if length == 1 else 1 + length // 80
    if kind == "nl":
        return 1 + length // 16
    if kind == "p":
        return 1 if length == 1 else length / 1.4
    if kind == "lat":
        return length * 0.6 + 0.5
    return length * 1.7 if kind == "cjk" else len(run.encode())


def _word_weight(word: str) -> float:
    length = len(word)
    if word.isalpha() and (word.islower() or word.isupper() or word[1:].islower()):
        return 1 if length <= 5 else 1 + (length - 5) / 4
    if word.isdigit():
        return math.ceil(length / 3)
    pieces = _PIECE.findall(word)
    if length > 12 and len(pieces) > length / 5 and length / len(pieces) < 4:
        return length * 0.78  # ids, hashes, base64
    return sum(math.ceil(len(piece) / (3 if piece.isdigit() else 2.2)) for piece in pieces)


LINE = 14
"""Tokens that a line's id, time and actor take in a prompt."""


def weight(texts: Iterable[str]) -> int:
    """Tokens of lines with these texts, as prompts show them."""
    return sum(upper_estimate(text) + LINE for text in texts)


def room_for(whole: int, share: float, least: int) -> float:
    """Tokens of evidence that a later question may show again: a share of all that is large, `least` of what is small."""
    return whole * share if whole > LARGE else least


LARGE = 6_500
"""Tokens of evidence text from which later questions may show only a share: from 8,000 tokens with ids, times and actors a
draft's prompts stay within 1.6 times the evidence."""


def counter(model: str) -> tuple[Callable[[str], int], str]:
    """A counter of tokens and what it is: `exact (o200k_base)` or `upper estimate`."""
    name = "cl100k_base" if model.startswith(("gpt-4-", "gpt-3.5")) or model == "gpt-4" else "o200k_base"
    if not _ranks_present(name):
        return upper_estimate, "upper estimate"
    import tiktoken

    encoding = tiktoken.get_encoding(name)
    return lambda text: len(encoding.encode(text, disallowed_special=())), f"exact ({name})"


@cache
def _ranks_present(name: str) -> bool:
    address, digest = _RANKS[name]
    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    home = Path(folder) if folder else Path(tempfile.gettempdir()) / "data-gym-cache"
    file = home / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == digest
    except OSError:
        return False
