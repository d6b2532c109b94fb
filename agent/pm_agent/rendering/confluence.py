"""Blocks → Confluence storage format: XHTML with anchor, info, code and contents macros."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from pm_agent.rendering.blocks import Block, Cell, Run, blocks

_TAGS = {"strong": "strong", "em": "em", "code": "code"}
_TOC = '<ac:structured-macro ac:name="toc"><ac:parameter ac:name="maxLevel">3</ac:parameter></ac:structured-macro>'


def to_confluence(markdown: str) -> str:
    """A page body in storage format. The title is left out: Confluence keeps it apart from the body."""
    found = blocks(markdown)
    if found and found[0].kind == "heading" and found[0].level == 1:
        found = found[1:]
    return "\n".join([_TOC, *_Writer().body(found)]) + "\n"


class _Writer:
    """Opens and closes lists as the depth of the items asks."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.tasks = count(1)

    def body(self, found: Iterable[Block]) -> Iterator[str]:
        for block in found:
            if block.kind == "item" and block.checked is not None:
                yield from self.close(0)
                yield self.task(block)
            elif block.kind == "item":
                yield from self.item(block)
            elif self.open and block.level and block.kind in {"paragraph", "quote", "code", "table"}:
                yield _block(block)
            else:
                yield from self.close(0)
                yield _block(block)
        yield from self.close(0)

    def item(self, block: Block) -> Iterator[str]:
        tag = "ol" if block.number is not None else "ul"
        yield from self.close(block.level)
        if len(self.open) == block.level and self.open[-1] != tag:
            yield from self.close(block.level - 1)
        if len(self.open) == block.level:
            yield "</li>"
        while len(self.open) < block.level:
            self.open.append(tag)
            yield f"<{tag}>"
            if len(self.open) < block.level:
                yield "<li>"
        yield "<li>" + _inline(block.runs)

    def close(self, depth: int) -> Iterator[str]:
        while len(self.open) > depth:
            yield f"</li></{self.open.pop()}>"

    def task(self, block: Block) -> str:
        state = "complete" if block.checked else "incomplete"
        return (
            f"<ac:task-list><ac:task><ac:task-id>{next(self.tasks)}</ac:task-id>"
            f"<ac:task-status>{state}</ac:task-status>"
            f"<ac:task-body>{_inline(block.runs)}</ac:task-body></ac:task></ac:task-list>"
        )


def _block(block: Block) -> str:
    if block.kind == "heading":
        return f"<h{block.level}>{_inline(block.runs)}</h{block.level}>"
    if block.kind == "quote" and block.level == 0:
        return (
            '<ac:structured-macro ac:name="info"><ac:rich-text-body>'
            f"<p>{_inline(block.runs)}</p></ac:rich-text-body></ac:structured-macro>"
        )
    if block.kind == "quote":
        return f"<blockquote><p>{_inline(block.runs)}</p></blockquote>"
    if block.kind == "code":
        text = "".join(run.text for run in block.runs)
        return (
            '<ac:structured-macro ac:name="code"><ac:plain-text-body>'
            f"{_cdata(text)}</ac:plain-text-body></ac:structured-macro>"
        )
    if block.kind == "table":
        return _table(block)
    return "<hr />" if block.kind == "rule" else f"<p>{_inline(block.runs)}</p>"


def _table(block: Block) -> str:
    head, *rows = block.rows
    lines = [_row(head, "th"), *(_row(row, "td") for row in rows)]
    return f"<table><tbody>{''.join(lines)}</tbody></table>"


def _row(cells: Iterable[Cell], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}><p>{_inline(cell)}</p></{tag}>" for cell in cells) + "</tr>"


def _inline(runs: Iterable[Run]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    if run.place:
        name = escape(run.place)
        return f'<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">{name}</ac:parameter></ac:structured-macro>'
    text = run.text
    if run.anchor:
        return (
            f"<ac:link ac:anchor={quoteattr(run.anchor)}>"
            f"<ac:plain-text-link-body>{_cdata(text)}</ac:plain-text-link-body></ac:link>"
        )
    html = "<br />".join(escape(part) for part in text.split("\n"))
    for mark in sorted(run.marks):
        html = f"<{_TAGS[mark]}>{html}</{_TAGS[mark]}>"
    return f"<a href={quoteattr(run.url)}>{html}</a>" if run.url else html


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
