"""The rules of `rubrics/*.yaml`: id, why, source, severity, and sentences that pass and that fail."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pm_agent.errors import InputError
from pm_agent.resources import folder, parse_yaml


class Rule(BaseModel):
    """One rule, as people read it and as tests run it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str
    why: str
    source: str
    judges: str
    """What it judges: text, item, why, chain, report."""
    check: str
    """Name of the function in `rubric/` that judges."""
    severity: Literal["error", "warning", "info"]
    find: tuple[str, ...] = ()
    """Patterns of a team's own rule."""
    unless: tuple[str, ...] = ()
    """What makes a match of `find` innocent."""
    passes: tuple[str, ...] = Field(alias="pass")
    fails: tuple[str, ...] = Field(alias="fail")


class Deadline(BaseModel):
    """A day by which something is due, counted from the local day on which the incident ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    earliest: int = 0
    """First day on which it may be done; a deadline on a weekend moves to a working day from here on, if there is one."""
    days: int
    severities: tuple[str, ...] = ()
    """The severities it holds for; none: for whatever no earlier deadline of this code holds for."""
    source: str


class Rubric(BaseModel):
    """One file of rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rubric: str
    rules: list[Rule]
    deadlines: tuple[Deadline, ...] = ()
    triggers: dict[str, str] = {}
    """What makes a postmortem due → its source."""


def read_rubric(path: Path) -> Rubric:
    """The rules of one YAML file.

    Raises:
        InputError: the file can't be read, is not YAML, or does not have the form of a rubric.
    """
    try:
        return Rubric.model_validate(parse_yaml(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{str(path)!r}: {error}", hint="check the path under `rubrics`") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise InputError(f"{str(path)!r}{line}: not YAML", hint="mend that line") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{str(path)!r}: {where}: {first['msg']}", hint="see rubrics/ for the form"
        ) from error


@cache
def built_in() -> tuple[Rubric, ...]:
    """Every rubric that comes with the program, by file name."""
    return tuple(read_rubric(path) for path in sorted(folder("rubrics").glob("*.yaml")))


def all_rules() -> Iterator[Rule]:
    """Every rule of every rubric."""
    return (rule for rubric in built_in() for rule in rubric.rules)
