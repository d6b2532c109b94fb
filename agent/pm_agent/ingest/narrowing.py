"""What the author asked for: only these channels, only this span, this format for that file. A name nobody knows is an error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pm_agent.errors import InputError, NothingToRead
from pm_agent.evidence import RawEvent, TimedEvent
from pm_agent.ingest.adapter import Adapter, by_name
from pm_agent.ingest.moments import zone_of
from pm_agent.settings import Settings

_SHOWN = 20
"""Names listed in a hint."""


def forced_format(settings: Settings, path: str) -> str | None:
    """The format the author named for this source, however much of its path they wrote."""
    return next((name for given, name in settings.format_of.items() if _is_path(given, path)), None)


def _is_path(given: str, path: str) -> bool:
    given = "stdin" if given == "-" else given.removeprefix("./").rstrip("/")
    return given == path or given.endswith(f"/{path}") or path.endswith(f"/{given}")


def check_formats(settings: Settings, paths: Sequence[str], known: Sequence[Adapter]) -> None:
    """Every `--format-of` names a format and a file that is there.

    Raises:
        InputError: one does not.
    """
    for path, name in settings.format_of.items():
        by_name(name, known)
        if not any(_is_path(path, found) for found in paths):
            listed = ", ".join(map(repr, paths[:_SHOWN])) or "nothing"
            raise InputError(f"--format-of {path!r}: no such file is read", hint=f"these are: {listed}")


def check_channels(settings: Settings, events: Iterable[RawEvent]) -> None:
    """Every `--channel` is one of the evidence's.

    Raises:
        InputError: one is not.
    """
    if not settings.channels:
        return
    known = {_channel(event) for event in events} - {""}
    for name in settings.channels:
        if name.lstrip("#") not in known:
            listed = ", ".join(f"#{channel}" for channel in sorted(known)[:_SHOWN])
            hint = f"these are there: {listed}" if known else "nothing that was read has channels"
            raise InputError(f"unknown channel {name!r}", hint=hint)


def in_channels(event: RawEvent, settings: Settings) -> bool:
    """True for an event of a wanted channel, and for one that is in no channel at all."""
    channel = _channel(event)
    return not settings.channels or not channel or channel in {name.lstrip("#") for name in settings.channels}


def _channel(event: RawEvent) -> str:
    channel = (event.thread or "").partition("/")[0]
    return channel[1:] if channel.startswith("#") else ""


def span(settings: Settings, zone: str) -> tuple[datetime | None, datetime | None]:
    """`--since` and `--until` in UTC; typed without a zone they are on the clocks that the report prints.

    Raises:
        InputError: the end comes before the start.
    """

    def moment(given: datetime | None) -> datetime | None:
        if given is not None and given.tzinfo is None:
            given = given.replace(tzinfo=zone_of(settings.display_tz or zone))
        return given.astimezone(UTC) if given else None

    since, until = moment(settings.since), moment(settings.until)
    if since and until and until < since:
        raise InputError(
            f"--until {until:%Y-%m-%d %H:%M} UTC lies before --since {since:%Y-%m-%d %H:%M} UTC",
            hint="swap them",
        )
    return since, until


def within(event: TimedEvent, since: datetime | None, until: datetime | None) -> bool:
    """True inside the span; what has no time stays."""
    return event.at is None or ((since is None or event.at >= since) and (until is None or event.at <= until))


def check_span(kept: int, timed: Sequence[TimedEvent]) -> None:
    """Something is left.

    Raises:
        NothingToRead: nothing is; says when the evidence is from.
    """
    moments = [event.at for event in timed if event.at]
    if kept or not timed or not moments:
        return
    raise NothingToRead(
        "no event lies between --since and --until",
        hint=f"the evidence runs from {min(moments):%Y-%m-%d %H:%M} to {max(moments):%Y-%m-%d %H:%M} UTC",
    )
