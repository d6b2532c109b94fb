"""Report → text or document. One format a line in `FORMATS`, one template a line in `template_choice.BUILT_IN`."""

from __future__ import annotations

from pm_agent.errors import InputError
from pm_agent.language import words
from pm_agent.rendering.author_notes import to_author_notes
from pm_agent.rendering.formats import FORMATS, Format
from pm_agent.rendering.human_edits import Merged, line_marks, merge
from pm_agent.rendering.markdown import to_markdown
from pm_agent.rendering.stamp import split_stamp, stamped
from pm_agent.rendering.template_choice import BUILT_IN as TEMPLATES
from pm_agent.rendering.template_choice import choose
from pm_agent.report import Report

__all__ = [
    "FORMATS",
    "TEMPLATES",
    "Format",
    "Merged",
    "author_notes",
    "choose",
    "document",
    "render",
    "update",
]


def render(report: Report, format: str = "md", template: str = "eleven") -> str:
    """The report as text, with its provenance at the end.

    Args:
        report: what to print.
        format: one of `FORMATS` that is text.
        template: a built-in template, or the path of one's own.

    Raises:
        InputError: no such format or template, a fault in a template of one's own, or a format that is not text.
    """
    if format in FORMATS and not FORMATS[format].is_text:
        raise InputError(
            f"{format} is no text", hint=f"pm_agent.rendering.document(report, {format!r}) gives its bytes"
        )
    return document(report, format, template).decode("utf-8")


def update(report: Report, edited: str, template: str | None = None) -> Merged:
    """The report drafted anew into a Markdown file that people have edited: their lines stay and are marked.

    Args:
        report: the new draft.
        edited: the content of the file.
        template: given only where it is one's own; else the file itself says it.

    Raises:
        InputError: the file carries no provenance, or another template is asked for than the one it was written in.
    """
    body, stamp = split_stamp(edited)
    if stamp is None or not stamp.lines:
        raise InputError(
            "the file does not say how it was written, so people's changes can't be told from the draft",
            hint="write a new file with -o, and carry the changes over by hand",
        )
    name = template or stamp.template
    if name != stamp.template and stamp.template in TEMPLATES:
        raise InputError(
            f"the file was written with --template {stamp.template}",
            hint="leave --template out, or write a new file",
        )
    chosen = choose(name)
    drafted = to_markdown(report, chosen)
    mark = f"_({words(report.language, 'eleven')['human']})_"
    merged = merge(stamp.lines, body, drafted, mark)
    merged.text = stamped(merged.text, report, chosen.name, line_marks(drafted), drafted)
    return merged


def author_notes(report: Report) -> str:
    """Blame-oriented wording that was found, before and after, for the author alone."""
    return stamped(to_author_notes(report), report, "author-notes")


def document(
    report: Report, format: str = "md", template: str = "eleven", merged: Merged | None = None
) -> bytes:
    """The report as the bytes of a file; `merged` is a draft with what people wrote, from `update`.

    Raises:
        InputError: as for `render`, or a package that the format needs is missing.
    """
    if format not in FORMATS:
        raise InputError(f"unknown output format {format!r}", hint=f"one of: {', '.join(FORMATS)}")
    chosen = choose(template)
    made = FORMATS[format]
    if chosen.public and made.whole:
        raise InputError(
            f"{format} holds the whole report, the {chosen.name} template only what may be published",
            hint="ask for md, docx or confluence",
        )
    if merged and format == "md":
        return merged.text.encode()
    return made.make(report, chosen, merged.body if merged else None)
