"""Citations, unsupported statements, hedges; blame found, blame left, names in prose."""

from __future__ import annotations

import re

from evals.case import Case
from evals.match import similarity
from evals.scorers import Score, Scorer, share
from evals.view import View
from pm_agent.evidence import Event
from pm_agent.grounding import check
from pm_agent.reading.clock_face import local_minute
from pm_agent.reading.cues import stance_of
from pm_agent.reading.sentences import split
from pm_agent.report import Report, Statement
from pm_agent.rubric import blame

_SPACE = re.compile(r"\s+")


def _statements(report: Report) -> list[Statement]:
    impact, response = report.impact, report.response
    found: list[Statement] = [
        *report.summary,
        *report.narrative,
        report.one_line,
        impact.scope,
        *impact.users,
        *impact.business,
    ]
    found += [*impact.technical, *(w.answer for w in report.whys), *report.contributing_factors]
    found += [*response.went_well, *response.went_poorly, *response.got_lucky, *report.lessons]
    return found


def _citations(case: Case, view: View) -> Score:
    """Of all citations of rows and statements, those that lead to an evidence line."""
    if view.report is None:
        return Score(None)
    known = {line.id for line in view.report.evidence}
    cited = [c for e in view.report.timeline for c in e.citations] + [
        c for s in _statements(view.report) for c in s.citations
    ]
    bad = [c for c in cited if c not in known]
    return share(len(cited) - len(bad), len(cited), bad)


def _events(report: Report) -> dict[str, Event]:
    return {
        line.id: Event(
            id=line.id,
            at=line.at,
            text=line.text,
            kind=line.kind,
            actor=line.actor,
            actor_kind=line.actor_kind,
        )
        for line in report.evidence
    }


def _computed(report: Report) -> set[str]:
    minutes = [getattr(report.metrics, name).minutes for name in type(report.metrics).model_fields]
    found = (
        {str(m) for m in minutes if m is not None}
        | {str(m // 60) for m in minutes if m}
        | {str(m % 60) for m in minutes if m}
    )
    found |= {local_minute(e.at, report.timezone) for e in report.timeline if e.at}
    dates = {f"{m.at:%Y-%m-%d}" for _, m in report.milestones.items() if m.at}
    return found | {
        part for day in dates for part in [day, *day.split("-"), *(p.lstrip("0") for p in day.split("-"))]
    }


def _unsupported(case: Case, view: View) -> Score:
    """Supported statements with a number, time or name that stands in no cited line."""
    if view.report is None:
        return Score(None)
    events, computed = _events(view.report), _computed(view.report)
    bad = []
    for statement in _statements(view.report):
        if statement.support != "supported" or statement.origin == "human":
            continue
        problems = check(
            statement.text,
            [events[c] for c in statement.citations if c in events],
            timezone=view.report.timezone,
            computed=computed,
        )
        hard = [p for p in problems if p.lack in {"number", "time", "name", "nothing_cited"}]
        bad += [f"{statement.id}: {p.lack} {p.what}: {statement.text}" for p in hard[:1]]
    return Score(float(len(bad)), bad)


def _hedges(case: Case, view: View) -> Score:
    """Of the supported statements whose one source sentence is in doubt, those that still say so."""
    if view.report is None:
        return Score(None)
    events = _events(view.report)
    doubtful = kept = 0
    lost = []
    for statement in _statements(view.report):
        sources = [events[c] for c in statement.citations if c in events]
        if (
            statement.support != "supported"
            or len(sources) != 1
            or not _in_doubt(statement.text, sources[0].text)
            or len(sources[0].text) > 160
        ):
            continue
        doubtful += 1
        if stance_of(statement.text).hedged or stance_of(statement.text).uncertain:
            kept += 1
        else:
            lost.append(statement.text)
    return share(kept, doubtful, lost)


_ADVICE = re.compile(r"\bshould be\b|\bought to\b|应该", re.I)
"""`should be refreshed daily` is advice, no doubt."""


def _in_doubt(statement: str, source: str) -> bool:
    """True where the sentence of the line that the statement retells is less than sure; another clause may be."""
    told = max(
        (piece.text for piece in split(source)),
        key=lambda piece: similarity(statement, piece),
        default=source,
    )
    return stance_of(_ADVICE.sub(" ", told)).uncertain


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip().lower()


def _flagged(text: str, report: Report, least: float) -> bool:
    """True for a sentence that is found by itself, or that a finding of the report shows with names replaced."""
    shown = [f.sentence or f.span for f in report.language_findings if f.where == "evidence"]
    return bool(blame.find(text)) or any(similarity(text, one) >= least for one in shown)


def _blame_recall(case: Case, view: View) -> Score:
    """Of the blaming sentences that gold lists, those that the linter or, where one was asked, a model finds."""
    if view.report is None:
        return Score(None)
    missed = [p.text for p in case.gold.blame if not _flagged(p.text, view.report, 0.6)]
    return share(len(case.gold.blame) - len(missed), len(case.gold.blame), missed)


def _false_alarms(case: Case, view: View) -> Score:
    if view.report is None:
        return Score(None)
    flagged = [p.text for p in case.gold.not_blame if _flagged(p.text, view.report, 0.8)]
    return Score(float(len(flagged)), flagged)


def _residue(case: Case, view: View) -> Score:
    """Blaming sentences of the evidence that stand in the report's own voice."""
    prose = _plain(view.prose)
    left = [p.text for p in case.gold.blame if _plain(p.text) in prose]
    return Score(float(len(left)), left)


def _names(case: Case, view: View) -> Score:
    """Names of persons in the report's own voice."""
    found = [name for name in case.gold.people if _stands(name, view.prose)]
    return Score(float(len(found)), found)


def _stands(name: str, text: str) -> bool:
    if name.isascii():
        return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text) is not None
    return name in text


SCORERS = (
    Scorer("citation validity", _citations),
    Scorer("unsupported statements", _unsupported, "count"),
    Scorer("hedges kept", _hedges),
    Scorer("blame recall", _blame_recall),
    Scorer("blame false alarms", _false_alarms, "count"),
    Scorer("blame residue", _residue, "count"),
    Scorer("names in prose", _names, "count"),
)
