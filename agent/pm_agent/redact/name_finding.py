"""Persons whom only the text names: behind a label, in an author line, behind an @, in an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from pm_agent.language import LANGUAGES, Language, has_han, words
from pm_agent.language.compiled import compiled
from pm_agent.redact.name_forms import cut, is_name, nobody, ordinary, pinyin_handle

MENTION = compiled(r"(?<![\w.@/+-])@([\w\u4e00-\u9fff][\w\u4e00-\u9fff.\-]{0,40})|\[~([\w.@-]{2,40})\]")
_ADDRESS = compiled(r"([A-Z\u4e00-\u9fff][\w\u4e00-\u9fff'’. -]{1,40}?)\s*<([A-Za-z0-9._+-]{2,40})@[\w.-]+>")
_MAIL = compiled(r"(?<![\w.+-])([a-z]{2,20}(?:[._][a-z]{2,20})?)(?:@|%40)[a-z0-9-]+\.[a-z]", re.ASCII)
_ITEM = compiled(
    r"[\s@]*(?:([\u4e00-\u9fff]{2,12})|([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})|([a-z][a-z0-9]*(?:[._][a-z0-9]+)?))"
)
_NEXT = compiled(r"\s*(?:[、,，/&]|和|以及|\band\b)\s*")


@cache
def _labels() -> re.Pattern[str]:
    parts = (words("zh", "people")["labels"], words("en", "people")["labels"])
    return compiled(
        rf"(?:(?<![A-Za-z])|(?<=[\u4e00-\u9fff]))(?:{'|'.join(parts)})[\"'*_）)]{{0,3}}\s*(?:[:：=]|是|为|->)[\"'*_]{{0,3}}[ \t]*",
        re.I,
    )


@cache
def _given() -> frozenset[str]:
    return frozenset(words("en", "people")["given_names"].split())


def named(text: str) -> Iterator[tuple[str, str | None]]:
    """(name, account or None) of whoever a text names."""
    for match in _ADDRESS.finditer(text):
        if is_name(match[1].strip()) or match[1].strip() in _given():
            yield match[1].strip(), match[2]
    for match in _MAIL.finditer(text):
        if not nobody(match[1]) and (pinyin_handle(match[1]) or "." in match[1] or "_" in match[1]):
            yield match[1], match[1]
    for label in _labels().finditer(text):
        shared = re.match(words("en", "people")["shared_labels"], label[0], re.I) is not None
        yield from _listed(text, label.end(), shared)


@cache
def _told(language: Language, whole: bool) -> tuple[re.Pattern[str], ...]:
    return tuple(compiled(p, re.M) for p in words(language, "people")["told_full" if whole else "told"])


@cache
def _nobodies() -> frozenset[str]:
    return frozenset(
        word for language in LANGUAGES for word in words(language, "people")["told_nobody"].split()
    )


def spoken_of(texts: Iterable[str]) -> list[str]:
    """Persons whom somebody's sentences treat as persons: asked Kwame, 拉了老梁, 早班 罗依婷.

    A company is asked too, so a Latin name nobody knows as a given name has to be spoken of in two ways.
    """
    ways: dict[str, set[str]] = {}
    for text in texts:
        for language in LANGUAGES:
            for whole in (False, True):
                for pattern in _told(language, whole):
                    for match in pattern.finditer(text):
                        if not whole or is_name(match[1]):
                            ways.setdefault(match[1], set()).add(pattern.pattern)
    return [
        name
        for name, found in ways.items()
        if not (name.lower() in _nobodies() or nobody(name) or name.lower() in ordinary())
        and (has_han(name) or name in _given() or len(found) > 1)
    ]


def _listed(text: str, at: int, shared: bool) -> Iterator[tuple[str, str | None]]:
    """Names from here on, as long as the list goes."""
    for _ in range(20):
        item = _ITEM.match(text, at)
        name, length = _person(item, shared) if item else (None, 0)
        if name is None or item is None:
            return
        yield name, name if item[3] else None
        at = item.start(item.lastindex or 0) + length
        more = _NEXT.match(text, at)
        if more is None:
            return
        at = more.end()


def _person(item: re.Match[str], shared: bool) -> tuple[str | None, int]:
    """The name in one item of a list and its length, or nothing where the item is no person.

    Behind a label that teams bear too (`owner: Order Core`) two capitalised words are not enough.
    """
    if item[1]:
        name = cut(item[1])
        return name, len(name or "")
    if item[2]:
        first = item[2].split(" ")[0]
        full = " " in item[2] and (not shared or any(pinyin(part) for part in item[2].split(" ")))
        known = first in _given() or full
        return (item[2] if known and not nobody(item[2]) else None), len(item[2])
    return (item[3] if pinyin_handle(item[3]) and not nobody(item[3]) else None), len(item[3])


def pinyin(word: str) -> bool:
    """True for a Chinese surname in Latin letters."""
    return word.lower() in words("en", "people")["pinyin_surnames"].split()


def mentioned(text: str) -> Iterator[str]:
    """What stands behind an @, cut to the name where Chinese text goes on without a blank."""
    for match in MENTION.finditer(text):
        handle = re.sub(r"[.\-]+$", "", match[1] or match[2])
        if has_han(handle) and len(handle) > 3 and (name := cut(handle)):
            handle = (
                handle if len(handle) <= 4 and handle[-1] not in words("zh", "people")["follows"] else name
            )
        yield handle
