"""Discord, as DiscordChatExporter writes it (JSON)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.message_lists import (
    first_of,
    mapping,
    message_event,
    messages_in,
    sequence,
    words,
)
from pm_agent.ingest.source import Source

_TALK = {
    "Default",
    "Reply",
    "ApplicationCommand",
    "ContextMenuCommand",
    "ThreadStarterMessage",
    "20",
    "23",
    "0",
    "19",
}


class Discord:
    """Messages with their embeds; pins, joins and thread notices are structure."""

    name: ClassVar[str] = "discord"
    describes: ClassVar[str] = (
        "Discord channel as DiscordChatExporter exports it (JSON): replies, embeds, bots"
    )

    def fits(self, source: Source) -> float:
        """By guild, channel and the shape of a message."""
        document = source.first_object
        first = first_of(source, "messages")
        whole = {"guild", "channel", "messages"} <= set(document)
        return 0.95 if whole and (not first or "timestamp" in first or not document["messages"]) else 0.0

    def people(self, source: Source) -> Mapping[str, str]:
        """Nicknames by user name."""
        names: dict[str, str] = {}
        for message in sequence(mapping(source.document).get("messages")):
            author = mapping(mapping(message).get("author"))
            nick = words(author.get("nickname"))
            if nick and words(author.get("name")) and author.get("isBot") is not True:
                names[words(author["name"])] = nick
        return names

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message in order of the export."""
        channel = mapping(mapping(source.document).get("channel"))
        thread = f"#{words(channel.get('name')) or 'channel'}"
        for place, message in messages_in(source, "messages"):
            item = mapping(message)
            text = _text(item)
            if words(item.get("type")) not in _TALK or not text or not words(item.get("timestamp")):
                source.tally.structural += "timestamp" in item
                continue
            author = mapping(item.get("author"))
            actor = words(author.get("nickname")) or words(author.get("name")) or None
            is_bot = author.get("isBot") is True
            yield message_event(place, text, words(item["timestamp"]), actor, is_bot=is_bot, thread=thread)


def _text(message: Mapping[str, Any]) -> str:
    parts = [words(message.get("content"))]
    for value in sequence(message.get("embeds")):
        embed = mapping(value)
        if words(embed.get("url")) and words(embed["url"]) in parts[0]:
            continue  # the preview of a link that stands in the text
        parts += [words(embed.get("title")), words(embed.get("description"))]
        parts += [
            f"{words(mapping(f).get('name'))}: {words(mapping(f).get('value'))}"
            for f in sequence(embed.get("fields"))
        ]
    parts += [
        f"[file: {words(mapping(file).get('fileName'))}]" for file in sequence(message.get("attachments"))
    ]
    parts += [f"[sticker: {words(mapping(item).get('name'))}]" for item in sequence(message.get("stickers"))]
    return "\n".join(part for part in parts if part)
