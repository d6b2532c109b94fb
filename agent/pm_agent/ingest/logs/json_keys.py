"""Which key of a JSON log holds the time, the level, the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import orjson

from pm_agent.ingest.logs.line import plain

Object = Mapping[str, Any]
Names = tuple[str, ...]


@dataclass(frozen=True)
class Keys:
    """Names under which each part may stand, the best first; a dot leads into an inner object."""

    time: Names
    message: Names
    level: Names = ()
    who: Names = ()
    error: Names = ()
    status: Names = ()
    method: Names = ()
    path: Names = ()

    def fitted(self, sample: Sequence[Object]) -> Keys:
        """The names with those first that the sample has; parts it doesn't have are left out.

        Errors keep all their names: the first lines of a log seldom hold one.
        """
        found: dict[str, Names] = {}
        for part in fields(self):
            names: Names = getattr(self, part.name)
            counts = {name: sum(present(item, name) for item in sample) for name in names}
            often = [name for name in names if counts[name] * 2 >= len(sample)]
            best = often[:1] or sorted((n for n in names if counts[n]), key=lambda n: -counts[n])[:1]
            rest = tuple(name for name in names if name not in best)
            found[part.name] = (*best, *rest) if best or part.name in {"error", "who"} else ()
        if not found["status"] or not found["path"] or not all_present(sample, found["path"][0]):
            found["status"] = found["path"] = found["method"] = ()
        return replace(self, **found)


def all_present(sample: Sequence[Object], name: str) -> bool:
    """True where most of the sample has the name."""
    return sum(present(item, name) for item in sample) * 2 >= len(sample)


def present(item: Object, name: str) -> bool:
    """True where there is a value under the name."""
    return look(item, name) not in (None, "")


def look(item: Object, name: str) -> Any:
    """The value under a name, which may be a plain key or lead into inner objects."""
    if name in item:
        return item[name]
    outer, dot, inner = name.partition(".")
    below = item.get(outer) if dot else None
    return look(below, inner) if isinstance(below, dict) else None


def first(item: Object, names: Names) -> Any:
    """The first value that is there."""
    return next((value for name in names if (value := look(item, name)) not in (None, "")), None)


def as_text(value: Any) -> str:
    """A value as text: bytes that a journal wrote as numbers as what they spell, an error object by its message."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list) and value and all(isinstance(v, int) and 0 <= v < 256 for v in value):
        return plain(bytes(value))
    if isinstance(value, dict):
        inner = first(value, ("message", "msg", "stack_trace", "stacktrace", "stack", "type", "name"))
        return as_text(inner) if inner is not None else plain(orjson.dumps(value))
    if value is None or isinstance(value, bool):
        return ""
    return plain(orjson.dumps(value))


def objects(lines: Sequence[bytes]) -> list[Object]:
    """Those of the lines that are JSON objects."""
    found: list[Object] = []
    for line in lines:
        try:
            item = orjson.loads(line)
        except ValueError:
            continue
        if isinstance(item, dict):
            found.append(item)
    return found


LOG_KEYS = Keys(
    time=("eventTime", "event_time", "@timestamp", "timestamp", "time", "ts", "t", "datetime", "date", "@t", "asctime",
          "log_time", "logged_at", "Timestamp", "Time", "EdgeStartTimestamp", "EdgeEndTimestamp", "created_at"),
    message=("message", "msg", "MESSAGE", "@m", "@mt", "textPayload", "jsonPayload.message", "short_message", "event", "log",
             "body", "Message", "Body", "line", "text"),
    level=("level", "severity", "lvl", "log.level", "levelname", "loglevel", "log_level", "logLevel", "@l", "error_severity",
           "severity_text", "severityText", "SeverityText", "Level", "Severity"),
    who=("service.name", "service", "logger", "component", "app", "application", "logger_name", "loggerName", "log.logger", "name",
         "module", "kubernetes.pod.name", "kubernetes.pod_name", "pod", "container", "container_name", "hostname", "host.name", "host",
         "source", "ClientRequestHost", "request.host"),
    error=("error", "err", "exception", "exc_info", "error.message", "exception.message", "stack", "stacktrace", "stack_trace",
           "error.stack_trace", "errorMessage", "@x", "cause", "reason"),
    status=("status", "status_code", "statusCode", "http.status_code", "http.response.status_code", "response.status", "res.statusCode",
            "EdgeResponseStatus", "responseCode", "response_code"),
    method=("method", "request.method", "http.method", "http.request.method", "req.method", "ClientRequestMethod", "request_method"),
    path=("path", "uri", "request.uri", "url.path", "request.path", "http.target", "http.url", "req.url", "request_uri", "url",
          "ClientRequestURI", "ClientRequestPath", "endpoint", "route"),
)  # fmt: skip
