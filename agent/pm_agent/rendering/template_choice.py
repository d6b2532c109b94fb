"""Which template shapes a text: a built-in by its name, or a file or folder of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pm_agent.errors import InputError

BUILT_IN: dict[str, str] = {
    "eleven": "the eleven sections of a full incident report",
    "ops-task": "a planned operation: goals, planned against actual, problems, documents, team, sign-off",
    "standard": "executive summary, timeline, root cause analysis, detection, lessons, actions",
    "quick": "a minor incident on one page",
    "five-whys": "the three chains of whys, each answer with its evidence",
    "conduct": "timeline with source and actor, contributing factors, action table, validation checklist",
    "sre": "roles, restoration, communication, timeline, root cause, went well and wrong, actions",
    "brief": "one page for those who were not there",
    "customer": "public wording: times, counts and published updates only; no evidence, no internal names",
}
PUBLIC = {"customer"}
"""Templates whose reader is outside; nothing internal may come with them."""


@dataclass(frozen=True, slots=True)
class Template:
    """A built-in template, or the main file of one's own."""

    name: str
    path: Path | None = None
    """The main file, where it is one's own."""

    @property
    def public(self) -> bool:
        """True where the reader is outside."""
        return self.path is None and self.name in PUBLIC


MAIN = "report.md.j2"


def choose(name: str) -> Template:
    """The template of that name or path.

    Raises:
        InputError: neither a built-in nor a file or folder that holds one.
    """
    if name in BUILT_IN:
        return Template(name)
    path = Path(name)
    if path.is_dir():
        main = path / MAIN
        if not main.is_file():
            raise InputError(
                f"template folder {name!r} lacks its main file {MAIN!r}", hint="see docs/templates.md"
            )
        return Template(name, main)
    if path.is_file():
        return Template(name, path)
    raise InputError(
        f"no template {name!r}", hint=f"one of: {', '.join(BUILT_IN)}; or the path of a file or folder"
    )
