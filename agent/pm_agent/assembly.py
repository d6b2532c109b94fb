"""The parts that the stages wrote → one Report, with names back in the fields that may hold them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, version

from pm_agent.evidence import Event, Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.report import (
    ActionItem,
    Coverage,
    CoveredFile,
    Document,
    EvidenceLine,
    Finding,
    FollowUp,
    InjectionFound,
    LanguageFinding,
    Metrics,
    Milestones,
    NewSignal,
    Provenance,
    Reference,
    Report,
    SeriesLine,
    SkippedPart,
    SourceRef,
    Statement,
    TaskPlan,
)
from pm_agent.rubric import blame
from pm_agent.settings import Settings
from pm_agent.stages.actions import ActionsPart
from pm_agent.stages.impact import ImpactPart
from pm_agent.stages.learning import LearningPart
from pm_agent.stages.narrative import NarrativePart
from pm_agent.stages.response import ResponsePart
from pm_agent.stages.timeline import TimelinePart
from pm_agent.stages.whys import WhysPart


@dataclass(frozen=True)
class Parts:
    """What the stages wrote, one field a stage."""

    timeline: TimelinePart
    metrics: Metrics
    impact: ImpactPart
    response: ResponsePart
    whys: WhysPart
    actions: ActionsPart
    learning: LearningPart
    narrative: NarrativePart
    findings: list[Finding]

    def statements(self) -> list[Statement]:
        """Every statement of the draft, in the order of the report."""
        impact, response, learning = self.impact.impact, self.response.response, self.learning
        found: list[Statement] = [*self.narrative.summary, *self.narrative.narrative, self.narrative.one_line]
        found += [impact.scope, *impact.users, *impact.business, *impact.technical]
        found += [w.answer for w in self.whys.whys] + [*self.whys.contributing_factors]
        found += [*response.went_well, *response.went_poorly, *response.got_lucky, *response.suggestions]
        found += [
            *learning.lessons,
            *learning.learning.documents,
            *learning.learning.training,
            *learning.learning.drills,
        ]
        return [
            *found,
            *learning.learning.sharing,
            *learning.monitoring.blind_spots,
            *learning.monitoring.alert_tuning,
        ]


def tool_version() -> str:
    """The version of the installed distribution, or `source` in a bare checkout."""
    try:
        return version("pm-agent")
    except PackageNotFoundError:
        return "source"


def assemble(evidence: Evidence, settings: Settings, parts: Parts, provenance: Provenance) -> Report:
    """The report; a field has exactly one stage behind it."""
    timeline, response = parts.timeline, parts.response
    people = _People(evidence, settings)
    report = Report(
        title=parts.narrative.title,
        language=evidence.language,
        timezone=settings.display_tz or evidence.timezone,
        status=_status(timeline.milestones),
        document=_document(evidence, settings),
        severity=timeline.severity,
        incident_type=timeline.incident_type,
        services=timeline.services,
        window=timeline.window,
        summary=parts.narrative.summary,
        narrative=parts.narrative.narrative,
        one_line=parts.narrative.one_line,
        timeline=[e.model_copy(update={"actor": people.in_timeline(e.actor)}) for e in timeline.timeline],
        milestones=timeline.milestones,
        metrics=parts.metrics,
        impact=parts.impact.impact,
        whys=parts.whys.whys,
        root_causes=parts.whys.root_causes,
        contributing_factors=parts.whys.contributing_factors,
        hypotheses=timeline.hypotheses,
        response=response.response,
        temporary_fixes=response.temporary_fixes,
        actions=[people.action(a) for a in parts.actions.actions],
        lessons=parts.learning.lessons,
        learning=parts.learning.learning,
        monitoring=parts.learning.monitoring.model_copy(
            update={"new_signals": [people.signal(s) for s in parts.learning.monitoring.new_signals]}
        ),
        meeting=parts.narrative.meeting,
        follow_up=_follow_up(timeline.milestones, evidence.language),
        task=TaskPlan(**settings.facts.task.model_dump()),
        measurements=parts.impact.measurements,
        series=[
            SeriesLine(name=s.name, unit=s.unit, file=s.file, points=list(s.points)) for s in evidence.series
        ],
        language_findings=_language_findings(evidence, parts),
        findings=parts.findings,
        gaps=timeline.gaps,
        injections=[InjectionFound(event_id=i.event_id, span=i.span) for i in evidence.injections],
        provenance=provenance,
    )
    return _with_evidence(report, evidence, settings)


def _language_findings(evidence: Evidence, parts: Parts) -> list[LanguageFinding]:
    """Blame-oriented wording in what persons said and in the draft; for the author alone."""
    spoken = [(e.id, "evidence", e.text) for e in evidence.events if e.actor_kind == "person"]
    drafted = [
        (c, "draft", s.text) for s in parts.statements() if s.origin == "model" for c in s.citations[:1]
    ]
    return [
        LanguageFinding(
            event_id=id_,
            where=where,
            span=found.span,
            rule=found.rule,
            message=phrase(evidence.language, f"blame.{found.rule.removeprefix('blame.')}"),
            rewrite=found.rewrite or phrase(evidence.language, "blame.ask"),
        )
        for id_, where, text in [*spoken, *drafted]
        for found in blame.find(text)
    ]


def cited_ids(report: Report) -> set[str]:
    """Every event id that the report cites anywhere."""
    found: set[str] = set()
    _collect_citations(report.model_dump(exclude={"evidence", "coverage"}), found)
    return found


_CITING = {"citations", "supporting", "contradicting"}


def _collect_citations(node: object, found: set[str]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _CITING and isinstance(value, list):
                found.update(str(v) for v in value)
            elif key == "event_id":
                found.add(str(value))
            else:
                _collect_citations(value, found)
    elif isinstance(node, list):
        for item in node:
            _collect_citations(item, found)


def _with_evidence(report: Report, evidence: Evidence, settings: Settings) -> Report:
    cited = cited_ids(report)
    shown = [e for e in evidence.events if settings.all_evidence or e.id in cited]
    coverage = Coverage(
        files=[
            CoveredFile(
                file=f.file, format=f.format, events=f.events, unparsed=f.unparsed, first=f.first, last=f.last, timezone=f.timezone,
                timezone_basis=f.timezone_basis, read=f.read, parsed=f.parsed, continued=f.continued, undated=f.undated,
            )
            for f in evidence.files
        ],
        events=len(evidence.events),
        cited=len(cited & set(evidence.by_id)),
        redactions=dict(evidence.redactions),
        skipped=[SkippedPart(file=s.path, reason=s.reason, line=s.line, count=s.count) for s in evidence.skipped],
    )  # fmt: skip
    return report.model_copy(update={"evidence": [evidence_line(e) for e in shown], "coverage": coverage})


def evidence_line(event: Event) -> EvidenceLine:
    """A redacted event as the appendix quotes it."""
    return EvidenceLine(
        id=event.id, at=event.at, raw_time=event.raw_time, precision=event.precision, actor=event.actor, actor_kind=event.actor_kind,
        kind=event.kind, text=event.text,
        sources=[
            SourceRef(file=s.file, line=s.line, line_end=s.line_end, pointer=s.pointer, count=s.count, format=s.format) for s in event.sources
        ],
    )  # fmt: skip


class _People:
    """Gives names back to owners, and with `--names full` to the actors of the timeline."""

    def __init__(self, evidence: Evidence, settings: Settings) -> None:
        self.aliases = evidence.aliases
        self.full = settings.names == "full"

    def name(self, alias: str | None) -> str | None:
        return self.aliases.get(alias, alias) if alias else alias

    def in_timeline(self, alias: str | None) -> str | None:
        return self.name(alias) if self.full else alias

    def action(self, action: ActionItem) -> ActionItem:
        return action.model_copy(
            update={"owner": self.name(action.owner), "sponsor": self.name(action.sponsor)}
        )

    def signal(self, signal: NewSignal) -> NewSignal:
        return signal.model_copy(update={"owner": self.name(signal.owner)})


def _status(milestones: Milestones) -> str:
    over = milestones.recovered.at or milestones.closed.at or milestones.fixed.at
    return "draft" if over else "ongoing"


def _document(evidence: Evidence, settings: Settings) -> Document:
    links = dict.fromkeys(link for e in evidence.events for link in e.links)
    references = [
        Reference(title=link.split("//", 1)[-1][:80], url=link)
        for link in links
        if link.startswith(("http://", "https://"))
    ]
    return Document(**settings.facts.document.model_dump(), references=references[:30])


_AFTER: Iterable[tuple[str, int]] = (
    ("draft", 2),
    ("meeting", 3),
    ("week", 7),
    ("month", 28),
    ("quarter", 91),
)
"""Days after the end: draft in 48 h and a check after 4 weeks (conduct-post-mortem), meeting in 1–3 days (SRE module)."""


def _follow_up(milestones: Milestones, language: Language) -> list[FollowUp]:
    end = milestones.closed.at or milestones.recovered.at
    if end is None:
        return []
    day: date = end.date()
    return [
        FollowUp(what=phrase(language, f"follow_up.{code}"), due=day + timedelta(days=days))
        for code, days in _AFTER
    ]
