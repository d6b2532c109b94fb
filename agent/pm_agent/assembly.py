"""The parts that the stages wrote → one Report, with names back in the fields that may hold them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TypeVar

from pm_agent.evidence import Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.quotes import evidence_line, language_finding, named_findings, spoken
from pm_agent.report import (
    ACTORS,
    ActionItem,
    Ask,
    Cause,
    Coverage,
    CoveredFile,
    Document,
    Finding,
    InjectionFound,
    LanguageFinding,
    Metrics,
    Milestones,
    NewSignal,
    Provenance,
    Reference,
    Report,
    RootCauses,
    SeriesLine,
    SkippedPart,
    Statement,
    TaskPlan,
    Why,
)
from pm_agent.rubric import blame
from pm_agent.rubric.due import follow_up
from pm_agent.rubric.response import check_response
from pm_agent.settings import ResponseLimits, Settings
from pm_agent.stages.actions import ActionsPart
from pm_agent.stages.impact import ImpactPart
from pm_agent.stages.learning import LearningPart
from pm_agent.stages.narrative import NarrativePart
from pm_agent.stages.response import ResponsePart
from pm_agent.stages.support import SupportPart
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
    support: SupportPart
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

    def by_weight(self) -> list[Statement]:
        """The statements, those first that would do most harm if they were wrong; the story, told from them, last."""
        story = self.narrative.narrative
        first = [w.answer for w in self.whys.whys] + [*self.whys.contributing_factors]
        rest = [s for s in self.statements() if s not in story and s not in first]
        return [*first, *rest, *story]


S = TypeVar("S", bound=Statement)


@dataclass(frozen=True)
class _Verdicts:
    """What the support check took back: unsupported sentences go, partly supported ones become hypotheses."""

    support: SupportPart
    language: Language

    def kept(self, statements: Iterable[S]) -> list[S]:
        """The statements that stay."""
        return [self.one(s) for s in statements if s.id not in self.support.unsupported]

    def one(self, statement: S) -> S:
        """A statement that has to stay; not surer than its lines."""
        doubtful = statement.id in self.support.partly or statement.id in self.support.unsupported
        return statement.model_copy(update={"support": "hypothesis"}) if doubtful else statement

    def causes(self, causes: Iterable[Cause], whys: Iterable[Why]) -> list[Cause]:
        """Causes that stand; one that rests on a why falls with its answer."""
        fallen = {w.id for w in whys if w.answer.id in self.support.unsupported}
        doubtful = {w.id for w in whys if w.answer.id in self.support.partly}
        kept = [c for c in self.kept(causes) if not fallen & set(c.from_whys)]
        return [
            c.model_copy(update={"support": "hypothesis"}) if doubtful & set(c.from_whys) else c for c in kept
        ]

    def why(self, why: Why) -> Why:
        """A why whose answer was taken back asks its question again."""
        if why.answer.id not in self.support.unsupported:
            return why.model_copy(update={"answer": self.one(why.answer)})
        ask = Ask(whom=phrase(self.language, f"ask.whys.{why.branch}.whom"), question=why.question)
        text = phrase(self.language, "not_in_evidence")
        return why.model_copy(
            update={"answer": Statement(id=why.answer.id, text=text, support="unknown", ask=ask)}
        )


def tool_version() -> str:
    """The version of the installed distribution, or `source` in a bare checkout."""
    try:
        return version("pm-agent")
    except PackageNotFoundError:
        return "source"


def assemble(evidence: Evidence, settings: Settings, parts: Parts, provenance: Provenance) -> Report:
    """The report; a field has exactly one stage behind it."""
    timeline, response = parts.timeline, parts.response
    people, verdicts = _People(evidence, settings), _Verdicts(parts.support, evidence.language)
    impact, learning = parts.impact.impact, parts.learning.learning
    roots, told = parts.whys.root_causes, response.response
    report = Report(
        title=parts.narrative.title,
        language=evidence.language,
        timezone=settings.display_tz or evidence.timezone,
        status=_status(timeline.milestones, settings),
        document=_document(evidence, settings),
        severity=timeline.severity,
        incident_type=timeline.incident_type,
        services=timeline.services,
        window=timeline.window,
        summary=verdicts.kept(parts.narrative.summary),
        narrative=verdicts.kept(parts.narrative.narrative),
        one_line=verdicts.one(parts.narrative.one_line),
        timeline=[e.model_copy(update={"actor": people.in_timeline(e.actor)}) for e in timeline.timeline],
        milestones=timeline.milestones,
        metrics=parts.metrics,
        impact=impact.model_copy(
            update={
                "scope": verdicts.one(impact.scope),
                "users": verdicts.kept(impact.users),
                "business": verdicts.kept(impact.business),
                "technical": verdicts.kept(impact.technical),
            }
        ),
        whys=[verdicts.why(w) for w in parts.whys.whys],
        root_causes=RootCauses(
            technical=verdicts.causes(roots.technical, parts.whys.whys),
            process=verdicts.causes(roots.process, parts.whys.whys),
            human_factors=verdicts.causes(roots.human_factors, parts.whys.whys),
        ),
        contributing_factors=verdicts.causes(parts.whys.contributing_factors, parts.whys.whys),
        hypotheses=timeline.hypotheses,
        response=told.model_copy(
            update={
                "went_well": verdicts.kept(told.went_well),
                "went_poorly": verdicts.kept(told.went_poorly),
                "got_lucky": verdicts.kept(told.got_lucky),
            }
        ),
        temporary_fixes=response.temporary_fixes,
        actions=[people.action(a) for a in parts.actions.actions],
        lessons=verdicts.kept(parts.learning.lessons),
        learning=learning.model_copy(
            update={
                name: verdicts.kept(getattr(learning, name))
                for name in ("documents", "training", "drills", "sharing")
            }
        ),
        monitoring=parts.learning.monitoring.model_copy(
            update={
                "new_signals": [people.signal(s) for s in parts.learning.monitoring.new_signals],
                "blind_spots": verdicts.kept(parts.learning.monitoring.blind_spots),
                "alert_tuning": verdicts.kept(parts.learning.monitoring.alert_tuning),
            }
        ),
        meeting=parts.narrative.meeting,
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
    return _with_evidence(_measured(report, settings.response), evidence, settings)


def _language_findings(evidence: Evidence, parts: Parts) -> list[LanguageFinding]:
    """Blame-oriented wording in what persons said and in the draft; for the author alone."""
    said = [(e, e.text) for e in evidence.events if spoken(e)]
    drafted = [
        (c, s.text)
        for s in parts.statements()
        if s.origin == "model"
        for c in evidence.cited(s.citations[:1])
    ]
    findings = [
        language_finding(evidence, e, "evidence", text, found)
        for e, text in said
        for found in blame.find(text)
    ]
    findings += named_findings(evidence, parts.timeline.blame, findings)
    return findings + [
        language_finding(evidence, e, "draft", text, found)
        for e, text in drafted
        for found in blame.find(text)
    ]


def cited_ids(report: Report) -> set[str]:
    """Every event id that a row, statement or figure of the report cites.

    What only the linter or the search for commands points at is no citation: those lists are for the author, and
    the lines behind them stay out of the appendix.
    """
    found: set[str] = set()
    _collect_citations(
        report.model_dump(exclude={"evidence", "coverage", "language_findings", "injections"}), found
    )
    return found


_CITING = {"citations", "supporting", "contradicting"}


def _collect_citations(node: object, found: set[str]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _CITING and isinstance(value, list):
                found.update(str(v) for v in value)
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
    lines = [evidence_line(e, evidence.language) for e in shown]
    return report.model_copy(update={"evidence": lines, "coverage": coverage})


class _People:
    """Gives names back to owners, and with `--names full` to the actors of the timeline."""

    def __init__(self, evidence: Evidence, settings: Settings) -> None:
        self.aliases = evidence.aliases
        self.full = settings.names == "full"

    def name(self, alias: str | None) -> str | None:
        """The name behind an alias; of several joined by commas, each."""
        if not alias or alias in self.aliases:
            return self.aliases.get(alias, alias) if alias else alias
        return ", ".join(self.aliases.get(one, one) for one in alias.split(", "))

    def in_timeline(self, alias: str | None) -> str | None:
        if not self.full or not alias:
            return alias
        return ACTORS.join(self.name(one) or one for one in alias.split(ACTORS))

    def action(self, action: ActionItem) -> ActionItem:
        return action.model_copy(
            update={"owner": self.name(action.owner), "sponsor": self.name(action.sponsor)}
        )

    def signal(self, signal: NewSignal) -> NewSignal:
        return signal.model_copy(update={"owner": self.name(signal.owner)})


def _status(milestones: Milestones, settings: Settings) -> str:
    if settings.facts.status is not None:
        return "ongoing" if settings.facts.status == "ongoing" else "draft"
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


def _measured(report: Report, limits: ResponseLimits) -> Report:
    """With the response held against its rubric, and the dates that follow."""
    response = report.response.model_copy(update={"checks": check_response(report, limits)})
    return report.model_copy(update={"response": response, "follow_up": follow_up(report, limits)})
