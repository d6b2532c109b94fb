"""How redacted events are quoted: in the appendix without blame, for the author alone with what blames."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pm_agent.evidence import Event, Evidence
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.reading.sentences import split
from pm_agent.report import EvidenceLine, LanguageFinding, SourceRef
from pm_agent.rubric import blame
from pm_agent.rubric.kept_facts import lost_facts
from pm_agent.rubric.linting import reason
from pm_agent.rubric.team import in_force
from pm_agent.stages.timeline import BlamePick
from pm_agent.wording import Voice

_ALIAS = re.compile(
    r"@?(?:(?:Engineer|Responder|工程师|响应人员)\s?[A-Z]{1,2}\b|Incident commander|事故指挥官)"
)
_SPACE = re.compile(r"\s+")


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


def named_findings(
    evidence: Evidence, picks: Sequence[BlamePick], known: Sequence[LanguageFinding]
) -> Iterator[LanguageFinding]:
    """What a model found blaming and the rules did not, where the words really stand in the line.

    Its neutral wording is proposed only where code finds nothing lost, nothing added and no blame left.
    """
    voice = Voice(evidence, speaks=True)
    seen = {(f.event_id, _plain(f.sentence)) for f in known}
    for pick in picks:
        event = evidence.by_id.get(pick.id)
        rule = f"blame.{pick.rule}"
        if event is None or not spoken(event) or rule in in_force().disabled or not _plain(pick.words):
            continue
        sentence = next((s for s in split(event.text) if _plain(pick.words) in _plain(s.text)), None)
        if sentence is None or (event.id, _plain(sentence.text)) in seen:
            continue
        seen.add((event.id, _plain(sentence.text)))
        said = voice.say(pick.neutral, [event.id]) if pick.neutral else None
        aliases = " ".join(_ALIAS.findall(sentence.text))
        kept = said is not None and not lost_facts(sentence.text, said.text, persons=aliases)
        start, end = sentence.start, sentence.start + len(sentence.text)
        yield language_finding(
            evidence, event, "evidence", event.text,
            blame.Blame(start, end, sentence.text, rule, said.text if said and kept else None),
        )  # fmt: skip


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip(" .,;!?。，；！？\"“”'").casefold()


def _sources(event: Event) -> list[SourceRef]:
    return [
        SourceRef(file=s.file, line=s.line, line_end=s.line_end, pointer=s.pointer, count=s.count, format=s.format) for s in event.sources
    ]  # fmt: skip
