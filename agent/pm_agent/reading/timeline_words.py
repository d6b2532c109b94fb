"""The words of a timeline row: the sentence that says it, without mentions, marks and pasted blocks."""

from __future__ import annotations

import re

_EMOJI_CODE = re.compile(r"(?<!\d):(?=[a-z0-9_+\-]*[a-z+])[a-z0-9_+\-]+:(?!\d)(?::skin-tone-\d:)?")
_MENTION_LEAD = re.compile(r"^(?:@[^\s@]{1,40}(?:\s[A-Z]{1,2}\b)?[\s,，:：]*)+")
_EDITED = re.compile(r"\s*\((?:edited|已编辑)\)\s*$", re.I)
_ATTACHED = re.compile(r"\[(?:图片|表情|文件|语音|视频|image|photo|file|sticker)[^\]\n]{0,20}\]", re.I)
_SPACE = re.compile(r"\s+")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.S)
LONGEST = 220
BETWEEN = " / "
"""Between the lines of a row that has the words of several."""
REPLY = re.compile(r"“(?P<said>[^”]*)” → (?P<reply>.*)", re.S)
"""A terse line behind the one that it answers."""


def row_words(text: str) -> str:
    """One line of at most 220 characters; cut at a word, with an ellipsis where something was cut."""
    text = _FENCE.sub(" ", text) if _FENCE.sub("", text).strip() else text.replace("```", " ")
    text = _ATTACHED.sub("", text) if _ATTACHED.sub("", text).strip() else text
    text = _EDITED.sub("", _EMOJI_CODE.sub("", text).replace("`", ""))
    text = _SPACE.sub(" ", _MENTION_LEAD.sub("", text.strip())).strip(" -–—*•")
    return cut(text, LONGEST)


def parts_of(text: str) -> list[str]:
    """The words of each line in a row that has the words of several."""
    found: list[str] = []
    for part in text.split(BETWEEN):
        while (answered := REPLY.fullmatch(part)) is not None:
            found.append(answered["said"])
            part = answered["reply"]
        found.append(part)
    return found


def inner_quotes(text: str) -> str:
    """Quotation marks within quotation marks are single ones."""
    return text.replace("“", "‘").replace("”", "’")


def cut(text: str, limit: int) -> str:
    """The text, cut at a word boundary where it is longer than `limit` characters; a question stays one."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ")
    asks = _ASKED.match(text, limit - 1) is not None
    return (head[:space] if space > limit * 0.6 else head).rstrip(" ,;，；") + ("…?" if asks else "…")


_ASKED = re.compile(r"[^.!。！\n]*[?？]")
"""The rest of a sentence that asks."""
