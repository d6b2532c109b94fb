"""Paths → RawEvidence: every source read, every time resolved, all on one line of time, nothing lost in silence."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pm_agent.errors import NothingToRead, UnreadableSource
from pm_agent.evidence import (
    EventSource,
    FileCoverage,
    Gap,
    People,
    RawEvent,
    RawEvidence,
    Series,
    Skipped,
    TimedEvent,
)
from pm_agent.ingest.adapter import Adapter, Chooser, KnowsPeople, OnlyNames, by_name, plug_ins
from pm_agent.ingest.archives import BROKEN
from pm_agent.ingest.bundle import collect
from pm_agent.ingest.clock import Basis, ClockFile, ClockSettings, FileTimes, Moment, on_clock, resolve
from pm_agent.ingest.formats import BUILT_INS, is_export
from pm_agent.ingest.merge import merge
from pm_agent.ingest.narrowing import (
    check_channels,
    check_formats,
    check_span,
    forced_format,
    in_channels,
    span,
    within,
)
from pm_agent.ingest.skew import settle
from pm_agent.ingest.source import Source
from pm_agent.settings import Settings

__all__ = ["Adapter", "adapters", "read"]


def adapters() -> list[Adapter]:
    """Built-in formats, then those of third parties; a broken plug-in warns and is left out."""
    found, broken = plug_ins()
    for one in broken:
        warnings.warn(f"{one.path}: {one.reason}", RuntimeWarning, stacklevel=2)
    return [*BUILT_INS, *found]


@dataclass
class _FileRead:
    source: Source
    adapter: Adapter
    events: list[RawEvent]
    series: list[Series]


Progress = Callable[[str, int, int, int | None], None]
"""Called while a file is read: its path, bytes and lines so far, its size where that is known."""


def read(
    paths: Iterable[str | Path],
    settings: Settings,
    *,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> RawEvidence:
    """Read every path.

    Raises:
        InputError: a path does not exist, a format name is unknown.
        NothingToRead: no source yielded an event; the message lists what was tried.
    """
    found_plug_ins, broken = plug_ins()
    known = [*BUILT_INS, *found_plug_ins]
    chooser = Chooser(known, BUILT_INS)
    bundle = collect(paths, is_export, stdin)
    if progress is not None:
        for source in bundle.sources:
            for one in (source, *(source.members or {}).values()):
                one.on_read = partial(_report, one, progress)
    skipped = [*broken, *bundle.skipped]
    check_formats(settings, [source.path for source in bundle.sources], known)
    reads = [
        r for source in bundle.sources if (r := _read_source(source, chooser, settings, skipped)) is not None
    ]
    skipped += chooser.skipped()
    if not any(r.events or r.series for r in reads):
        raise _nothing(skipped, reads)
    check_channels(settings, (event for r in reads for event in r.events))
    for r in reads:
        _keep_channels(r, settings, skipped)
    clock = _clock_settings(settings, reads)
    times = resolve([_clock_file(r) for r in reads], clock)
    zone, basis = _display_zone(settings, times)
    since, until = span(settings, zone)
    files, events, found = [], [], []
    for r, t in zip(reads, times, strict=True):
        timed = [_timed(r, raw, moment) for raw, moment in zip(r.events, t.moments, strict=True)]
        kept = [event for event in timed if within(event, since, until)]
        found += timed
        if len(kept) < len(timed):
            skipped.append(Skipped(r.source.path, "outside --since/--until", None, len(timed) - len(kept)))
        events += kept
        files.append(_coverage(r, kept, t))
        skipped += r.source.tally.skipped
    check_span(len(events), found)
    events, skews = settle(events, fix=settings.fix_skew)
    merged, gaps = merge(events)
    gaps += skews
    for r, t in zip(reads, times, strict=True):
        gaps += [Gap("conflict", note.code, {"file": r.source.path, **note.values}) for note in t.notes]
    series = tuple(on_clock(s, clock) for r in reads for s in r.series)
    return RawEvidence(
        tuple(merged),
        series,
        _people(reads, settings),
        tuple(files),
        tuple(skipped),
        tuple(gaps),
        zone,
        basis,
    )


def _report(source: Source, progress: Progress, size: int, lines: int) -> None:
    progress(source.path, size, lines, source.size)


def _read_source(
    source: Source, chooser: Chooser, settings: Settings, skipped: list[Skipped]
) -> _FileRead | None:
    try:
        forced = forced_format(settings, source.path)
        adapter = by_name(forced, chooser.adapters) if forced else chooser.choose(source)
        if adapter is None:
            skipped.append(Skipped(source.path, _why_nobody(source)))
            return None
        read = _FileRead(source, adapter, [], [])
        for item in adapter.read(source):
            (read.series if isinstance(item, Series) else read.events).append(item)  # type: ignore[arg-type]
    except UnreadableSource as error:
        skipped.append(Skipped(source.path, error.reason, error.line))
        return None
    except BROKEN as error:
        skipped.append(Skipped(source.path, f"can't be read: {error}"))
        return None
    except Exception as error:  # noqa: BLE001 - one reader's fault must not cost the draft; it is counted and named
        skipped.append(Skipped(source.path, f"its reader failed ({type(error).__name__}: {error})"))
        return None
    if not read.events and not read.series and not isinstance(adapter, OnlyNames):
        skipped.append(Skipped(source.path, f"read as {adapter.name}, holds no event"))
    return read


def _keep_channels(read: _FileRead, settings: Settings, skipped: list[Skipped]) -> None:
    kept = [event for event in read.events if in_channels(event, settings)]
    if len(kept) < len(read.events):
        skipped.append(
            Skipped(read.source.path, "in other channels (--channel)", None, len(read.events) - len(kept))
        )
    read.events = kept


def _why_nobody(source: Source) -> str:
    if source.json_error is not None:
        message, line = source.json_error
        return f"broken JSON at line {line}: {message}"
    if not any(any(ch.isdigit() for ch in line) for line in source.head_lines):
        return "nothing with a time in it"
    return "no format fits it"


def _nothing(skipped: Sequence[Skipped], reads: Sequence[_FileRead]) -> NothingToRead:
    tried = [f"{s.path!r}{f' line {s.line}' if s.line else ''}: {s.reason}" for s in skipped]
    tried = tried or [f"{r.source.path!r}: no event in it" for r in reads] or ["no file found"]
    return NothingToRead(
        "nothing could be read:\n  " + "\n  ".join(tried[:20]),
        hint="`pm-agent formats` lists what can be read; --format-of PATH=NAME forces one",
    )


def _clock_file(read: _FileRead) -> ClockFile:
    return ClockFile(read.source.path, read.events, _date_in_name(read.source.path))


def _date_in_name(path: str) -> date | None:
    match = re.search(r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)", path.rsplit("/", 1)[-1])
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _clock_settings(settings: Settings, reads: Sequence[_FileRead]) -> ClockSettings:
    facts = settings.facts
    starts: dict[str, datetime] = dict(facts.starts)
    if facts.meeting_start:
        starts.setdefault("*", facts.meeting_start)
    names = "".join(s.name for r in reads for s in r.series if s.is_wall)
    sample = (names + "".join(event.text for r in reads for event in r.events[:200]))[:20000]
    chinese = sum("\u4e00" <= ch <= "\u9fff" for ch in sample)
    assumed = "Asia/Shanghai" if chinese * 5 > len(sample) else "UTC"
    return ClockSettings(settings.timezone or facts.timezone, settings.date or facts.date, starts, assumed)


def _timed(read: _FileRead, raw: RawEvent, moment: Moment) -> TimedEvent:
    file = raw.file or read.source.path
    digest = hashlib.blake2b(file.encode(), digest_size=3).hexdigest()
    place = raw.place
    source = EventSource(file, place.line, place.line_end, place.pointer, raw.count, read.adapter.name)
    relative = str(timedelta(seconds=int(moment.relative))) if moment.relative is not None else None
    name = f"{digest}:{place.ordinal}" + (f".{place.part}" if place.part else "")
    return TimedEvent(name, raw, moment.at, moment.until, moment.precision, relative, (source,))


def _coverage(read: _FileRead, events: Sequence[TimedEvent], times: FileTimes) -> FileCoverage:
    tally = read.source.tally
    if not tally.counted:
        for member in (read.source.members or {}).values():
            tally.read += member.tally.read
            tally.structural += member.tally.structural
            tally.skipped += member.tally.skipped
        ordinals = {(e.file, e.place.ordinal) for e in read.events}
        tally.continued = sum(
            (e.place.line_end or 0) - (e.place.line or 0)
            for e in read.events
            if e.place.line_end and not e.place.pointer
        )
        tally.parsed = min(len(ordinals) + tally.structural, tally.read)
        tally.continued = min(tally.continued, tally.read - tally.parsed)
        tally.unparsed = tally.read - tally.parsed - tally.continued
    dated = [e.at for e in events if e.at is not None]
    return FileCoverage(
        read.source.path, read.adapter.name, len(events), tally.read, tally.parsed, tally.continued, tally.unparsed,
        min(dated, default=None), max(dated, default=None), times.timezone, times.basis,
        sum(e.at is None for e in events), tuple(tally.unparsed_at),
    )  # fmt: skip


def _display_zone(settings: Settings, times: Sequence[FileTimes]) -> tuple[str, Basis]:
    """The zone reports are printed in: given, else the one the files agree on, else UTC."""
    given = settings.timezone or settings.facts.timezone
    if given:
        return given, "given"
    names = {t.timezone for t in times if t.moments}
    if len(names) == 1 and (only := names.pop()) != "several":
        return only, times[0].basis
    assumed = {t.timezone for t in times if t.basis == "assumed" and t.timezone != "UTC"}
    return (assumed.pop(), "assumed") if len(assumed) == 1 else ("UTC", "stated")


def _people(reads: Sequence[_FileRead], settings: Settings) -> People:
    names: dict[str, str] = {}
    for read in reads:
        if isinstance(read.adapter, KnowsPeople):
            names |= read.adapter.people(read.source)
    names |= settings.facts.people
    return People(names, {**settings.facts.roles, **settings.facts.overrides.roles})
