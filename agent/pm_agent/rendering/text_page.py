"""What the text templates may ask of a report beyond a page's printed times: groups, gaps, roles, computed verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from pm_agent.language import words
from pm_agent.language.phrases import phrase
from pm_agent.rendering.checklist import Check, checklist, untracked
from pm_agent.rendering.operation import Operation
from pm_agent.rendering.page import Page
from pm_agent.rendering.public import Outline, PublicUpdate, outline, public_updates
from pm_agent.report import (
    ActionItem,
    Cause,
    Communication,
    EvidenceLine,
    Report,
    Role,
    Statement,
    TimelineEntry,
)

S = TypeVar("S", bound=Statement)
_HORIZON = (("week", 7, {"P0", "P1"}), ("month", 31, {"P2"}), ("quarter", 92, {"P3"}))


class Improvement(NamedTuple):
    """A cause and an action that addresses it; either may be missing."""

    cause: Cause | None
    action: ActionItem | None


class TextPage(Page):
    """A report for one text template; it remembers which evidence the page cites."""

    def __init__(self, report: Report, template: str, own: dict[str, Any] | None = None) -> None:
        super().__init__(report)
        self.template = template
        self.own: dict[str, Any] = own if own is not None else words(report.language, template)
        self.asks: dict[str, Any] = words(report.language, "asks")
        self.shown: set[str] = set()

    def cites(self, ids: Sequence[str]) -> str:
        """Links to the evidence appendix."""
        self.shown.update(ids)
        return super().cites(list(ids))

    @cached_property
    def checklist(self) -> list[Check]:
        """What a finished postmortem must hold, each point judged on this report."""
        return checklist(self.report, self.own["checks"])

    @cached_property
    def operation(self) -> Operation:
        """A planned operation: planned against actual."""
        return Operation(self.report, self, self.asks["units"])

    @cached_property
    def public_updates(self) -> list[PublicUpdate]:
        """What was published during the incident, as far as it may be printed again."""
        return public_updates(self.report)

    @cached_property
    def public(self) -> Outline:
        """Begin, end and status as customers may be told."""
        return outline(self.report)

    def public_sentence(self) -> str:
        """What happened, in the fixed wording of the customer template."""
        told = self.public
        wording = "between" if told.end else "since" if told.status == "ongoing" else "on_day"
        return str(self.own[wording]).format(
            start=self.minute(told.start, day=True),
            end=self.minute(told.end, day=True),
            zone=self.zone_name(),
            kind=self.own["kinds"][self.report.incident_type.value],
        )

    def public_counts(self) -> str:
        """How many improvements are planned, by kind; no wording of theirs."""
        counts = Counter(a.category for a in self.report.actions if a.status != "declined")
        parts = [str(text).format(n=counts[kind]) for kind, text in self.own["parts"].items() if counts[kind]]
        separator = phrase(self.report.language, "list_separator")
        return str(self.own["counts"]).format(n=counts.total(), parts=separator.join(parts))

    def evidence_shown(self) -> list[EvidenceLine]:
        """The evidence lines that this page cites so far, in the order of the report."""
        return [line for line in self.report.evidence if line.id in self.shown]

    def known(self, group: Iterable[S]) -> list[S]:
        """Statements of a group that say something."""
        return [s for s in group if s.support != "unknown"]

    def rows(self, *kinds: str) -> list[TimelineEntry]:
        """Timeline rows of these kinds."""
        return [e for e in self.report.timeline if e.kind in kinds]

    def row_of(self, milestone: str) -> TimelineEntry | None:
        """The timeline row behind a milestone."""
        entry = getattr(self.report.milestones, milestone).entry
        return next((e for e in self.report.timeline if e.id == entry), None)

    def key_rows(self) -> list[TimelineEntry]:
        """The rows that the milestones point to, in the order of the timeline."""
        wanted = {m.entry for _, m in self.report.milestones.items() if m.entry}
        return [e for e in self.report.timeline if e.id in wanted]

    def distinct(self, group: Iterable[S]) -> list[S]:
        """A group without statements that another one of it says in the same words."""
        found: dict[tuple[str, str], S] = {}
        for s in group:
            found.setdefault((s.text, s.id if s.support == "unknown" else ""), s)
        return list(found.values())

    def phase(self, group: Iterable[Statement], *names: str) -> list[Statement]:
        """Known statements of a group that speak of these phases of the response."""
        return [s for s in self.known(group) if s.phase in names]

    def factors(self, *gaps: str) -> list[Cause]:
        """Contributing factors with one of these gaps behind them."""
        return [c for c in self.report.contributing_factors if c.gap in gaps]

    def causes(self) -> list[Cause]:
        """Every cause of the conclusion that says something."""
        roots = self.report.root_causes
        found: dict[str, Cause] = {}
        for cause in [*roots.technical, *roots.process, *roots.human_factors]:
            if cause.support != "unknown":
                found.setdefault(cause.text, cause)
        return list(found.values())

    def role(self, name: str) -> list[Role]:
        """Who held a role."""
        return [r for r in self.report.response.roles if r.role == name]

    def updates(self, audience: str) -> list[Communication]:
        """Updates that went to one audience."""
        return [c for c in self.report.response.communications if c.audience == audience]

    def by_horizon(self, name: str) -> list[ActionItem]:
        """Actions by when they are due, else by priority; `open` holds those with neither."""
        return [a for a in self.report.actions if self._horizon(a) == name]

    def _horizon(self, action: ActionItem) -> str:
        end = self.report.milestones.recovered.at or self.report.milestones.detected.at
        if action.due and end:
            days = (action.due - self.local(end).date()).days
            return next((name for name, limit, _ in _HORIZON if days <= limit), "quarter")
        return next((name for name, _, marks in _HORIZON if action.priority in marks), "open")

    def foremost(self) -> list[ActionItem]:
        """Open actions, the most urgent first: by priority, then by due date."""
        todo = [a for a in self.report.actions if a.status == "open"]
        return sorted(todo, key=lambda a: (a.priority or "P9", a.due is None, a.due or date.max))

    def untracked(self) -> list[str]:
        """Ids of open actions without a ticket."""
        return untracked(self.report.actions)

    def improvements(self) -> list[Improvement]:
        """Each cause with each action that addresses it; causes without one, and actions without a cause."""
        rows, used = [], set()
        for cause in self.distinct([*self.causes(), *self.known(self.report.contributing_factors)]):
            marks = {cause.id, *cause.from_whys}
            hits = [a for a in self.report.actions if marks & set(a.addresses)]
            used |= {a.id for a in hits}
            rows += [Improvement(cause, a) for a in hits] or [Improvement(cause, None)]
        return rows + [Improvement(None, a) for a in self.report.actions if a.id not in used]

    def lacking(self, action: ActionItem, letters: dict[str, str]) -> str:
        """The letters of SMART that an action clearly lacks."""
        return " ".join(letters[name] for name in action.smart.unmet())

    def by_strength(self, *names: str) -> list[ActionItem]:
        """Actions of these strengths."""
        return [a for a in self.report.actions if a.strength in names]

    def by_category(self, *names: str) -> list[ActionItem]:
        """Actions that prevent, detect, mitigate or change a process."""
        return [a for a in self.report.actions if a.category in names]

    def about(self, group: Iterable[Any], topic: str, field: str = "text") -> list[Any]:
        """Members of a group whose words name a topic of the template's word list."""
        marks = [str(m).lower() for m in self.asks["topics"][topic]]
        return [g for g in group if any(m in str(getattr(g, field)).lower() for m in marks)]

    def unnamed(self, group: Iterable[Any], topics: Sequence[str], field: str = "text") -> list[Any]:
        """Members of a group that name none of these topics."""
        listed = list(group)
        taken = {id(g) for topic in topics for g in self.about(listed, topic, field)}
        return [g for g in listed if id(g) not in taken]

    def due_on(self, code: str) -> str | None:
        """A computed follow-up date."""
        return next((f.due.isoformat() for f in self.report.follow_up if f.code == code), None)

    def line(self, event_id: str) -> EvidenceLine | None:
        """The evidence line of an id."""
        return self._lines.get(event_id)

    @cached_property
    def _lines(self) -> dict[str, EvidenceLine]:
        return {line.id: line for line in self.report.evidence}

    def seen_in(self, entry: TimelineEntry) -> str:
        """The files a timeline row comes from, each with its format."""
        found = dict.fromkeys(
            f"{source.file.rsplit('/', 1)[-1]} ({source.format})"
            for id_ in entry.citations
            if (line := self.line(id_))
            for source in line.sources
        )
        return ", ".join(found)

    def log_lines(self) -> list[EvidenceLine]:
        """Log lines that the report cites."""
        return [line for line in self.report.evidence if line.kind == "log"]
