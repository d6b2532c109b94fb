"""Blaming sentences → neutral ones that a person would write, or nothing: a broken sentence is worse than a question.

A clause is replaced only where one pattern of `language/*/neutral.yaml` consumes it whole, or where a noun phrase
stands for a noun phrase; what comes out must no longer blame and must have kept every fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from pm_agent.language import Language, has_han, words
from pm_agent.language.compiled import any_of, compiled
from pm_agent.language.lazy_pattern import Fragments, LazyPattern
from pm_agent.rubric.kept_facts import lost_facts, roles_in

_ENDING = re.compile(r"[\s.!?。！？…～~；;]*$")
_POSSESSIVE = re.compile(r"^(?:his|her|their|your|my)\b", re.I)
_PLURAL_START = re.compile(r"^(?:these|those|both|all|several|many|some|two|three|four|five|\d+)\b", re.I)
_SINGULAR_START = re.compile(r"^(?:an?|this|that|each|every|one|it|`)(?:\b|(?<=`))", re.I)
_SINGULAR_S = re.compile(
    r"(?:ss|us|is|as|os|news|dns|tls|https|aws|kubernetes|redis|postgres|status|access|process)$", re.I
)
_ONE = re.compile(r"(?<!\bop)s$", re.I)
"""One of a role: `DBAs` → `DBA`; `ops` has no other number."""
_SPACES = re.compile(r"[ \t]{2,}")


@dataclass(frozen=True, slots=True)
class Rewording:
    """One way to put a clause neutrally."""

    find: LazyPattern
    say: str
    flips: bool


@dataclass(frozen=True, slots=True)
class Manual:
    """How a language puts blame neutrally."""

    clause_end: re.Pattern[str]
    goes_on: re.Pattern[str]
    clauses: tuple[Rewording, ...]
    phrases: tuple[Rewording, ...]
    drop: re.Pattern[str]
    participles: dict[str, str]
    side: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """A clause in other words, and who is no longer named in it."""

    text: str
    persons: str = ""
    flips: bool = False


@cache
def manual_of(language: Language) -> Manual:
    """The compiled neutral wordings of a language."""
    content: dict[str, Any] = words(language, "neutral")
    fragments = Fragments(words(language, "blame")["fragments"] | content["fragments"])

    def read(section: str) -> tuple[Rewording, ...]:
        return tuple(
            Rewording(
                LazyPattern(e["find"], fragments, re.I if language == "en" else 0),
                e["say"],
                bool(e.get("flips")),
            )
            for e in content[section]
        )

    return Manual(
        clause_end=compiled(content["clause_end"], re.I),
        goes_on=compiled(content["goes_on"], re.I),
        clauses=read("clauses"),
        phrases=read("phrases"),
        drop=any_of(content["drop"]),
        participles=content["participles"],
        side=content["side"],
    )


def neutral(sentence: str, offends: Callable[[str], bool]) -> str | None:
    """The sentence in neutral words; None where only a person can put it otherwise.

    Args:
        sentence: one sentence that offends.
        offends: true for a wording that still blames.
    """
    language: Language = "zh" if has_han(sentence) else "en"
    manual = manual_of(language)
    ending = _ENDING.search(sentence)
    end = ending[0].strip() if ending else ""
    parts = _parts(sentence[: len(sentence) - len(ending[0] if ending else "")], manual)
    done: list[tuple[str, str]] = []
    changed: list[Reworded] = []
    for index, (lead_in, clause) in enumerate(parts):
        if not offends(clause):
            done.append((lead_in, clause))
            continue
        if manual.drop.fullmatch(clause.strip()) and len(parts) > 1:
            changed.append(Reworded("", clause))
            continue
        new = _clause(clause, manual, language, offends)
        if new is None or not _fits_before(parts[index + 1 :], manual):
            return None
        changed.append(new)
        done.append((lead_in, new.text))
    return _whole(sentence, done, changed, end, manual, offends) if changed else None


def _whole(
    sentence: str,
    done: list[tuple[str, str]],
    changed: list[Reworded],
    end: str,
    manual: Manual,
    offends: Callable[[str], bool],
) -> str | None:
    if all(manual.drop.fullmatch(clause.strip()) for _, clause in done):
        return None
    text = _SPACES.sub(" ", done[0][1] + "".join(lead_in + clause for lead_in, clause in done[1:])).strip()
    text = (text[:1].upper() + text[1:] if sentence[:1].isupper() else text) + _plain_end(end)
    persons = " ".join(c.persons for c in changed)
    flips = len(changed) == 1 and changed[0].flips
    return None if offends(text) or lost_facts(sentence, text, persons=persons, flips=flips) else text


def _plain_end(end: str) -> str:
    """`?!` and `!!!` are half of the tone."""
    return "?" if "?" in end else "？" if "？" in end else end.replace("!", ".").replace("！", "。")[:1]


def _parts(text: str, manual: Manual) -> list[tuple[str, str]]:
    """Clauses, each with what joins it to the one before."""
    found: list[tuple[str, str]] = []
    at, lead_in = 0, ""
    for cut in manual.clause_end.finditer(text):
        found.append((lead_in, text[at : cut.start()]))
        at, lead_in = cut.end(), cut[0]
    found.append((lead_in, text[at:]))
    return [(joint, clause) for joint, clause in found if clause.strip()]


def _fits_before(following: list[tuple[str, str]], manual: Manual) -> bool:
    """False where what follows a comma may be the rest of a list that was cut."""
    if not following:
        return True
    joint, clause = following[0]
    return joint.strip() not in {",", ""} or manual.goes_on.match(clause.strip()) is not None


def _clause(
    clause: str, manual: Manual, language: Language, offends: Callable[[str], bool]
) -> Reworded | None:
    folded = clause.casefold()
    for rewording in manual.clauses:
        if not rewording.find.may_match(folded):
            continue
        match = rewording.find.compiled.fullmatch(clause) or (
            rewording.find.compiled.match(clause) if rewording.find.template.endswith("$") else None
        )
        if match:
            text = _said(rewording.say, match, manual, language)
            if text and not offends(text):
                return Reworded(text, match.groupdict().get("who") or "", rewording.flips)
    for rewording in manual.phrases:
        match = rewording.find.compiled.search(clause) if rewording.find.may_match(folded) else None
        if match:
            said = _said(rewording.say, match, manual, language)
            said = said[:1].upper() + said[1:] if match[0][:1].isupper() else said
            text = f"{clause[: match.start()]}{said}{clause[match.end() :]}"
            if not offends(text):
                return Reworded(text, match[0])
    return None


def _said(say: str, match: re.Match[str], manual: Manual, language: Language) -> str:
    groups = {name: value or "" for name, value in match.groupdict().items()}
    roles = roles_in(groups.get("who", ""))
    groups["side"] = manual.side.format(role=_ONE.sub("", roles[0]) if roles else "") if roles else ""
    groups["done"] = (
        _participle(groups.get("verb", ""), manual)
        if language == "en"
        else manual.participles.get(groups.get("verb", ""), groups.get("verb", ""))
    )
    if language == "en":
        groups |= _english(groups)
    return _SPACES.sub(" ", say.format_map({"hedge": "", "tail": "", "pre": ""} | groups)).strip()


def _english(groups: dict[str, str]) -> dict[str, str]:
    thing = _POSSESSIVE.sub("the", groups.get("object", ""))
    noun = groups.get("noun", "")
    many = noun.endswith("s") and not _SINGULAR_S.search(noun)
    article = "" if many else ("an " if noun[:1].lower() in "aeiou" else "a ")
    return {
        "object": {"them": "they", "him": "he", "her": "she", "me": "I", "us": "we"}.get(
            thing.lower(), thing
        ),
        "was": "were" if _is_plural(thing) else "was",
        "rest": re.sub(r"\b(?:his|her|their|your|my)\b", "the", groups.get("rest", "")),
        "a_noun": article + noun,
        "intended": "the intended ones" if many else "the intended one",
        "was_noun": "were" if many else "was",
    }


def _is_plural(thing: str) -> bool:
    if thing.lower() in {"they", "them", "you", "we", "us"} or _PLURAL_START.match(thing):
        return True
    if _SINGULAR_START.match(thing):
        return False
    head = re.split(r"\s(?:of|for|that|which|in|on|to|from|with)\s", thing)[0]
    if " and " in head:
        return True
    last = head.split()[-1] if head.split() else ""
    return last.endswith("s") and last.isalpha() and not _SINGULAR_S.search(last)


def _participle(verb: str, manual: Manual) -> str:
    """`deleted`, `ran` → `run`, `set up` → `set up`, `verify` → `verified`, `back up` → `backed up`."""
    first, _, rest = verb.partition(" ")
    low = first.lower()
    if low in manual.participles:
        done = manual.participles[low]
    elif low.endswith(("ed", "en")):
        done = low
    elif low.endswith("e"):
        done = low + "d"
    elif low.endswith("y") and low[-2:-1] not in "aeiou":
        done = low[:-1] + "ied"
    else:
        done = low + "ed"
    return f"{done} {rest}".strip()
