"""The provenance that a written file carries: what wrote it, and a digest that tells whether a person has edited it since."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pm_agent.report import Report

State = Literal["untouched", "edited", "foreign"]

_COMMENT = re.compile(
    r"\n<!-- pm-agent (?P<tool>\S+) template=(?P<template>\S+) sha256=(?P<digest>[0-9a-f]{64})(?:\s+lines=(?P<lines>[0-9a-f\s]*))?\s*-->\s*$"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the last line of a written file says."""

    tool: str
    template: str
    digest: str
    lines: tuple[str, ...] = ()


def digest(text: str) -> str:
    """sha256 of a text; line ends and blanks at line ends don't count, editors change them unasked."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return hashlib.sha256(lines.strip().encode()).hexdigest()


def stamped(
    text: str, report: Report, template: str, lines: Sequence[str] = (), drafted: str | None = None
) -> str:
    """A text with its provenance as a comment at the end.

    Args:
        text: what is written.
        report: names the tool.
        template: what shaped it.
        lines: marks of the lines as drafted, for `--update`.
        drafted: the text as drafted, where people's changes are in `text`.
    """
    name = re.sub(r"[^\w./-]|--+", "_", template)
    marks = "".join("\n" + " ".join(lines[i : i + 12]) for i in range(0, len(lines), 12))
    comment = f"<!-- pm-agent {report.provenance.tool} template={name} sha256={digest(drafted or text)}"
    return text.rstrip("\n") + "\n\n" + comment + (f"\nlines={marks} -->\n" if lines else " -->\n")


def split_stamp(text: str) -> tuple[str, Stamp | None]:
    """The body of a written text, and its provenance; None where it carries none."""
    text = text.replace("\r\n", "\n")
    found = _COMMENT.search(text)
    if not found:
        return text, None
    lines = tuple((found["lines"] or "").split())
    return text[: found.start()], Stamp(found["tool"], found["template"], found["digest"], lines)


def text_state(text: str) -> State:
    """Whether a written text is as it was written."""
    body, stamp = split_stamp(text)
    if stamp is None:
        return "foreign"
    return "untouched" if digest(body) == stamp.digest else "edited"


def json_digest(content: dict[str, Any]) -> str:
    """sha256 of a report as JSON, in one fixed form and without the digest itself."""
    provenance = {**content.get("provenance", {}), "digest": None}
    fixed = json.dumps({**content, "provenance": provenance}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(fixed.encode("utf-8", "surrogatepass")).hexdigest()


def json_state(text: str) -> State:
    """Whether a written JSON report is as it was written."""
    try:
        content = json.loads(text)
        given = content["provenance"]["digest"]
    except (ValueError, KeyError, TypeError):
        return "foreign"
    if not given:
        return "foreign"
    return "untouched" if json_digest(content) == given else "edited"
