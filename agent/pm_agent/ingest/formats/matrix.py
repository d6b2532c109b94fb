"""Matrix: events as Element exports them and as the client API answers (`messages`, `chunk`, a list, JSON Lines)."""

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
    words,
)
from pm_agent.ingest.source import Source

_FALLBACK = re.compile(r"\A(?:> [^\n]*\n)+\n")
_FILES = {"m.image", "m.file", "m.video", "m.audio"}


class Matrix:
    """An edited message keeps its first time and shows its last text; a redacted one says that it was deleted."""

    name: ClassVar[str] = "matrix"
    describes: ClassVar[str] = (
        "Matrix room events (Element export, /messages answer, JSONL): edits, redactions, threads"
    )

    def fits(self, source: Source) -> float:
        """By `origin_server_ts` beside a sender."""
        first = first_of(source, "messages", "chunk", "events")
        return 0.95 if {"origin_server_ts", "sender", "type"} <= set(first) else 0.0

    def people(self, source: Source) -> Mapping[str, str]:
        """Display names from the joins."""
        names: dict[str, str] = {}
        for event in _events(source):
            shown = words(mapping(event.get("content")).get("displayname"))
            if event.get("type") == "m.room.member" and shown and words(event.get("state_key")):
                names[words(event["state_key"])] = shown
        return names

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Messages in order of the file."""
        names = self.people(source)
        present, changes = _changes(_events(source))
        room = words(mapping(source.document).get("room_name"))
        for place, value in messages_in(source, "messages", "chunk", "events"):
            event = mapping(value)
            relation = mapping(mapping(event.get("content")).get("m.relates_to"))
            if relation.get("rel_type") == "m.replace" and words(relation.get("event_id")) in present:
                source.tally.structural += 1
                continue
            if event.get("type") == "m.room.encrypted":
                continue
            found = _message(place, event, names, changes, f"#{room.lstrip('#')}" if room else "matrix")
            if found is not None:
                yield found
            else:
                source.tally.structural += "origin_server_ts" in event


def _events(source: Source) -> Iterator[Mapping[str, Any]]:
    if source.is_json_lines:
        for line in source.text().split("\n"):
            try:
                yield mapping(orjson.loads(line))
            except orjson.JSONDecodeError:
                continue
        return
    document = source.document
    inner = (mapping(document).get(key) for key in ("messages", "chunk", "events"))
    values = document if isinstance(document, list) else next((v for v in inner if isinstance(v, list)), [])
    yield from (mapping(value) for value in values)


def _changes(events: Iterator[Mapping[str, Any]]) -> tuple[set[str], dict[str, str | None]]:
    """The messages that are there, and what became of some: their last text, or None where one was redacted."""
    present: set[str] = set()
    changes: dict[str, str | None] = {}
    for event in events:
        content = mapping(event.get("content"))
        relation = mapping(content.get("m.relates_to"))
        target = words(relation.get("event_id"))
        if event.get("type") == "m.room.redaction":
            changes[words(event.get("redacts")) or words(content.get("redacts"))] = None
        elif relation.get("rel_type") == "m.replace" and changes.get(target, "") is not None:
            changes[target] = words(mapping(content.get("m.new_content")).get("body"))
        elif event.get("type") == "m.room.message":
            present.add(words(event.get("event_id")))
    return present, changes


def _message(
    place: Place,
    event: Mapping[str, Any],
    names: Mapping[str, str],
    changes: Mapping[str, str | None],
    room: str,
) -> RawEvent | None:
    """The event of one message, or None for what is none."""
    content = mapping(event.get("content"))
    relation = mapping(content.get("m.relates_to"))
    if event.get("type") != "m.room.message" or not words(event.get("origin_server_ts")):
        return None
    changed = changes.get(words(event.get("event_id")), "")
    is_deleted = changed is None or "redacted_because" in mapping(event.get("unsigned"))
    body = words(mapping(content.get("m.new_content")).get("body")) or words(content.get("body"))
    text = changed or _FALLBACK.sub("", body)
    if words(content.get("msgtype")) in _FILES:
        text = f"[file: {text}]"
    if not text and not is_deleted:
        return None
    sender = words(event.get("sender"))
    is_bot = content.get("msgtype") == "m.notice" or sender.split(":")[0].lower().endswith("bot")
    root = words(relation.get("event_id")) if relation.get("rel_type") == "m.thread" else ""
    return message_event(
        place, text, words(event["origin_server_ts"]), names.get(sender) or sender or None,
        is_bot=is_bot, is_deleted=is_deleted, thread=f"{room}/{root}" if root else room,
    )  # fmt: skip
