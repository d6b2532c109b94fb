"""Patterns of the word lists that are compiled only for a text which holds the words they can't match without.

A pattern about a person expands to thousands of characters (`{who}` is every role, team, handle and name), and
compiling the few hundred of them takes longer than drafting a report. Most never meet a text that could match: which
words a pattern needs is read from its short template, before the long fragments are filled in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from re import _parser  # type: ignore[attr-defined]  # no public module tells what a pattern needs
from typing import Any

from pm_agent.language import HAN
from pm_agent.language.compiled import compiled, kept

_FRAGMENT = re.compile(r"\{(\w+)\}")
_BRIEF = 100
"""Characters of a fragment up to which it is read for words; longer ones list persons and verbs."""
_PRIVATE = 0xE000
"""Characters from here on stand in no pattern of ours."""
_MOST = 400
"""More words than this take longer to look for than the pattern to compile."""
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]|[^\\\[()|]+", re.S)
"""An escape, a class, a bracket, an `|`, or what stands between."""
Sets = list[frozenset[str]]


def filled(pattern: str, fragments: dict[str, str]) -> str:
    """Named fragments filled in, inner ones first; a quantifier such as `{1,3}` is no name."""
    for _ in range(6):
        pattern = _FRAGMENT.sub(lambda m: f"(?:{fragments[m[1]]})" if m[1] in fragments else m[0], pattern)
    return pattern.replace(r"[\u4e00-\u9fff]", HAN)


class Fragments:
    """What the names in the patterns of one word list stand for.

    Args:
        texts: a pattern by name.
    """

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        self._digest = hashlib.sha256(repr(sorted(texts.items())).encode()).hexdigest()

    @cached_property
    def _reader(self) -> _Needs:
        return _Needs(self.texts)

    def needs_of(self, template: str) -> tuple[frozenset[str], ...]:
        """Sets of folded words: a text that matches the pattern holds one of each set at least."""
        return kept((f"needs of {template}", self._digest), lambda: self._read(template))

    def _read(self, template: str) -> tuple[frozenset[str], ...]:
        return tuple(sorted((words for words in self._reader.of(template) if len(words) <= _MOST), key=len))


class LazyPattern:
    r"""One pattern of a word list.

    Args:
        template: the pattern with its fragments by name, `{who}\s+forgot`.
        fragments: what the names stand for.
        flags: as for `re.compile`.
    """

    def __init__(self, template: str, fragments: Fragments, flags: int = 0) -> None:
        self.template = template
        self._fragments = fragments
        self._flags = flags

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Sets of folded words: a matching text holds one of each set at least."""
        return self._fragments.needs_of(self.template)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The whole pattern."""
        return compiled(filled(self.template, self._fragments.texts), self._flags)

    def may_match(self, folded: str) -> bool:
        """False where a text, given in folded case, lacks words that the pattern needs."""
        for words in self.needs:
            for word in words:
                if word in folded:
                    break
            else:
                return False
        return True

    def search(self, text: str, folded: str) -> re.Match[str] | None:
        """As `re.search`.

        Args:
            text: where to look.
            folded: `text.casefold()`, made once for many patterns.
        """
        if not self.may_match(folded):
            return None
        if not self._parts:
            return self.compiled.search(text)
        found = (part.search(text, folded) for part in self._parts)
        return min((match for match in found if match), key=lambda match: match.start(), default=None)

    @cached_property
    def _parts(self) -> tuple[LazyPattern, ...]:
        """The alternatives, each compiled for itself; of matches at one place the first counts, as in one pattern."""
        found = alternatives(self.template)
        return tuple(LazyPattern(t, self._fragments, self._flags) for t in found) if len(found) > 1 else ()


def alternatives(template: str) -> list[str]:
    """What stands between the outermost `|` of a pattern."""
    parts, depth = [""], 0
    for token in _TOKEN.findall(template):
        depth += (token == "(") - (token == ")")
        if token == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += token
    return parts


class _Needs:
    """Reads what patterns need; each fragment is read once, and stands in a template as one character of its own."""

    def __init__(self, fragments: dict[str, str]) -> None:
        self._fragments = fragments
        self._mark = {name: chr(_PRIVATE + n) for n, name in enumerate(fragments)}
        self._name = {mark: name for name, mark in self._mark.items()}
        self._known: dict[str, Sets] = {}

    def of(self, template: str) -> Sets:
        """Of a pattern, the sets of words of which each match holds one."""
        marked = _FRAGMENT.sub(lambda m: self._mark.get(m[1], m[0]), template)
        try:
            return self._sequence(_parser.parse(marked))
        except re.error:  # it refers to a group of a fragment
            return []

    def _fragment(self, name: str) -> Sets:
        if name not in self._known:
            text = self._fragments[name]
            self._known[name] = self.of(text) if len(text) < _BRIEF else []
        return self._known[name]

    def _sequence(self, tree: Iterable[tuple[Any, Any]]) -> Sets:
        sets: Sets = []
        run = ""
        for op, value in tree:
            if op is _parser.LITERAL and chr(value) not in self._name:
                run += chr(value)
                continue
            if run:
                sets.append(frozenset({run.casefold()}))
                run = ""
            sets += self._element(op, value)
        return [*sets, frozenset({run.casefold()})] if run else sets

    def _element(self, op: Any, value: Any) -> Sets:
        if op is _parser.LITERAL:
            return self._fragment(self._name[chr(value)])
        if op is _parser.SUBPATTERN:
            return self._sequence(value[-1])
        if op is _parser.ATOMIC_GROUP:
            return self._sequence(value)
        if op in {_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT}:
            return self._sequence(value[2]) if value[0] > 0 else []
        if op is _parser.IN and all(kind is _parser.LITERAL for kind, _ in value):
            return self._class([chr(code) for _, code in value])
        if op is _parser.BRANCH:
            return _of_each([self._sequence(branch) for branch in value[1]])
        return []

    def _class(self, characters: Sequence[str]) -> Sets:
        """A class of characters; alternatives of one character each are parsed as one, so a fragment may be among them."""
        return _of_each(
            [
                self._fragment(self._name[c]) if c in self._name else [frozenset({c.casefold()})]
                for c in characters
            ]
        )


def _of_each(branches: Sequence[Sets]) -> Sets:
    """One set for alternatives, of the longest words of each; none where an alternative needs no word."""
    if not all(branches):
        return []
    return [frozenset().union(*(max(sets, key=lambda words: min(map(len, words))) for sets in branches))]
