"""One Slack message object, the same in exports and in the Web API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pm_agent.evidence import ActorKind, Place, RawEvent
from pm_agent.ingest.signals import classify

_QUIET = {
    "channel_join", "channel_leave", "channel_purpose", "channel_name", "channel_archive", "group_join", "group_leave",
    "bot_add", "bot_remove", "pinned_item", "unpinned_item", "reminder_add", "channel_unarchive", "sh_room_created",
}  # fmt: skip
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#[CG][A-Z0-9]+\|?([^>]*)>")
_SPECIAL = re.compile(r"<!(?:subteam\^[A-Z0-9]+\|@?)?([^>|]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto|ftp):[^>|]+)(?:\|([^>]*))?>")


def user_names(users: Any) -> dict[str, str]:
    """User id and handle → display name, from users.json or `users.list`."""
    names: dict[str, str] = {}
    members = users.get("members", []) if isinstance(users, dict) else users
    for user in members if isinstance(members, list) else []:
        if not isinstance(user, dict) or user.get("is_bot") or user.get("id") == "USLACKBOT":
            continue
        profile = user.get("profile") or {}
        real = (
            profile.get("real_name")
            or user.get("real_name")
            or profile.get("display_name")
            or user.get("name")
        )
        if not real:
            continue
        for key in (user.get("id"), user.get("name"), profile.get("display_name")):
            if key:
                names[str(key)] = str(real)
    return names


def plain(text: str, names: Mapping[str, str]) -> str:
    """Slack's markup as readable text: mentions by name, links spelled out, entities undone."""
    text = _USER.sub(lambda m: "@" + names.get(m[1], m[2] or m[1]), text)
    text = _CHANNEL.sub(lambda m: "#" + (m[1] or "channel"), text)
    text = _LINK.sub(lambda m: m[1] if not m[2] or m[2] == m[1] else f"{m[2]} ({m[1]})", text)
    text = _SPECIAL.sub(lambda m: "@" + m[1], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\u200b", "").strip()


def _attachment_text(message: Mapping[str, Any]) -> list[str]:
    parts: list[str] = []
    for attachment in message.get("attachments") or []:
        if not isinstance(attachment, dict) or attachment.get("from_url") or attachment.get("is_msg_unfurl"):
            continue
        pieces = [attachment.get("pretext"), attachment.get("title"), attachment.get("text")]
        pieces += [
            f"{f.get('title', '')}: {f.get('value', '')}"
            for f in attachment.get("fields") or []
            if isinstance(f, dict)
        ]
        found = [str(piece) for piece in pieces if piece]
        parts += found or [str(attachment.get("fallback") or "")]
    return [part for part in parts if part]


def _block_text(node: Any) -> list[str]:
    """Text of Block Kit blocks, used only where a message has no `text` of its own."""
    if isinstance(node, list):
        return [text for item in node for text in _block_text(item)]
    if not isinstance(node, dict):
        return []
    text = node.get("text")
    if isinstance(text, str):
        return [text]
    return [t for key in ("text", "fields", "elements") for t in _block_text(node.get(key))]


def body(message: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Everything a message shows: text, attachments, blocks, file titles."""
    parts = [str(message.get("text") or "")]
    attached = _attachment_text(message)
    parts += [part for part in attached if part not in parts[0]]
    if not any(parts):
        parts += _block_text(message.get("blocks"))
    parts += [
        f"[file: {f.get('title') or f.get('name')}]"
        for f in message.get("files") or []
        if isinstance(f, dict)
    ]
    return plain("\n".join(part for part in parts if part), names)


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _author(message: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str | None, ActorKind]:
    is_bot = bool(message.get("bot_id")) or message.get("subtype") == "bot_message"
    profile = _table(message.get("user_profile"))
    if is_bot:
        bot = _table(message.get("bot_profile"))
        return str(message.get("username") or bot.get("name") or message.get("bot_id") or "bot"), "bot"
    user = message.get("user")
    name = names.get(str(user)) or profile.get("real_name") or message.get("username") or user
    return (str(name) if name else None), "person"


def read_message(
    message: Any, place: Place, names: Mapping[str, str], channel: str, file: str | None = None
) -> RawEvent | None:
    """The event of one message, or None for joins, topics and other housekeeping.

    An edited message keeps its first time and shows its last text; a deleted one says that it was deleted.
    """
    if not isinstance(message, dict) or "ts" not in message or str(message.get("subtype")) in _QUIET:
        return None
    inner = message
    if message.get("subtype") == "message_changed" and isinstance(message.get("message"), dict):
        inner = message["message"]
    deleted = str(message.get("subtype")) in {"message_deleted", "tombstone"}
    if deleted and isinstance(message.get("previous_message"), dict):
        inner = message["previous_message"]
    actor, actor_kind = _author(inner, names)
    text = "[message deleted]" if deleted else body(inner, names)
    if not text:
        return None
    thread = str(inner["thread_ts"]) if inner.get("thread_ts") else None
    kind, signal = classify(text, actor_kind)
    return RawEvent(
        place=place,
        text=text,
        raw_time=(signal.absolute if signal else None) or str(inner.get("ts") or message["ts"]),
        kind=kind,
        actor=actor,
        actor_kind=actor_kind,
        signal="deleted" if deleted else signal.signal if signal else None,
        subject=signal.subject if signal else None,
        severity=signal.severity if signal else None,
        thread=f"{channel}/{thread}" if thread else channel,
        file=file,
    )


def is_housekeeping(message: Any) -> bool:
    """True for joins, topics and messages with nothing to show: understood, though no event."""
    return isinstance(message, dict) and "ts" in message
