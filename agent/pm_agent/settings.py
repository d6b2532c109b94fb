"""What the author and the team set: flags > environment > pm-agent.toml > defaults, and the facts of incident.yaml."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from pm_agent.errors import InputError
from pm_agent.resources import parse_yaml

CONFIG_NAME = "pm-agent.toml"


class _Given(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Overrides(_Given):
    """What the author corrects by hand; everything that depends on it is computed again."""

    milestones: dict[str, datetime | None] = {}
    pin: list[str] = []
    """Event ids that must be in the timeline."""
    drop: list[str] = []
    """Event ids that must not be in the timeline."""
    severity: str | None = None
    roles: dict[str, str] = {}


class DocumentFacts(_Given):
    """About the document: number, authors, reviewers."""

    id: str | None = None
    version: str | None = None
    authors: list[str] = []
    reviewers: list[str] = []
    history: list[str] = []


class MeetingFacts(_Given):
    """The review meeting, where it is already planned."""

    at: datetime | None = None
    facilitator: str | None = None
    participants: list[str] = []


class GoalFacts(_Given):
    """What the operation was to reach; a bare sentence is a goal nobody judged yet."""

    text: str
    met: Literal["met", "partly", "missed"] | None = None
    note: str | None = None


class PhaseFacts(_Given):
    """A stretch of the operation."""

    name: str
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None


class PlannedFacts(_Given):
    """A figure as planned: duration, downtime, users, errors, or one of the author's own."""

    name: str
    plan: str
    actual: str | None = None
    note: str | None = None


class TaskFacts(_Given):
    """A planned operation: what was to be done."""

    result: str | None = None
    goals: list[GoalFacts] = []
    phases: list[PhaseFacts] = []
    planned: list[PlannedFacts] = []

    @field_validator("goals", "phases", mode="before")
    @classmethod
    def _bare_names(cls, value: Any, info: ValidationInfo) -> Any:
        key = "text" if info.field_name == "goals" else "name"
        return [{key: v} if isinstance(v, str) else v for v in value] if isinstance(value, list) else value

    @field_validator("planned", mode="before")
    @classmethod
    def _bare_plans(cls, value: Any) -> Any:
        """`duration: 30 min`, as a mapping or as lines."""
        if isinstance(value, dict):
            return [{"name": str(k), "plan": str(v)} for k, v in value.items()]
        if not isinstance(value, list):
            return value
        return [
            dict(zip(("name", "plan"), (p.strip() for p in v.split(":", 1)), strict=False))
            if isinstance(v, str)
            else v
            for v in value
        ]


class Facts(_Given):
    """incident.yaml: only what somebody knows before drafting; every key is optional."""

    title: str | None = None
    severity: str | None = None
    status: Literal["ongoing", "resolved"] | None = None
    """`ongoing` where the incident is still open; left out, the evidence tells."""
    timezone: str | None = None
    """Zone of timestamps that carry none."""
    date: dt.date | None = None
    """Day of timestamps that carry only HH:MM."""
    language: Literal["en", "zh"] | None = None
    services: list[str] = []
    people: dict[str, str] = {}
    """Handle or user id → name."""
    roles: dict[str, str] = {}
    """Handle or user id → role (incident_commander, tech_lead, communications, scribe …)."""
    starts: dict[str, datetime] = {}
    """Start of a recording, or the moment a listing of ages (`kubectl get events`) was taken, by file name."""
    meeting_start: datetime | None = None
    """Start of the only recording."""
    overrides: Overrides = Overrides()
    document: DocumentFacts = DocumentFacts()
    meeting: MeetingFacts = MeetingFacts()
    task: TaskFacts = TaskFacts()

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str | None) -> str | None:
        if value is not None and value not in {"UTC"} and not value.startswith(("+", "-")):
            ZoneInfo(value)
        return value


class ResponseLimits(_Given):
    """What the response is measured against (table `[response]` of pm-agent.toml)."""

    acknowledge_minutes: int = 5
    escalate_minutes: int = 15
    update_minutes: int = 30
    outage_minutes: int = 15
    """A customer-facing incident that lasted longer makes a postmortem due."""
    days: dict[Literal["draft", "meeting", "week", "month", "quarter"], int] = {}
    """Days after the end by which it is due, where the team's differ from the rubric's."""
    weekend: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ("sat", "sun")


