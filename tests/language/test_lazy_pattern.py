"""Patterns compiled only where they could match: never one match less than without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.language import Language, words
from pm_agent.language.lazy_pattern import Fragments, LazyPattern, alternatives, filled
from pm_agent.rubric import blame
from pm_agent.rubric.neutral import manual_of
from pm_agent.rubric.rules import all_rules

TEXTS = {
    "who": "(?:{bare}|we|[A-Z][a-z]+)",
    "bare": "(?:dev|ops)s?",
    "gap": "[^.]{0,5}?",
    "many": "x|" * 60 + "y",
}
FRAGMENTS = Fragments(TEXTS)
REWRITES = Path(__file__).parents[1] / "rubric" / "rewrites.yaml"


def _patterns(language: Language) -> list[LazyPattern]:
    manual = manual_of(language)
    rules = blame.rules_of(language)
    return [
        *(r.find for r in rules),
        *(r.unless for r in rules if r.unless),
        *(r.find for r in (*manual.clauses, *manual.phrases)),
    ]


def _texts() -> list[str]:
    examples = [e for rule in all_rules() if rule.check == "blame" for e in (*rule.fails, *rule.passes)]
    return [*examples, *(written for written, _ in yaml.safe_load(REWRITES.read_text(encoding="utf-8")))]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_match_of_the_word_lists_is_lost(language: Language) -> None:
    matched = 0
    for text in _texts():
        for pattern in _patterns(language):
            if pattern.compiled.search(text):
                matched += 1
                assert pattern.may_match(text.casefold()), (pattern.template, text, pattern.needs)
    assert matched > 150


def test_a_pattern_without_its_words_is_never_compiled() -> None:
    pattern = LazyPattern(r"\b{who}\s+(?:forgot|messed up)\b", FRAGMENTS, re.I)
    assert pattern.search("the pool ran dry", "the pool ran dry") is None
    assert "compiled" not in vars(pattern)
    assert pattern.search("Devs FORGOT it", "devs forgot it")


def _sequence(parts: list[str]) -> str:
    return "".join(parts)


ATOMS = st.sampled_from(
    [
        "a",
        "Bc",
        "的",
        "ß",
        "K",
        r"\d",
        r"\s",
        ".",
        "[abc]",
        "[^x]",
        "{gap}",
        "{bare}",
        "{who}",
        "(?:{bare}|d|e)",
    ]
)
QUANTIFIED = st.tuples(
    st.sampled_from(["a", "(?:ab|c)", "[xy]", "{bare}"]), st.sampled_from(["?", "*", "+", "{0,2}", "{2}"])
).map("".join)
TEMPLATES = st.recursive(
    ATOMS | QUANTIFIED,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(_sequence),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        inner.map(lambda one: f"(?:{one})?"),
        inner.map(lambda one: f"(?!{one})(?:{one})?"),
    ),
    max_leaves=6,
)


@given(
    st.lists(TEMPLATES, min_size=1, max_size=3).map("|".join),
    st.sampled_from([0, re.I]),
    st.text("aBc的 x1.", max_size=4),
    st.data(),
)
def test_it_finds_what_the_whole_pattern_finds(
    template: str, flags: int, before: str, data: st.DataObject
) -> None:
    pattern = LazyPattern(template, FRAGMENTS, flags)
    text = before + data.draw(st.from_regex(pattern.compiled))
    whole, found = pattern.compiled.search(text), pattern.search(text, text.casefold())
    assert (whole and whole.span()) == (found and found.span())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_word_lists_find_what_their_whole_patterns_find(language: Language) -> None:
    for text in _texts():
        folded = text.casefold()
        for rule in blame.rules_of(language):
            whole, found = rule.find.compiled.search(text), rule.find.search(text, folded)
            assert (whole and whole.span()) == (found and found.span()), (rule.find.template, text)


def test_alternatives_are_the_outermost_ones() -> None:
    assert alternatives(r"a|(?:b|c)[|]\|d|[^]|]e") == ["a", r"(?:b|c)[|]\|d", "[^]|]e"]


def test_fragments_stand_in_fragments_and_counts_are_left_alone() -> None:
    assert filled(r"{who}\s{1,3}x", TEXTS) == r"(?:(?:(?:(?:dev|ops)s?)|we|[A-Z][a-z]+))\s{1,3}x"


def test_word_lists_have_what_the_patterns_name() -> None:
    for language in ("en", "zh"):
        known = words(language, "blame")["fragments"] | words(language, "neutral")["fragments"]
        for pattern in _patterns(language):
            named = set(re.findall(r"\{([a-z_]\w*)\}", pattern.template))
            assert named <= set(known), pattern.template
