"""Word and Confluence: real headings, tables and links that lead somewhere; well-formed, and the same bytes twice."""

from __future__ import annotations

import io
import sys
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from pm_agent.errors import InputError
from pm_agent.language import LANGUAGES, Language
from pm_agent.rendering import TEMPLATES, document, render
from pm_agent.rendering.blocks import blocks
from pm_agent.rendering.confluence import to_confluence
from pm_agent.rendering.docx import bookmark_name, docx_state, to_docx
from pm_agent.rendering.markdown import escape
from pm_agent.rendering.template_choice import choose
from rendering.sample import report

AC = "{http://atlassian.com/content}"
EACH = [(t, language) for t in TEMPLATES for language in LANGUAGES]


def word(template: str = "eleven", language: Language = "en") -> Any:
    return docx.Document(io.BytesIO(document(report(language), "docx", template)))


def parsed(storage: str) -> ElementTree.Element:
    head = '<!DOCTYPE r [<!ENTITY nbsp " ">]><r xmlns:ac="http://atlassian.com/content" xmlns:ri="http://atlassian.com/resource">'
    return ElementTree.fromstring(head + storage + "</r>")


@pytest.mark.parametrize(("template", "language"), EACH)
def test_word_has_the_headings_tables_and_links_of_the_markdown(template: str, language: Language) -> None:
    found = blocks(render(report(language), "md", template))
    made = word(template, language)
    headings = ["".join(r.text for r in b.runs) for b in found if b.kind == "heading"]
    assert [p.text for p in made.paragraphs if p.style.name.startswith("Heading")] == headings
    assert [len(t.rows) for t in made.tables] == [len(b.rows) for b in found if b.kind == "table"]
    body = made.element.body
    links = {e.get(qn("w:anchor")) for e in body.iter(qn("w:hyperlink"))}
    marks = [e.get(qn("w:name")) for e in body.iter(qn("w:bookmarkStart"))]
    assert len(marks) == len(set(marks))
    assert links <= set(marks)
    assert bool(links) == (template != "customer")


def test_a_row_of_a_word_table_has_every_cell() -> None:
    table = next(t for t in word("conduct").tables if t.rows[0].cells[0].text == "ID")
    assert table.rows[1].cells[0].text == "AI-001"
    assert table.rows[1].cells[2].text == "Zuzana Malá"
    assert table.rows[0]._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None


def test_chinese_has_a_chinese_font() -> None:
    fonts = word("sre", "zh").styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"


def test_the_same_report_gives_the_same_word_file() -> None:
    assert document(report("zh"), "docx", "sre") == document(report("zh"), "docx", "sre")


def test_saving_a_word_file_with_a_change_counts_as_an_edit() -> None:
    content = document(report("en"), "docx", "brief")
    assert docx_state(content) == "untouched"
    made = docx.Document(io.BytesIO(content))
    made.paragraphs[3].add_run(" by me")
    stream = io.BytesIO()
    made.save(stream)
    assert docx_state(stream.getvalue()) == "edited"
    assert docx_state(b"PK nonsense") == "foreign"
    blank = io.BytesIO()
    docx.Document().save(blank)
    assert docx_state(blank.getvalue()) == "foreign"


@pytest.mark.parametrize(("template", "language"), EACH)
def test_confluence_is_well_formed_and_its_links_lead_to_anchors(template: str, language: Language) -> None:
    root = parsed(render(report(language), "confluence", template))
    macros = list(root.iter(AC + "structured-macro"))
    anchors = [m[0].text for m in macros if m.get(AC + "name") == "anchor"]
    links = {e.get(AC + "anchor") for e in root.iter(AC + "link")}
    assert len(anchors) == len(set(anchors))
    assert links <= set(anchors)
    assert {"toc"} <= {m.get(AC + "name") for m in macros}
    for lists in (root.iter("ul"), root.iter("ol")):
        assert all(child.tag == "li" for found in lists for child in found)
    found = blocks(render(report(language), "md", template))
    assert len(list(root.iter("table"))) == sum(b.kind == "table" for b in found)


def test_boxes_are_tasks() -> None:
    root = parsed(render(report("en"), "confluence", "conduct"))
    states = [e.text for e in root.iter(AC + "task-status")]
    assert len(states) == 7
    assert set(states) == {"complete", "incomplete"}


_SIGNS = st.text(
    alphabet=st.sampled_from("ab 工]>[<&\"'|*_`#\\~$!-1.()\n\t\u202e\x00\x0b\ufffe"), max_size=40
)


def _sample(text: str, other: str) -> str:
    return f"# T\n\n- {escape(text)} end\n\n| a | b |\n|---|---|\n| x{escape(other)} | {escape(text)} |\n"


def _words(text: str) -> str:
    """A text without blanks and unprintable signs."""
    return "".join(c for c in text if c.isprintable() and not c.isspace())


@settings(max_examples=150)
@given(_SIGNS, _SIGNS)
def test_whatever_evidence_says_stands_in_confluence_as_text(text: str, other: str) -> None:
    root = parsed(to_confluence(_sample(text, other)))
    assert [e.tag for e in root.iter("table")] == ["table"]
    first, second = root.iter("td")
    assert _words("".join(first.itertext())) == "x" + _words(other)
    assert _words("".join(second.itertext())) == _words(text)
    assert len(list(root.iter("li"))) + len(list(root.iter(AC + "task"))) == 1


@settings(max_examples=15)
@given(_SIGNS, _SIGNS)
def test_whatever_evidence_says_stands_in_word_as_text(text: str, other: str) -> None:
    content = to_docx(_sample(text, other), report("en"), choose("eleven"))
    first, second = docx.Document(io.BytesIO(content)).tables[0].rows[1].cells
    assert _words(first.text) == "x" + _words(other)
    assert _words(second.text) == _words(text)


@given(
    st.text(alphabet="abc-:.0123456789", min_size=1, max_size=80),
    st.text(alphabet="abc-", min_size=1, max_size=80),
)
def test_bookmark_names_fit_word_and_stay_apart(one: str, other: str) -> None:
    assert len(bookmark_name(one)) <= 40
    if len(one) > 40 and one != other:
        assert bookmark_name(one) != bookmark_name(other)


def test_raw_html_is_text() -> None:
    root = parsed(to_confluence("# T\n\nx <script>alert(1)</script> <b>y</b>\n\n<div>z</div>\n"))
    assert not [e for e in root.iter() if e.tag in {"script", "b", "div"}]
    assert "alert(1)" in "".join(root.itertext())


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(InputError) as caught:
        document(report("en"), "docx")
    assert caught.value.hint == "pip install 'pm-agent[docx]'"


def test_a_format_that_is_no_text_is_told_apart() -> None:
    with pytest.raises(InputError, match="no text"):
        render(report("en"), "docx")
