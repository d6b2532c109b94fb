"""Microsoft Teams: Graph's chatMessage lists and the data export, which writes the same with capital letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import orjson

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.html_text import html_text
from pm_agent.ingest.formats.message_lists import (
    first_of,
    mapping,
    message_event,
    messages_in,
    sequence,
    words,
)
from pm_agent.ingest.source import Source

_ATTACHMENT = re.compile(r"<attachment id=\"[^\"]{0,100}\">\s*</attachment>")


class MsTeams:
    """Messages and replies; a deleted one says so, an edited one keeps its first time."""

    name: ClassVar[str] = "msteams"
    describes: ClassVar[str] = (
        "Microsoft Teams: Graph chatMessage lists and the data export (JSON), replies, cards"
    )

    def fits(self, source: Source) -> float:
        """By a body beside createdDateTime and messageType."""
        first = _low(first_of(source, "value"))
        return (
            0.95
            if {"body", "createdDateTime"} <= set(first) and {"messageType", "from", "etag"} & set(first)
            else 0.0
        )

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message, its expanded replies behind it."""
        for place, value in messages_in(source, "value"):
            message = _low(mapping(value))
            items = [message, *(_low(mapping(reply)) for reply in sequence(message.get("replies")))]
            root = words(message.get("replyToId")) or words(message.get("id"))
            events = [_message(replace(place, part=part), item, root) for part, item in enumerate(items)]
            found = [event for event in events if event is not None]
            source.tally.structural += not found and "createdDateTime" in message
            yield from found


def _low(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same object with keys as Graph writes them: `CreatedDateTime` → `createdDateTime`."""
    return {str(key)[:1].lower() + str(key)[1:]: item for key, item in value.items()}


def _message(place: Place, message: Mapping[str, Any], root: str) -> RawEvent | None:
    time = words(message.get("createdDateTime"))
    if not time or words(message.get("messageType")) in {"systemEventMessage", "unknownFutureValue"}:
        return None
    sender = _low(mapping(message.get("from")))
    user, application = _low(mapping(sender.get("user"))), _low(mapping(sender.get("application")))
    is_bot = bool(application) and not user
    actor = words((application if is_bot else user).get("displayName")) or None
    is_deleted = bool(message.get("deletedDateTime"))
    text = _text(message)
    if not text and not is_deleted:
        return None
    thread = f"teams/{root}" if root else None
    return message_event(place, text, time, actor, is_bot=is_bot, is_deleted=is_deleted, thread=thread)


def _text(message: Mapping[str, Any]) -> str:
    body = _low(mapping(message.get("body")))
    content = words(body.get("content"))
    if words(body.get("contentType")).lower() == "html":
        content = html_text(_ATTACHMENT.sub("", content))
    parts = [words(message.get("subject")), content]
    for value in sequence(message.get("attachments")):
        item = _low(mapping(value))
        card = _card(words(item.get("content"))) if "card" in words(item.get("contentType")) else []
        name = words(item.get("name"))
        parts += card or ([f"[file: {name}]"] if name else [])
    return "\n".join(part for part in parts if part)


def _card(content: str) -> list[str]:
    """The texts of an adaptive or connector card."""
    try:
        return _texts(orjson.loads(content), 0)
    except orjson.JSONDecodeError:
        return []


def _texts(node: Any, depth: int) -> list[str]:
    if depth > 12:
        return []
    if isinstance(node, list):
        return [text for item in node for text in _texts(item, depth + 1)]
    if not isinstance(node, dict):
        return []
    own = [words(node.get(key)) for key in ("title", "text", "summary")]
    if isinstance(node.get("value"), str) and words(node.get("title")):
        own = [f"{words(node['title'])}: {words(node['value'])}"]
    inner = [
        text
        for key in ("body", "sections", "facts", "items", "columns")
        for text in _texts(node.get(key), depth + 1)
    ]
    return list(dict.fromkeys(text for text in [*own, *inner] if text))
