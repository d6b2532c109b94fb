"""What a format adapter is, and which one reads a source.

A format is one file under `formats/` and one line in its `BUILT_INS`. A third party registers a class or an
instance under the entry point group `pm_agent.adapters`; it goes through the same door.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import entry_points
from typing import ClassVar, Protocol, runtime_checkable

from pm_agent.errors import InputError
from pm_agent.evidence import RawEvent, Series
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


def plug_ins() -> list[Adapter]:
    """Adapters of third parties; a broken one warns and is left out."""
    found: list[Adapter] = []
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: p.name):
        try:
            loaded = point.load()
            adapter = loaded() if isinstance(loaded, type) else loaded
            if not isinstance(adapter, Adapter):
                raise TypeError("it has not the shape of an adapter (name, describes, fits, read)")
        except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
            warnings.warn(f"adapter plug-in {point.name!r} is skipped: {error}", RuntimeWarning, stacklevel=2)
            continue
        found.append(adapter)
    return found


def choose(source: Source, adapters: Sequence[Adapter], built_ins: Iterable[Adapter]) -> Adapter | None:
    """The adapter that is surest of this source; a tie goes to the built-in, then to the name."""
    known = {id(adapter) for adapter in built_ins}
    scored = [(adapter.fits(source), id(adapter) in known, adapter.name, adapter) for adapter in adapters]
    scored = [item for item in scored if item[0] > 0]
    if not scored:
        return None
    scored.sort(key=lambda item: (-item[0], not item[1], item[2]))
    return scored[0][3]


def by_name(name: str, adapters: Sequence[Adapter]) -> Adapter:
    """The adapter of that name.

    Raises:
        InputError: there is none.
    """
    for adapter in adapters:
        if adapter.name == name:
            return adapter
    raise InputError(f"unknown format {name!r}", hint="`pm-agent formats` lists them")
