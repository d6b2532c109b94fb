"""Where the data files of the project lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pm_agent.errors import PmAgentError

_PACKAGE = Path(__file__).resolve().parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def folder(name: str) -> Path:
    """The folder `name` (prompts, rubrics): inside the package, else two folders above it."""
    for root in (_PACKAGE, _PACKAGE.parents[1]):
        if (root / name).is_dir():
            return root / name
    raise PmAgentError(f"the installation lacks its folder {name!r}", hint="install pm-agent again")


def inside(*parts: str) -> Path:
    """A file or folder that always lies within the package (language data, templates)."""
    return _PACKAGE.joinpath(*parts)


@cache
def load_yaml(path: Path) -> Any:
    """The parsed content of one of our own YAML files; read once in a process."""
    return parse_yaml(path.read_text(encoding="utf-8"))


def parse_yaml(text: str) -> Any:
    """Parse YAML text with the safe loader (libyaml where it is built in).

    Raises:
        yaml.YAMLError: the text is not YAML.
    """
    return yaml.load(text, Loader=_LOADER)
