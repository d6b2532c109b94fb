"""Is everything there that a postmortem needs, and nothing that does not belong: rules of the guides over a whole report.

Reasons, sources and examples: `rubrics/completeness.yaml`; words: `language/*/checks.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pm_agent.language import patterns
from pm_agent.language.phrases import phrase
from pm_agent.reading.cues import languages_of
from pm_agent.reading.figures import counted
from pm_agent.reading.lines import Line
from pm_agent.report import Report, Statement
from pm_agent.report.walk import statements
from pm_agent.rubric.chain import ends_at_person
from pm_agent.rubric.offence import Check, Offence

_NEEDED = ("trigger", "detected", "cause_found", "fixed", "recovered")
_NEEDED_WHILE_OPEN = ("trigger", "detected")
SUMMARY, WORDS = 4, 1500
"""Sentences of a summary, and words of the prose: two to three pages."""


def milestones_there(report: Report) -> Iterator[Offence]:
    """Milestones of which the timeline has none."""
    for name in _NEEDED_WHILE_OPEN if report.status == "ongoing" else _NEEDED:
        milestone = getattr(report.milestones, name)
        if milestone.at is None and not milestone.reached:
            yield Offence(f"milestones.{name}", {"name": phrase(report.language, f"milestone.name.{name}")})


def before_detection(report: Report) -> Iterator[Offence]:
    """A timeline that begins with the detection tells nothing of how it came about."""
    dated = [row.at for row in report.timeline if row.at]
    if dated and report.milestones.detected.at and min(dated) >= report.milestones.detected.at:
        yield Offence("timeline")


def evaluation(report: Report) -> Iterator[Offence]:
    """Rows that judge instead of telling."""
    yield from (
        Offence(row.id, {"words": found})
        for row in report.timeline
        if (found := _found(row.text, "evaluation"))
    )


def plans(report: Report) -> Iterator[Offence]:
    """Rows and sentences of the story that say what to do about it."""
    told = [(row.id, row.text) for row in report.timeline] + [(s.id, s.text) for s in report.narrative]
    yield from (Offence(where, {"words": found}) for where, text in told if (found := _found(text, "plan")))


def impact_number(report: Report) -> Iterator[Offence]:
    """An impact without a single number."""
    impact = report.impact
    told = [impact.scope, *impact.users, *impact.business, *impact.technical]
    known = [s for s in told if s.support != "unknown"]
    if not impact.figures and not any(_measured(s.text) for s in known):
        yield Offence("impact")


def _measured(text: str) -> bool:
    """A number of anything; a status code, a version and a minute tell nobody how much."""
    return bool(_found(text, "amount") or counted(Line(id="", at=None, text=text), text))


def outage_word(report: Report) -> Iterator[Offence]:
    """Titles and sentences that call an incident an outage which hit a part."""
    impact = report.impact
    told = [impact.scope, *impact.users, *impact.technical]
    partial = any(_found(s.text, "partial") for s in told if s.support == "supported")
    if not partial and report.incident_type.value != "degraded":
        return
    prose = [("title", report.title), *((s.id, s.text) for s in [*report.summary, report.one_line])]
    for where, text in prose:
        if (found := _found(text, "outage")) and not _found(text, "partial"):
            yield Offence(where, {"words": found})


def several_causes(report: Report) -> Iterator[Offence]:
    """One cause and nothing beside it."""
    roots = report.root_causes
    told = [*roots.technical, *roots.process, *roots.human_factors, *report.contributing_factors]
    known = {s.text for s in told if s.support != "unknown"}
    if len(known) == 1:
        yield Offence("root_causes")


def person_as_cause(report: Report) -> Iterator[Offence]:
    """Answers, root causes and factors that end at a person."""
    roots = report.root_causes
    told: list[tuple[str, Statement]] = [(why.id, why.answer) for why in report.whys]
    told += [
        (cause.id, cause)
        for cause in [*roots.technical, *roots.process, *roots.human_factors, *report.contributing_factors]
        if not cause.from_whys
    ]
    yield from (
        Offence(where) for where, s in told if s.support != "unknown" and ends_at_person(s.text)
    )  # fmt: skip


def who_questions(report: Report) -> Iterator[Offence]:
    """Questions that ask for a person."""
    asked = [(why.id, why.question) for why in report.whys]
    asked += [(s.id, s.ask.question) for _, s in statements(report) if s.ask]
    asked += [(s.id, s.ask.question) for s in report.meeting.open_questions if s.ask]
    asked += [(f"meeting.guide.{n}", text) for n, text in enumerate(report.meeting.guide)]
    found = {text: where for where, text in asked if _found(text, "who")}
    yield from (Offence(where, {"words": text}) for text, where in found.items())


def person_named(report: Report) -> Iterator[Offence]:
    """Names of owners and participants that stand in the prose."""
    named = {*report.document.authors, *report.document.reviewers, *report.meeting.participants}
    named |= {name for a in report.actions for name in (a.owner, a.sponsor) if name}
    names = [name for name in named if len(name) > 1 and not _found(name, "team")]
    prose = [("title", report.title), *((row.id, row.text) for row in report.timeline)]
    prose += [(s.id, s.text) for _, s in statements(report)]
    for where, text in prose:
        for name in names:
            if _holds(text, name):
                yield Offence(where, {"name": name})


def _holds(text: str, name: str) -> bool:
    """The name stands in the text as a word of its own."""
    whole = rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])" if name.isascii() else re.escape(name)
    return re.search(whole, text) is not None


def some_action(report: Report) -> Iterator[Offence]:
    """Nothing to do after an incident that is over."""
    if report.status != "ongoing" and not [a for a in report.actions if a.status != "declined"]:
        yield Offence("actions")


def lessons_parts(report: Report) -> Iterator[Offence]:
    """What went well, what went poorly, where we got lucky: one of them says nothing and asks nothing."""
    response = report.response
    empty = [name for name in ("went_well", "went_poorly", "got_lucky") if not getattr(response, name)]
    if empty:
        names = [phrase(report.language, f"check.part.{name}") for name in empty]
        yield Offence("response", {"parts": phrase(report.language, "list_separator").join(names)})


def trigger_is_cause(report: Report) -> Iterator[Offence]:
    """Trigger and cause are one line: what set it off is not what made it possible."""
    trigger, cause = report.milestones.trigger, report.milestones.cause_found
    if trigger.entry and trigger.entry == cause.entry:
        yield Offence("milestones.cause_found", {"row": trigger.entry})


def problem_stated(report: Report) -> Iterator[Offence]:
    """What, where and when are said before the first why."""
    missing = [
        name
        for name, there in (
            ("what", any(s.support != "unknown" for s in report.summary)),
            ("where", bool(report.services) or report.impact.scope.support != "unknown"),
            ("when", report.window.start is not None),
        )
        if not there
    ]
    if missing:
        names = [phrase(report.language, f"check.part.{name}") for name in missing]
        yield Offence("summary", {"parts": phrase(report.language, "list_separator").join(names)})


def three_branches(report: Report) -> Iterator[Offence]:
    """Why it happened, why it was not caught, why it was not contained: each answered, or asked."""
    there = {why.branch for why in report.whys}
    for branch in ("occurrence", "detection", "response"):
        if branch not in there:
            yield Offence("whys", {"branch": phrase(report.language, f"interview.branches.{branch}")})


def average(report: Report) -> Iterator[Offence]:
    """Averages of recovery times."""
    yield from (
        Offence(s.id, {"words": found}) for _, s in statements(report) if (found := _found(s.text, "average"))
    )


def length(report: Report) -> Iterator[Offence]:
    """A summary of more than four sentences, or prose of more than three pages."""
    if len(report.summary) > SUMMARY:
        yield Offence("summary", {"most": SUMMARY})
    prose = [*report.summary, *report.narrative]
    if sum(_words(s.text) for s in prose) > WORDS:
        yield Offence("narrative", {"most": WORDS})


def _words(text: str) -> int:
    """Words between blanks, and two Chinese characters for a word."""
    other, han = re.subn(r"[\u4e00-\u9fff]", " ", text)
    return len(re.findall(r"[^\W_]\S*", other)) + han // 2


def both_durations(report: Report) -> Iterator[Offence]:
    """How long users were hit is known, how long people responded is not (or the other way round)."""
    impact = report.metrics.duration.minutes is not None
    response = report.milestones.detected.at is not None and report.window.end is not None
    if report.status != "ongoing" and impact != response:
        missing = "response_duration" if impact else "impact_duration"
        yield Offence("metrics", {"name": phrase(report.language, f"check.part.{missing}")})


def insides(report: Report) -> Iterator[Offence]:
    """Messages to customers with hosts, addresses, channels or stack traces in them."""
    for number, message in enumerate(report.response.communications):
        if message.audience == "external" and (found := _found(message.text, "insides")):
            yield Offence(f"response.communications.{number}", {"words": found})


def gaps_recorded(report: Report) -> Iterator[Offence]:
    """Files that were not read, and no gap that says so."""
    if report.coverage.skipped and not any(g.kind in {"unreadable", "truncated"} for g in report.gaps):
        yield Offence("gaps", {"file": report.coverage.skipped[0].file})


def severity_stated(report: Report) -> Iterator[Offence]:
    """No severity: nobody can tell which limits apply."""
    if report.severity.value is None:
        yield Offence("severity")


def _found(text: str, section: str) -> str | None:
    """The words of a text that fit a section of `checks.yaml`."""
    for language in languages_of(text):
        match = patterns(language, "checks", section).search(text)
        if match:
            return match[0].strip()
    return None


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        milestones_there, before_detection, evaluation, plans, impact_number, outage_word, several_causes, person_as_cause,
        who_questions, person_named, some_action, lessons_parts, trigger_is_cause, problem_stated, three_branches, average,
        length, both_durations, insides, gaps_recorded, severity_stated,
    )
}  # fmt: skip
"""Name in `rubrics/completeness.yaml` → what judges."""
