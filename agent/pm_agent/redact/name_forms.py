"""What a name may look like in text, and where an ordinary word is somebody's name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pm_agent.language import LANGUAGES, has_han, words

_BRACKETS = re.compile(r"^(.{1,40}?)\s*[(（]([^()（）]{1,40})[)）]$")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,10}")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z'’.-]*(?: [A-Z][A-Za-z'’.-]*){0,3}")


@cache
def surnames() -> frozenset[str]:
    """Characters with which a Chinese name may begin."""
    return frozenset(words("zh", "people")["surnames"])


@cache
def ordinary() -> frozenset[str]:
    """Words of both languages that are names too, in small letters."""
    found = set(words("zh", "people")["ordinary"].split())
    for language in LANGUAGES:
        found |= {word.lower() for word in words(language)["names_that_are_words"]}
    return frozenset(found)


@cache
def _context(language: str, name: str) -> re.Pattern[str]:
    return re.compile(words("zh" if language == "zh" else "en", "people")[name])


def halves(written: str) -> list[str]:
    """`Daniel Tan(陈伟明)` is two names of one person; `Bob (SRE)` is one and a role."""
    match = _BRACKETS.match(written.strip())
    if match is None:
        return []
    return [half for half in match.groups() if is_name(half)]


def is_name(text: str) -> bool:
    """True for a Chinese name with a known surname, or two to four capitalised words."""
    if _HAN_NAME.fullmatch(text):
        return len(text) <= 4 and (
            text[0] in surnames() or text[:2] in words("zh", "people")["compound_surnames"]
        )
    return " " in text and _LATIN_NAME.fullmatch(text) is not None and not nobody(text)


def nobody(text: str) -> bool:
    """True for a team, a service, a robot."""
    return (
        re.search(rf"\b(?:{words('en', 'people')['nobody']})\b|(?:bot|team)$", text.replace("_", " "), re.I)
        is not None
    )


def cut(run: str) -> str | None:
    """The name at the front of a run of Chinese characters, or None: 郑凯 of 郑凯你写的."""
    data = words("zh", "people")
    if not run or run[0] not in surnames() or re.search(data["nobody"], run[:8]):
        return None
    if run[:2] in data["compound_surnames"]:
        return run[:4] if len(run) > 3 and run[3] not in data["follows"] else run[:3]
    if len(run) < 2:
        return None
    return run[:2] if len(run) == 2 or run[2] in data["follows"] else run[:3]


def short_forms(name: str) -> set[str]:
    """First name of a full name; 小王, 老王, 王工, 王哥 of a Chinese one."""
    if has_han(name) and 2 <= len(name) <= 4:
        length = 2 if len(name) > 2 and name[:2] in words("zh", "people")["compound_surnames"] else 1
        surname, given = name[:length], name[length:]
        titles = ("工", "哥", "姐", "总", "老师", "经理", "主管", "主任", "老板", "同学", "师傅")
        found = {f"{p}{surname}" for p in "小老"} | {f"{surname}{t}" for t in titles}
        if len(given) == 2:
            return found | {given, f"小{given[1]}", f"阿{given[1]}"} | {f"{given}{t}" for t in ("哥", "姐")}
        return found | {f"{given}{t}" for t in ("哥", "姐")} | {f"阿{given}", f"小{given}"}
    parts = name.split()
    if len(parts) < 2 or len(parts[0]) < 3:
        return set()
    return {parts[0], unicodedata.normalize("NFKD", parts[0]).encode("ascii", "ignore").decode()}


def last_names(name: str) -> set[str]:
    """The last name of a Latin name; only with its capital is it a name."""
    parts = name.split()
    return (
        {parts[-1]}
        if len(parts) > 1 and name.isascii() and len(parts[-1]) > 3 and parts[-1][0].isupper()
        else set()
    )


def handles(name: str) -> set[str]:
    """Accounts that a Latin name is likely to have: furong, fu.rong, rfu."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    parts = [part for part in re.findall(r"[a-z]+", plain) if len(part) > 1]
    if len(parts) < 2 or has_han(name):
        return set()
    first, last = parts[0], parts[-1]
    joined = {f"{a}{sign}{b}" for a, b in ((first, last), (last, first)) for sign in ("", ".", "_", "-")}
    return {h for h in joined | {first[0] + last, first + last[0]} if len(h) > 4}


def pinyin_handle(handle: str) -> bool:
    """True for an account of a surname and one or two syllables: hemiao."""
    data = words("en", "people")
    names = "|".join(sorted(data["pinyin_surnames"].split(), key=len, reverse=True))
    return re.fullmatch(rf"(?:{names})(?:{data['pinyin_syllable']}){{1,2}}", handle) is not None


def fits(text: str, start: int, end: int, form: str, *, word: bool) -> bool:
    """Whether what stands here is a person: not part of another word, and spoken of as one where it is a word too."""
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    if has_han(form):
        glue = words("zh", "people")["glued"].get(form[0], "")
        if before and before[-1] in glue and len(form) < 4:
            return False
        return not word or _spoken_of("zh", before, after)
    return not word or (text[start].isupper() and _spoken_of("en", before, after))


def _spoken_of(language: str, before: str, after: str) -> bool:
    if before.endswith("@") or _context(language, "after").search(after):
        return True
    if language == "en" and (
        _context("en", "not_before").search(before.lower()) or re.match(r"\s+\d", after)
    ):
        return False
    return _context(language, "before").search(before) is not None
