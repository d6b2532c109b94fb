"""Report → one self-contained HTML file: no script, strict CSP, readable on a phone, on paper, light and dark."""

from __future__ import annotations

import base64
import hashlib
import re

from markupsafe import Markup

from pm_agent.rendering.page import Page, environment
from pm_agent.rendering.picture import picture
from pm_agent.rendering.plain import visible
from pm_agent.report import Report
from pm_agent.resources import inside


def to_html(report: Report) -> str:
    """The report as a page of its own."""
    style = inside("rendering", "templates", "report.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    env = environment()
    env.autoescape = True
    env.filters["plain"] = lambda text: visible(" ".join(str(text).split()))
    env.filters["evidence"] = visible
    env.globals["sid"] = statement_anchor
    page = HtmlPage(report)
    return env.get_template("report.html.j2").render(
        page=page,
        r=page.report,
        w=page.words,
        style=Markup(style),
        style_hash=digest,
        picture=Markup(picture(page.report, page)),
    )


class HtmlPage(Page):
    """A page whose citations are links and whose evidence lines know who cites them."""

    def links(self, ids: list[str]) -> Markup:
        """Links to the evidence appendix."""
        found = [i for i in dict.fromkeys(ids) if i in self.labels]
        return Markup(" ").join(
            Markup('<a class="cite" href="#{}" aria-label="{} {}">{}</a>').format(
                self.anchor(i), self.words["evidence"]["heading"], self.labels[i], self.labels[i]
            )
            for i in found
        )

    def users(self, event_id: str) -> Markup:
        """Links from an evidence line back to what cites it."""
        if not hasattr(self, "_users"):
            self._users = _users(self.report)
        return Markup(" ").join(
            Markup('<a href="#{}">{}</a>').format(anchor, label)
            for anchor, label in self._users.get(event_id, [])
        )


def statement_anchor(id_: str) -> str:
    """A statement's id as an anchor."""
    return "s-" + re.sub(r"[^A-Za-z0-9_-]", "-", id_)


def _users(report: Report) -> dict[str, list[tuple[str, str]]]:
    """Event id → (anchor, label) of every row and statement that cites it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in report.timeline:
        for cited in row.citations:
            found.setdefault(cited, []).append((f"t-{row.id}", row.id))
    impact, response = report.impact, report.response
    shown = [
        *report.summary,
        impact.scope,
        *impact.users,
        *impact.business,
        *impact.technical,
        *(w.answer for w in report.whys),
    ]
    shown += [
        *report.contributing_factors,
        *response.went_well,
        *response.went_poorly,
        *response.got_lucky,
        report.one_line,
    ]
    for statement in shown:
        for cited in statement.citations:
            found.setdefault(cited, []).append((statement_anchor(statement.id), statement.id))
    for action in report.actions:
        for cited in action.citations:
            found.setdefault(cited, []).append((f"a-{action.id}", action.id))
    return found
