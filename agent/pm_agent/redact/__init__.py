"""RawEvidence → Evidence: the only door between the two. Secrets become placeholders, persons aliases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pm_agent.evidence import Event, Evidence, Gap, Injection, RawEvidence, Skipped, TimedEvent
from pm_agent.language import Language, of_text
from pm_agent.redact.injections import find, visible
from pm_agent.redact.people import Directory
from pm_agent.redact.secrets import Vault
from pm_agent.settings import Settings

__all__ = ["redact"]


def redact(raw: RawEvidence, settings: Settings) -> Evidence:
    """Everything of `raw` that may be shown: the same events, no secret, no name, nothing hidden."""
    language = settings.lang or settings.facts.language or language_of(raw)
    cleaner = _Cleaner(Vault(), Directory(raw, language))
    injections: list[Injection] = []
    events = []
    for event in raw.events:
        found = [*find(event.raw.text), *(find(event.raw.actor) if event.raw.actor else [])]
        injections += [Injection(event.id, cleaner.text(span)) for span in found]
        events.append(cleaner.event(event))
    return Evidence(
        events=tuple(events),
        series=tuple(replace(s, name=cleaner.text(s.name), file=cleaner.path(s.file)) for s in raw.series),
        files=tuple(replace(f, file=cleaner.path(f.file)) for f in raw.files),
        skipped=tuple(
            Skipped(cleaner.path(s.path), cleaner.text(s.reason), s.line, s.count) for s in raw.skipped
        ),
        gaps=tuple(Gap(g.kind, g.code, cleaner.values(g.values), g.citations) for g in raw.gaps),
        injections=tuple(injections),
        redactions=dict(sorted(cleaner.vault.counts.items())),
        timezone=raw.timezone,
        timezone_basis=raw.timezone_basis,
        language=language,
        aliases=cleaner.people.table(),
        roles=cleaner.people.roles(),
    )


def language_of(raw: RawEvidence) -> Language:
    """The language of what persons wrote, else of everything; Chinese when undecided."""
    spoken = "\n".join(e.raw.text for e in raw.events if e.raw.actor_kind == "person")[:200_000]
    everything = "\n".join(e.raw.text for e in raw.events[:2000])[:200_000]
    return of_text(spoken) or of_text(everything) or "zh"


class _Cleaner:
    def __init__(self, vault: Vault, people: Directory) -> None:
        self.vault, self.people = vault, people

    def text(self, text: str) -> str:
        return self.people.clean(self.vault.clean(visible(text)))

    def path(self, path: str) -> str:
        return self.vault.clean(visible(path))

    def values(self, values: Mapping[str, str]) -> dict[str, str]:
        return {key: self.text(value) for key, value in values.items()}

    def event(self, event: TimedEvent) -> Event:
        raw = event.raw
        person = raw.actor_kind == "person"
        actor = self.people.alias_of(raw.actor) if person else raw.actor
        return Event(
            id=event.id,
            at=event.at,
            text=self.text(raw.text),
            kind=raw.kind,
            actor=self.vault.clean(visible(actor)) if actor else None,
            actor_kind=raw.actor_kind,
            until=event.until,
            raw_time=raw.raw_time,
            precision=event.precision,
            relative=event.relative,
            signal=raw.signal,
            subject=self.text(raw.subject) if raw.subject else None,
            severity=raw.severity,
            count=raw.count,
            thread=self.vault.clean(raw.thread) if raw.thread else None,
            sources=tuple(replace(s, file=self.path(s.file)) for s in event.sources),
            links=tuple(self.vault.clean(link) for link in raw.links),
        )
