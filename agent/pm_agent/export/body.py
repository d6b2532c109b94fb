"""The body of a ticket as Markdown. Text from evidence can be read in it, and notify, link or command nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pm_agent.language import words
from pm_agent.rendering.markdown import escape
from pm_agent.rendering.page import Page
from pm_agent.rendering.plain import visible
from pm_agent.report import ActionItem, EvidenceLine, Report

_REFERENCE = re.compile(r"(?<![\w`])([@#!]\w[\w./-]*(?: [A-Z]{1,2}\b)?|GH-\d+)")
"""What a tracker would turn into a notification or a link: @name, #12, !12, GH-12; an alias as a whole."""
_LONGEST_QUOTE = 300


def one_line(text: str) -> str:
    """Text on one line, without characters that act in a terminal or reorder it."""
    return visible(" ".join(text.split()))


def prose(text: str) -> str:
    """Text that a tracker prints as it stands; names and numbers that it would act on are set as code."""
    parts = _REFERENCE.split(one_line(text))
    return "".join(f"`{part}`" if n % 2 else _escaped(part, first=n == 0) for n, part in enumerate(parts))


def _escaped(part: str, *, first: bool) -> str:
    """A stretch of a line; only the first can begin it, and blanks at its ends stay."""
    if not part.strip():
        return part
    lead, tail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return lead + (escape(part) if first else escape("x" + part.strip())[1:]) + tail


def body_of(
    report: Report, action: ActionItem, lacking: tuple[str, ...], url: str | None, *, quotes: bool
) -> str:
    """What somebody who was not there needs to do the work."""
    page, own = Page(report), words(report.language, "export")
    lines = [_origin(report, action, own, url), ""]
    if action.origin == "proposed":
        lines += [f"_{own['proposed']}_", ""]
    lines += [f"- **{label}:** {value}" for label, value in _facts(page, action, own) if value is not None]
    if reasons := list(_reasons(report, action, page)):
        lines += ["", f"### {own['reason']}", "", *reasons]
    cited = [line for line in report.evidence if line.id in action.citations]
    if cited:
        lines += ["", f"### {own['evidence']}", ""]
        lines += [_evidence(page, action, line, url, quotes=quotes) for line in cited]
    if lacking:
        lines += ["", f"### {own['lacking']}", ""]
        lines += [
            f"- {own['letters'][name]}: {prose(getattr(action.smart, name).reason or '')}" for name in lacking
        ]
        lines += ["", f"{own['suggestion']}: {prose(action.suggestion)}"] if action.suggestion else []
    return "\n".join(lines) + "\n"


def _origin(report: Report, action: ActionItem, own: dict[str, str], url: str | None) -> str:
    if url:
        return own["from_page"].format(title=prose(report.title), url=url, id=action.id)
    return own["from_report"].format(title=prose(report.title), id=action.id)


def _facts(page: Page, action: ActionItem, own: dict[str, str]) -> Iterator[tuple[str, str | None]]:
    """Owner, date and end of the work; blanks where nobody said."""
    w = page.words["s7"]
    yield own["done_when"], prose(action.acceptance) if action.acceptance else w["blank_done"]
    yield own["owner"], prose(action.owner) if action.owner else w["blank_owner"]
    yield own["sponsor"], prose(action.sponsor) if action.sponsor else None
    yield own["due"], action.due.isoformat() if action.due else w["blank_due"]
    yield own["priority"], action.priority
    yield own["goal"], prose(action.goal) if action.goal and action.category != "other" else None


def _reasons(report: Report, action: ActionItem, page: Page) -> Iterator[str]:
    """What the item addresses, in the words of the analysis; what is only suspected says so."""
    causes = [*report.contributing_factors, *report.root_causes.technical, *report.root_causes.process]
    said = {why.id: why.answer for why in report.whys} | {cause.id: cause for cause in causes}
    for name in dict.fromkeys(action.addresses):
        statement = said.get(name)
        if statement is not None and statement.support != "unknown":
            mark = f" _({page.words['hypothesis']})_" if statement.support == "hypothesis" else ""
            yield f"- {name}: {prose(statement.text)}{mark}"


def _evidence(page: Page, action: ActionItem, line: EvidenceLine, url: str | None, *, quotes: bool) -> str:
    """Place, time and, where asked, the words of one evidence line."""
    place = prose(page.place(line)) or line.id
    where = f"[{place}]({url}#{page.anchor(line.id)})" if url else place
    when = page.minute(line.at, day=True) if line.at else page.words["evidence"]["unprinted_time"]
    if not quotes:
        return f"- {where} · {when}"
    text = one_line(_part(line.text, action.text))
    cut = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    who = f"{prose(line.actor)}: " if line.actor else ""
    return f"- {where} · {when} · {who}{prose(cut)}"


def _part(text: str, wanted: str) -> str:
    """The line of a long message that says the item, else the whole message."""
    head = " ".join(wanted.split())[:24].casefold()
    return next((line for line in text.splitlines() if head in " ".join(line.split()).casefold()), text)
