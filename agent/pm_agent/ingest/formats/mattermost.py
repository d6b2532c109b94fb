"""Mattermost: the bulk export (JSON Lines) and the answer of the posts API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import orjson

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.message_lists import mapping, message_event, messages_in, sequence, words
from pm_agent.ingest.source import Source

_JOIN = re.compile(r"@?\S{1,64} (?:joined|left|added to|removed from)(?: the)? (?:channel|team)\b.{0,80}")
_STRUCTURE = {
    "version",
    "team",
    "channel",
    "user",
    "bot",
    "role",
    "scheme",
    "emoji",
    "direct_channel",
    "info",
}


class Mattermost:
    """Posts and their replies; the export's own users give the names."""

    name: ClassVar[str] = "mattermost"
    describes: ClassVar[str] = (
        "Mattermost bulk export (JSONL) and posts API JSON: channels, direct messages, replies"
    )

    def fits(self, source: Source) -> float:
        """By the version line of an export, a post line, or `order` beside `posts`."""
        first = source.first_object
        kind = str(first.get("type"))
        if (
            source.is_json_lines
            and (kind in _STRUCTURE | {"post", "direct_post"})
            and ("version" in first or kind in first)
        ):
            return 0.95
        posts = first.get("posts")
        return 0.9 if isinstance(posts, dict) and isinstance(first.get("order"), list) else 0.0

    def people(self, source: Source) -> Mapping[str, str]:
        """Names of the users in the export."""
        names: dict[str, str] = {}
        if not source.is_json_lines:
            return names
        for line in source.text().split("\n"):
            if '"user"' not in line[:40]:
                continue
            try:
                user = mapping(mapping(orjson.loads(line)).get("user"))
            except orjson.JSONDecodeError:
                continue
            full = " ".join(
                part for part in (words(user.get("first_name")), words(user.get("last_name"))) if part
            )
            if words(user.get("username")) and (full or words(user.get("nickname"))):
                names[words(user["username"])] = full or words(user["nickname"])
        return names

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Posts in order of the file, each followed by its replies."""
        if not source.is_json_lines:
            yield from _api(source)
            return
        names = self.people(source)
        for place, entry in messages_in(source):
            kind = words(mapping(entry).get("type"))
            post = mapping(mapping(entry).get(kind))
            if kind not in {"post", "direct_post"}:
                source.tally.structural += kind in _STRUCTURE
                continue
            channel = f"#{words(post.get('channel'))}" if kind == "post" else "direct"
            events = list(_with_replies(place, post, channel, names))
            source.tally.structural += not events
            yield from events


def _with_replies(
    place: Place, post: Mapping[str, Any], channel: str, names: Mapping[str, str]
) -> Iterator[RawEvent]:
    replies = [mapping(reply) for reply in sequence(post.get("replies"))]
    thread = f"{channel}/{words(post.get('create_at'))}" if replies else channel
    for part, item in enumerate([post, *replies]):
        if event := _post(replace(place, part=part), item, thread, names):
            yield event


def _post(place: Place, post: Mapping[str, Any], thread: str, names: Mapping[str, str]) -> RawEvent | None:
    if words(post.get("type")).startswith("system_") or _JOIN.fullmatch(words(post.get("message"))):
        return None
    props = mapping(post.get("props"))
    files = sequence(post.get("attachments")) or sequence(mapping(post.get("metadata")).get("files"))
    parts = [words(post.get("message"))]
    for card in sequence(props.get("attachments")):
        parts += [words(mapping(card).get(key)) for key in ("pretext", "title", "text")]
    parts += [f"[file: {_file_name(file)}]" for file in files]
    user = words(post.get("user")) or words(post.get("user_id"))
    is_bot = words(props.get("from_webhook")) == "true" or words(props.get("from_bot")) == "true"
    actor = words(props.get("override_username")) or names.get(user) or user or None
    is_deleted = bool(post.get("delete_at"))
    text = "\n".join(dict.fromkeys(part for part in parts if part))
    if not (text or is_deleted) or not words(post.get("create_at")):
        return None
    return message_event(
        place, text, words(post.get("create_at")), actor, is_bot=is_bot, is_deleted=is_deleted, thread=thread
    )


def _file_name(file: Any) -> str:
    return words(mapping(file).get("name")) or words(mapping(file).get("path")).rsplit("/", 1)[-1]


def _api(source: Source) -> Iterator[RawEvent]:
    posts = mapping(mapping(source.document).get("posts"))
    for ordinal, (key, value) in enumerate(posts.items(), 1):
        post = mapping(value)
        source.tally.read += 1
        thread = words(post.get("root_id")) or words(post.get("id"))
        event = _post(Place(ordinal, None, None, f"/posts/{key}"), post, f"mattermost/{thread}", {})
        if event is not None:
            yield event
        else:
            source.tally.structural += 1
