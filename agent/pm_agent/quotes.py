"""How redacted events are quoted: in the appendix without blame, for the author alone with what blames."""

from __future__ import annotations

from typing import Literal

from pm_agent.evidence import Event, Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.reading.sentences import split
from pm_agent.report import EvidenceLine, LanguageFinding, SourceRef
from pm_agent.rubric import blame
from pm_agent.rubric.linting import reason


def spoken(event: Event) -> bool:
    """True for what somebody said or wrote, known or not; a machine can't blame."""
    return event.actor_kind == "person" or (
        event.actor is None and event.kind in {"chat", "note", "transcript"}
    )


def evidence_line(event: Event, language: Language) -> EvidenceLine:
    """A redacted event, and how a shared report quotes it where its own words blame somebody."""
    worded, _ = blame.blameless(event.text) if spoken(event) else (event.text, True)
    return EvidenceLine(
        id=event.id, at=event.at, raw_time=event.raw_time, precision=event.precision, actor=event.actor, actor_kind=event.actor_kind,
        kind=event.kind, text=event.text,
        quote=None if worded == event.text else worded or phrase(language, "evidence.wording_left_out"),
        sources=_sources(event), until=event.until, subject=event.subject, severity=event.severity, count=event.count,
    )  # fmt: skip


def language_finding(
    evidence: Evidence, event: Event, where: Literal["evidence", "draft"], text: str, found: blame.Blame
) -> LanguageFinding:
    """One piece of blame-oriented wording, with its sentence and its place."""
    around = [s.text for s in split(text) if s.start <= found.start < s.start + len(s.text)]
    return LanguageFinding(
        event_id=event.id,
        where=where,
        span=found.span,
        rule=found.rule,
        message=reason(found.rule, evidence.language),
        rewrite=found.rewrite or phrase(evidence.language, "blame.ask"),
        sentence=around[0] if around and where == "evidence" else "",
        at=event.at,
        sources=_sources(event),
    )


def _sources(event: Event) -> list[SourceRef]:
    return [
        SourceRef(file=s.file, line=s.line, line_end=s.line_end, pointer=s.pointer, count=s.count, format=s.format) for s in event.sources
    ]  # fmt: skip
