"""JSON in the shapes people save it: one line, one document, values one after another."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.ingest.formats.payloads import payloads
from pm_agent.ingest.json_text import element_lines, one_after_another
from pm_agent.ingest.source import of_bytes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=3)


def utf8(values: list[object], indent: int | None) -> bool:
    """Lone surrogates are no text."""
    try:
        json.dumps(values, ensure_ascii=False, indent=indent).encode()
    except UnicodeEncodeError:
        return False
    return True


@given(st.lists(OBJECTS, min_size=2, max_size=5), st.sampled_from([None, 1, 2]))
def test_values_one_after_another_are_a_list(values: list[dict[str, object]], indent: int | None) -> None:
    """As jq and curl in a loop leave them."""
    if not utf8(list(values), indent):
        return
    content = "\n".join(json.dumps(value, indent=indent, ensure_ascii=False) for value in values)
    assert one_after_another(content) == values
    source = of_bytes("x.json", content.encode())
    if not source.is_json_lines:
        assert [payload.value for payload in payloads(source)] == values


@given(st.text(max_size=60))
def test_any_text_is_a_list_of_values_or_none(content: str) -> None:
    assert one_after_another(content) is None or isinstance(one_after_another(content), list)


def test_lines_of_values_one_after_another() -> None:
    assert element_lines('{"a":\n1}\n\n{"b":2}{"c":3}\n', [], 3) == [1, 4, 4]


def test_a_line_that_begins_with_a_bracket_is_not_json() -> None:
    """Many logs do; a large one must not be read at once to find out."""
    source = of_bytes("x.log", b"[1772859600] SERVICE ALERT: a;b;OK\n")
    assert source.document is None
    assert source.json_error is None or source.json_error[1] == 1


@pytest.mark.parametrize("newline", ["", "\n"])
def test_a_single_line_is_a_document_and_a_line(newline: str) -> None:
    source = of_bytes("x.json", f'{{"items": [{{"a": 1}}, {{"a": 2}}]}}{newline}'.encode())
    assert source.is_json_lines
    found = list(payloads(source, "items"))
    assert [(p.ordinal, p.line, p.pointer) for p in found] == [(1, 1, "/items/0"), (2, 1, "/items/1")]
    assert source.tally.read == 2


def test_lists_inside_json_lines_are_counted_one_by_one() -> None:
    source = of_bytes(
        "x.jsonl", b'{"items": [{"a": 1}, {"a": 2}]}\n{"items": [{"a": 3}]}\nbroken\n{"b": 1}\n'
    )
    found = list(payloads(source, "items"))
    assert [(p.ordinal, p.line, p.pointer) for p in found] == [
        (1, 1, None),
        (2, 1, None),
        (3, 2, None),
        (5, 4, None),
    ]
    assert source.tally.read == 5
