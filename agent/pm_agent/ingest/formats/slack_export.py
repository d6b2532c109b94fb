"""A Slack workspace export: users.json, channels.json and one JSON file a channel and day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pm_agent.errors import UnreadableSource
from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.slack_message import is_housekeeping, read_message, user_names
from pm_agent.ingest.source import Source

_DAY_FILE = re.compile(r"^(?P<channel>.+)/\d{4}-\d\d-\d\d\.json$")


class SlackExport:
    """Reads the folder or zip as a whole, so that mentions resolve and threads stay together."""

    name: ClassVar[str] = "slack-export"
    describes: ClassVar[str] = (
        "Slack workspace export (folder or zip): users.json, channels, day files, threads, edits, bots"
    )

    def fits(self, source: Source) -> float:
        """Certain for a tree that has users.json and day files."""
        members = source.members or {}
        has_days = any(_DAY_FILE.match(name) for name in members)
        return 1.0 if has_days and "users.json" in members else 0.0

    def people(self, source: Source) -> Mapping[str, str]:
        """Display names by user id and by handle, from users.json."""
        return user_names(_json(source, "users.json"))

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Messages of every channel, channel by channel, day by day."""
        names = self.people(source)
        for member, file in sorted((source.members or {}).items()):
            match = _DAY_FILE.match(member)
            if match is None:
                continue
            messages = file.document
            if not isinstance(messages, list):
                where = file.json_error or ("not a list of messages", 1)
                raise UnreadableSource(f"{member}: {where[0]}", path=source.path, line=where[1])
            channel = match["channel"].rsplit("/", 1)[-1]
            yield from _channel_day(file, messages, channel, names)


def _channel_day(
    file: Source, messages: list[Any], channel: str, names: Mapping[str, str]
) -> Iterator[RawEvent]:
    for ordinal, pointer, line, message in file.elements(messages):
        event = read_message(message, Place(ordinal, line, None, pointer), names, f"#{channel}", file.path)
        if event is not None:
            yield event
        elif is_housekeeping(message):
            file.tally.structural += 1


def _json(source: Source, name: str) -> Any:
    member = (source.members or {}).get(name)
    return member.document if member else None
