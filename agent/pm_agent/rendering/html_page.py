"""A report as an HTML page: citations are links, and each evidence line knows what on the page stands on it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from markupsafe import Markup

from pm_agent.language import words
from pm_agent.rendering.page import Page
from pm_agent.rendering.picture import phases_of
from pm_agent.rendering.picture.marks import MARKS
from pm_agent.report import EvidenceLine, Report, Statement, TimelineEntry


class HtmlPage(Page):
    """Remembers, while it is printed, what cites which line, so that links lead both ways."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.words: dict[str, Any] = {**self.words, "html": words(report.language, "html")}
        self.asks: dict[str, Any] = words(report.language, "asks")
        self._users: dict[str, dict[str, str]] = {}
        self._anchors: set[str] = set()
        self._section, self._count = "", 0

    def enter(self, section: str) -> str:
        """Counts what follows as `§section.n`; prints nothing."""
        self._section, self._count = section, 0
        return ""

    def home(self, id_: str) -> str:
        """The anchor of a statement at the first place that shows it; empty at the others."""
        anchor = "s-" + re.sub(r"[^A-Za-z0-9_-]", "-", id_)
        if anchor in self._anchors:
            return ""
        self._anchors.add(anchor)
        return anchor

    def links(self, ids: list[str]) -> Markup:
        """Small numbered links to evidence lines."""
        found = [i for i in dict.fromkeys(ids) if i in self.labels]
        return Markup(" ").join(
            Markup('<a class="cite" href="#{}" aria-label="{} {}">{}</a>').format(
                self.anchor(i), self.words["html"]["evidence_line"], self.labels[i], self.labels[i]
            )
            for i in found
        )

    def cite(self, ids: list[str], anchor: str = "", label: str = "") -> Markup:
        """Links to evidence lines, which from now on lead back to here.

        Args:
            ids: event ids.
            anchor: the element that cites them, where it has an id; else the links get one.
            label: its short name; else its number in the section.
        """
        links = self.links(ids)
        if not links:
            return links
        self._count += 1
        place = anchor or f"c-{self._section}-{self._count}"
        for id_ in ids:
            self._users.setdefault(id_, {}).setdefault(place, label or f"§{self._section}.{self._count}")
        own = Markup(' id="{}"').format(place) if not anchor else Markup("")
        return Markup('<span class="cites"{}>{}</span>').format(own, links)

    @property
    def cited(self) -> set[str]:
        """Ids of the lines that something printed so far stands on."""
        return set(self._users)

    def shown_evidence(self) -> list[EvidenceLine]:
        """The lines that the page stands on; what nothing cites is not reprinted."""
        return [line for line in self.report.evidence if line.id in self._users]

    def users(self, event_id: str) -> Markup:
        """Links from an evidence line back to what cites it."""
        return Markup(" ").join(
            Markup('<a href="#{}">{}</a>').format(anchor, label)
            for anchor, label in self._users.get(event_id, {}).items()
        )

    @cached_property
    def phases(self) -> list[Any]:
        """The phases of the picture."""
        return phases_of(self.report)

    def phase(self, entry: TimelineEntry) -> str:
        """The phase in which a row lies, for its colour; empty outside all of them."""
        if entry.at is None:
            return ""
        at = entry.at
        return next((str(p.name) for p in self.phases if p.start <= at < p.end), "")

    def marks(self, entry: TimelineEntry) -> list[str]:
        """The milestones that a row is."""
        return [
            str(self.words["html"]["marks"][name])
            for name in MARKS
            if getattr(self.report.milestones, name).entry == entry.id
        ]

    def glance(self) -> list[Statement]:
        """The impact in short: its scope, and what users and business felt, a line each."""
        impact = self.report.impact
        found = [impact.scope]
        for group in (impact.users, impact.business):
            told = next(
                (s for s in group if s.support != "unknown" and all(s.text != f.text for f in found)), None
            )
            found += [told] if told else []
        return found
