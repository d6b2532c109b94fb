"""Structured logs: JSON objects, one a line or in one array, whatever their keys are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

import orjson

from pm_agent.evidence import Place, RawEvent
from pm_agent.ingest.logs import read_log, sample_of
from pm_agent.ingest.logs.json_form import JsonForm
from pm_agent.ingest.logs.json_keys import LOG_KEYS, Keys, Object, first, objects
from pm_agent.ingest.source import Source, of_bytes
from pm_agent.reading.timeforms import read_time

_GELF = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
_NOT_LOGS = {
    "user",
    "client_msg_id",
    "thread_ts",
    "subtype",
    "labels",
    "annotations",
    "alerts",
    "incident",
    "author",
    "sender",
}
"""Keys of chat messages and alerts, which have times and texts as well."""


class JsonlLog:
    """Learns from the first lines which key holds the time, the level and the message."""

    name: ClassVar[str] = "jsonl-log"
    describes: ClassVar[str] = (
        "JSON Lines logs with any common keys (zap, pino, bunyan, ECS, GELF, GCP, Docker, Caddy, Cloudflare)"
    )

    def fits(self, source: Source) -> float:
        """More sure where objects have a level besides time and message."""
        sample = objects(sample_of(source)) if source.is_json_lines else _elements(source)[:50]
        if not sample:
            return 0.0
        logs = sum(_is_log(item) for item in sample)
        levels = sum(first(item, LOG_KEYS.level) is not None for item in sample)
        if logs * 10 < len(sample) * 7:
            return 0.0
        return 0.6 if levels * 2 >= len(sample) else 0.4

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        if source.is_json_lines:
            yield from read_log(source, _form(sample_of(source)))
        else:
            yield from _read_array(source)


def _is_log(item: Object) -> bool:
    time = first(item, LOG_KEYS.time)
    if _NOT_LOGS & item.keys() and first(item, LOG_KEYS.level) is None:
        return False
    dated = isinstance(time, (int, float)) or (isinstance(time, str) and read_time(time) is not None)
    request = first(item, LOG_KEYS.status) is not None and first(item, LOG_KEYS.path) is not None
    return dated and (request or first(item, LOG_KEYS.message) is not None)


def _form(lines: tuple[bytes, ...]) -> JsonForm:
    if any(b'"short_message"' in line for line in lines[:5]):
        return JsonForm.learnt(lines, _keys(), level_of=_gelf_level)
    return JsonForm.learnt(lines, _keys())


def _keys() -> Keys:
    return LOG_KEYS


def _gelf_level(value: Any) -> str | None:
    return _GELF[value] if isinstance(value, int) and 0 <= value < 8 else None


def _elements(source: Source) -> list[Object]:
    """The objects of an array, also where Elasticsearch wraps each in `_source`."""
    value = source.document
    if isinstance(value, dict) and isinstance(value.get("hits"), dict):
        hits = value["hits"].get("hits")
        value = [h.get("_source") for h in hits if isinstance(h, dict)] if isinstance(hits, list) else []
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _read_array(source: Source) -> Iterator[RawEvent]:
    """An array, read as if each element stood on its own line."""
    values = source.document if isinstance(source.document, list) else _elements(source)
    places = [(number, pointer, line) for number, pointer, line, _ in source.elements(values)]
    lines = [orjson.dumps(value) for value in values]
    inner = of_bytes(source.path, b"\n".join(lines))
    for event in read_log(inner, _form(tuple(lines[:200]))):
        number, pointer, line = places[event.place.ordinal - 1]
        yield replace(event, place=Place(number, line, None, pointer))
    inner.tally.skipped[:0] = source.tally.skipped
    source.tally.__dict__.update(inner.tally.__dict__)
