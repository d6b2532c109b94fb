"""Telegram Desktop's export (result.json): one chat, or all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

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

_MEDIA = ("photo", "file", "sticker_emoji", "location_information", "poll")


class Telegram:
    """Messages with their first time (the epoch where the export has it); service notices are structure."""

    name: ClassVar[str] = "telegram"
    describes: ClassVar[str] = "Telegram Desktop export (result.json): one chat or all chats"

    def fits(self, source: Source) -> float:
        """By `from_id`/`actor_id` beside `date` in the messages of a named chat."""
        document = source.first_object
        chats = sequence(mapping(document.get("chats")).get("list"))
        first = (
            first_of(source, "messages")
            if not chats
            else mapping(next(iter(sequence(mapping(chats[0]).get("messages"))), None))
        )
        known = {"from", "from_id", "actor", "actor_id", "text_entities"} & set(first)
        return 0.95 if "date" in first and "type" in first and known else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message, chat by chat."""
        document = mapping(source.document)
        chats = sequence(mapping(document.get("chats")).get("list"))
        if not chats:
            chat = words(document.get("name"))
            for place, message in messages_in(source, "messages"):
                yield from _one(source, place, mapping(message), chat)
            return
        for index, value in enumerate(chats):
            chat = words(mapping(value).get("name"))
            messages = sequence(mapping(value).get("messages"))
            for ordinal, pointer, line, message in source.elements(
                list(messages), f"/chats/list/{index}/messages"
            ):
                yield from _one(source, Place(ordinal, line, None, pointer), mapping(message), chat)


def _one(source: Source, place: Place, message: Mapping[str, Any], chat: str) -> Iterator[RawEvent]:
    text = _text(message)
    time = words(message.get("date_unixtime")) or words(message.get("date"))
    if words(message.get("type")) != "message" or not text or not time:
        source.tally.structural += "date" in message
        return
    actor = words(message.get("from")) or None
    is_bot = bool(actor) and (actor or "").lower().rstrip("0123456789_ ").endswith("bot")
    yield message_event(place, text, time, actor, is_bot=is_bot, thread=f"#{chat}" if chat else None)


def _text(message: Mapping[str, Any]) -> str:
    """The text with its entities in place, then what media stands under it."""
    written = message.get("text")
    runs = [written] if isinstance(written, str) else sequence(written)
    text = "".join(run if isinstance(run, str) else words(mapping(run).get("text")) for run in runs)
    forwarded = words(message.get("forwarded_from"))
    parts = [f"[forwarded from {forwarded}]" if forwarded else "", text]
    for key in _MEDIA:
        value = words(message.get(key)) or words(mapping(message.get(key)).get("question"))
        if value:
            parts.append(f"[{key}: {value.rsplit('/', 1)[-1]}]")
    return "\n".join(part for part in parts if part.strip()).strip()
