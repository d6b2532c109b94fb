"""What a format adapter is, and which one reads a source.

A format is one file under `formats/` and one line in its `BUILT_INS`. A third party registers a class or an
instance under the entry point group `pm_agent.adapters`; it goes through the same door.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import ClassVar, Protocol, runtime_checkable

from pm_agent.errors import InputError
from pm_agent.evidence import RawEvent, Series, Skipped
from pm_agent.ingest.source import Source

ENTRY_POINT_GROUP = "pm_agent.adapters"


@runtime_checkable
class Adapter(Protocol):
    """Reads one format. No options, no network, no clock: times stay as written."""

    name: ClassVar[str]
    """What `--format-of PATH=NAME` and the coverage call it."""
    describes: ClassVar[str]
    """One line for `pm-agent formats`."""

    def fits(self, source: Source) -> float:
        """How sure this adapter is that it reads the source, 0 … 1; cheap, never raises."""
        ...

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """The events in file order, `raw_time` as written.

        Raises:
            UnreadableSource: with the line, where the content breaks off or breaks its own rules.
        """
        ...


@runtime_checkable
class KnowsPeople(Protocol):
    """An adapter whose export comes with a directory of persons."""

    def people(self, source: Source) -> Mapping[str, str]:
        """Handle or user id → display name."""
        ...


@runtime_checkable
class OnlyNames(KnowsPeople, Protocol):
    """An adapter for the companions of other exports: that such a file holds no event is no loss."""

    only_names: ClassVar[bool]


def plug_ins() -> tuple[list[Adapter], list[Skipped]]:
    """Adapters of third parties; a broken one is left out, with the reason."""
    found: list[Adapter] = []
    broken: list[Skipped] = []
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: p.name):
        try:
            loaded = point.load()
            adapter = loaded() if isinstance(loaded, type) else loaded
            if not isinstance(adapter, Adapter):
                lacking = [
                    part for part in ("name", "describes", "fits", "read") if not hasattr(adapter, part)
                ]
                raise TypeError(f"it is no adapter: it lacks {', '.join(lacking)}")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's code may raise anything
            broken.append(Skipped(_plug_in(point.name), f"not loaded ({type(error).__name__}: {error})"))
            continue
        found.append(adapter)
    return found, broken


def _plug_in(name: str) -> str:
    return f"adapter plug-in {name}"


@dataclass
class Chooser:
    """Finds the adapter of each source; remembers plug-ins that failed at it."""

    adapters: Sequence[Adapter]
    built_ins: Iterable[Adapter]
    failed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def choose(self, source: Source) -> Adapter | None:
        """The adapter that is surest of this source; a tie goes to the built-in, then to the name."""
        known = {id(adapter) for adapter in self.built_ins}
        scored = []
        for adapter in self.adapters:
            built_in = id(adapter) in known
            fit = adapter.fits(source) if built_in else self._fit(adapter, source)
            if fit > 0:
                scored.append((-fit, not built_in, adapter.name, adapter))
        return min(scored, key=lambda item: item[:3])[3] if scored else None

    def _fit(self, adapter: Adapter, source: Source) -> float:
        """What a stranger's adapter says, where it says it properly."""
        try:
            fit = float(adapter.fits(source))
        except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
            self.failed[adapter.name, f"its fits() failed ({type(error).__name__}: {error})"] += 1
            return 0.0
        return min(fit, 1.0) if fit > 0 else 0.0

    def skipped(self) -> list[Skipped]:
        """The plug-ins that failed, each reason with its number of sources."""
        return [Skipped(_plug_in(name), why, None, count) for (name, why), count in self.failed.items()]


def by_name(name: str, adapters: Sequence[Adapter]) -> Adapter:
    """The adapter of that name.

    Raises:
        InputError: there is none.
    """
    for adapter in adapters:
        if adapter.name == name:
            return adapter
    raise InputError(f"unknown format {name!r}", hint="`pm-agent formats` lists them")
