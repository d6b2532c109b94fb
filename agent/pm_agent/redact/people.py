"""Persons → aliases: a stated role, else Engineer A / 工程师 A, in order of first appearance.

Known persons are authors, members of an export's directory who are mentioned, `people` of incident.yaml, whoever an
author line, a label (负责人：) or an address names, and `@somebody` even when nobody knows more. What can't be told
from a word (Will, Mark, 高工) is replaced after an @ and where the words around it speak of a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pm_agent.evidence import RawEvidence
from pm_agent.language import Language, has_han, words
from pm_agent.redact import name_forms
from pm_agent.redact.name_finding import mentioned, named, spoken_of

_NO_MENTION = re.compile(
    r"here|channel|everyone|all|所有人|全体成员|on-?call|team|group|param|override|media|latest|return|see|since|engineer|工程师|"
    r"\d+|0x[0-9a-f]+|[a-z]{1,4}-?\d{1,3}",
    re.I,
)
"""Behind an @: groups, annotations, numbers, machines (`dig @ns1`), aliases of an earlier report."""
_TAIL = re.compile(
    r"\s*[(（\[【].*$|\s*[-_/|｜]\s*(?:sre|dba|ops|dev|qa|pm|运维|后端|前端|测试|研发|产品|值班).*$", re.I
)
_WORD = re.compile(r"[a-z][a-z0-9._-]{3,}")


@dataclass
class Person:
    """One person and every form under which the sources write them."""

    name: str
    forms: set[str] = field(default_factory=set)
    role: str | None = None
    alias: str = ""


def letters(index: int) -> str:
    """The letters of the n-th alias: A, B … Z, AA, AB."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


