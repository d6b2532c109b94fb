"""What a container wrote, inside the line that its runtime made of it."""

from __future__ import annotations

import re

import orjson

from pm_agent.ingest.logs.json_form import plain_level
from pm_agent.ingest.logs.json_keys import LOG_KEYS, as_text, first
from pm_agent.ingest.logs.line import CAPITAL_LEVELS, DATED, OTHER_LEVELS, plain

_TIMED = re.compile(rb"\s*\[?(?:" + DATED + rb"|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)\]?[\s:,|*#-]*")
_KLOG = re.compile(rb"(?P<level>[IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+\] ?(?P<message>.*)", re.S)
_PAIRS = re.compile(rb"(?:^|\s)(level|lvl|severity|msg|message)=(\"(?:[^\"\\]|\\.){0,9000}\"|\S{0,2000})")
_LEVEL = re.compile(
    rb"(?:(?:\[[^\]]{0,80}\]|\S{1,60}) {1,4}){0,6}?[\[(<]?(?:[a-z_]{1,30}:)?(?P<level>(?:"
    + CAPITAL_LEVELS
    + rb")(?=[\]\s:|,)>-])|(?:"
    + OTHER_LEVELS
    + rb")(?=[\]:]|  )|[VDIWEF](?=[ /][\w.$-]{1,60} *: ))[\])>]?[\s:|,/-]*"
)


def read_inner(text: bytes) -> tuple[str | None, str]:
    """Level and message, whether the container wrote JSON, logfmt, klog or just words."""
    stripped = text.strip()
    if stripped.startswith(b"{"):
        found = _of_json(stripped)
        if found is not None:
            return found
    klog = _KLOG.match(stripped)
    if klog:
        return klog["level"].decode(), plain(klog["message"]).strip()
    pairs = {key: plain(value).strip('"') for key, value in _PAIRS.findall(stripped[:4000])}
    message = pairs.get(b"msg") or pairs.get(b"message")
    if message:
        return pairs.get(b"level") or pairs.get(b"lvl") or pairs.get(b"severity"), message
    words = _TIMED.sub(b"", stripped, count=1) if _TIMED.match(stripped) else stripped
    return split_level(words)


def split_level(words: bytes) -> tuple[str | None, str]:
    """The level among the first words, and the message without it where it comes first."""
    level = _LEVEL.match(words[:300])
    if level is None:
        return None, plain(words).strip()
    before = words[: level.start("level")].strip(b" \t[(<:|-")
    message = words[level.end() :] if not before else before + b" " + words[level.end() :]
    return level["level"].decode("latin-1"), plain(message).strip()


def _of_json(text: bytes) -> tuple[str | None, str] | None:
    try:
        item = orjson.loads(text)
    except ValueError:
        return None
    if not isinstance(item, dict):
        return None
    message, error = as_text(first(item, LOG_KEYS.message)), as_text(first(item, LOG_KEYS.error))
    if error and error not in message:
        message = f"{message}: {error}" if message else error
    return plain_level(first(item, LOG_KEYS.level)), message or plain(text)
