"""Sections of notes that list work: under `Action items`, `【后续措施】`, `todo (unsorted)`, `**后续计划**`, `Open points:`, or behind a box to tick.

An event of such a section carries its heading as its thread, `§ Action items`, so that what reads it knows that it is work.
"""

from __future__ import annotations

import re

from pm_agent.language import LANGUAGES, patterns

_BOLD = re.compile(r"^\s*(?:\*\*|__)(?P<text>[^*_\n]{2,60})(?:\*\*|__)\s*[:：]?\s*$")
_BARE = re.compile(
    r"^\s*[【\[]?\s*(?:[一二三四五六七八九十\d]{1,2}[、.)]\s*)?(?P<text>"
    r"(?:agreed )?action(?:s| items?| points?)|next steps|follow[- ]?ups?|to[- ]?dos?|what we agreed|improvements?|remediations?|corrective actions"
    r"|(?:后续|改进|整改|预防|防范|纠正)(?:的)?(?:措施|计划|事项|行动|工作|项|点)|行动项|待办(?:事项)?|跟进(?:事项|项)|下一步(?:计划)?"
    r")\s*[】\]]?\s*[:：]?\s*$",
    re.I,
)
_BOX = re.compile(r"^\s*(?:>\s?)*(?:[-*+•]|\d{1,3}[.)])\s+\[(?P<box>[ xX])\]\s")


def section_of(heading: str, ends: str = "") -> str | None:
    """The section that a heading opens, where it says that a list of work follows; it has to end with one of `ends`, if any are given."""
    bare = heading.strip()
    if len(bare) >= 60 or (ends and bare[-1:] not in ends):
        return None
    if any(patterns(language, "follow_ups", "head").search(bare) for language in LANGUAGES):
        return f"§ {bare}"
    return None


def bare_section(line: str) -> str | None:
    """The section that a line opens which is nothing but the name of such a list: `Action items`, `【后续措施】`."""
    match = _BARE.match(line[:100])
    return f"§ {match['text'].strip()}" if match else None


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
