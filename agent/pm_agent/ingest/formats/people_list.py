"""Who belongs to an id: the lists of persons that chat programs give beside their messages. They hold no event."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import orjson

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.message_lists import mapping, sequence, words
from pm_agent.ingest.formats.slack_message import user_names
from pm_agent.ingest.source import Source

_LISTS = (("data", "items"), ("data", "users"), ("result", "list"), ("userlist",), ("members",), ("items",))
_IDS = ("member_id", "open_id", "openid", "user_id", "userid", "union_id", "unionid")
_SLACK = re.compile(r"[UW][A-Z0-9]{5,}")
_OF_A_MESSAGE = {"message_id", "msg_type", "msgtype", "create_time", "ts", "text", "content"}
_GLANCE = 5


class PeopleList:
    """Names the senders of the messages that are read in the same run; nobody else gets into the report."""

    name: ClassVar[str] = "people-list"
    describes: ClassVar[str] = (
        "lists of persons beside a chat (Feishu / Lark chat members, DingTalk, WeCom and Slack users, JSON): they name the senders"
    )
    only_names: ClassVar[bool] = True

    def fits(self, source: Source) -> float:
        """By an id beside a name in all of the first entries, and nothing that a message has."""
        first = list(_entries(_head(source)))[:_GLANCE]
        return 0.85 if first and all(_is_person(entry) for entry in first) else 0.0

    def people(self, source: Source) -> Mapping[str, str]:
        """Every id of each person → the name."""
        names: dict[str, str] = {}
        for entry in _entries(_all(source)):
            if _is_person(entry):
                names |= _names(mapping(entry))
        return names

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Nothing; an entry that is no person stays unread."""
        for entry in _entries(_all(source)):
            source.tally.read += 1
            source.tally.structural += _is_person(entry)
        yield from ()


def _head(source: Source) -> list[Any]:
    if source.is_json_lines and source.document is None:
        return [_loaded(line) for line in source.head_lines[:_GLANCE]]
    return _all(source)


def _all(source: Source) -> list[Any]:
    if source.is_json_lines and source.document is None:
        return [_loaded(line) for line in source.text().splitlines() if line.strip()]
    document = source.document
    return document if isinstance(document, list) else [document]


def _loaded(line: str) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _entries(values: list[Any]) -> Iterator[Any]:
    """What stands in the lists of the programs' answers, page after page; any other value is an entry itself."""
    for value in values:
        found = next((entries for path in _LISTS if (entries := _at(value, path))), None)
        yield from [value] if found is None else found


def _at(value: Any, path: tuple[str, ...]) -> list[Any]:
    for key in path:
        value = mapping(value).get(key)
    return list(sequence(value))


def _is_person(entry: Any) -> bool:
    value = mapping(entry)
    if _OF_A_MESSAGE & set(value):
        return False
    by_slack = _SLACK.fullmatch(words(value.get("id"))) is not None and isinstance(value.get("profile"), dict)
    return by_slack or (bool(words(value.get("name"))) and any(words(value.get(key)) for key in _IDS))


def _names(value: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(value.get("profile"), dict) and _SLACK.fullmatch(words(value.get("id"))):
        return user_names([value])
    name = words(value.get("name"))
    return {found: name for key in _IDS if (found := words(value.get(key))) and found != name}
