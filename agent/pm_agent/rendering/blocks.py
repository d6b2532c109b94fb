"""Markdown as our templates write it → blocks: what Word and Confluence are made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from pm_agent.rendering.plain import visible

_ANCHOR = re.compile(r'<a id="([A-Za-z0-9_-]+)">$')
_BOX = re.compile(r"\[([ xX])\] ")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look."""

    text: str
    marks: frozenset[str] = frozenset()
    """strong, em, code."""
    anchor: str | None = None
    """The place in this document that it leads to."""
    url: str | None = None
    place: str | None = None
    """The anchor that it is; such a run has no text."""


Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, quote, code, table or rule."""

    kind: Literal["heading", "paragraph", "item", "quote", "code", "table", "rule"]
    runs: Cell = ()
    level: int = 1
    """Of a heading; else how deep in lists it lies."""
    number: int | None = None
    """Of an item of a numbered list."""
    checked: bool | None = None
    """Of an item with a box."""
    rows: tuple[tuple[Cell, ...], ...] = ()
    """Of a table; the first is its head."""


def blocks(markdown: str) -> list[Block]:
    """The blocks of a text, in order; an anchor on a line of its own stands at the begin of what follows."""
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(visible(markdown)))
    return list(_with_places(_read(tree.children, 0)))


def _with_places(found: Iterable[Block]) -> Iterator[Block]:
    waiting: list[Run] = []
    for block in found:
        if block.kind == "paragraph" and all(run.place or not run.text.strip() for run in block.runs):
            waiting += [run for run in block.runs if run.place]
            continue
        yield replace(block, runs=(*waiting, *block.runs)) if block.kind not in {"table", "rule"} else block
        if block.kind not in {"table", "rule"}:
            waiting = []


def _read(nodes: Iterable[SyntaxTreeNode], depth: int) -> Iterator[Block]:
    for node in nodes:
        match node.type:
            case "bullet_list" | "ordered_list":
                yield from _items(node, depth + 1)
            case "heading":
                yield Block("heading", _inline(node), int(node.tag[1]))
            case "paragraph":
                yield Block("paragraph", _inline(node), depth)
            case "blockquote":
                yield from (
                    replace(b, kind="quote", level=depth) if b.kind == "paragraph" else b
                    for b in _read(node.children, depth)
                )
            case "fence" | "code_block":
                yield Block("code", (Run(node.content.rstrip("\n")),), depth)
            case "table":
                yield Block("table", rows=tuple(_rows(node)), level=depth)
            case "hr":
                yield Block("rule")
            case "html_block" if not node.content.lstrip().startswith("<!--"):
                yield Block("paragraph", (Run(node.content.strip()),), depth)


def _items(node: SyntaxTreeNode, depth: int) -> Iterator[Block]:
    ordered = node.type == "ordered_list"
    for number, item in enumerate(node.children, int(node.attrs.get("start", 1))):
        children = list(item.children)
        lead = children.pop(0) if children and children[0].type == "paragraph" else None
        runs = _inline(lead) if lead else ()
        checked, runs = _box(runs)
        yield Block("item", runs, depth, number if ordered else None, checked)
        yield from _read(children, depth)


def _rows(node: SyntaxTreeNode) -> Iterator[tuple[Cell, ...]]:
    for part in node.children:
        for row in part.children:
            yield tuple(_inline(cell) for cell in row.children)


def _box(runs: Cell) -> tuple[bool | None, Cell]:
    """Whether an item begins with a box, and its runs without it."""
    found = _BOX.match(runs[0].text) if runs else None
    if not found:
        return None, runs
    return found[1] != " ", (replace(runs[0], text=runs[0].text[found.end() :]), *runs[1:])


def _inline(node: SyntaxTreeNode) -> Cell:
    return _joined(_runs(node, Run("")))


def _runs(node: SyntaxTreeNode, look: Run) -> Iterator[Run]:
    for child in node.children:
        match child.type:
            case "text":
                yield replace(look, text=child.content)
            case "softbreak" | "hardbreak":
                yield replace(look, text="\n")
            case "code_inline":
                yield replace(look, text=child.content, marks=look.marks | {"code"})
            case "html_inline":
                yield from _raw(child.content, look)
            case "strong" | "em":
                yield from _runs(child, replace(look, marks=look.marks | {child.type}))
            case "link":
                yield from _runs(child, _linked(look, str(child.attrs.get("href", ""))))
            case "image":
                yield replace(look, text=child.content or str(child.attrs.get("src", "")))
            case _:
                yield from _runs(child, look)


def _raw(html: str, look: Run) -> Iterator[Run]:
    """An anchor of our own; any other HTML is text."""
    if found := _ANCHOR.match(html):
        yield Run("", place=found[1])
    elif html != "</a>":
        yield replace(look, text=html)


def _linked(look: Run, target: str) -> Run:
    if target.startswith("#"):
        return replace(look, anchor=target[1:])
    return replace(look, url=target) if target.startswith(("https://", "http://", "mailto:")) else look


def _joined(runs: Iterable[Run]) -> Cell:
    """Neighbours of one look as one run."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last and not run.place and not last.place and replace(last, text="") == replace(run, text=""):
            found[-1] = replace(last, text=last.text + run.text)
        elif run.text or run.place:
            found.append(run)
    return tuple(found)
