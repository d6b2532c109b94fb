"""Slack Web API answers (conversations.history, conversations.replies), and a single day file of an export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.message_lists import first_of, mapping, messages_in, sequence, words
from pm_agent.ingest.formats.slack_message import is_housekeeping, read_message, user_names
from pm_agent.ingest.source import Source

_TS = re.compile(r"^\d{9,11}\.\d{1,6}$")


class SlackApi:
    """The same messages as in a workspace export; names come from the messages' own profiles."""

    name: ClassVar[str] = "slack-api"
    describes: ClassVar[str] = (
        "Slack Web API JSON: conversations.history and conversations.replies, one day file of an export"
    )

    def fits(self, source: Source) -> float:
        """By Slack's `ts`."""
        first = first_of(source, "messages")
        known = {"user", "bot_id", "text", "blocks", "subtype", "client_msg_id"}
        return 0.9 if _TS.match(words(first.get("ts"))) and known & set(first) else 0.0

    def people(self, source: Source) -> Mapping[str, str]:
        """Names from the profiles in the messages, and from `users` where the file has them."""
        names = user_names(mapping(source.document).get("users") or [])
        document = source.document
        messages = document if isinstance(document, list) else sequence(mapping(document).get("messages"))
        for message in messages:
            profile = mapping(mapping(message).get("user_profile"))
            real = words(profile.get("real_name")) or words(profile.get("display_name"))
            if real and words(message.get("user")):
                names.setdefault(words(message["user"]), real)
        return names

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message; joins and topics count as structure."""
        names = self.people(source)
        channel = _channel(source.document)
        for place, message in messages_in(source, "messages"):
            event = read_message(message, place, names, channel)
            if event is not None:
                yield event
            elif is_housekeeping(message):
                source.tally.structural += 1


def _channel(document: Any) -> str:
    channel = mapping(document).get("channel")
    name = (
        words(mapping(channel).get("name")) or words(channel) or words(mapping(document).get("channel_name"))
    )
    return f"#{name.lstrip('#')}" if name else "slack"
