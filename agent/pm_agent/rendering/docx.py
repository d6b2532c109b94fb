"""Blocks → a Word document: real headings, lists and tables, and links that lead to bookmarks of the evidence."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Sequence
from itertools import count
from typing import Any
from unicodedata import east_asian_width

from pm_agent.errors import InputError
from pm_agent.rendering.blocks import Block, Cell, Run, blocks
from pm_agent.rendering.plain import visible
from pm_agent.rendering.stamp import State
from pm_agent.rendering.template_choice import Template
from pm_agent.report import Report

_FONTS = {"en": "Calibri", "zh": "Microsoft YaHei"}
_CORE = "docProps/core.xml"
_ASIDE = {_CORE, "docProps/app.xml"}
_WIDTH = 17.0
"""Centimetres between the margins of an A4 page."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_IDENTIFIER = re.compile(rb"<dc:identifier>pm-agent \S+ template=\S* sha256=([0-9a-f]{64})</dc:identifier>")


def to_docx(markdown: str, report: Report, template: Template) -> bytes:
    """A Word document of a text; the same text gives the same bytes.

    Raises:
        InputError: python-docx is not installed.
    """
    try:
        import docx
    except ImportError as error:
        raise InputError("docx needs the package python-docx", hint="pip install 'pm-agent[docx]'") from error

    document = docx.Document()
    writer = _Writer(document, report.language)
    for block in blocks(markdown):
        writer.block(block)
    properties = document.core_properties
    properties.title = "" if template.public else visible(report.title)
    properties.author, properties.comments, properties.language = "pm-agent", "", report.language
    stream = io.BytesIO()
    document.save(stream)
    return _sealed(stream.getvalue(), report, template.name)


