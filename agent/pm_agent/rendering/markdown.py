"""Report → Markdown, in any template. Text from evidence is escaped: it can be read here, and do nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2.sandbox import SandboxedEnvironment

from pm_agent.errors import PmAgentError
from pm_agent.rendering.own_template import own_environment, own_page, template_fault
from pm_agent.rendering.page import environment
from pm_agent.rendering.plain import visible
from pm_agent.rendering.template_choice import Template
from pm_agent.rendering.text_page import TextPage
from pm_agent.report import Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$])")
_LINKED = re.compile(r"\bwww\.|\b(?:[a-z][a-z0-9+.-]*|mailto|xmpp):(?=//|\S+@)", re.I)
"""Where a renderer would make a link of bare text."""
_LEADING = re.compile(r"^(\s*)([#+\-=]|\d+[.)])")


def escape(text: object) -> str:
    """Text that Markdown prints as it stands, on one line."""
    flat = " ".join(visible(str(text)).split())
    flat = _SPECIAL.sub(r"\\\1", flat).replace("&", "&amp;")
    flat = _LINKED.sub(lambda m: m[0][:-1] + "\\" + m[0][-1], flat)
    return _LEADING.sub(
        lambda m: f"{m[1]}\\{m[2]}" if m[2][0] in "#+-=" else f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", flat
    )


def to_markdown(report: Report, template: Template) -> str:
    """The report in a template; every citation leads to the evidence appendix.

    Raises:
        InputError: a fault in a template of one's own, with its file and line.
    """
    if template.path is None:
        return _print(_built_in(), f"{template.name}.md.j2", TextPage(report, template.name))
    page = own_page(report, template)
    try:
        return _print(own_environment(template.path), template.path.name, page)
    except PmAgentError:
        raise
    except Exception as error:
        raise template_fault(error, template.path) from error


@cache
def _built_in() -> SandboxedEnvironment:
    return environment()


def _print(env: SandboxedEnvironment, name: str, page: TextPage) -> str:
    env.filters["md"] = escape
    text = env.get_template(name).render(**context(page))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def context(page: TextPage) -> dict[str, Any]:
    """The names a template knows: the report, its printed forms, and the wording."""
    return {
        "page": page,
        "r": page.report,
        "w": page.words,
        "t": page.own,
        "asks": page.asks,
        "whole": False,
    }