class Settings(_Given):
    """Everything that shapes a draft."""

    lang: Literal["en", "zh"] | None = None
    timezone: str | None = None
    display_tz: str | None = None
    date: dt.date | None = None
    since: datetime | None = None
    until: datetime | None = None
    channels: tuple[str, ...] = ()
    format_of: dict[str, str] = {}
    """Path → format name."""
    names: Literal["alias", "full"] = "alias"
    template: str = "eleven"
    """A built-in template, or the path of one's own."""
    all_evidence: bool = False
    fix_skew: bool = False
    model: str = "rules"
    """`rules`, `auto`, or a model name."""
    model_named_in: str | None = None
    """The file that names the model, where no flag does."""
    base_url: str | None = None
    api_key: str | None = None
    max_tokens: int | None = None
    max_calls: int | None = None
    context: int = 32_000
    """Context window of the model in tokens."""
    timeout: float = 120.0
    """Seconds for one answer of the model server."""
    severity_map: dict[str, Literal["P0", "P1", "P2", "P3"]] = {}
    rubrics: tuple[str, ...] = ()
    """Paths of the team's own rubric files."""
    hide_ips: bool = False
    """Replace IP addresses too."""
    hide_hosts: bool = False
    """Replace host names too."""
    secret_patterns: dict[str, str] = {}
    """Name → regular expression of what else is secret here; a group `v` narrows what is replaced."""
    disable: tuple[str, ...] = ()
    """Ids of rules that are not to be applied."""
    due_limits: dict[Literal["P0", "P1", "P2", "P3"], int] = {}
    """Days within which an action of that priority is due (default: P0 7, P1 31, P2 92)."""
    response: ResponseLimits = ResponseLimits()
    facts: Facts = Facts()

    @field_validator("secret_patterns")
    @classmethod
    def _compiles(cls, value: dict[str, str]) -> dict[str, str]:
        for name, pattern in value.items():
            try:
                compiled = re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{name}: {error}") from error
            if compiled.search("") or not re.fullmatch(r"[\w.-]+", name):
                raise ValueError(
                    f"{name}: matches the empty text, or the name holds more than letters, digits and -"
                )
        return value


def load_facts(path: Path) -> Facts:
    """The facts of an incident.yaml.

    Raises:
        InputError: not YAML, or a key or value that is not known.
    """
    try:
        content = parse_yaml(path.read_text(encoding="utf-8-sig")) or {}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{str(path)!r}: {error}", hint="check the path and its encoding") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise InputError(
            f"{str(path)!r}{line}: not YAML: {getattr(error, 'problem', error)}", hint="mend that line"
        ) from error
    if not isinstance(content, dict):
        raise InputError(
            f"{str(path)!r}: expected `key: value` lines", hint="see docs/formats.md, incident.yaml"
        )
    try:
        return Facts.model_validate(content)
    except (ValidationError, KeyError) as error:
        raise InputError(
            f"{str(path)!r}: {_first_error(error)}", hint="see docs/formats.md, incident.yaml"
        ) from error


def _first_error(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)


_ENVIRONMENT = {"OPENAI_BASE_URL": "base_url", "OPENAI_API_KEY": "api_key"}


def load_settings(
    flags: Mapping[str, Any], environment: Mapping[str, str], config: Path | None = None
) -> Settings:
    """Merge defaults, pm-agent.toml, environment and flags (a flag that is None was not given).

    Raises:
        InputError: an unknown key or a value that does not fit.
    """
    values: dict[str, Any] = dict(read_config(config)) if config else {}
    if values.get("model") and flags.get("model") in {None, "auto"}:  # `auto` takes what the file names
        flags = {**flags, "model": values["model"], "model_named_in": config.name if config else None}
    values |= {key: environment[name] for name, key in _ENVIRONMENT.items() if environment.get(name)}
    values |= {key: value for key, value in flags.items() if value is not None}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise InputError(
            f"setting {_first_error(error)}", hint="`pm-agent draft --help` lists the settings"
        ) from error


def read_config(path: Path) -> dict[str, Any]:
    """The settings of a pm-agent.toml (table `[pm-agent]` or the top level).

    Raises:
        InputError: not TOML.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{str(path)!r}: {error}", hint="mend that file or remove it") from error
    table = content.get("pm-agent", content)
    return {key.replace("-", "_"): value for key, value in table.items()}
