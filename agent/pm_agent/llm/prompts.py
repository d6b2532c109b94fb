"""`prompts/<task>.md` → the two messages of a request. Evidence stands between marks, as data.

A prompt file is YAML front matter (`version`, `purpose`) and a Jinja body; a name that the task's inputs lack is
an error. The clock, the model's name and the schema are not in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel

from pm_agent.errors import PmAgentError
from pm_agent.resources import folder, parse_yaml

_FRONT = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<body>.*)\Z", re.S)
_MARK = re.compile(r"<{3,}|>{3,}")
SPLIT = "\n===\n"
"""Stands between what is the same for every incident (system) and this incident's data (user)."""


@dataclass(frozen=True)
class Prompt:
    """One prompt file."""

    name: str
    version: str
    purpose: str
    body: str
    digest: str
    """SHA-256 of the file with its partials, as the report's provenance names it."""


@cache
def _environment() -> SandboxedEnvironment:
    env = SandboxedEnvironment(
        loader=FileSystemLoader(folder("prompts")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters["moment"] = _moment
    env.filters["day"] = _day
    env.filters["data"] = as_data
    return env


def _moment(line: Any, timezone: str) -> str:
    """`16:06` on the clocks of the incident, `+00:12:40` in a transcript without a start; models read minutes, never write them."""
    if line.at is None:
        return str(line.relative or "--:--")
    return f"{line.at.astimezone(_zone(timezone)):%H:%M}"


def _day(at: datetime, timezone: str) -> str:
    """`2026-03-04`: stands once, above the lines of that day."""
    return f"{at.astimezone(_zone(timezone)):%Y-%m-%d}"


def _zone(name: str) -> Any:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def as_data(text: object) -> str:
    """A line of evidence on one line; three brackets in a row, which our marks are made of, become two."""
    return _MARK.sub(lambda run: run[0][:2], " ".join(str(text).split()))


@cache
def load(name: str) -> Prompt:
    """The prompt of a task.

    Raises:
        PmAgentError: the file lacks its front matter.
    """
    path = folder("prompts") / f"{name}.md"
    text = path.read_text(encoding="utf-8")
    match = _FRONT.match(text)
    if match is None:
        raise PmAgentError(f"prompt {name!r} has no front matter")
    head = parse_yaml(match["head"])
    digest = hashlib.sha256((text + "".join(_partials(path, text))).encode()).hexdigest()
    return Prompt(name, str(head["version"]), str(head["purpose"]), match["body"], f"sha256:{digest}")


def _partials(path: Path, text: str) -> list[str]:
    names = re.findall(r"""{%-?\s*include\s+["']([^"']+)["']""", text)
    return [(path.parent / name).read_text(encoding="utf-8") for name in names]


def messages(name: str, inputs: BaseModel, language: str) -> list[dict[str, str]]:
    """System and user message of a request."""
    prompt = load(name)
    values = {field: getattr(inputs, field) for field in type(inputs).model_fields}
    said = [part.render(language=_LANGUAGES[language], **values).strip() for part in _templates(prompt.body)]
    return [{"role": role, "content": text} for role, text in zip(("system", "user"), said, strict=True)]


@cache
def _templates(body: str) -> tuple[Template, Template]:
    """System and user part; split before rendering, so that no line of evidence can look like the split."""
    system, _, user = body.partition(SPLIT)
    return _environment().from_string(system), _environment().from_string(user)


_LANGUAGES = {"en": "English", "zh": "Chinese (简体中文)"}
Render = Callable[[str, BaseModel, str], list[dict[str, str]]]
