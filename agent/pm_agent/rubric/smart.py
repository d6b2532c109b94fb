"""SMART verdicts on one action item, its strength, and a rewording with blanks; see `rubrics/smart.yaml`.

The letters mean what the report contract says: a stranger could start; done or not done needs no judgement; one
piece of work for one owner; it addresses a cause or a gap of this incident; a date that resolves.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from pm_agent.language import LANGUAGES, Language, has_han, of_text, words
from pm_agent.language.compiled import any_of
from pm_agent.language.phrases import phrase
from pm_agent.reading.action_items import Item
from pm_agent.reading.cues import languages_of
from pm_agent.reading.topic import tokens
from pm_agent.report import Finding, Priority, Smart, Strength, Verdict
from pm_agent.rubric.team import in_force


@cache
def _pattern(language: Language, section: str) -> re.Pattern[str]:
    return any_of(words(language, "actions")[section])


def _has(text: str, section: str) -> bool:
    return any(_pattern(language, section).search(text) for language in languages_of(text))


_URL = re.compile(r"https?://\S+")


def is_action(text: str) -> bool:
    """True for work to be done; a finding, a link or a report of what was done already is none."""
    if _URL.search(text) and len(re.findall(r"\w+", _URL.sub(" ", text))) <= 3:
        return False
    if _has(text, "reported"):
        return False
    asked = _has(text, "modal")
    if (_has(text, "not_action") or _has(text, "statement")) and not asked:
        return False
    return asked or len(tokens(text)) >= 2 or any(_has(text, kind) for kind in ("verbs", "vague", "soft"))


def judge(item: Item, addressed: frozenset[str] | None, language: Language) -> Smart:
    """The five verdicts.

    Args:
        item: the action item.
        addressed: telling words of this incident's causes and gaps; None where they are not known.
        language: of the reasons.
    """
    return Smart(
        specific=_specific(item.text, language),
        measurable=_measurable(item, language),
        achievable=_achievable(item.text, language),
        relevant=_relevant(item.text, addressed, language),
        time_bound=Verdict(met=True)
        if item.due
        else Verdict(met=False, reason=phrase(language, "smart.no_date")),
    )


def _no(language: Language, code: str) -> Verdict:
    return Verdict(met=False, reason=phrase(language, f"smart.{code}"))


def _specific(text: str, language: Language) -> Verdict:
    """A stranger could start: neither a wish nor a direction nor a thing to be decided, and something to do it to."""
    if _has(text, "wishes"):
        return _no(language, "wish")
    if _has(text, "undecided"):
        return _no(language, "undecided")
    if _has(text, "deliverables"):
        return Verdict(met=True)
    named, telling = _objects(_without(text, "everyone"))
    if _has(text, "everyone") and not named:
        return _no(language, "everyone")
    concrete = _concrete(text)
    if _has(_PURPOSE.sub("", text), "vague_objects") and named < 2:
        return _no(language, "vague")
    if has_han(text):
        weighed = named and _has(text, "weighed")
        if not concrete and not weighed and (_has(text, "vague") or _has(text, "soft")):
            return _no(language, "vague")
        return Verdict(met=True) if named or telling >= 1 + (not concrete) else _no(language, "no_object")
    least = 3 if _SCOPE.search(text) else 4
    if _has(text, "vague") and not named and telling < least:
        return _no(language, "vague")
    if not concrete and not _has(text, "vague") and telling + named < 3:
        return _no(language, "no_verb")
    scoped = telling >= 2 and _SCOPE.search(text) is not None
    return Verdict(met=True) if named or scoped or telling >= 4 else _no(language, "no_object")


def _without(text: str, section: str) -> str:
    for language in languages_of(text):
        text = _pattern(language, section).sub(" ", text)
    return text


def _concrete(text: str) -> bool:
    """True where a verb of visible work is left beside turns such as `看一下`, `look at`."""
    for language in LANGUAGES:
        text = _pattern(language, "soft").sub(" ", text)
    return any(_pattern(language, "verbs").search(text) for language in languages_of(text))


def _objects(text: str) -> tuple[int, int]:
    """Named things (code, identifiers, proper names, numbers) and telling words that are left beside verbs and fillers."""
    rest = _DOER.sub("", _LINK.sub(" ", text))
    first = rest.split()[0] if rest.split() else ""
    for language in LANGUAGES:
        rest = _pattern(language, "verbs").sub(" ", rest, count=1)
        for section in ("vague", "fillers"):
            rest = _pattern(language, section).sub(" ", rest)
    named = len(_NAMED.findall(rest.replace(first, " ", 1) if first[:1].isupper() else rest))
    han = [len(run) for run in re.findall(r"[\u4e00-\u9fff]{2,}", rest)]
    latin = len([t for t in tokens(rest) if t.isascii()])
    if has_han(text):
        named = max(named, latin)  # a Latin word among Chinese ones is a name
    return named, latin + sum(max(1, length // _HAN_WORDS) for length in han)


_HAN_WORDS = 4
"""Characters of Chinese that hold one telling word more."""
_DOER = re.compile(
    r"^\W*(?:the )?(?:[A-Z][\w'-]*(?:,? (?:and|&))?\s+){1,3}(?:team\s+)?(?:to|will)\s+(?=[a-z])"
)
"""Who is to do it, at the front; no object of the work."""
_PURPOSE = re.compile(
    r"(?<!\bneed)(?<!\bneeds)(?<!\bhave)(?<!\bhas)(?<!\bwant)(?<!\btry)(?<!\bplan)(?<!\bgoing)(?<!\bteam)(?<!\bway)(?<!\bways)"
    r"(?<=\w)\s+(?:in order )?to (?:improve|increase|reduce|avoid|prevent|strengthen|enhance)\b.*$",
    re.I | re.S,
)
"""What a piece of work is for."""
_TITLE = re.compile("《[^》]*》")
_CLAUSE = re.compile("[，；;]")
"""Between what is to be done and what it is for, in Chinese."""
_SCOPE = re.compile(
    r"\b(?:in|on|for|from|against|when|if|per|by|with|to|into|of|at|under|across|between|that|those|must|should|needs?)\b",
    re.I,
)
_LINK = re.compile(r"\[[^\]]*\]\([^)]*\)|\(?https?://\S+|\([^()]{0,20}\)\s*$|\(owner:.*$", re.I)
_NAMED = re.compile(
    r"`[^`]+`|[A-Za-z]+[_./-][\w./-]*\w|\b[A-Z]{2,}\w*|\b[A-Z][a-z]+\w*|\d+|[“「\"][^”」\"]+[”」\"]"
)


def states_criterion(item: Item) -> bool:
    """True where a number, a criterion or a test of being done is written down."""
    return bool(item.acceptance) or _has(item.text, "measures")


def _measurable(item: Item, language: Language) -> Verdict:
    """Done or not needs no judgement: a criterion is written down, or one visible thing is to be made."""
    if states_criterion(item):
        return Verdict(met=True)
    if _has(_TITLE.sub(" ", _CLAUSE.split(item.text)[0]), "open_ended"):
        return _no(language, "open_ended")
    if _has(item.text, "binary") and not _has(item.text, "wishes"):
        return Verdict(met=True)
    return Verdict(met=True) if _specific(item.text, language).met else _no(language, "no_criterion")


def _achievable(text: str, language: Language) -> Verdict:
    if _has(text, "absolutes"):
        return _no(language, "absolute")
    if _has(text, "attitude"):
        return _no(language, "attitude")
    if _has(text, "everyone"):
        return _no(language, "everyone")
    parts = len(re.findall(r"[;；、]|\band\b|以及|并且", text))
    return _no(language, "several") if parts >= 4 else Verdict(met=True)


def _relevant(text: str, addressed: frozenset[str] | None, language: Language) -> Verdict:
    if addressed is None:
        return Verdict(met=None, reason=phrase(language, "smart.no_causes"))
    leaked = _has(text, "credentials") and not _has(" ".join(addressed), "secrets")
    if leaked or _has(text, "housekeeping"):
        return _no(language, "tidies_up")
    tied = tokens(text) & addressed or _has(text, "resilience")
    return Verdict(met=True) if tied else _no(language, "not_tied")


def strength_of(text: str) -> Strength:
    """System change > alert > document > training > reminder."""
    order: tuple[Strength, ...] = ("reminder", "training", "alert", "document", "system_change")
    return next((s for s in order if _has(text, f"strength_{s}")), "unknown")


def suggestion(item: Item, smart: Smart, language: Language) -> str | None:
    """The item with a blank for each part that is missing; no value is invented."""
    blanks = []
    if smart.specific.met is False:
        blanks.append(phrase(language, "smart.blank.what"))
    if item.owner is None:
        blanks.append(phrase(language, "smart.blank.owner"))
    if item.due is None:
        blanks.append(phrase(language, "smart.blank.due"))
    if smart.measurable.met is False:
        blanks.append(phrase(language, "smart.blank.done"))
    if not blanks:
        return None
    return f"{item.text.rstrip(' .。;；')} {' '.join(blanks)}"


def past_limit(due: date | None, priority: Priority | None, start: date | None) -> bool:
    """True where the date lies beyond what the priority allows."""
    limit = dict(in_force().limits).get(priority or "")
    return bool(due and start and limit and due > start + limit)


def findings(
    id_: str, item: Item, smart: Smart, priority: Priority | None, start: date | None, language: Language
) -> list[Finding]:
    """What the rubric finds on one item."""
    found = []
    if item.owner is None:
        found.append(
            Finding(
                rule="actions.owner_missing",
                severity="warning",
                where=id_,
                message=phrase(language, "check.owner_missing"),
            )
        )
    if item.due is None:
        found.append(
            Finding(
                rule="actions.due_missing",
                severity="warning",
                where=id_,
                message=phrase(language, "check.due_missing"),
            )
        )
    elif past_limit(item.due.on, priority, start):
        found.append(
            Finding(
                rule="actions.due_past_limit",
                severity="warning",
                where=id_,
                message=phrase(language, "check.due_past_limit", priority=priority),
            )
        )
    for letter in smart.unmet():
        if letter != "time_bound":
            reason = getattr(smart, letter).reason or ""
            found.append(Finding(rule=f"actions.not_{letter}", severity="warning", where=id_, message=reason))
    return found + _of_team(id_, item.text)


def _of_team(id_: str, text: str) -> list[Finding]:
    """What the team's own patterns find on an item."""
    return [
        Finding(rule=own.rule.id, severity=own.rule.severity, where=id_, message=own.rule.why)
        for own in in_force().own
        if own.rule.judges == "item" and own.match(text)
    ]


def language_of(text: str) -> Language:
    """Language of an item, English where undecided."""
    return of_text(text) or "en"