def _sealed(content: bytes, report: Report, template: str) -> bytes:
    """The same package with fixed times and its digest as the document's identifier."""
    parts = _parts(content)
    name = re.sub(r"[^\w./-]", "_", template)
    mark = f"pm-agent {report.provenance.tool} template={name} sha256={_digest(parts)}"
    core = re.sub(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>", b"", parts[_CORE])
    parts[_CORE] = core.replace(
        b"</cp:coreProperties>", f"<dc:identifier>{mark}</dc:identifier></cp:coreProperties>".encode()
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for path, data in parts.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, data)
    return stream.getvalue()


def docx_state(content: bytes) -> State:
    """Whether a written document is as it was written; saving it in an editor counts as an edit."""
    try:
        parts = _parts(content)
        found = _IDENTIFIER.search(parts[_CORE])
    except (zipfile.BadZipFile, KeyError, OSError):
        return "foreign"
    if not found:
        return "foreign"
    return "untouched" if _digest(parts) == found[1].decode() else "edited"


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def _digest(parts: dict[str, bytes]) -> str:
    found = hashlib.sha256()
    for path in sorted(parts.keys() - _ASIDE):
        found.update(path.encode() + b"\0" + parts[path] + b"\0")
    return found.hexdigest()


class _Writer:
    """Adds blocks to a document."""

    def __init__(self, document: Any, language: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        page = document.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
        self.document, self.element, self.qn = document, OxmlElement, qn
        self.bookmarks = count(1)
        normal = document.styles["Normal"]
        normal.font.name, normal.font.size = _FONTS["en"], Pt(10.5)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONTS[language])
        for level in range(1, 7):
            fonts = document.styles[f"Heading {level}"].element.get_or_add_rPr().get_or_add_rFonts()
            fonts.set(qn("w:eastAsia"), _FONTS[language])

    def block(self, block: Block) -> None:
        """One block, as Word has it."""
        if block.kind == "table":
            self.table(block)
        elif block.kind == "heading":
            self.fill(self.document.add_heading(level=min(block.level, 6)), block.runs)
        elif block.kind == "item":
            self.item(block)
        elif block.kind == "rule":
            return
        else:
            style = {"quote": "Quote", "code": "No Spacing"}
            paragraph = self.document.add_paragraph(style=style.get(block.kind, "Normal"))
            self.fill(paragraph, block.runs, code=block.kind == "code")
            self.indent(paragraph, block.level)

    def item(self, block: Block) -> None:
        if block.checked is not None:
            paragraph = self.document.add_paragraph()
            self.indent(paragraph, block.level)
            paragraph.add_run("☑ " if block.checked else "☐ ")
        elif block.number is not None:
            # the number is written out: Word's own lists would go on counting from one list to the next
            paragraph = self.document.add_paragraph()
            self.indent(paragraph, block.level)
            paragraph.add_run(f"{block.number}. ")
        else:
            style = "List Bullet" if block.level == 1 else f"List Bullet {min(block.level, 3)}"
            paragraph = self.document.add_paragraph(style=style)
        self.fill(paragraph, block.runs)

    def indent(self, paragraph: Any, level: int) -> None:
        from docx.shared import Cm

        if level:
            paragraph.paragraph_format.left_indent = Cm(0.6 * level)

    def table(self, block: Block) -> None:
        from docx.shared import Cm, Pt

        width = max(len(row) for row in block.rows)
        table = self.document.add_table(rows=0, cols=width)
        table.style, table.autofit = "Table Grid", False
        widths = [Cm(share * _WIDTH) for share in shares(block.rows)]
        for made, column in zip(table.columns, widths, strict=True):
            made.width = column
        for number, row in enumerate(block.rows):
            cells = table.add_row().cells
            for cell, runs, column in zip(cells, row, widths, strict=False):
                cell.width = column
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(0)
                self.fill(paragraph, runs, strong=number == 0, size=Pt(9))
        head = table.rows[0]._tr.get_or_add_trPr()
        head.append(self.element("w:tblHeader"))
        self.document.add_paragraph()

    def fill(
        self, paragraph: Any, runs: Cell, *, strong: bool = False, code: bool = False, size: Any = None
    ) -> None:
        """The runs of a block, with bookmarks before what they mark."""
        for run in runs:
            if run.place:
                self.bookmark(paragraph, run.place)
            else:
                self.run(paragraph, run, strong=strong, code=code).font.size = size

    def run(self, paragraph: Any, run: Run, *, strong: bool, code: bool) -> Any:
        made = paragraph.add_run(run.text)
        made.bold = True if strong or "strong" in run.marks else None
        made.italic = True if "em" in run.marks else None
        if code or "code" in run.marks:
            made.font.name = "Consolas"
        if run.anchor:
            self.link(paragraph, made, run.anchor)
        return made

    def link(self, paragraph: Any, made: Any, anchor: str) -> None:
        from docx.shared import RGBColor

        made.font.color.rgb = RGBColor(0x05, 0x63, 0xC1)
        link = self.element("w:hyperlink")
        link.set(self.qn("w:anchor"), bookmark_name(anchor))
        link.append(made._r)
        paragraph._p.append(link)

    def bookmark(self, paragraph: Any, place: str) -> None:
        number = str(next(self.bookmarks))
        for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = self.element(kind)
            mark.set(self.qn("w:id"), number)
            if kind == "w:bookmarkStart":
                mark.set(self.qn("w:name"), bookmark_name(place))
            paragraph._p.append(mark)


def shares(rows: Sequence[Sequence[Cell]]) -> list[float]:
    """The share of the page's width that each column of a table gets: by its longest text, none starved."""
    columns = max(len(row) for row in rows)
    longest = [11] * columns
    for row in rows:
        for n, cell in enumerate(row):
            text = "".join(run.text for run in cell)
            length = sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
            longest[n] = max(longest[n], min(length + 4, 50))
    return [length / sum(longest) for length in longest]


def bookmark_name(anchor: str) -> str:
    """An anchor as Word allows it: letters, digits and underscores, forty at most."""
    name = re.sub(r"\W", "_", anchor)
    return name if len(name) <= 40 else name[:27] + "_" + hashlib.sha256(anchor.encode()).hexdigest()[:12]
