"""Sections of notes that list work: under `Action items`, `todo (unsorted)`, `**后续计划**`, `Open points:`, or behind a box to tick.

An event of such a section carries its heading as its thread, `§ Action items`, so that what reads it knows that it is work.
"""

from __future__ import annotations

import re

from pm_agent.language import LANGUAGES, patterns

_BOLD = re.compile(r"^\s*(?:\*\*|__)(?P<text>[^*_\n]{2,60})(?:\*\*|__)\s*[:：]?\s*$")
_BOX = re.compile(r"^\s*(?:>\s?)*(?:[-*+•]|\d{1,3}[.)])\s+\[(?P<box>[ xX])\]\s")


def section_of(heading: str, ends: str = "") -> str | None:
    """The section that a heading opens, where it says that a list of work follows; it has to end with one of `ends`, if any are given."""
    bare = heading.strip()
    if len(bare) >= 60 or (ends and bare[-1:] not in ends):
        return None
    if any(patterns(language, "follow_ups", "head").search(bare) for language in LANGUAGES):
        return f"§ {bare}"
    return None


def bold_head(line: str) -> str | None:
    """A line in bold that heads a list of work."""
    match = _BOLD.match(line[:200])
    return match["text"].strip() if match and section_of(match["text"]) else None


def with_box(line: str, section: str | None) -> str | None:
    """The section of a line; a box to tick makes one, and a ticked one is marked."""
    match = _BOX.match(line[:100])
    if match is None:
        return section
    return f"{section or '§'} [{'x' if match['box'] in 'xX' else ' '}]"
