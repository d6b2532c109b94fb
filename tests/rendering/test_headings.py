"""Every heading of the texts that the templates follow is printed, and none of theirs is missing from our list."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from pm_agent.rendering import render
from rendering.sample import report

SOURCES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "headings.yaml").read_text(encoding="utf-8")
)
SEEDS = os.environ.get("PM_AGENT_TEMPLATE_SOURCES", "")
"""A folder with the source texts; they are not part of this project."""
_GUIDANCE = ("你掌握了", "核心指令", "目标：", "联动", "3.1", "[监控与告警", "[协作工具", "[部署日志")
"""Bold words of a source that are no headings."""
_ON_ONE_LINE = {"conduct-post-mortem-skill"}
"""Sources whose line ends are lost, so that a heading runs on into its text."""
_UP_TO = {"postmortem-writing-skill": "运行测试期间"}


def bare(text: str) -> str:
    """Words alone: no blanks, marks, symbols, and one kind of colon."""
    return re.sub(r"[\s#*`\\:：]|[^\w()（）/、，,'.？?&\[\]-]", "", text).lower()


def printed(entry: list[Any]) -> str | None:
    """What a template prints for a heading; None where it is guidance."""
    return entry[2] if len(entry) > 2 else re.sub(r"^#+ ", "", entry[0])


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s["template"])
def test_every_heading_is_printed(source: dict[str, Any]) -> None:
    text = bare(render(report(source["language"]), "md", source["template"]).split("<!-- pm-agent")[0])
    missing = [e[0] for e in source["headings"] if (p := printed(e)) and bare(p) not in text]
    assert not missing


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s["template"])
def test_headings_of_sections_are_headings(source: dict[str, Any]) -> None:
    lines = render(report(source["language"]), "md", source["template"]).splitlines()
    heads = [bare(line) for line in lines if line.startswith("#")]
    for entry in source["headings"]:
        if entry[0].startswith("##") and (wanted := printed(entry)):
            assert any(h.startswith(bare(wanted)) for h in heads), entry[0]


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s["template"])
def test_every_column_of_its_tables_is_printed(source: dict[str, Any]) -> None:
    heads = columns(render(report(source["language"]), "md", source["template"]))
    assert set(source["columns"]) <= heads


def columns(text: str) -> set[str]:
    """The heads of tables: the row above a row of dashes."""
    lines = text.splitlines()
    rows = [a for a, b in pairwise(lines) if re.match(r"\s*\|[\s:|-]+\|\s*$", b)]
    inline = re.findall(r"(\|[^|\n]+(?:\|[^|\n]+)+\|) \|-{3,}", text)
    return {c.strip() for row in [*rows, *inline] for c in row.strip().strip("|").split("|")}


def _headings_of(text: str) -> list[str]:
    """What follows each mark of a heading, each bold word at the begin of a line, and each numbered section."""
    found = [m[1] for m in re.finditer(r"(?:^|(?<=\s))#{1,4}\s+([^#|\n]+)", text, re.MULTILINE)]
    found += [m[1] for m in re.finditer(r"^\s*(?:[-\d.]+\s+)?\*\*([^*\n]+)\*\*", text, re.MULTILINE)]
    found += re.findall(r"^[一二三四五六七八九十]+、.+$", text, re.MULTILINE)
    return [f for f in found if not f.strip("*_ “").startswith(_GUIDANCE)]


@pytest.mark.skipif(not SEEDS, reason="set PM_AGENT_TEMPLATE_SOURCES to the folder of the source texts")
@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s["template"])
def test_no_heading_of_the_source_is_missing_from_the_list(source: dict[str, Any]) -> None:
    text = next(Path(SEEDS).glob(f"{source['source']}*")).read_text(encoding="utf-8")
    text = text.split(_UP_TO.get(source["source"], "\0"))[0]
    listed = [bare(e[0]) for e in source["headings"]]
    on_one_line = source["source"] in _ON_ONE_LINE
    missing = [
        h
        for h in _headings_of(text)
        if not any(bare(h) == x or (on_one_line and bare(h).startswith(x)) for x in listed)
    ]
    assert not missing
    absent = [e[0] for e in source["headings"] if bare(e[0]) not in bare(text)]
    assert not absent
    assert columns(text) <= {*source["columns"], *source.get("guidance_columns", [])}
