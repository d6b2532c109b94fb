"""What people write into a report stays when it is drafted anew, marked as theirs; nothing of the new draft is lost unsaid."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.errors import InputError
from pm_agent.rendering import TEMPLATES, render, update
from pm_agent.rendering.human_edits import line_marks, lines_of, merge
from pm_agent.rendering.stamp import json_state, split_stamp, text_state
from pm_agent.report import Report
from rendering.sample import report

MARK = "_(by the author)_"


def edit(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("format", ["md", "confluence"])
def test_a_written_text_knows_whether_it_was_edited(template: str, format: str) -> None:
    text = render(report("zh"), format, template)
    assert text_state(text) == "untouched"
    assert text_state(text.replace("\n", "\r\n")) == "untouched", "line ends are not an edit"
    assert text_state(re.sub(r" *\n", "  \n", text)) == "untouched", "nor are blanks at line ends"
    body, _ = split_stamp(text)
    assert text_state(text.replace(body[10:14], "????", 1)) == "edited"
    assert text_state(body) == "foreign"


def test_html_and_json_know_it_too() -> None:
    page, data = render(report("en"), "html"), render(report("en"), "json")
    assert text_state(page) == "untouched"
    assert text_state(page.replace("checkout", "x", 1)) == "edited"
    assert json_state(data) == "untouched"
    assert json_state(data.replace("\n  ", " ")) == "untouched", "another layout is not an edit"
    assert json_state(data.replace("checkout", "x", 1)) == "edited"
    assert json_state("[]") == json_state("{}") == json_state("no json") == "foreign"
    assert Report.model_validate_json(data).provenance.digest


def test_without_edits_an_update_is_the_new_draft() -> None:
    old = render(report("en"), "md", "sre")
    fresh = report("en", title="Another title")
    merged = update(fresh, old)
    assert merged.text == render(fresh, "md", "sre")
    assert (merged.kept, merged.removed, merged.passed_over) == (0, 0, [])


def test_a_changed_paragraph_stays_and_is_marked() -> None:
    old = render(report("en"), "md", "conduct")
    edited = edit(old, "- nobody knew who owns the pool setting", "- the pool setting had no owner since May")
    merged = update(report("en", title="New title"), edited)
    assert f"- the pool setting had no owner since May [\\[E9\\]](#e-a1b2c3-9) {MARK}" in merged.text
    assert "New title" in merged.text
    assert merged.kept == 1
    assert text_state(merged.text) == "edited", "it must not be written over unasked"


def test_a_second_update_keeps_it_and_marks_it_once() -> None:
    old = render(report("en"), "md", "conduct")
    edited = edit(old, "## Impact\n", "## Impact\n\nWe saw it in the shop.\nAnd in the app.\n")
    once = update(report("en"), edited).text
    twice = update(report("en", title="T2"), once).text
    assert twice.count("We saw it in the shop.") == 1
    assert f"We saw it in the shop.\nAnd in the app. {MARK}\n" in twice
    assert twice.count(MARK) == once.count(MARK)


def test_a_changed_row_of_a_table_stays_a_row() -> None:
    old = render(report("en"), "md", "conduct")
    edited = edit(old, "| Zuzana Malá | 2026-03-09 |", "| Petr | 2026-03-16 |")
    row = next(line for line in update(report("en"), edited).text.splitlines() if "Petr" in line)
    assert row.endswith(f"{MARK} |")
    assert row.count("|") == 6


def test_what_a_person_took_out_stays_out() -> None:
    old = render(report("en"), "md", "conduct")
    edited = old.replace("- [ ] Action items are tracked", "- [x] Action items are tracked").replace("### Open questions\n", "")  # fmt: skip
    merged = update(report("en"), edited)
    assert "### Open questions" not in merged.text
    assert "- [x] Action items are tracked" in merged.text
    assert merged.removed == 1


def test_what_the_new_draft_says_there_is_told() -> None:
    old = render(report("en"), "md", "brief")
    edited = edit(old, "- **Duration:** 33 min", "- **Duration:** half an hour")
    fresh = report("en", metrics={**report("en").metrics.model_dump(by_alias=True), "duration": {"minutes": 41, "from": "impact_start", "to": "recovered"}})  # fmt: skip
    merged = update(fresh, edited)
    assert "half an hour" in merged.text
    assert "41 min" not in merged.text
    assert any("41 min" in line for line in merged.passed_over)


def test_numbers_of_evidence_follow_the_new_draft() -> None:
    """A new line of evidence shifts all numbers; a person's citation still leads to its line under the new number."""
    old = render(report("en"), "md", "eleven")
    edited = edit(old, "## 11. In one sentence\n", "## 11. In one sentence\n\nSee [\\[E9\\]](#e-a1b2c3-9).\n")
    lines = report("en").evidence
    first = lines[0].model_copy(update={"id": "ffff:1"})
    merged = update(report("en", evidence=[first, *lines]), edited).text
    assert f"See [\\[E10\\]](#e-a1b2c3-9). {MARK}" in merged
    assert merged.count(MARK) == 1, "shifted numbers are nobody's edit"


