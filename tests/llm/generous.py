"""A model that answers everything at length, from the ids and words of the prompt alone; so that cost and volume are worst cases."""

from __future__ import annotations

import json
import re
from typing import Any

from llm.conftest import EMPTY, Reply, completion, task_of

_LINE = re.compile(r"^([0-9a-f]{6}(?:\.\d+)?:\S+) (?:\S+) ([^:]*): (.*)$", re.M)
LEVELS = ("direct", "technical", "design", "process", "organisation")


def lines_in(request: dict[str, Any]) -> list[tuple[str, str]]:
    """(id, text) of the evidence lines of a prompt."""
    return [(m[1], m[3]) for m in _LINE.finditer(request["messages"][1]["content"])]


def words(text: str, more: str, chinese: bool) -> str:
    """A paraphrase that stands on the line: its first words with some of the model's own."""
    if chinese:
        return f"证据里的这一行说明了当时系统出现的情况，原话是这样写的：{text[:35]}"
    return f"{more} {text[:90]}".strip()


def in_chinese(request: dict[str, Any]) -> bool:
    """True where the answer is to be in Chinese."""
    return "Texts in Chinese" in request["messages"][0]["content"]


def generous(request: dict[str, Any]) -> Reply:
    """A full answer to any task."""
    answers = {"timeline": _timeline, "review": _review, "narrative": _narrative, "support": _support}
    return completion(json.dumps(answers[task_of(request)](request), ensure_ascii=False))


def _timeline(request: dict[str, Any]) -> dict[str, Any]:
    lines = lines_in(request)
    step = max(1, len(lines) // 30)
    rows = [
        {
            "ids": [i],
            "when": "",
            "kind": "investigate",
            "text": words(t, "Then:", in_chinese(request)),
            "key": True,
        }
        for i, t in lines[::step][:30]
    ]
    longest = [i for i, _ in sorted(lines, key=lambda line: -len(line[1]))]
    notable = [
        {"about": about, "ids": longest[n * 12 : n * 12 + 12] or longest[:12]}
        for n, about in enumerate(("impact", "cause", "response", "action", "learning"))
    ]
    return {**EMPTY["timeline"], "entries": rows, "notable": notable}


def _review(request: dict[str, Any]) -> dict[str, Any]:
    lines = lines_in(request)
    if not lines:
        return EMPTY["review"]

    def pick(n: int) -> tuple[list[str], str]:
        id_, text = lines[n % len(lines)]
        return [id_], words(text, "It shows:", in_chinese(request))

    def said(count: int, start: int, **more: Any) -> list[dict[str, Any]]:
        return [{"ids": pick(n)[0], "text": pick(n)[1], **more} for n in range(start, start + count)]

    return {
        "impact": {"scope": said(1, 0, aspect="data")[0], "statements": said(8, 1, aspect="experience")},
        "response": {
            "observations": said(6, 9, side="poorly", phase="diagnosis", why=""),
            "fixes": said(4, 15, effect="unknown"),
        },
        "whys": {
            "answers": [
                {**one, "branch": "occurrence", "level": level, "certain": "stated"}
                for one, level in zip(said(5, 19), LEVELS, strict=True)
            ],
            "factors": said(6, 24, role="latent", gap="other", certain="stated"),
        },
        "actions": {
            "items": [
                {"id": i, "text": t[:60], "owner": "", "wording": "", "addresses": ["direct"]}
                for i, t in lines[:6]
            ],
            "proposals": [],
        },
        "learning": {"picks": said(10, 30, drawer="improve")},
    }


def _narrative(request: dict[str, Any]) -> dict[str, Any]:
    facts = re.findall(r": (.*) \[([^\]\s,]+)", request["messages"][1]["content"])
    sentences = [{"ids": [id_], "text": words(text, "In short:", in_chinese(request))} for text, id_ in facts]
    return {"title": "", "summary": sentences[:4], "narrative": sentences[:10], "one_line": None}


def _support(request: dict[str, Any]) -> dict[str, Any]:
    numbers = re.findall(r"^(\d+)\. ", request["messages"][1]["content"], re.M)
    return {"verdicts": [{"id": n, "verdict": "supported"} for n in numbers]}
