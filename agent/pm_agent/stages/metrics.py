"""Milestones → MTTD, MTTI, MTTF, MTTR and duration, by arithmetic alone; no model is asked."""

from __future__ import annotations

from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.reading.clock_face import printed_minutes
from pm_agent.report import Metric, Metrics, Milestones

_SPANS = {
    "mttd": ("trigger", "detected"),
    "mtti": ("detected", "cause_found"),
    "mttf": ("cause_found", "fixed"),
    "mttr": ("trigger", "recovered"),
}


def compute_metrics(milestones: Milestones, language: Language) -> Metrics:
    """Each metric as the difference of two printed minutes, or null with the reason."""
    found = {name: _span(milestones, start, end, language) for name, (start, end) in _SPANS.items()}
    start = "impact_start" if milestones.impact_start.at else "trigger"
    found["duration"] = _span(milestones, start, "recovered", language)
    return Metrics(**found)


def _span(milestones: Milestones, start: str, end: str, language: Language) -> Metric:
    one, other = getattr(milestones, start), getattr(milestones, end)
    missing = [
        phrase(language, f"milestone.name.{name}") for name, m in ((start, one), (end, other)) if m.at is None
    ]
    if missing:
        separator = phrase(language, "list_separator")
        return Metric(
            from_=start, to=end, reason=phrase(language, "metric.missing", names=separator.join(missing))
        )
    minutes = printed_minutes(one.at, other.at)
    if minutes < 0:
        names = {
            "start": phrase(language, f"milestone.name.{start}"),
            "end": phrase(language, f"milestone.name.{end}"),
        }
        return Metric(from_=start, to=end, reason=phrase(language, "metric.order", **names))
    return Metric(minutes=minutes, from_=start, to=end)
