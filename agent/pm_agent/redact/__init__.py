"""RawEvidence → Evidence: the only door between the two. Secrets become placeholders, persons aliases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pm_agent.evidence import Event, Evidence, Gap, Injection, RawEvidence, Skipped, TimedEvent
from pm_agent.language import Language, of_text
from pm_agent.language.hidden import visible
from pm_agent.redact.injections import find
from pm_agent.redact.people import Directory
from pm_agent.redact.secrets import Vault, rules_for
from pm_agent.settings import Settings

__all__ = ["Keep", "redact"]


Keep = Callable[[dict[str, str], Mapping[str, str]], None]
"""Takes placeholder → value and alias → person, where somebody asked to keep them."""


def redact(raw: RawEvidence, settings: Settings, keep: Keep | None = None) -> Evidence:
    """Everything of `raw` that may be shown: the same events, no secret, no name, nothing hidden."""
    language = settings.lang or settings.facts.language or language_of(raw)
    rules = rules_for(
        hide_ips=settings.hide_ips, hide_hosts=settings.hide_hosts, own=settings.secret_patterns
    )
    cleaner = _Cleaner(Vault(rules), Directory(raw, language))
    cleaner.vault.learn(visible(text) for text in _texts(raw))
    evidence = _redacted(raw, cleaner, language)
    if keep is not None:
        keep(cleaner.vault.values(), evidence.aliases)
    return evidence


def _texts(raw: RawEvidence) -> Iterator[str]:
    for event in raw.events:
        yield event.raw.text
        if event.raw.subject:
            yield event.raw.subject
        yield from event.raw.links


def _redacted(raw: RawEvidence, cleaner: _Cleaner, language: Language) -> Evidence:
    injections: list[Injection] = []
    events = []
    for event in raw.events:
        injections += [Injection(event.id, cleaner.text(span)) for span in _spans(event)]
        events.append(cleaner.event(event))
    injections += _in_names(raw, cleaner)
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


def _spans(event: TimedEvent) -> list[str]:
    """Commands in whatever of an event rules and models read: its text, its subject, a robot's name."""
    raw = event.raw
    seen = (
        raw.text,
        raw.subject,
        raw.severity,
        *raw.links,
        raw.actor if raw.actor_kind != "person" else None,
    )
    return list(dict.fromkeys(span for text in seen if text for span in find(text)))


def _in_names(raw: RawEvidence, cleaner: _Cleaner) -> list[Injection]:
    """Commands in names of persons, channels, files and series.

    No rule or model reads them as text, so no event is set aside for them: the name of the file stands in the place
    of an event id.
    """
    names = {f.file: f.file for f in raw.files} | {s.path: s.path for s in raw.skipped}
    names |= {s.name: s.file for s in raw.series}
    for event in raw.events:
        for name in (event.raw.thread, event.raw.actor if event.raw.actor_kind == "person" else None):
            if name:
                names.setdefault(name, event.sources[0].file)
    return [
        Injection(cleaner.path(file), cleaner.text(span))
        for name, file in names.items()
        for span in find(name)
    ]


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
        return self.text(path)

    def values(self, values: Mapping[str, str]) -> dict[str, str]:
        return {key: self.text(value) for key, value in values.items()}

    def event(self, event: TimedEvent) -> Event:
        raw = event.raw
        return Event(
            id=event.id,
            at=event.at,
            text=self.text(raw.text),
            kind=raw.kind,
            actor=self._actor(raw.actor, person=raw.actor_kind == "person"),
            actor_kind=raw.actor_kind,
            until=event.until,
            raw_time=self.vault.clean(visible(raw.raw_time)) if raw.raw_time else None,
            precision=event.precision,
            relative=event.relative,
            signal=raw.signal,
            subject=self.text(raw.subject) if raw.subject else None,
            severity=self.text(raw.severity) if raw.severity else None,
            count=raw.count,
            thread=self.text(raw.thread) if raw.thread else None,
            sources=tuple(replace(s, file=self.path(s.file)) for s in event.sources),
            links=tuple(link for link in map(self._link, raw.links) if link),
        )

    def _actor(self, written: str | None, *, person: bool) -> str | None:
        if not written:
            return None
        return (
            self.vault.clean(visible(self.people.alias_of(written) or "")) if person else self.text(written)
        )

    def _link(self, link: str) -> str | None:
        """A link without secrets; none where a person's name is part of it (the text still says that it is there)."""
        safe = self.vault.clean(visible(link))
        return safe if self.people.clean(safe) == safe else None
