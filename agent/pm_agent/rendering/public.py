"""What of a report may leave the house: times, computed counts, and updates that were published already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pm_agent.report import Report

_PUBLISHED = {"statuspage"}
"""Formats whose updates were public when they were written."""

_INTERNAL = re.compile(
    r"https?://|@|\[[a-z_]+#\d+\]|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"  # links, handles, placeholders, addresses
    r"|(?<![\w.])(?:[a-z0-9][a-z0-9-]*\.)+(?:[a-z]{2,})(?![\w])"  # host names
    r"|\b[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*[-_][a-z]*\d[a-z0-9-]*\b"  # pods, nodes, versions with a name
    r"|\b[a-z0-9]+(?:_[a-z0-9]+)+\b|#\w|\b[0-9a-f]{7,40}\b",  # identifiers, channels, commits
    re.I,
)


@dataclass(frozen=True, slots=True)
class PublicUpdate:
    """An update as it was published; no text where it holds internal words."""

    at: datetime | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Outline:
    """When it was, as far as computed times tell."""

    start: datetime | None
    end: datetime | None
    status: str
    """draft (over), ongoing, or unresolved where the evidence does not tell."""


def outline(report: Report) -> Outline:
    """Begin and end of the impact as customers saw it."""
    stones = report.milestones
    start = stones.impact_start.at or stones.trigger.at or stones.detected.at
    end = stones.recovered.at
    status = "ongoing" if report.status == "ongoing" else "draft" if end else "unresolved"
    return Outline(start, end if status == "draft" else None, status)


def public_updates(report: Report) -> list[PublicUpdate]:
    """Status page updates in time order; a text that names anything internal is left blank, never silently dropped.

    Whether the page is one's own or a supplier's, the evidence does not tell; the template asks.
    """
    private = list(private_words(report))
    cited = {c for update in report.response.communications for c in update.citations}
    found: dict[tuple[datetime | None, str], PublicUpdate] = {}
    for line in report.evidence:
        if line.id in cited and any(s.format in _PUBLISHED for s in line.sources):
            text = line.text if is_safe(line.text, private) else None
            found.setdefault((line.at, line.text), PublicUpdate(line.at, text))
    return sorted(found.values(), key=lambda u: (u.at is None, u.at.timestamp() if u.at else 0.0))


def is_safe(text: str, private: list[str]) -> bool:
    """True where a text names no person, alias, service, host, link or identifier."""
    low = text.lower()
    return not _INTERNAL.search(text) and not any(_names(low, word.lower()) for word in private)


def _names(text: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
    return word in text


def private_words(report: Report) -> Iterator[str]:
    """Names of persons, aliases, services and files that a report holds."""
    meeting, document = report.meeting, report.document
    found = {*report.services, *meeting.participants, *document.authors, *document.reviewers}
    found |= {r.actor for r in report.response.roles}
    found |= {e.actor for e in report.timeline if e.actor}
    found |= {line.actor for line in report.evidence if line.actor}
    found |= {a.owner for a in report.actions if a.owner} | {a.sponsor for a in report.actions if a.sponsor}
    found |= {s.owner for s in report.monitoring.new_signals if s.owner}
    found |= {meeting.facilitator} if meeting.facilitator else set()
    found |= {f.file.rsplit("/", 1)[-1] for f in report.coverage.files}
    yield from sorted(w for w in found if len(w) > 1)
