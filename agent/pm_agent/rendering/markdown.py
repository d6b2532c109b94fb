"""Report → Markdown. Text from evidence is escaped: it can be read here, and do nothing."""

from __future__ import annotations

import re

from pm_agent.rendering.page import Page, environment
from pm_agent.report import Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$])")
_LEADING = re.compile(r"^(\s*)([#+\-=]|\d+[.)])")
_URL = re.compile(r"https?://[^\s\\]+")


def escape(text: object) -> str:
    """Text that Markdown prints as it stands, on one line."""
    flat = " ".join(str(text).split())
    flat = _SPECIAL.sub(r"\\\1", flat).replace("![", "!\\[").replace("&", "&amp;")
    return _LEADING.sub(
        lambda m: f"{m[1]}\\{m[2]}" if m[2][0] in "#+-=" else f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", flat
    )


def to_markdown(report: Report, template: str = "eleven") -> str:
    """The report in the eleven-section template, with an evidence appendix that every citation links to."""
    env = environment()
    env.filters["md"] = escape
    text = env.get_template(f"{template}.md.j2").render(page=Page(report), r=report)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
