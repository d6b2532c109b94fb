"""Does a report agree with itself: order, arithmetic, durations told in prose, nothing twice.

Reasons, sources and examples: `rubrics/consistency.yaml`; words: `language/*/checks.yaml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from pm_agent.language import Language, words
from pm_agent.language.phrases import phrase
from pm_agent.reading.clock_face import local_minute, printed_minutes
from pm_agent.reading.cues import languages_of
from pm_agent.report import Metrics, Milestone, Report, TimelineEntry
from pm_agent.report.walk import statements
from pm_agent.rubric.offence import Check, Offence

_ORDER = (
    ("trigger", "detected"),
    ("detected", "acknowledged"),
    ("detected", "recovered"),
    ("recovered", "closed"),
    ("trigger", "recovered"),
)


def milestone_order(report: Report) -> Iterator[Offence]:
    """Pairs of milestones that stand the wrong way round."""
    for one, other in _ORDER:
        first, second = getattr(report.milestones, one).at, getattr(report.milestones, other).at
        if first and second and second < first:
            yield Offence(f"{one}/{other}", {"first": _name(report, one), "second": _name(report, other)})


def rows_sorted(report: Report) -> Iterator[Offence]:
    """Rows that stand before an earlier one."""
    dated = [row for row in report.timeline if row.at]
    for one, other in pairwise(dated):
        if one.at and other.at and other.at < one.at:
            yield Offence(other.id, {"earlier": one.id})


def row_time(report: Report) -> Iterator[Offence]:
    """Rows whose minute is told by none of the lines they cite."""
    for row in report.timeline:
        if row.at and row.origin != "human" and row.precision != "approximate" and not _told(report, row):
            yield Offence(row.id, {"time": local_minute(row.at, report.timezone)})


def _told(report: Report, row: TimelineEntry) -> bool:
    lines = [line for line in report.evidence if line.id in row.citations]
    if row.at is None or not lines:
        return True  # a citation that does not exist is a finding of its own
    for line in lines:
        if line.at and (
            abs(printed_minutes(line.at, row.at)) == 0 or (line.until and line.at <= row.at <= line.until)
        ):
            return True
    return any(_CLOCK.search(line.text) for line in lines)


_CLOCK = re.compile(
    r"(?<![\d.:：])\d{1,2}\s?[:：]\s?\d{2}(?!\d)|(?<![A-Za-z\d.])\d{1,2}\.\d{2}(?![\d.])"
    r"|[零一二三四五六七八九十两]{1,3}点|\d{1,2}\s?(?:点|时(?!延))|\b\d{1,2}h\d{2}\b|\d\s?[ap]\.?m\b|\b(?:noon|midnight)\b|[正中]午|午夜"
    r"|\d+\s?(?:m|mins?|minutes?|s|secs?|seconds?|h|hrs?|hours?)(?![A-Za-z])|\b(?:min(?:ute)?s?|hours?) (?:ago|earlier|later|before)\b"
    r"|[\d一二三四五六七八九十两半几]\s?个?(?:分钟|小时|秒)",
    re.I,
)
"""The line tells a time of its own (`since 10:02`, `5 minutes ago`), from which the row's may be computed."""


def milestone_row(report: Report) -> Iterator[Offence]:
    """Milestones whose row does not exist or has another time."""
    rows = {row.id: row for row in report.timeline}
    for name, milestone in report.milestones.items():
        if milestone.entry is None or milestone.origin == "human":
            continue
        row = rows.get(milestone.entry)
        if row is None or not (row.at == milestone.at or _in_its_minute(report, row, milestone)):
            yield Offence(f"milestones.{name}", {"name": _name(report, name), "row": milestone.entry})


def _in_its_minute(report: Report, row: TimelineEntry, milestone: Milestone) -> bool:
    """True where the row tells of several lines of one minute and the milestone is the moment of one of them."""
    if row.at is None or milestone.at is None or printed_minutes(row.at, milestone.at):
        return False
    shown = {*row.citations} & {*milestone.citations}
    return any(line.id in shown and line.at == milestone.at for line in report.evidence)


