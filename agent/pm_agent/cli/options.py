"""Options that several commands share, and how they become settings."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pm_agent.settings import Settings

Paths = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders, archives, an incident folder (incident.yaml + evidence/), or - for standard input.",
        show_default=False,
    ),
]
Tz = Annotated[
    str | None, typer.Option("--tz", help="Zone of timestamps that carry none (Asia/Shanghai, +08:00).")
]
Day = Annotated[
    str | None, typer.Option("--date", help="Day of timestamps that carry only HH:MM (YYYY-MM-DD).")
]
DisplayTz = Annotated[str | None, typer.Option("--display-tz", help="Zone in which the report prints times.")]
Lang = Annotated[
    str | None,
    typer.Option("--lang", help="Language of the report: zh or en. Default: that of the evidence."),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        help="Leave out evidence before this time (ISO 8601; in the report's zone if it names none).",
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        help="Leave out evidence after this time (ISO 8601; in the report's zone if it names none).",
    ),
]
Channel = Annotated[
    list[str] | None,
    typer.Option("--channel", help="Only this channel of a chat export; may be given again."),
]
FormatOf = Annotated[
    list[str] | None, typer.Option("--format-of", help="PATH=NAME: read PATH as this format.")
]
TemplateName = Annotated[
    str | None,
    typer.Option(
        "--template",
        help="eleven, ops-task, standard, quick, five-whys, conduct, sre, brief, customer, or the path of your own.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Write over files even where a person has edited them.")]
AuthorNotes = Annotated[
    Path | None,
    typer.Option(
        "--author-notes",
        help="Write blame-oriented wording that was found, before and after, here, for you alone.",
    ),
]
FactsFile = Annotated[
    Path | None, typer.Option("--facts", help="An incident.yaml with what you know already.")
]


def settings_from(
    *,
    tz: str | None,
    day: str | None,
    display_tz: str | None = None,
    lang: str | None = None,
    since: str | None = None,
    until: str | None = None,
    channel: list[str] | None = None,
    format_of: list[str] | None = None,
    facts: Path | None = None,
    **more: Any,
) -> Settings:
    """Flags > environment > pm-agent.toml > defaults.

    Raises:
        InputError: a value does not fit.
    """
    from pm_agent.errors import InputError
    from pm_agent.ingest.clock import zone_of
    from pm_agent.settings import CONFIG_NAME, load_facts, load_settings

    for name in (tz, display_tz):
        if name:
            zone_of(name)
    if lang not in {None, "zh", "en"}:
        raise InputError(f"unknown language {lang!r}", hint="zh or en")
    flags: dict[str, Any] = {
        "timezone": tz,
        "date": day_of(day),
        "display_tz": display_tz,
        "lang": lang,
        "since": _moment("--since", since),
        "until": _moment("--until", until),
        "channels": tuple(channel) if channel else None,
        "format_of": dict(_pair(p) for p in format_of) if format_of else None,
        "facts": load_facts(facts) if facts else None,
        **more,
    }
    config = Path(CONFIG_NAME)
    return load_settings(flags, os.environ, config if config.is_file() else None)


def day_of(text: str | None) -> date | None:
    """A day as YYYY-MM-DD.

    Raises:
        InputError: it is none.
    """
    from pm_agent.errors import InputError

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--date {text!r} is no date", hint="write it as YYYY-MM-DD") from error


def _moment(flag: str, text: str | None) -> datetime | None:
    """A time, left without a zone where it has none: ingest knows which zone the report prints. A day ends at its end."""
    from pm_agent.errors import InputError

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        hint = "write it as 2026-03-04T02:17, 2026-03-04T02:17+08:00 or 2026-03-04"
        raise InputError(f"{flag} {text!r} is no time", hint=hint) from error
    is_day = moment.tzinfo is None and len(text.strip()) <= 10
    return moment + timedelta(days=1, microseconds=-1) if is_day and flag == "--until" else moment


def _pair(text: str) -> tuple[str, str]:
    from pm_agent.errors import InputError

    path, equals, name = text.rpartition("=")
    if not equals or not path:
        raise InputError(f"--format-of {text!r} lacks a name", hint="write PATH=NAME")
    return path, name
