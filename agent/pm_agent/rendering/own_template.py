"""A template of one's own: sandboxed, strict, and an error that names file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from pm_agent.errors import InputError
from pm_agent.rendering.page import environment
from pm_agent.rendering.template_choice import Template
from pm_agent.rendering.text_page import TextPage
from pm_agent.report import Report
from pm_agent.resources import inside, parse_yaml

_HINT = "docs/templates.md lists what a template may use"


def own_environment(main: Path) -> SandboxedEnvironment:
    """Loads from the template's folder, and `builtin/…` from the built-in ones."""
    env = environment()
    env.bytecode_cache = None  # a team's templates change, and are not ours to keep
    builtin = FileSystemLoader(inside("rendering", "templates"))
    env.loader = ChoiceLoader([FileSystemLoader(main.parent), PrefixLoader({"builtin": builtin}), builtin])
    return env


def own_page(report: Report, template: Template) -> TextPage:
    """The page of a template of one's own; `t` holds its `en.yaml` or `zh.yaml`, where it has one."""
    assert template.path is not None
    return TextPage(report, template.name, _wording(template.path.parent, report.language))


def _wording(folder: Path, language: str) -> dict[str, Any]:
    path = folder / f"{language}.yaml"
    if not path.is_file():
        return {}
    try:
        content = parse_yaml(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise InputError(f"{str(path)!r}{where}: {problem}", hint="mend that file") from error
    if not isinstance(content, dict):
        raise InputError(f"{str(path)!r}: expected `key: value` lines", hint=_HINT)
    return content


def template_fault(error: Exception, main: Path) -> InputError:
    """An error of a template of one's own, with the file and line where it happened."""
    if isinstance(error, TemplateSyntaxError):
        return InputError(
            f"template {error.filename or str(main)!r} line {error.lineno}: {error.message}", hint=_HINT
        )
    file, line = _innermost(error.__traceback__, main)
    what = f"there is no template {error.name!r}" if isinstance(error, TemplateNotFound) else str(error)
    return InputError(f"template {file!r} line {line}: {what or type(error).__name__}", hint=_HINT)


def _innermost(trace: TracebackType | None, main: Path) -> tuple[str, int]:
    """The last place of the traceback that stands in a template."""
    found = (str(main), 1)
    for file, line in _places(trace):
        if file.endswith((".j2", main.suffix)) and not file.endswith(".py"):
            found = (file, line)
    return found


def _places(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
