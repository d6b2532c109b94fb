"""Feishu (Lark): answers of im/v1/messages and message events; the content of a message is JSON in a string."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import orjson

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.message_lists import (
    first_of,
    mapping,
    message_event,
    messages_in,
    sequence,
    words,
)
from pm_agent.ingest.source import Source

_LISTS = ("data/items", "items", "messages")
_LABELS = {
    "image": "[图片]",
    "audio": "[语音]",
    "media": "[视频]",
    "sticker": "[表情]",
    "file": "[文件]",
    "video": "[视频]",
}
_MARKUP = re.compile(r"</?(?:p|b|i|u|s|at|a|font|text_tag)\b[^<>]{0,200}>")
_AT = re.compile(r'"user_id":\s?"(ou_\w{1,64})",\s?"user_name":\s?"([^"\\]{1,64})"')
_DEEPEST = 14


class FeishuJson:
    """Persons are known by id; names come from the mentions, and from `sender_name` where an export has it."""

    name: ClassVar[str] = "feishu-json"
    describes: ClassVar[str] = (
        "Feishu / Lark (飞书) message lists of the im/v1 API and message events (JSON, JSONL)"
    )

    def fits(self, source: Source) -> float:
        """By `message_id` beside `msg_type`/`message_type`."""
        message = _message_of(first_of(source, *_LISTS))
        kinds = {"msg_type", "message_type"} & set(message)
        return 0.95 if kinds and {"message_id", "create_time"} & set(message) else 0.0

    def people(self, source: Source) -> Mapping[str, str]:
        """Names of the mentioned by their ids."""
        document = mapping(source.document)
        values = (
            source.document
            if isinstance(source.document, list)
            else sequence(mapping(document.get("data")).get("items"))
        )
        names: dict[str, str] = {}
        for value in values:
            names |= _mentioned(_message_of(mapping(value)))
        return names

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message; system notices are structure."""
        names = dict(self.people(source))
        for place, value in messages_in(source, *_LISTS):
            outer = mapping(value)
            message = _message_of(outer)
            if source.is_json_lines:
                names |= _mentioned(message)
            event = _event(place, message, mapping(outer.get("event")) or message, names)
            if event is not None:
                yield event
            else:
                source.tally.structural += "message_id" in message


def _message_of(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message inside an API answer, an event callback, or itself."""
    for inner in (
        mapping(mapping(value.get("event")).get("message")),
        mapping(value.get("data")),
        mapping(value.get("message")),
    ):
        if "message_id" in inner:
            return inner
    return value


def _mentioned(message: Mapping[str, Any]) -> dict[str, str]:
    content = message.get("content") or mapping(message.get("body")).get("content")
    found = dict(_AT.findall(content)) if isinstance(content, str) else {}
    for value in sequence(message.get("mentions")):
        mention = mapping(value)
        ids = mapping(mention.get("id"))
        for key in [mention.get("id"), *ids.values()]:
            if words(key) and words(mention.get("name")):
                found[words(key)] = words(mention["name"])
    return found


def _event(
    place: Place, message: Mapping[str, Any], around: Mapping[str, Any], names: Mapping[str, str]
) -> RawEvent | None:
    kind = words(message.get("msg_type")) or words(message.get("message_type"))
    is_deleted = message.get("deleted") is True
    text = "" if kind == "system" else _text(kind, message)
    time = words(message.get("create_time"))
    if not time or not (text or is_deleted) or kind == "system":
        return None
    sender = mapping(message.get("sender")) or mapping(around.get("sender"))
    ids = mapping(sender.get("sender_id"))
    known = [words(sender.get("id")), *(words(value) for value in ids.values())]
    named = words(sender.get("name")) or words(sender.get("sender_name")) or words(message.get("sender_name"))
    actor = named or next(
        (names[key] for key in known if key in names), next((key for key in known if key), None)
    )
    root = words(message.get("thread_id")) or words(message.get("root_id"))
    chat = words(message.get("chat_name")) or words(message.get("chat_id")) or "feishu"
    return message_event(
        place, text, time, actor, is_bot=words(sender.get("sender_type")) in {"app", "bot"}, is_deleted=is_deleted,
        thread=f"{chat}/{root}" if root else chat,
    )  # fmt: skip


def _text(kind: str, message: Mapping[str, Any]) -> str:
    content = message.get("content") or mapping(message.get("body")).get("content")
    try:
        value = orjson.loads(content) if isinstance(content, str) else content
    except orjson.JSONDecodeError:
        value = {"text": content}
    if kind in _LABELS:
        name = words(mapping(value).get("file_name"))
        return f"{_LABELS[kind][:-1]}: {name}]" if name else _LABELS[kind]
    runs = _runs(value, 0)
    text = "".join(runs).strip()
    for mention in sequence(message.get("mentions")):
        key, name = words(mapping(mention).get("key")), words(mapping(mention).get("name"))
        if key and name:
            text = re.sub(rf"{re.escape(key)}(?!\d)", f"@{name}".replace("\\", "\\\\"), text)
    return re.sub(r"\n{3,}", "\n\n", _MARKUP.sub("", text)).strip()


def _runs(node: Any, depth: int) -> list[str]:
    """The texts of a message, post or card, with a line break behind each row and block."""
    if depth > _DEEPEST:
        return []
    if isinstance(node, list):
        rows = [_runs(item, depth + 1) for item in node]
        is_inline = all(
            isinstance(item, dict) and "tag" in item and item.get("tag") in {"text", "a", "at", "emotion"}
            for item in node
        )
        return [run for row in rows for run in ([*row] if is_inline else [*row, "\n"])]
    if not isinstance(node, dict):
        return []
    if node.get("tag") == "at":
        return [f"@{words(node.get('user_name')) or words(node.get('user_id'))}"]
    if node.get("tag") in {"img", "media"}:
        return ["[图片]"]
    runs: list[str] = []
    for key, value in node.items():
        if key in {"title", "text", "content", "template"} and isinstance(value, str):
            runs += [value, "\n"] if key == "title" and value else [value]
        elif isinstance(value, dict | list) and key not in {"mentions", "style", "config", "value", "href"}:
            runs += _runs(value, depth + 1)
            runs += ["\n"] if isinstance(value, dict) else []
    return runs
