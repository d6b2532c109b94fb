"""The last word on every sentence a stage wants to show: cited, borne by its citations, and blameless."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pm_agent.evidence import Event, Evidence
from pm_agent.grounding import supported_text, verbatim
from pm_agent.reading.topic import tokens
from pm_agent.rubric.blame import blameless


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that may be shown."""

    text: str
    citations: list[str]
    origin: Literal["evidence", "model"]


@dataclass
class Voice:
    """What one stage may say of this evidence; keeps what it may not."""

    evidence: Evidence
    speaks: bool
    """True where a model proposes the words."""
    timezone: str | None = None
    """Zone in which sentences tell times; the evidence's where none is given."""
    computed: frozenset[str] = frozenset()
    """Times and numbers that code computed and a sentence may repeat."""
    rejected: list[str] = field(default_factory=list)
    """Sentences that no cited line bears; counted among the findings."""

    def say(self, text: str, ids: Iterable[str]) -> Said | None:
        """The sentence as the report may show it, or None.

        Ids that do not exist, and lines that try to command their reader, are dropped first; then the words are held against the lines that are left; then
        blame is put neutrally. A sentence that fails on the way is kept in `rejected`.
        """
        known = [i for i in dict.fromkeys(ids) if i in self.evidence.by_id and i not in self._commanding]
        events = self.evidence.cited(known)
        borne, kept = self._borne(text, events) if known and not self._moved(text, events) else ("", False)
        worded, clean = blameless(borne) if kept else ("", False)
        if not clean or not worded:
            self.rejected.append(text)
            return None
        return Said(worded, known, self._origin(borne, events))

    @property
    def wary(self) -> bool:
        """True where a model read lines that try to command it."""
        return self.speaks and bool(self.evidence.injections)

    @cached_property
    def _commanding(self) -> frozenset[str]:
        return frozenset(injection.event_id for injection in self.evidence.injections)

    @cached_property
    def _commanded(self) -> frozenset[str]:
        return frozenset(t for injection in self.evidence.injections for t in tokens(injection.span))

    def _moved(self, text: str, events: Sequence[Event]) -> bool:
        """True for a model's sentence that says what a commanding line told it to say, and no cited line says."""
        if not self.speaks or not self._commanded:
            return False
        new = tokens(text) - frozenset(t for event in events for t in tokens(event.text))
        told = new & self._commanded
        return len(told) >= 2 and 3 * len(told) >= len(new)

    def _borne(self, text: str, events: Sequence[Event]) -> tuple[str, bool]:
        zone = self.timezone or self.evidence.timezone
        return supported_text(text, events, timezone=zone, computed=self.computed)

    def _origin(self, text: str, events: Sequence[Event]) -> Literal["evidence", "model"]:
        """The evidence worded it, where the words stand in a cited line or no model was asked."""
        return "evidence" if not self.speaks or verbatim(text, events) else "model"
