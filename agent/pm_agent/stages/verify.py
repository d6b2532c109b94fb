"""The whole draft against itself and its evidence: citations, durations, order, completeness. Code only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pm_agent.evidence import Evidence
from pm_agent.grounding import check
from pm_agent.language.phrases import phrase
from pm_agent.report import Finding, Milestones, Statement, TimelineEntry, Why
from pm_agent.rubric import chain

_ORDER = (
    ("trigger", "detected"),
    ("detected", "acknowledged"),
    ("detected", "recovered"),
    ("recovered", "closed"),
    ("trigger", "recovered"),
)


def verify(
    evidence: Evidence,
    statements: Iterable[Statement],
    timeline: Sequence[TimelineEntry],
    milestones: Milestones,
    whys: Sequence[Why],
    rejected: Sequence[str],
    timezone: str,
) -> list[Finding]:
    """Findings with rule ids; errors mean that a sentence must not go out as it stands."""
    language = evidence.language
    found = (
        [
            Finding(
                rule="grounding.rejected",
                severity="info",
                where="draft",
                message=phrase(language, "check.rejected", count=len(rejected)),
            )
        ]
        if rejected
        else []
    )
    for statement in statements:
        if statement.support != "supported" or statement.origin == "human":
            continue
        missing = [c for c in statement.citations if c not in evidence.by_id]
        if missing:
            found.append(
                Finding(
                    rule="grounding.no_such_event",
                    severity="error",
                    where=statement.id,
                    message=phrase(language, "check.no_such_event", ids=", ".join(missing)),
                )
            )
        elif statement.origin == "model":
            found += [
                Finding(
                    rule=f"grounding.{p.lack}",
                    severity="error",
                    where=statement.id,
                    message=phrase(language, f"check.grounding.{p.lack}", what=p.what),
                )
                for p in check(statement.text, evidence.cited(statement.citations), timezone=timezone)
                if p.lack in {"name"}
            ]
    found += _order(milestones, language)
    found += chain.findings(whys, language)
    found += _completeness(timeline, milestones, language)
    return found


def _order(milestones: Milestones, language) -> list[Finding]:  # type: ignore[no-untyped-def]
    found = []
    for one, other in _ORDER:
        first, second = getattr(milestones, one).at, getattr(milestones, other).at
        if first and second and second < first:
            names = {
                "first": phrase(language, f"milestone.name.{one}"),
                "second": phrase(language, f"milestone.name.{other}"),
            }
            found.append(
                Finding(
                    rule="timeline.order",
                    severity="warning",
                    where=f"{one}/{other}",
                    message=phrase(language, "check.order", **names),
                )
            )
    return found


def _completeness(timeline: Sequence[TimelineEntry], milestones: Milestones, language) -> list[Finding]:  # type: ignore[no-untyped-def]
    found = []
    for name in ("trigger", "detected", "cause_found", "fixed", "recovered"):
        if getattr(milestones, name).at is None:
            label = phrase(language, f"milestone.name.{name}")
            found.append(
                Finding(
                    rule=f"completeness.{name}",
                    severity="warning",
                    where="timeline",
                    message=phrase(language, "check.milestone_missing", name=label),
                )
            )
    dated = [e.at for e in timeline if e.at]
    if dated and milestones.detected.at and min(dated) >= milestones.detected.at:
        found.append(
            Finding(
                rule="completeness.before_detection",
                severity="info",
                where="timeline",
                message=phrase(language, "check.before_detection"),
            )
        )
    return found
