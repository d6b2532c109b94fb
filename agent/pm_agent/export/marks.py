"""What ties a ticket to its action item: a mark that a second run finds again."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from pm_agent.report import Report

_MARK = re.compile(r"pm-agent:([A-Za-z0-9_.-]+):([A-Za-z0-9_-]+):([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Mark:
    """Report, item and wording of one ticket."""

    key: str
    item: str
    wording: str

    def __str__(self) -> str:
        return f"pm-agent:{self.key}:{self.item}:{self.wording}"


def marks_in(text: str) -> list[Mark]:
    """The marks that a ticket's text carries."""
    return [Mark(*found) for found in _MARK.findall(text)]


def report_key(report: Report, given: str | None = None) -> str:
    """A short name of the report: the one given, its document number, else its day and title."""
    name = given or report.document.id
    if name:
        plain = re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-.")
        return plain if plain and name.isascii() else f"{plain}-{_hash(name)}".lstrip("-")
    start = report.window.start or report.window.end
    day = f"{start:%Y-%m-%d}" if start else "undated"
    return f"{day}-{_hash(report.title + (start.isoformat() if start else ''))}"


def wording_of(text: str, seen: list[str]) -> str:
    """A fingerprint of an item's words; `seen` holds those before it, so that two alike items stay two."""
    plain = " ".join(text.split()).casefold()
    seen.append(plain)
    return _hash(f"{plain}#{seen.count(plain)}", 8)


def _hash(text: str, length: int = 6) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
