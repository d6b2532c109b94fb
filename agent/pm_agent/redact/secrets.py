"""Secrets and personal data in text → placeholders. The same value gets the same placeholder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pm_agent.redact import checks
from pm_agent.redact.rules import ADDRESSES, HOSTS, RULES, SecretRule

_PLACEHOLDER = re.compile(r"\[[\w.-]+#\d+\]")
_BLOB = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,}={0,2}(?![A-Za-z0-9+/_-])", re.ASCII)
_FOLD = re.compile(r"(?:\\?\r?\n|(?:\\r)?\\n)[ \t>|*]*")
_BLANK = re.compile(" ")
_CHAIN = re.compile(rf"(?<![A-Za-z0-9_./+=-])[A-Za-z0-9_./+=-]++(?:{_FOLD.pattern}[A-Za-z0-9_./+=-]++)+")
_SPACED = re.compile(
    r"(?<![A-Za-z0-9_./+=-])[A-Za-z0-9_./+=-]{4,} [A-Za-z0-9_./+=-]{4,}(?: [A-Za-z0-9_./+=-]{4,}){0,2}"
)
"""Words with single blanks between: what a program makes of a line break when it puts a text on one line."""
_PERSONAL_FORMS = {"phone", "bank_card", "iban"}


def rules_for(*, hide_ips: bool = False, hide_hosts: bool = False, own: Mapping[str, str] | None = None) -> tuple[SecretRule, ...]:  # fmt: skip
    """The table as a team set it: its own patterns first, then the built-in ones, then addresses and hosts."""
    mine = tuple(
        SecretRule(name, re.compile(pattern), "pm-agent.toml", ()) for name, pattern in (own or {}).items()
    )
    return mine + RULES + (HOSTS,) * hide_hosts + (ADDRESSES,) * hide_ips


def _holds(text: str, hints: tuple[str, ...]) -> bool:
    """A plain loop: asked some sixty times of every text."""
    for hint in hints:  # noqa: SIM110 - `any` takes twice as long
        if hint in text:
            return True
    return False


class Vault:
    """Placeholders given so far; the values stay in memory only."""

    def __init__(self, rules: tuple[SecretRule, ...] = RULES) -> None:
        self.rules = rules
        self.counts: Counter[str] = Counter()
        self._given: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        """Placeholder → the value as first written; for `--keep-map` alone."""
        self._told: dict[str, str] = {}
        self._known: re.Pattern[str] | None = None

    def learn(self, texts: Iterable[str]) -> None:
        """Meet every value that only its neighbourhood betrays, so that it is known where it stands bare."""
        hints = {hint for rule in self.rules if rule.told for hint in rule.hint}
        for text in texts:
            lower = text.lower()
            if any(hint in lower for hint in hints):
                self._by_rules(self._across_lines(text))

    def clean(self, text: str) -> str:
        """The text with every secret replaced by `[kind#n]`."""
        text = self._by_rules(self._across_lines(text))
        text = _BLOB.sub(self._blob, text)
        if self._told:
            self._known = self._known or _any_of(self._told)
            text = self._known.sub(lambda match: self._told[match[0]], text)
        return text

    def values(self) -> dict[str, str]:
        """Placeholder → value; only for the file that `--keep-map` names."""
        return dict(self._shown)

    def _by_rules(self, text: str) -> str:
        lower = text.lower()
        for rule in self.rules:
            held = text if rule.id == "cloud_secret" else lower  # its hint is a placeholder given on the way
            if rule.hint and not _holds(held, rule.hint):
                continue
            text = rule.pattern.sub(lambda match, rule=rule: self._replace(rule, match), text)  # type: ignore[misc]
        return text

    def _replace(self, rule: SecretRule, match: re.Match[str]) -> str:
        start, end = _span(match)
        value = match.string[start:end]
        bare = _bare(value)
        if not bare or _PLACEHOLDER.search(value) or (rule.check and not rule.check(bare)):
            return match[0]
        if rule.not_after and rule.not_after.search(match.string[max(0, start - 40) : start]):
            return match[0]
        shown = value.replace(bare, self._placeholder(rule, bare))
        return match.string[match.start() : start] + shown + match.string[end : match.end()]

    def _placeholder(self, rule: SecretRule, bare: str) -> str:
        key = _same(rule.id, bare)
        if key not in self._given:
            self.counts[rule.id] += 1
            self._given[key] = f"[{rule.id}#{self.counts[rule.id]}]"
            self._shown[self._given[key]] = bare
        if rule.told and len(bare) >= 6 and not re.fullmatch(r"[a-z]+|[A-Z]?[a-z]+|\d+", bare):
            self._told.setdefault(bare, self._given[key])
            self._known = None
        return self._given[key]

    def _blob(self, match: re.Match[str]) -> str:
        """A base64 blob, replaced where what it holds has a secret in it."""
        plain = checks.from_base64(match[0]) if not re.fullmatch(r"[0-9a-fA-F-]+", match[0]) else None
        if plain is None or self._by_rules(plain) == plain:
            return match[0]
        return self._placeholder(_BASE64, match[0])

    def _across_lines(self, text: str) -> str:
        """The text with tokens replaced that line breaks cut in pieces."""
        if "\n" in text or "\\n" in text:
            text = _CHAIN.sub(lambda match: self._chain(match[0], _FOLD, "\n"), text)
        if self._solid(text.lower()):
            text = _SPACED.sub(lambda match: self._chain(match[0], _BLANK, " "), text)
        return text

    def _solid(self, lower: str) -> list[SecretRule]:
        return [r for r in self.rules if r.solid and any(hint in lower for hint in r.hint)]

    def _chain(self, words: str, fold: re.Pattern[str], glue: str) -> str:
        """Words with nothing but a break between: the longest token that runs over a break goes."""
        rules = self._solid(fold.sub("", words).lower())
        if not rules:
            return words
        pieces = fold.split(words)
        for first, last in _stretches(len(pieces)):
            joined = "".join(pieces[first : last + 1])
            for rule in rules:
                found = rule.pattern.search(joined)
                if found and _is_cut(rule, found, pieces[first], pieces[last], sure=glue == " "):
                    pieces[first : last + 1] = [joined[: found.start()] + self._placeholder(rule, found[0]) + joined[found.end() :]]  # fmt: skip
                    return glue.join(pieces)
        return words


_BASE64 = SecretRule("base64", _BLOB, "base64 (RFC 4648) of any of these", ())


def _bare(value: str) -> str:
    """A value without quotes, and without the brackets and full stops that follow it."""
    return value.strip("\"'`\\").rstrip(")]}.:,;\"'`\\") if not value.startswith("-----") else value


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Where the secret itself stands in what a rule found."""
    for group in ("v", "w"):
        if group in match.re.groupindex and match[group] is not None:
            return match.span(group)
    return match.span()


