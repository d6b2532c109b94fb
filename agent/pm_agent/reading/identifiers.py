"""What names one change and no other: a commit, a request, a version, a ticket, a run."""

from __future__ import annotations

import re

from pm_agent.language.compiled import compiled
from pm_agent.reading.remembered import remembered

_IDENTIFIER = compiled(
    r"(?<![\w.-])(?:(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])(?P<sha>[0-9a-f]{7,40})"
    r"|(?:#|!|\b(?:PR|MR|CL|request|ticket|change|build|工单|变更单?|单号)\s?[#!]?)(?P<number>\d{2,7})"
    r"|(?P<ticket>[A-Z][A-Z0-9]{1,9}-\d{1,8})"
    r"|v?(?P<version>\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[\w.]{1,20})?)"
    r"|(?P<run>[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+[-_]\d{4,})"
    r")(?![\w-]|\.\d)",
    re.I,
)
_SHA = 7
"""Digits in which programs shorten a commit."""


@remembered
def identifiers(text: str) -> frozenset[str]:
    """The identifiers in a text, in lower case, commits shortened to seven digits."""
    found = set()
    for match in _IDENTIFIER.finditer(text[:4000]):
        kind = match.lastgroup
        if kind is not None:
            found.add(match[kind].lower()[:_SHA] if kind == "sha" else match[kind].lower())
    return frozenset(found)
