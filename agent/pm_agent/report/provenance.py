"""Where the report comes from: evidence lines, coverage, tool and model."""

from __future__ import annotations

from typing import Literal

from pm_agent.evidence import ActorKind, EventKind, Precision
from pm_agent.report.model import ReportModel, UtcTime


class SourceRef(ReportModel):
    """One place in one file."""

    file: str
    line: int | None = None
    line_end: int | None = None
    pointer: str | None = None
    count: int = 1
    format: str


class EvidenceLine(ReportModel):
    """A redacted event as the appendix quotes it."""

    id: str
    at: UtcTime | None
    raw_time: str | None
    precision: Precision
    actor: str | None
    actor_kind: ActorKind
    kind: EventKind
    text: str
    quote: str | None = None
    """How the shared report quotes it where the words themselves blame somebody; null where `text` may stand."""
    sources: list[SourceRef]
    until: UtcTime | None = None
    subject: str | None = None
    """What the signal is about, as its source names it."""
    severity: str | None = None
    count: int = 1
    """How many source lines stand behind it."""


class CoveredFile(ReportModel):
    """What became of one file."""

    file: str
    format: str
    events: int
    unparsed: int
    first: UtcTime | None = None
    last: UtcTime | None = None
    timezone: str
    timezone_basis: Literal["stated", "given", "assumed"]
    read: int = 0
    parsed: int = 0
    continued: int = 0
    undated: int = 0


class SkippedPart(ReportModel):
    """A file, or a part of one, that was not read, and why."""

    file: str
    reason: str
    line: int | None = None
    count: int = 1


class Coverage(ReportModel):
    """What was read, used and left out."""

    files: list[CoveredFile] = []
    events: int = 0
    cited: int = 0
    redactions: dict[str, int] = {}
    skipped: list[SkippedPart] = []


class ReportGap(ReportModel):
    """Something the evidence lacks or contradicts."""

    kind: Literal["silence", "missing_milestone", "clock_skew", "conflict", "unreadable", "truncated"]
    text: str
    citations: list[str] = []


class LanguageFinding(ReportModel):
    """Blame-oriented wording; for the author alone, never printed in the shared report."""

    event_id: str
    where: Literal["evidence", "draft"]
    span: str
    rule: str
    message: str
    rewrite: str
    sentence: str = ""
    """The sentence around the span; empty for wording of the draft."""
    at: UtcTime | None = None
    sources: list[SourceRef] = []
    """Where it stands; the line itself is in `evidence` only where something cites it."""


class InjectionFound(ReportModel):
    """Text in the evidence that tries to command the reader."""

    event_id: str
    span: str


class SeriesLine(ReportModel):
    """A metric over time, for the picture."""

    name: str
    unit: str = ""
    file: str
    points: list[tuple[float, float]]
    """(unix seconds, value)."""


class Tokens(ReportModel):
    """Tokens as the server counted them."""

    prompt: int = 0
    completion: int = 0


class Provenance(ReportModel):
    """Tool, model, prompts and cost."""

    tool: str
    model: str = "rules"
    prompts: dict[str, str] = {}
    calls: int = 0
    tokens: Tokens = Tokens()
    seconds: float | None = None
    drafted_at: UtcTime | None = None
    token_count: str | None = None
    """How prompt tokens were counted beforehand: exact, or a labelled upper estimate."""
    digest: str | None = None
    """sha256 of this report as it was written, without this field; tells whether a person has edited the file."""


class Reference(ReportModel):
    """A document or dashboard the evidence links to."""

    title: str
    url: str


class Document(ReportModel):
    """About the document itself; from incident.yaml and links in the evidence."""

    id: str | None = None
    version: str | None = None
    authors: list[str] = []
    reviewers: list[str] = []
    history: list[str] = []
    references: list[Reference] = []
