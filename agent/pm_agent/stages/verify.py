"""The whole report against itself and the evidence lines it carries. Code only; a report that people edited is held to the same.

What is judged stands in `rubrics/`: grounding (each claim against the lines it cites), consistency, completeness, and
the chain of whys. Each finding carries the id of its rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pm_agent.evidence import Event, EventSource
from pm_agent.grounding import Problem, check, verbatim
from pm_agent.language.phrases import phrase
from pm_agent.reading.clock_face import local, local_minute
from pm_agent.report import EvidenceLine, Finding, Report
from pm_agent.report.walk import Claim, claims, statements
from pm_agent.rubric import blame, chain, completeness, consistency
from pm_agent.rubric.linting import reason
from pm_agent.rubric.rules import Rule
from pm_agent.rubric.team import in_force

_CHECKS = {**consistency.CHECKS, **completeness.CHECKS}
_SEVERITY = {"error": 0, "warning": 1, "info": 2}


def verify(report: Report, rejected: int = 0) -> list[Finding]:
    """Every finding, errors first; an error means that the report must not go out as it stands.

    Args:
        report: with the evidence lines that it cites.
        rejected: how many proposed sentences were dropped while it was drafted.
    """
    team = in_force()
    rules = {rule.id: rule for rule in team.rules()}
    found = [
        *_grounded(report, rules),
        *_titled(report, rules),
        *_judged(report, rules),
        *_chain(report, rules),
        *_worded(report, rules),
    ]
    if rejected:
        message = phrase(report.language, "check.rejected", count=rejected)
        found.append(Finding(rule="grounding.rejected", severity="info", where="draft", message=message))
    return sorted(team.applied(found), key=lambda f: _SEVERITY[f.severity])


def _judged(report: Report, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The rules that judge a whole report."""
    for rule in rules.values():
        if rule.judges == "report" and rule.check in _CHECKS:
            for offence in _CHECKS[rule.check](report):
                message = phrase(report.language, f"check.{rule.id}", **offence.values)
                yield Finding(rule=rule.id, severity=rule.severity, where=offence.where, message=message)


def _grounded(report: Report, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Each claim against the lines that it cites."""
    events = {line.id: event_of(line) for line in report.evidence}
    computed = _computed(report)
    for claim in claims(report):
        missing = [c for c in claim.citations if c not in events]
        if missing:
            ids = ", ".join(missing)
            yield _finding(report, rules, "grounding.no_such_event", claim.where, ids=ids)
            continue
        if claim.by_person or claim.unknown:
            continue
        for problem in _problems(claim, [events[c] for c in claim.citations], report.timezone, computed):
            yield _finding(report, rules, f"grounding.{problem.lack}", claim.where, what=problem.what)


def _titled(report: Report, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The title against every line; a title may be its author's own words, so that this only warns."""
    events = [event_of(line) for line in report.evidence]
    title = Claim("title", report.title, ())
    for problem in _problems(title, events, report.timezone, _computed(report)) if events else ():
        if problem.lack in {"number", "time", "name"}:
            found = _finding(report, rules, f"grounding.{problem.lack}", "title", what=problem.what)
            yield found.model_copy(update={"severity": "warning"})


def _problems(
    claim: Claim, events: Sequence[Event], timezone: str, computed: frozenset[str]
) -> list[Problem]:
    if verbatim(claim.text, events):
        return []
    found = {p.lack: p for p in reversed(check(claim.text, events, timezone=timezone, computed=computed))}
    return list(found.values())


def _computed(report: Report) -> frozenset[str]:
    """Times, days and durations that code computed and prose may repeat."""
    zone = report.timezone
    moments = [m.at for _, m in report.milestones.items()] + [row.at for row in report.timeline]
    moments += [report.window.start, report.window.end]
    known = [at for at in moments if at]
    found = {local_minute(at, zone) for at in known} | {f"{local(at, zone):%Y-%m-%d}" for at in known}
    metrics = report.metrics
    minutes = [m.minutes for name in type(metrics).model_fields if (m := getattr(metrics, name)).minutes]
    found |= {str(n) for total in minutes for n in (total, total // 60, total % 60)}
    return frozenset(found | {"0"})


def _chain(report: Report, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The chain of whys, and causes that rest on no why."""
    found = chain.findings(report.whys, report.language)
    yield from found
    told = {f.where for f in found if f.rule == "whys.ends_at_person"}
    for offence in completeness.person_as_cause(report):
        if offence.where not in told:
            yield _finding(report, rules, "whys.ends_at_person", offence.where)


def _worded(report: Report, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Blame in the report's own voice; that a chain ends at a person has been said."""
    told = {o.where for o in completeness.person_as_cause(report)}
    prose = [(row.id, row.text) for row in report.timeline]
    prose += [(s.id, s.text) for _, s in statements(report) if s.id.removesuffix(".a") not in told]
    for where, text in prose:
        for found in blame.find(text)[:1]:
            rule = rules.get(found.rule)
            message = f"“{found.span}”: {reason(found.rule, report.language)}"
            yield Finding(
                rule=found.rule, severity=rule.severity if rule else "error", where=where, message=message
            )


def _finding(report: Report, rules: Mapping[str, Rule], id_: str, where: str, **values: object) -> Finding:
    known = f"check.{id_.removeprefix('whys.')}" if id_ == "whys.ends_at_person" else f"check.{id_}"
    severity = rules[id_].severity if id_ in rules else "info"  # turned off: taken out below
    return Finding(rule=id_, severity=severity, where=where, message=phrase(report.language, known, **values))


def event_of(line: EvidenceLine) -> Event:
    """An evidence line of a report as the event it quotes."""
    return Event(
        id=line.id, at=line.at, text=line.text, kind=line.kind, actor=line.actor, actor_kind=line.actor_kind, until=line.until,
        raw_time=line.raw_time, precision=line.precision, subject=line.subject, severity=line.severity, count=line.count,
        sources=tuple(
            EventSource(file=s.file, line=s.line, line_end=s.line_end, pointer=s.pointer, count=s.count, format=s.format)
            for s in line.sources
        ),
    )  # fmt: skip
