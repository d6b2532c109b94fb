"""One incident folder: evidence, the author's facts, and what a careful human found (`gold.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict


class _Gold(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldEntry(_Gold):
    """A row that a good timeline has."""

    at: datetime
    kind: str
    text: str
    evidence: list[str] = []
    key: bool = False


class GoldImpact(_Gold):
    """A figure that stands in the evidence and was not corrected later."""

    text: str
    value: float | None = None
    unit: str | None = None
    file: str | None = None


class GoldCause(_Gold):
    """A cause at one level; a right answer holds every keyword."""

    level: str | None = None
    text: str
    keywords: list[str]
    evidence: list[str] = []


class Place(_Gold):
    """A text that stands in the evidence."""

    text: str
    file: str | None = None
    why: str | None = None


class GoldAction(_Gold):
    """An action item as it stands in the evidence."""

    text: str
    file: str | None = None
    owner: str | None = None
    due: date | None = None
    smart: dict[str, bool | None] = {}


class Gold(_Gold):
    """gold.yaml."""

    language: Literal["en", "zh"]
    timezone: str = "UTC"
    severity: str | None = None
    timeline: list[GoldEntry]
    timeline_neutral: list[GoldEntry] = []
    milestones: dict[str, datetime | None]
    metrics_minutes: dict[str, int | None] = {}
    impact: list[GoldImpact] = []
    causes: list[GoldCause] = []
    not_causes: list[GoldCause] = []
    blame: list[Place] = []
    not_blame: list[Place] = []
    people: list[str] = []
    action_items: list[GoldAction] = []
    secrets: list[str] = []
    distractors: list[Place] = []
    injections: list[Place] = []
    notes: list[Any] = []
    """Remarks of the readers; never scored."""


@dataclass(frozen=True)
class Case:
    """One incident to draft and score."""

    slug: str
    folder: Path
    gold: Gold

    @cached_property
    def people(self) -> dict[str, str]:
        """Handle → name, as the author's incident.yaml gives them."""
        path = self.folder / "incident.yaml"
        facts = (yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None) or {}
        return {str(k): str(v) for k, v in (facts.get("people") or {}).items()}


def load(folder: Path) -> Case:
    """The case in a folder.

    Raises:
        ValueError: gold.yaml does not fit the format; the message says where.
    """
    content = yaml.load(
        (folder / "gold.yaml").read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    return Case(folder.name, folder, Gold.model_validate(content))


def find(roots: list[Path], only: str | None = None) -> list[Case]:
    """Every incident folder below the roots, in name order."""
    files = sorted({file for root in roots for file in [*root.glob("gold.yaml"), *root.glob("*/gold.yaml")]})
    return [load(file.parent) for file in files if only is None or file.parent.name == only]
