"""Log messages → templates, one pass, bounded memory.

Values (numbers, addresses, paths, dates) are masked. Messages that differ in words stay apart until a position has
shown so many different words that it must be a variable: `startup` and `shutdown` are two templates, the names
of twenty users are one.
"""

from __future__ import annotations

import re

VAR = "<*>"
MAX_MESSAGE = 400
"""Characters of a message that decide its template."""
_WORDS_OF_A_VARIABLE = 5
_FIRST_WORDS_OF_A_VARIABLE = 20
"""The first word of a message is its best name, so it takes more to call it a variable, unless it is a dotted path."""
_CROWD = 60
"""More templates than this under the same two first words are free text."""
_FIXED_CROWD = 300
_MAX_TEMPLATES = 4000
_CACHE = 20_000

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE_WORDS = re.compile(
    rf"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:{_MONTH} +)?(?=\d)|\b{_MONTH} +(?=\d)|(?<=\d) {_MONTH}(?= \d)"
    r"|\b(?:UTC|GMT|[PECM][SD]T|CET|CEST)\b(?= \d)"
)
_AMOUNT = re.compile(
    r" ?\(<?\d[\d.,]* ?(?:[KMGT]i?B|bytes|secs?|ms)\)|(?<![\w.])<?\d[\d.,]* ?(?:[KMGT]i?B|B|ms|secs?)\b"
)
_PLACE = re.compile(
    r"""\b[a-z][a-z+]{1,11}://[^\s"'<>]+"""
    r"""|(?<![\w.*>-])/[^\s:,;()"'<>\[\]]*[^\s:,;()"'<>\[\].]"""
    r"""|(?<![\w.-])(?:[A-Za-z0-9_-]{1,63}\.){1,8}"""
    r"""(?:(?:com|net|org|edu|gov|io|dev|app|cloud|internal|local|[a-z]{2})(?![\w.])"""
    r"""|(?!(?:java|py|go|cc|cpp|hpp|js|ts|rb|rs|php|cs|kt|scala|ex|pl|lua|swift)\b)[a-z]{2,12}(?=:\d{2,5}\b))"""
    r"""|\b(?:[0-9A-Fa-f]{2}:){3,}[0-9A-Fa-f]{2}\b|(?<=for user )\w+|(?<=nvalid user )\w+"""
    r"""|(?<![\w-])[a-f]{8,}(?![\w-])"""
)
_NUMBER = re.compile(
    r"(?<![^\s=,;:()\[\]{}\"'<>|])(?![A-Z]{3,}\d\b)[^\s=,;:()\[\]{}\"'<>|\d]*\d[^\s=,;()\[\]{}\"'<>|]*"
)
_CHAIN = re.compile(r"<\*>(?:[:./@,-]*<\*>)+")
_RUN = re.compile(r"<\*>(?:\s+<\*>)+")
_EMPTY = re.compile(r"(?<=\s)\(\)")

Tokens = tuple[str, ...]


def mask(message: str) -> str:
    """The message with its values as `<*>`."""
    text = message[:MAX_MESSAGE]
    text = _AMOUNT.sub(_amount, _DATE_WORDS.sub("", text))
    text = _NUMBER.sub(VAR, _PLACE.sub(VAR, text))
    return _EMPTY.sub(f"({VAR})", _RUN.sub(VAR, _CHAIN.sub(VAR, text)))


def _amount(match: re.Match[str]) -> str:
    return "" if match[0].lstrip().startswith("(") else VAR


