"""Report → notes for its author alone: blame-oriented wording that was found, before → after, with the reason.

The shared report never reprints it; whoever writes these notes to disk keeps them private.
"""

from __future__ import annotations

from pm_agent.language import words
from pm_agent.rendering.markdown import escape
from pm_agent.rendering.page import Page
from pm_agent.report import LanguageFinding, Report


def to_author_notes(report: Report) -> str:
    """Every finding as a short block of Markdown, those of the draft first."""
    page, said = Page(report), words(report.language, "author-notes")
    lines = [f"# {said['heading'].format(title=escape(report.title))}", "", said["private"]]
    for where in ("draft", "evidence"):
        found = [one for one in report.language_findings if one.where == where]
        lines += ["", f"## {said[where].format(n=len(found))}"]
        lines += [line for number, one in enumerate(found, 1) for line in _block(page, said, one, number)]
        lines += [] if found else ["", said["nothing"]]
    return "\n".join(lines) + "\n"


def _block(page: Page, said: dict[str, str], one: LanguageFinding, number: int) -> list[str]:
    """One finding: where it stands, the line, the wording in it, a neutral wording, the rule and its reason."""
    cited = next((e for e in page.report.evidence if e.id == one.event_id), None)
    line = one if one.sources else cited
    place = f"{page.place(line)} · {page.minute(line.at, day=True)}" if line else one.event_id
    before = one.sentence or (cited.text if cited and one.where == "evidence" else one.span)
    return [
        "",
        f"### {number}. {escape(one.span)}",
        "",
        f"- {said['place']} {escape(place)}",
        f"- {said['before']} {escape(before)}",
        f"- {said['after']} {escape(one.rewrite)}",
        f"- {said['rule']} `{one.rule}`",
        f"- {said['reason']} {escape(one.message)}",
    ]
