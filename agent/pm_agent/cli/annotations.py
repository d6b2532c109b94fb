"""Findings as GitHub's workflow commands: they show at the line of a pull request."""

from __future__ import annotations

from pm_agent.rendering.plain import visible


def annotation(file: str, line: int, title: str, message: str, *, severity: str = "warning") -> str:
    """One `::warning` or `::error` line; nothing in it can begin a command of its own."""
    level = "error" if severity == "error" else "warning" if severity == "warning" else "notice"
    return f"::{level} file={_property(file)},line={line},title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