def test_evidence_that_only_a_person_cites_is_kept() -> None:
    old = render(report("en"), "md", "eleven")
    edited = edit(old, "## 11. In one sentence\n", "## 11. In one sentence\n\nSee [\\[E9\\]](#e-a1b2c3-9).\n")
    kept = [line for line in report("en").evidence if line.id != "a1b2c3:9"]
    fresh = report("en", evidence=kept)
    merged = update(fresh, edited).text
    number = re.search(r"See \[\\\[(E\d+)", merged)[1]  # type: ignore[index]
    assert f'<a id="e-a1b2c3-9"></a>\n- **{number}** `a1b2c3:9`' in merged
    labels = re.findall(r"^- \*\*(E\d+)\*\*", merged, re.MULTILINE)
    assert len(labels) == len(set(labels))


def test_a_file_of_another_template_or_without_provenance_is_refused() -> None:
    text = render(report("en"), "md", "sre")
    with pytest.raises(InputError, match="--template sre"):
        update(report("en"), text, "brief")
    with pytest.raises(InputError, match="how it was written"):
        update(report("en"), split_stamp(text)[0])


def test_a_line_stays_under_the_one_it_was_written_under() -> None:
    """Also where the new draft says something new in the same place."""
    merged = merge(line_marks("a\nb\n"), "a\nmine\nb\n", "a\nnew\nb\n", MARK)
    assert merged.text == f"a\nmine {MARK}\nnew\nb\n"


_DRAFT = st.lists(st.sampled_from([f"line {n}" for n in range(12)]), max_size=14).map(
    lambda x: "\n".join(x) + "\n"
)
_OWN = st.lists(st.tuples(st.integers(0, 14), st.sampled_from(["mine", "my own", "ours"])), max_size=4)


@given(_DRAFT, _DRAFT, _OWN, st.sets(st.integers(0, 13), max_size=3))
def test_no_line_of_a_person_is_ever_lost(
    written: str, new: str, added: list[tuple[int, str]], dropped: set[int]
) -> None:
    lines = [line for n, line in enumerate(written.splitlines()) if n not in dropped]
    for place, words in added:
        lines.insert(place, words)
    merged = merge(line_marks(written), "\n".join(lines) + "\n", new, MARK)
    for words in ("mine", "my own", "ours"):
        pattern = re.compile(rf"^{words}(?: {re.escape(MARK)})?$", re.MULTILINE)
        assert len(pattern.findall(merged.text)) == [w for _, w in added].count(words)
    known = {line.mark for line in lines_of(merged.text)} | {line.mark for line in lines_of("\n".join(merged.passed_over))}  # fmt: skip
    if not dropped and not added:
        assert merged.text == new.lstrip()
    elif not dropped:
        assert {line.mark for line in lines_of(new)} <= known | set(line_marks(written))


@given(_DRAFT, _OWN)
def test_the_same_draft_again_changes_nothing_but_marks(written: str, added: list[tuple[int, str]]) -> None:
    lines = written.splitlines()
    for place, words in added:
        lines.insert(place, words)
    once = merge(line_marks(written), "\n".join(lines) + "\n", written, MARK)
    assert once.text.replace(f" {MARK}", "").split() == "\n".join(lines).split()
    again = merge(line_marks(written), once.text, written, MARK)
    assert again.text == once.text
