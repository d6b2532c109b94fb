"""DingTalk robots: messages a group sends to a robot, and those a robot posts through its webhook."""

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

_TIMES = ("createAt", "createTime", "sendTime", "timestamp", "time")
_KINDS = {
    "text",
    "markdown",
    "link",
    "actionCard",
    "feedCard",
    "richText",
    "picture",
    "audio",
    "video",
    "file",
    "interactive",
}
_LABELS = {"picture": "[图片]", "audio": "[语音]", "video": "[视频]", "file": "[文件]"}


class DingtalkJson:
    """A person's message carries `senderNick` and `createAt`; a robot's own post says no time of its own."""

    name: ClassVar[str] = "dingtalk-json"
    describes: ClassVar[str] = (
        "DingTalk (钉钉) robot messages, received or posted (JSON, array or one a line)"
    )

    def fits(self, source: Source) -> float:
        """By `msgtype`, sure where DingTalk's conversation fields stand beside it."""
        first = first_of(source, "messages", "data", "list")
        if str(first.get("msgtype")) not in _KINDS:
            return 0.0
        if {"senderNick", "conversationId", "chatbotUserId", "senderStaffId", "sessionWebhook"} & set(first):
            return 0.95
        return 0.6 if isinstance(first.get(str(first["msgtype"])), dict) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every message."""
        for place, value in messages_in(source, "messages", "data", "list"):
            message = mapping(value)
            text = _text(message)
            if not text:
                continue
            nick = words(message.get("senderNick")) or words(message.get("senderName"))
            time = next((words(message.get(key)) for key in _TIMES if words(message.get(key))), None)
            title = words(message.get("conversationTitle"))
            thread = f"#{title}" if title else None
            yield message_event(place, text, time, nick or "DingTalk robot", is_bot=not nick, thread=thread)


def _text(message: Mapping[str, Any]) -> str:
    kind = words(message.get("msgtype"))
    body = (
        message.get(kind)
        if kind in {"text", "markdown", "link", "actionCard", "feedCard"}
        else message.get("content")
    )
    if not isinstance(body, dict):
        return words(body) or _LABELS.get(kind, "")
    parts = [
        words(body.get("title")),
        words(body.get("content")),
        words(body.get("text")),
        words(body.get("recognition")),
    ]
    parts.append("".join(words(mapping(run).get("text")) for run in sequence(body.get("richText"))))
    parts += [words(mapping(link).get("title")) for link in sequence(body.get("links"))]
    if kind == "file":
        parts.append(f"[文件: {words(body.get('fileName'))}]")
    kept = [
        part
        for index, part in enumerate(parts)
        if part and not any(part in other for other in parts[index + 1 :])
    ]
    return "\n".join(kept) or _LABELS.get(kind, "")
