"""Persons → aliases: a stated role, else Engineer A / 工程师 A, in order of first appearance.

Known persons are authors, members of an export's directory who are mentioned, and `people` of incident.yaml;
`@somebody` is a person even when nobody knows more. What can't be told from a word (Will, Mark) is replaced
only after an @.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pm_agent.evidence import RawEvidence
from pm_agent.language import Language, words

_HAN = re.compile(r"[\u4e00-\u9fff]")
_MENTION = re.compile(r"(?<![\w.@/])@([\w\u4e00-\u9fff][\w\u4e00-\u9fff.\-]{0,40})")
_NOT_PERSONS = {
    "here",
    "channel",
    "everyone",
    "all",
    "所有人",
    "oncall",
    "on-call",
    "team",
    "group",
    "param",
    "override",
    "media",
    "latest",
}
_TAIL = re.compile(
    r"\s*[(（\[【].*$|\s*[-_/|｜]\s*(?:sre|dba|ops|dev|qa|pm|运维|后端|前端|测试|研发|产品|值班).*$", re.I
)
_NAME_END = re.compile(r"[.\-]+$")


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
        self._collect(evidence)
        self._name_everybody()
        self._pattern = self._compile()

    def _collect(self, evidence: RawEvidence) -> None:
        known = evidence.people.names
        mentioned = {m.lower() for e in evidence.events for m in _MENTION.findall(e.raw.text)}
        text = "\n".join(e.raw.text for e in evidence.events)
        for event in evidence.events:
            if event.raw.actor and event.raw.actor_kind == "person":
                self._add(event.raw.actor, known)
            for mention in _MENTION.findall(event.raw.text):
                self._add_mention(mention, known)
        for handle, name in known.items():
            if (
                handle.lower() in mentioned
                or name.lower() in mentioned
                or (len(name) > 3 and name in text)
                or handle in evidence.people.roles
            ):
                self._add(handle, known)
        for handle, role in evidence.people.roles.items():
            self._add(handle, known).role = role

    def _add(self, written: str, known: Mapping[str, str]) -> Person:
        bare = _TAIL.sub("", written).strip() or written.strip()
        name = known.get(written) or known.get(bare) or bare
        key = name.lower()
        person = self.people.get(key) or self._by_form.get(key) or Person(name)
        self.people.setdefault(person.name.lower(), person)
        forms = {written.strip(), bare, name} | {h for h, n in known.items() if n == name}
        for form in forms | self._derived(name):
            if len(form) >= 2 or _HAN.search(form):
                person.forms.add(form)
                self._by_form.setdefault(form.lower(), person)
        return person

    def _add_mention(self, mention: str, known: Mapping[str, str]) -> None:
        mention = _NAME_END.sub("", mention)
        if mention.lower() in _NOT_PERSONS or mention.isdigit():
            return
        if mention.lower() in self._by_form:
            return
        for name in known.values():  # "@Mira Holt": a name of two words is cut by the pattern
            if name.lower().split(" ")[0] == mention.lower():
                self._add(name, known)
                return
        self._add(mention, known)

    def _derived(self, name: str) -> set[str]:
        """First name of a full name; 小王, 老王, 王工, 王哥 of a Chinese one."""
        if _HAN.search(name) and 2 <= len(name) <= 4:
            surname, given = name[0], name[1:]
            short = {f"{p}{surname}" for p in "小老"} | {
                f"{surname}{s}" for s in ("工", "哥", "姐", "总", "老师", "经理", "主管")
            }
            return short | (
                {given} if len(given) == 2 else {f"{given}{s}" for s in ("哥", "姐")} | {f"阿{given}"}
            )
        parts = name.split()
        return {parts[0]} if len(parts) > 1 and len(parts[0]) > 2 else set()

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

    def _ambiguous(self, form: str) -> bool:
        """Also an ordinary word, or short for two persons."""
        holders = {id(p) for p in self.people.values() if form in p.forms}
        return (
            len(holders) > 1
            or form.lower() in self.words["names_that_are_words"]
            or (form.isascii() and len(form) < 3)
        )

    def _compile(self) -> re.Pattern[str] | None:
        forms = {form for p in self.people.values() for form in p.forms}
        free = sorted((f for f in forms if not self._ambiguous(f)), key=lambda f: (-len(f), f))
        tied = sorted((f for f in forms if self._ambiguous(f)), key=lambda f: (-len(f), f))
        parts = []
        if free:
            parts.append(rf"@?(?:{'|'.join(_bounded(f) for f in free)})")
        if tied:
            parts.append(rf"@(?:{'|'.join(_bounded(f) for f in tied)})")
        return re.compile("|".join(parts), re.I) if parts else None

    def alias_of(self, written: str | None) -> str | None:
        """The alias of an author as a source writes them."""
        if written is None:
            return None
        bare = _TAIL.sub("", written).strip() or written
        person = self._by_form.get(written.strip().lower()) or self._by_form.get(bare.lower())
        return person.alias if person else written

    def clean(self, text: str) -> str:
        """The text with every known person replaced by the alias."""
        if self._pattern is None:
            return text
        return self._pattern.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        person = self._by_form.get(match[0].lstrip("@").lower())
        if person is None:
            return match[0]
        return ("@" if match[0].startswith("@") else "") + person.alias

    def table(self) -> dict[str, str]:
        """Alias → person; private to the run folder."""
        return {person.alias: person.name for person in self.people.values()}

    def roles(self) -> dict[str, str]:
        """Alias → stated role."""
        return {person.alias: person.role for person in self.people.values() if person.role}


def _bounded(form: str) -> str:
    """A form as a pattern: whole words for alphabets, anywhere for Han."""
    escaped = re.escape(form)
    left = r"(?<![A-Za-z0-9_])" if form[:1].isascii() else ""
    right = r"(?![A-Za-z0-9_])" if form[-1:].isascii() else ""
    return f"{left}{escaped}{right}"


def mentions(text: str) -> Iterable[str]:
    """The handles behind an @ in a text."""
    return _MENTION.findall(text)
