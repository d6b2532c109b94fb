"""The last word on every sentence a stage wants to show: borne by its citations, and blameless."""

from __future__ import annotations

from collections.abc import Sequence

from pm_agent.evidence import Event
from pm_agent.grounding import supported_text
from pm_agent.rubric.blame import blameless


def shown(text: str, events: Sequence[Event], *, timezone: str = "UTC") -> tuple[str, bool]:
    """The text as the report may show it, and whether it may be shown at all.

    Grounding comes first, on the words as proposed; then blame is put neutrally. What can't be is left out.
    """
    borne, kept = supported_text(text, events, timezone=timezone)
    if not kept:
        return "", False
    return blameless(borne)
