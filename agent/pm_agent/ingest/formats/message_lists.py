"""Messages kept as JSON: a bare list, a list under some key, one object, or one object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from pm_agent.errors import UnreadableSource
from pm_agent.evidence import ActorKind, Place, RawEvent
from pm_agent.ingest.signals import classify
from pm_agent.ingest.source import Source

DELETED = "[message deleted]"


def first_of(source: Source, *paths: str) -> Mapping[str, Any]:
    """The first message, to judge by: under one of the paths (`data/items`), or the first object there is."""
    document = source.first_object
    for path in paths:
        found = _at(document, path)
        if isinstance(found, list) and found and isinstance(found[0], dict):
            return found[0]
    return document


def messages_in(source: Source, *paths: str) -> Iterator[tuple[Place, Any]]:
    """Place and value of every message; counts them as read.

    Raises:
        UnreadableSource: the content is no JSON.
    """
    if source.is_json_lines and source.document is None:
        yield from _of_lines(source, paths)
        return
    document = source.document
    if document is None:
        why, broken_at = source.json_error or ("there is none", 1)
        raise UnreadableSource(f"broken JSON: {why}", path=source.path, line=broken_at)
    values, pointer = _list_in(document, paths)
    if values is None:
        source.tally.read += 1
        yield Place(1, 1, None, ""), document
        return
    for ordinal, where, at, value in source.elements(values, pointer):
        yield Place(ordinal, at, None, where), value


def _of_lines(source: Source, paths: Sequence[str]) -> Iterator[tuple[Place, Any]]:
    """A message a line, or a whole answer of the API a line."""
    for number, line in source.lines():
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            source.tally.miss(number)
            continue
        values, pointer = _list_in(value, paths)
        if values is None:
            yield Place(source.tally.read, number), value
            continue
        first = source.tally.read
        source.tally.read += max(0, len(values) - 1)
        for at, message in enumerate(values):
            yield Place(first + at, number, None, f"{pointer}/{at}"), message


def message_event(
    place: Place, text: str, time: str | None, actor: str | None, *, is_bot: bool = False, is_deleted: bool = False,
    thread: str | None = None,
) -> RawEvent:  # fmt: skip
    """A chat message; what a bot posts is an alert or a deployment where its text says so."""
    kind_of_actor: ActorKind = "bot" if is_bot else "person"
    kind, signal = classify(text, kind_of_actor)
    return RawEvent(
        place=place,
        text=DELETED if is_deleted else text,
        raw_time=(signal.absolute if signal else None) or time,
        kind=kind,
        actor=actor,
        actor_kind=kind_of_actor,
        signal="deleted" if is_deleted else signal.signal if signal else None,
        subject=signal.subject if signal and not is_deleted else None,
        severity=signal.severity if signal and not is_deleted else None,
        thread=thread,
    )


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one: exports leave out what they don't know."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> Sequence[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def words(value: Any) -> str:
    """The value if it is text or a number, else nothing."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list_in(document: Any, paths: Sequence[str]) -> tuple[list[Any] | None, str]:
    if isinstance(document, list):
        return document, ""
    for path in paths:
        found = _at(document, path)
        if isinstance(found, list):
            return found, "/" + path
    return None, ""


def _at(document: Any, path: str) -> Any:
    for key in path.split("/"):
        document = document.get(key) if isinstance(document, dict) else None
    return document
