"""The formats a report is written in, and how each tells whether a person has edited its file since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from pm_agent.errors import InputError
from pm_agent.rendering.human_edits import line_marks
from pm_agent.rendering.json_format import to_json
from pm_agent.rendering.markdown import to_markdown
from pm_agent.rendering.stamp import State, json_state, stamped, text_state
from pm_agent.rendering.template_choice import Template
from pm_agent.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """One format of a report."""

    describes: str
    endings: tuple[str, ...]
    """Of file names; the first is written where none is given."""
    state: Callable[[bytes], State]
    """Whether the content of a file is as it was written."""
    of_text: Callable[[str, Report, Template], bytes] | None = None
    """Makes it from the Markdown of a template."""
    of_report: Callable[[Report], bytes] | None = None
    """Makes it from the whole report; the template has no say."""
    is_text: bool = True
    needs: str | None = None
    """A module that not every installation has."""
    install: str = ""

    @property
    def whole(self) -> bool:
        """True where it always holds everything internal."""
        return self.of_report is not None

    def make(self, report: Report, template: Template, text: str | None = None) -> bytes:
        """The bytes of a file; `text` is Markdown to be used in the place of the template's."""
        if self.of_report is not None:
            return self.of_report(report)
        assert self.of_text is not None
        return self.of_text(text or to_markdown(report, template), report, template)

    def check_installed(self) -> None:
        """Nothing, where what the format needs is there.

        Raises:
            InputError: with the exact line that installs it.
        """
        if self.needs and find_spec(self.needs) is None:
            raise InputError(f"this format needs the package {self.needs}", hint=self.install)


def _markdown(text: str, report: Report, template: Template) -> bytes:
    return stamped(text, report, template.name, line_marks(text)).encode()


def _html(report: Report) -> bytes:
    from pm_agent.rendering.html import to_html

    return stamped(to_html(report), report, "eleven").encode()


def _json(report: Report) -> bytes:
    return to_json(report).encode()


def _confluence(text: str, report: Report, template: Template) -> bytes:
    from pm_agent.rendering.confluence import to_confluence

    return stamped(to_confluence(text), report, template.name).encode()


def _docx(text: str, report: Report, template: Template) -> bytes:
    from pm_agent.rendering.docx import to_docx

    return to_docx(text, report, template)


def _docx_state(content: bytes) -> State:
    from pm_agent.rendering.docx import docx_state

    return docx_state(content)


def _of_text(state: Callable[[str], State]) -> Callable[[bytes], State]:
    def judge(content: bytes) -> State:
        try:
            return state(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return "foreign"

    return judge


_text_state, _json_state = _of_text(text_state), _of_text(json_state)

FORMATS: dict[str, Format] = {
    "md": Format("Markdown, in any template", ("md", "markdown"), _text_state, of_text=_markdown),
    "html": Format(
        "one self-contained HTML file in eleven sections, with a picture of the incident",
        ("html", "htm"),
        _text_state,
        of_report=_html,
    ),
    "json": Format("the report contract, for programs", ("json",), _json_state, of_report=_json),
    "docx": Format(
        "a Word document, in any template",
        ("docx",),
        _docx_state,
        of_text=_docx,
        is_text=False,
        needs="docx",
        install="pip install 'pm-agent[docx]'",
    ),
    "confluence": Format(
        "Confluence storage format (XHTML), in any template",
        ("xhtml", "confluence"),
        _text_state,
        of_text=_confluence,
    ),
}