def metric_minutes(report: Report) -> Iterator[Offence]:
    """Durations that are not the difference of their two milestones."""
    for name, metric in _metrics(report.metrics):
        ends = [getattr(report.milestones, end, None) for end in (metric.from_, metric.to)]
        if metric.minutes is None or any(end is None or end.at is None for end in ends):
            continue
        start, end = (e.at for e in ends if e)
        if printed_minutes(start, end) != metric.minutes:
            computed = printed_minutes(start, end)
            yield Offence(f"metrics.{name}", {"minutes": metric.minutes, "computed": computed})


def _metrics(metrics: Metrics):  # type: ignore[no-untyped-def]
    return [(name, getattr(metrics, name)) for name in type(metrics).model_fields]


_TOLD = ("title", "summary", "narrative", "one_line", "impact.scope")


def prose_duration(report: Report) -> Iterator[Offence]:
    """Durations told in prose that are not the computed ones; what a cited line says verbatim is its own claim."""
    lines = {line.id: " ".join(line.text.split()) for line in report.evidence}
    for path, statement in statements(report):
        if not path.startswith(_TOLD):
            continue
        cited = [lines[c] for c in statement.citations if c in lines]
        for about, found, minutes in told_durations(statement.text):
            known = _computed(report, about)
            if known and minutes not in known and not any(found in line for line in cited):
                yield Offence(statement.id, {"told": found, "computed": min(known)})


def _computed(report: Report, about: str) -> set[int]:
    metrics = report.metrics
    found = [metrics.mttd] if about == "detection" else [metrics.duration, metrics.mttr]
    known = {m.minutes for m in found if m.minutes is not None}
    if about == "impact" and known and report.window.start and report.window.end:
        known.add(printed_minutes(report.window.start, report.window.end))
    return known


def told_durations(text: str) -> Iterator[tuple[str, str, int]]:
    """(impact or detection, the words, minutes) of every duration that a text tells of the incident."""
    for language in languages_of(text):
        for about in ("impact", "detection"):
            for pattern in _durations(language, about):
                for match in pattern.finditer(text):
                    hours, minutes = match["h"], match["m"]
                    total = round(60 * float(hours or 0)) + int(minutes or 0)
                    if total:
                        yield about, match["told"], total


@cache
def _durations(language: Language, about: str) -> tuple[re.Pattern[str], ...]:
    content = words(language, "checks")["durations"]
    return tuple(re.compile(p.replace("{span}", content["span"]), re.I) for p in content[about])


def doubled(report: Report) -> Iterator[Offence]:
    """The same row, statement of a section, action or id twice."""
    ids = Counter(
        [row.id for row in report.timeline] + [why.id for why in report.whys] + [a.id for a in report.actions]
    )
    yield from (Offence(id_, {"what": id_}) for id_, count in ids.items() if count > 1)
    seen: set[tuple[object, ...]] = set()
    for where, section, text in _sections(report):
        key = (section, " ".join(text.lower().split()))
        if key in seen:
            yield Offence(where, {"what": text[:60]})
        seen.add(key)


def _sections(report: Report) -> Iterator[tuple[str, object, str]]:
    yield from ((row.id, ("timeline", row.at), row.text) for row in report.timeline)
    yield from ((a.id, "actions", a.text) for a in report.actions)
    for path, statement in statements(report):
        if statement.support != "unknown" and not path.startswith(
            ("whys", "lessons", "root_causes", "contributing")
        ):
            yield statement.id, path.rstrip("0123456789"), statement.text


def ruled_out(report: Report) -> Iterator[Offence]:
    """Root causes that stand only on the lines of a hypothesis which was ruled out."""
    dead = [set(h.supporting) for h in report.hypotheses if h.verdict == "ruled_out"]
    roots = report.root_causes
    for cause in [*roots.technical, *roots.process, *roots.human_factors]:
        if cause.citations and any(set(cause.citations) <= lines for lines in dead):
            yield Offence(cause.id)


def _name(report: Report, milestone: str) -> str:
    return phrase(report.language, f"milestone.name.{milestone}")


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        milestone_order, rows_sorted, row_time, milestone_row, metric_minutes, prose_duration, doubled, ruled_out,
    )
}  # fmt: skip