class Miner:
    """Gives each message a template number; numbers may later turn out to be one template: ask `root`."""

    def __init__(self) -> None:
        self.templates: list[Tokens] = []
        self._parent: list[int] = []
        self._masked: dict[tuple[str, str], int] = {}
        self._exact: dict[Tokens, int] = {}
        self._open: dict[Tokens, list[int]] = {}
        """Pattern with one open position → the templates that differ only there."""
        self._variable: dict[Tokens, int] = {}
        """Pattern whose open position is a variable → its template."""
        self._crowd: dict[Tokens, int] = {}

    def add(self, message: str, label: str = "") -> int:
        """The template of this message; messages of different labels (levels) never share one."""
        key = (label, mask(message))
        known = self._masked.get(key)
        if known is None:
            known = self.place((label, *key[1].split()))
            if len(self._masked) >= _CACHE:
                self._masked.clear()
            self._masked[key] = known
        return known

    def fixed(self, template: str, label: str = "") -> int:
        """The number of a template that the format itself knows; no word of it becomes a variable."""
        tokens = (label, *template.split())
        known = self._exact.get(tokens)
        if known is None:
            known = self._crowded(tokens, 2, _FIXED_CROWD)
        return self._append(tokens) if known is None else known

    def root(self, template: int) -> int:
        """The template that this one has become part of."""
        while self._parent[template] != template:
            self._parent[template] = template = self._parent[self._parent[template]]
        return template

    def text(self, template: int) -> str:
        """The template as words and `<*>`."""
        return " ".join(self.templates[self.root(template)][1:])

    def place(self, tokens: Tokens) -> int:
        """The template of these tokens (the first is the label), an old one or a new one."""
        known = self._exact.get(tokens)
        if known is not None:
            return known
        patterns = [
            (*tokens[:at], blank, *tokens[at + 1 :])
            for at in range(1, len(tokens))
            if (blank := _blank(tokens[at])) != tokens[at]
        ]
        for pattern in patterns:
            known = self._variable.get(pattern, self._exact.get(pattern))
            if known is not None and _says_something(pattern):
                self._exact[tokens] = self._variable[pattern] = known
                return known
        crowd = self._crowded(tokens)
        if crowd is not None:
            return crowd
        return self._new(tokens, patterns)

    def _crowded(self, tokens: Tokens, words: int = 3, crowd: int = _CROWD) -> int | None:
        """Free text, and whatever comes after a file has shown thousands of templates, is kept by its beginning."""
        full = len(self.templates) >= _MAX_TEMPLATES
        start = tokens[: 1 if full else words]
        seen = self._crowd.get(start, 0)
        if not full and seen < crowd:
            self._crowd[start] = seen + 1
            return None
        pattern = (*start, VAR)
        known = self._exact.get(pattern)
        return self._append(pattern) if known is None else known

    def _append(self, tokens: Tokens) -> int:
        number = len(self.templates)
        self.templates.append(tokens)
        self._parent.append(number)
        self._exact[tokens] = number
        return number

    def _new(self, tokens: Tokens, patterns: list[Tokens]) -> int:
        number = self._append(tokens)
        same = self._open.pop(tokens, []) if _says_something(tokens) else []
        for other in same:  # they differ where this one has a value: the same template
            self._parent[self.root(other)] = number
        for pattern in patterns:
            members = self._open.setdefault(pattern, [])
            members.append(number)
            if len(members) >= _limit(pattern, tokens):
                self._join(pattern, members)
                break
        return number

    def _join(self, pattern: Tokens, members: list[int]) -> None:
        root = self.root(members[0])
        for member in members:
            self._parent[self.root(member)] = root
        self.templates[root] = pattern
        self._variable[pattern] = root
        del self._open[pattern]


def _blank(token: str) -> str:
    """The token with a variable for its value: all of it, or what stands behind a key; punctuation stays."""
    key, equals, value = token.rpartition("=")
    end = len(value.rstrip(",;:."))
    return f"{key}{equals}{VAR}{value[end:]}" if end else token


def _says_something(tokens: Tokens) -> bool:
    """False for a message that is nothing but values."""
    return any(VAR not in token for token in tokens[1:])


def _limit(pattern: Tokens, tokens: Tokens) -> int:
    """How many words a position must have shown to be a variable."""
    constant = sum(VAR not in token for token in pattern[1:])
    if not constant or constant * 2 < len(pattern) - 1:
        return _CROWD
    named = pattern[1] != tokens[1] and tokens[1].count(".") < 2
    return _FIRST_WORDS_OF_A_VARIABLE if named else _WORDS_OF_A_VARIABLE
