"""Templates of one's own: the documented example works, faults name file and line, the sandbox holds."""

from __future__ import annotations

import inspect
import re
from functools import cached_property
from pathlib import Path

import pytest

from pm_agent.errors import InputError
from pm_agent.rendering import render
from pm_agent.rendering.text_page import TextPage
from pm_agent.resources import inside
from rendering.sample import report

DOCS = Path(__file__).parents[2] / "docs" / "templates.md"
EXAMPLE = re.search(r"<!-- example -->\n```jinja\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)[1]  # type: ignore[index]


def written(folder: Path, text: str, name: str = "our.md.j2") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_documented_example_prints_a_report(tmp_path: Path, language: str) -> None:
    text = render(report(language), "md", written(tmp_path, EXAMPLE))  # type: ignore[arg-type]
    assert "AI-001" in text
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(re.findall(r'<a id="([^"]+)"', text))
    assert "- **E" in text


def _members() -> str:
    rows = []
    for name, member in inspect.getmembers(TextPage):
        if name.startswith("_") or name in {"words", "own", "asks", "shown"}:
            continue
        shown = member.func if isinstance(member, cached_property) else member
        if not (inspect.isfunction(shown) and shown.__doc__):
            continue
        arguments = [p for p in inspect.signature(shown).parameters if p != "self"]
        call = f"{name}" if isinstance(member, cached_property) else f"{name}({', '.join(arguments)})"
        rows.append(f"| `page.{call}` | {shown.__doc__.strip().splitlines()[0]} |")
    return "\n".join(["| member | gives |", "|---|---|", *rows])


def _parts() -> str:
    text = inside("rendering", "templates", "parts.md.j2").read_text(encoding="utf-8")
    return ", ".join(f"`p.{call}`" for call in re.findall(r"\{% macro (\w+\([^)]*\))", text))


@pytest.mark.parametrize(("name", "made"), [("page", _members), ("parts", _parts)])
def test_the_documented_context_is_the_context(name: str, made: object, update: bool) -> None:
    text = DOCS.read_text(encoding="utf-8")
    block = re.compile(rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    fresh = block.sub(lambda m: f"{m[1]}{made()}\n{m[2]}", text)  # type: ignore[operator]
    if update:
        DOCS.write_text(fresh, encoding="utf-8")
    assert fresh == DOCS.read_text(encoding="utf-8"), "run with --update and read it"


def test_a_folder_has_a_main_file_parts_and_words(tmp_path: Path) -> None:
    written(tmp_path, "# {{ t.head }}\n{% include 'more.md.j2' %}\n", "report.md.j2")
    written(tmp_path, "{{ r.title | md }}\n", "more.md.j2")
    written(tmp_path, "head: Our review\n", "en.yaml")
    text = render(report("en"), "md", str(tmp_path))
    assert text.startswith("# Our review\nOrders fail after a pool change\n")


FAULTS = {
    "misspelt": ("ok\n\n{{ r.titel }}", 3, "titel"),
    "syntax": ("ok\n{% for x in r.timeline %}\n{{ x.id }}\n", 3, "endfor|end of template"),
    "missing part": ("ok\n{% include 'no.md.j2' %}", 2, "no.md.j2"),
    "arithmetic": ("ok\n{{ 1 / 0 }}", 2, "division"),
    "call": ("ok\n{{ page.minute() }}", 2, "argument"),
    "escape": ("ok\n{{ r.__class__.__mro__ }}", 2, "unsafe|__class__"),
    "globals": ("ok\n{{ page.cites.__globals__ }}", 2, "unsafe|__globals__"),
    "change": ("ok\n{{ w.update({'unknown': 'x'}) }}", 2, "safe|update"),
    "endless": ("ok\n{% include 'our.md.j2' %}", 2, "recursion"),
    "above": ("ok\n{% include '../secret.md.j2' %}", 2, "secret"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_file_and_line(tmp_path: Path, name: str) -> None:
    text, line, what = FAULTS[name]
    (tmp_path / "own").mkdir()
    written(tmp_path, "secret", "secret.md.j2")
    path = written(tmp_path / "own", text)
    with pytest.raises(InputError, match=rf"our\.md\.j2' line {line}: .*(?:{what})") as caught:
        render(report("en"), "md", path)
    assert "docs/templates.md" in caught.value.hint


def test_a_fault_in_a_part_names_the_part(tmp_path: Path) -> None:
    written(tmp_path, "x\n\n\n{{ nothing }}", "part.md.j2")
    with pytest.raises(InputError, match=r"part\.md\.j2' line 4"):
        render(report("en"), "md", written(tmp_path, "{% include 'part.md.j2' %}"))


def test_wrong_words_name_their_file(tmp_path: Path) -> None:
    written(tmp_path, "a: [1\nb: 2\n", "en.yaml")
    with pytest.raises(InputError, match=r"en\.yaml' line \d"):
        render(report("en"), "md", written(tmp_path, "x"))


@pytest.mark.parametrize("name", ["no-such", "", "../x"])
def test_an_unknown_template_lists_the_known(name: str) -> None:
    with pytest.raises(InputError) as caught:
        render(report("en"), "md", name)
    assert "eleven" in caught.value.hint or "report.md.j2" in str(caught.value)


def test_text_of_evidence_cannot_be_a_template(tmp_path: Path) -> None:
    text = render(report("en", title="{{ 7 * 7 }} {% raw %}"), "md", written(tmp_path, "{{ r.title | md }}"))
    assert "49" not in text.split("<!--")[0]
