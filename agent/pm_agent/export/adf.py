"""Markdown → Atlassian Document Format, as far as ticket bodies use it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from pm_agent.rendering.blocks import Block, Run, blocks


def to_adf(markdown: str) -> dict[str, Any]:
    """The document of a ticket body: headings, paragraphs and flat lists."""
    content: list[dict[str, Any]] = []
    for is_item, group in groupby(blocks(markdown), key=lambda b: b.kind == "item"):
        if is_item:
            content.append({"type": "bulletList", "content": [_item(block) for block in group]})
        else:
            content += [_block(block) for block in group]
    return {"version": 1, "type": "doc", "content": content or [{"type": "paragraph", "content": []}]}


def _item(block: Block) -> dict[str, Any]:
    return {"type": "listItem", "content": [_paragraph(block.runs)]}


def _block(block: Block) -> dict[str, Any]:
    if block.kind == "heading":
        return {"type": "heading", "attrs": {"level": block.level}, "content": _inline(block.runs)}
    return _paragraph(block.runs)


def _paragraph(runs: Iterable[Run]) -> dict[str, Any]:
    return {"type": "paragraph", "content": _inline(runs)}


def _inline(runs: Iterable[Run]) -> list[dict[str, Any]]:
    return [_text(run) for run in runs if run.text]


def _text(run: Run) -> dict[str, Any]:
    """A text node; `code` may stand beside a link only."""
    link = [{"type": "link", "attrs": {"href": run.url}}] if run.url else []
    names = ["code"] if "code" in run.marks else sorted(run.marks)
    marks = [*({"type": name} for name in names), *link]
    return {"type": "text", "text": run.text, **({"marks": marks} if marks else {})}