class Directory:
    """Everybody in one bundle, and how to write them."""

    def __init__(self, evidence: RawEvidence, language: Language) -> None:
        self.language = language
        self.words = words(language)
        self.people: dict[str, Person] = {}
        self._by_form: dict[str, Person] = {}
        self._accounts: dict[str, Person] = {}
        """Accounts that somebody is likely to have → that person."""
        self._capital: set[str] = set()
        """Forms that are names only with their capital."""
        self._texts = [e.raw.text for e in evidence.events] + [f.file for f in evidence.files]
        self._collect(evidence)
        self._name_everybody()
        self._pattern = self._compile()

    def _collect(self, evidence: RawEvidence) -> None:
        known = evidence.people.names
        for event in evidence.events:
            if event.raw.actor and event.raw.actor_kind == "person":
                self._add(event.raw.actor, known)
            for handle in mentioned(event.raw.text):
                self._add_mention(handle, known)
        for handle, name in known.items():
            if self._is_spoken_of(handle, name):
                self._add(handle, known)
        for handle, role in evidence.people.roles.items():
            self._add(handle, known).role = role
        self._find(evidence, known)

    def _find(self, evidence: RawEvidence, known: Mapping[str, str]) -> None:
        """Whoever only the text names, and the accounts that somebody is likely to have."""
        for text in self._texts:
            for name, account in named(text):
                self._add_named(name, account, known)
        for name in spoken_of(e.raw.text for e in evidence.events if e.raw.actor_kind == "person"):
            self._add_named(name, None, known)
        for person in list(self.people.values()):
            for account in name_forms.handles(person.name) & self._small_words:
                self._form(person, account)

    @cached_property
    def _everything(self) -> str:
        return "\n".join(self._texts)

    @cached_property
    def _small_words(self) -> set[str]:
        return set(_WORD.findall(self._everything.lower()))

    def _is_spoken_of(self, handle: str, name: str) -> bool:
        """True where a member of the directory stands in the text by account, by name or by first name."""
        if not has_han(name) and len(name) < 3:
            return handle.lower() in self._small_words
        first = name.split(" ")[0]
        if first.lower() in name_forms.ordinary() and self._beside_a_name(first):
            return True
        forms = {name, first} if len(first) > 2 and first.lower() not in name_forms.ordinary() else {name}
        return handle.lower() in self._small_words or any(
            re.search(
                rf"(?<!\w){re.escape(form)}(?!\w)" if form.isascii() else re.escape(form), self._everything
            )
            for form in forms
        )

    def _beside_a_name(self, first: str) -> bool:
        """True where a name that is a word too stands with another: `Leila + Grant`."""
        beside = re.compile(
            rf"\b[A-Z][a-z]+ ?[+&] ?{re.escape(first)}\b|\b{re.escape(first)} ?[+&] ?[A-Z][a-z]+\b"
        )
        return beside.search(self._everything) is not None

    def _form(self, person: Person, form: str) -> None:
        if len(form) >= 2 or has_han(form):
            person.forms.add(form)
            self._by_form.setdefault(form.lower(), person)

    def _add(self, written: str, known: Mapping[str, str]) -> Person:
        bare = _TAIL.sub("", written).strip() or written.strip()
        halves = name_forms.halves(written)
        name = known.get(written) or known.get(bare) or _of_account(bare, known) or bare
        keys = [name.lower(), *(half.lower() for half in halves)]
        person = next((p for key in keys if (p := self._known_as(key))), None) or self._adopted(name)
        self.people.setdefault(person.name.lower(), person)
        forms = {written.strip(), bare, name, *halves} | {h for h, n in known.items() if n == name}
        for form in forms.union(*(name_forms.short_forms(n) for n in {name, *halves})):
            self._form(person, form)
        for account in name_forms.handles(name):
            self._accounts.setdefault(account, person)
        for form in name_forms.last_names(name) - forms:
            self._capital.add(form.lower())
            self._form(person, form)
        return person

    def _known_as(self, key: str) -> Person | None:
        return self.people.get(key) or self._by_form.get(key) or self._accounts.get(key.rstrip("_`|-"))

    def _adopted(self, name: str) -> Person:
        """A new person, or the one who so far was only an account: nrahmani turns out to be Nadia Rahmani."""
        for account in sorted(name_forms.handles(name)):
            person = self.people.get(account)
            if person is not None and person.name.lower() == account:
                person.name = name
                return person
        return Person(name)

    def _add_mention(self, mention: str, known: Mapping[str, str]) -> None:
        if mention.lower() in self._by_form or _NO_MENTION.fullmatch(mention):
            return
        for name in known.values():  # "@Mira Holt": a name of two words is cut by the pattern
            if name.lower().split(" ")[0] == mention.lower() or (has_han(name) and mention.startswith(name)):
                self._add(name, known)
                return
        if any(len(form) > 1 and mention.startswith(form) for form in self._by_form if has_han(form)):
            return
        self._add(mention, known)

    def _add_named(self, name: str, account: str | None, known: Mapping[str, str]) -> None:
        """Whoever a label or an author line names; an account that somebody has makes them that person."""
        holder = self._by_form.get((account or "").lower()) or self._by_form.get(name.lower())
        if holder is None and account and account in known:
            holder = self._add(known[account], known)
        person = holder or self._add(name, known)
        for form in {name, account or name} | name_forms.short_forms(name):
            self._form(person, form)

    def _name_everybody(self) -> None:
        roles: dict[str, list[Person]] = {}
        index = 0
        for person in self.people.values():
            if person.role:
                roles.setdefault(person.role, []).append(person)
            else:
                person.alias = f"{self.words['engineer']} {letters(index)}"
                index += 1
        for role, holders in roles.items():
            title = self.words["roles"].get(role, role.replace("_", " "))
            for place, person in enumerate(holders):
                person.alias = title if len(holders) == 1 else f"{title} {letters(place)}"

    def _compile(self) -> re.Pattern[str] | None:
        forms = sorted({form for p in self.people.values() for form in p.forms}, key=lambda f: (-len(f), f))
        return re.compile(rf"@?(?:{'|'.join(_bounded(f) for f in forms)})", re.I) if forms else None

    def alias_of(self, written: str | None) -> str | None:
        """The alias of an author as a source writes them."""
        if written is None:
            return None
        bare = _TAIL.sub("", written).strip() or written
        person = self._by_form.get(written.strip().lower()) or self._by_form.get(bare.lower())
        return person.alias if person else written

    def clean(self, text: str) -> str:
        """The text with every known person replaced by the alias, and strangers with a title by the title."""
        if self._pattern is not None:
            text = self._pattern.sub(self._replace, text)
        zh, en = words("zh", "people"), words("en", "people")
        text = (
            re.sub(rf"[{zh['surnames'][:200]}]({zh['titled']})", rf"{zh['stranger']}\1", text)
            if has_han(text)
            else text
        )
        return re.sub(en["titled"], rf"\1. {en['stranger']}", text)

    def _replace(self, match: re.Match[str]) -> str:
        form = match[0].lstrip("@")
        holders = self._holders.get(form.lower(), [])
        at = match[0].startswith("@")
        if not holders or not (at or self._fits(match, form)):
            return match[0]
        return ("@" if at else "") + "/".join(dict.fromkeys(person.alias for person in holders))

    @cached_property
    def _holders(self) -> dict[str, list[Person]]:
        """Form → whoever bears it: 老王 may be two."""
        found: dict[str, list[Person]] = {}
        for person in self.people.values():
            for form in person.forms:
                if person not in found.setdefault(form.lower(), []):
                    found[form.lower()].append(person)
        return {form: _whole(form, people) for form, people in found.items()}

    def _fits(self, match: re.Match[str], form: str) -> bool:
        if form.lower() in self._capital and not form[0].isupper():
            return False
        word = form.lower() in name_forms.ordinary() or (form.isascii() and len(form) < 3)
        return name_forms.fits(match.string, match.start(), match.end(), form, word=word)

    def table(self) -> dict[str, str]:
        """Alias → person; private to the run folder."""
        return {person.alias: person.name for person in self.people.values()}

    def roles(self) -> dict[str, str]:
        """Alias → stated role."""
        return {person.alias: person.role for person in self.people.values() if person.role}


def _whole(form: str, people: list[Person]) -> list[Person]:
    """Those whose name it is, where it is somebody's name; else everybody for whom it is short."""
    return [p for p in people if p.name.lower() == form] or people


def _of_account(name: str, known: Mapping[str, str]) -> str | None:
    """The Chinese name behind a Latin one, where the directory has its account: Fu Rong is furong is 傅蓉."""
    found = (known[h] for h in sorted(name_forms.handles(name)) if h in known)
    return next((written for written in found if has_han(written)), None)


def _bounded(form: str) -> str:
    """A form as a pattern: whole words for alphabets, anywhere for Han."""
    escaped = re.escape(form)
    left = r"(?<![A-Za-z0-9_])" if form[:1].isascii() else ""
    right = r"(?![A-Za-z0-9_])" if form[-1:].isascii() else ""
    return f"{left}{escaped}{right}"