def _same(id: str, value: str) -> str:
    """What makes two spellings one value: digits of a number, an address in small letters."""
    if id in _PERSONAL_FORMS:
        return re.sub(r"[^\dA-Za-z]", "", value).removeprefix("0086")[-11:]
    if id == "email":
        return re.sub(r"%40|\\u0040|&#64;", "@", value).lower()
    return value


def _any_of(values: Iterable[str]) -> re.Pattern[str]:
    """One pattern of many literals, grouped by their beginnings so that few are tried at each place."""
    groups: dict[str, list[str]] = {}
    for value in sorted(values, key=lambda v: (-len(v), v)):
        groups.setdefault(value[:2], []).append(value[2:])
    parts = (f"{re.escape(two)}(?:{'|'.join(map(re.escape, rest))})" for two, rest in groups.items())
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(parts)})(?![A-Za-z0-9])")


def _stretches(count: int) -> Iterator[tuple[int, int]]:
    """First and last of neighbouring pieces, long stretches first."""
    for length in range(min(count, 12), 1, -1):
        for first in range(count - length + 1):
            yield first, first + length - 1


def _is_cut(rule: SecretRule, found: re.Match[str], first: str, last: str, *, sure: bool) -> bool:
    """True where a token runs over the breaks: its beginning is none alone, or what follows looks random; to be `sure`, both."""
    if found.start() >= len(first) or found.end() <= len(found.string) - len(last):
        return False
    if rule.check and not rule.check(found[0]):
        return False
    alone = rule.pattern.fullmatch(first[found.start() :])
    signs = (alone is None, checks.random_looking(last))
    return all(signs) if sure else any(signs)
