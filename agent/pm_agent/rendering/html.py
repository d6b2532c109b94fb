"""Report → one self-contained HTML file: no script, strict CSP, readable on a phone, on paper, light and dark."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from pm_agent.rendering.html_page import HtmlPage
from pm_agent.rendering.page import environment
from pm_agent.rendering.picture import notes, picture, swatch
from pm_agent.rendering.plain import visible
from pm_agent.report import Report
from pm_agent.resources import inside

_STYLES = ("page", "parts", "tables", "picture", "paper")


def to_html(report: Report) -> str:
    """The report as a page of its own."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    env = environment(escaped=True)
    env.filters["plain"] = lambda text: visible(" ".join(str(text).split()))
    env.filters["evidence"] = visible
    page = HtmlPage(report)
    report = page.report  # with evidence as it may be quoted
    names = {"page": page, "r": report, "w": page.words, "h": page.words["html"], "asks": page.asks}
    body = env.get_template("html/sections.html.j2").render(names)  # first: it tells which lines are cited
    return env.get_template("html/report.html.j2").render(
        names,
        body=Markup(body),
        style=Markup(style),
        style_hash=digest,
        picture=Markup(picture(report, page, page.cited)),
        picture_notes=notes(report, page),
        swatch=lambda form: Markup(swatch(form)),
    )


def _style() -> str:
    """The style sheets as one text; its hash is all that the page's policy lets in."""
    folder = inside("rendering", "templates", "html")
    return "\n".join((folder / f"{name}.css").read_text(encoding="utf-8").strip() for name in _STYLES)
