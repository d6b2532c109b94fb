"""What the evidence leaves open: silences, milestones nobody stated, sources that are missing, files that were skipped."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from pm_agent.evidence import Evidence
from pm_agent.language.phrases import phrase, span
from pm_agent.reading.clock_face import local, local_minute
from pm_agent.report import Milestones, ReportGap
from pm_agent.rubric.sources import missing

SILENCE = timedelta(minutes=30)
"""A silence during the active incident that is longer is a gap: updates are due at least every 30 minutes (SRE module)."""

_ASKED = ("trigger", "detected", "cause_found", "fixed", "recovered")


def find_gaps(evidence: Evidence, milestones: Milestones) -> list[ReportGap]:
    """Gaps found while reading, then silences, then milestones without a line."""
    return [
        *_from_reading(evidence),
        *_missing_sources(evidence),
        *_silences(evidence, milestones),
        *_missing_milestones(evidence, milestones),
    ]


def _from_reading(evidence: Evidence) -> list[ReportGap]:
    language = evidence.language
    found = [
        ReportGap(
            kind=g.kind, text=phrase(language, f"gap.{g.code}", **g.values), citations=list(g.citations)
        )
        for g in evidence.gaps
    ]
    return found + [
        ReportGap(kind="unreadable", text=phrase(language, "gap.skipped", file=s.path, reason=s.reason))
        for s in evidence.skipped
    ]


def _missing_sources(evidence: Evidence) -> list[ReportGap]:
    language = evidence.language
    kinds = missing((e.kind for e in evidence.events), has_series=bool(evidence.series))
    return [
        ReportGap(
            kind="unreadable",
            text=phrase(language, "gap.collect.missing_source", source=phrase(language, f"source.{kind}")),
        )
        for kind in kinds
    ]


def _silences(evidence: Evidence, milestones: Milestones) -> list[ReportGap]:
    start, end = milestones.detected.at, milestones.recovered.at
    if start is None:
        return []
    moments = [
        (e.at, e.id) for e in evidence.events if e.at and e.at >= start and (end is None or e.at <= end)
    ]
    return [
        ReportGap(kind="silence", text=_silence(evidence, one, other), citations=[first, second])
        for (one, first), (other, second) in pairwise(moments)
        if other - one >= SILENCE
    ]


def _silence(evidence: Evidence, one: datetime, other: datetime) -> str:
    here, there = local(one, evidence.timezone), local(other, evidence.timezone)
    end = local_minute(other, evidence.timezone)
    return phrase(
        evidence.language,
        "gap.silence",
        start=f"{here:%m-%d %H:%M}",
        end=end if here.date() == there.date() else f"{there:%m-%d %H:%M}",
        span=span(evidence.language, int((other - one).total_seconds() // 60)),
    )


def _missing_milestones(evidence: Evidence, milestones: Milestones) -> list[ReportGap]:
    language = evidence.language
    return [
        ReportGap(
            kind="missing_milestone",
            text=phrase(
                language,
                "gap.missing_milestone",
                name=phrase(language, f"milestone.name.{name}"),
                reason=milestone.reason or "",
            ),
        )
        for name, milestone in milestones.items()
        if name in _ASKED and milestone.at is None
    ]
