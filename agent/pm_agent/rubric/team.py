"""What a team adds to the rules, changes or turns off; in force for the draft, lint or check at hand.

The rules in force are a context variable, so that drafts running side by side each keep their own team's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pm_agent.errors import InputError
from pm_agent.report import Finding
from pm_agent.rubric.rules import Rule, all_rules, read_rubric
from pm_agent.settings import Settings


@dataclass(frozen=True, slots=True)
class Own:
    """A rule of the team's own, by pattern."""

    rule: Rule
    find: re.Pattern[str]
    unless: re.Pattern[str] | None

    def match(self, text: str) -> re.Match[str] | None:
        """Where a text offends the rule."""
        return None if self.unless and self.unless.search(text) else self.find.search(text)


_LIMITS = (("P0", timedelta(days=7)), ("P1", timedelta(days=31)), ("P2", timedelta(days=92)))


@dataclass(frozen=True)
class Team:
    """The rules in force beside the built-in patterns."""

    disabled: frozenset[str] = frozenset()
    own: tuple[Own, ...] = ()
    changed: tuple[Rule, ...] = ()
    """Built-in rules for which the team wrote another reason or severity."""
    limits: tuple[tuple[str, timedelta], ...] = _LIMITS
    """Latest due date by priority (eleven-section template: one week, one month, three months)."""

    def rule(self, id_: str) -> Rule | None:
        """The rule of that id as it is in force."""
        if id_ in self.disabled:
            return None
        return next((r for r in self.rules() if r.id == id_), None)

    def applied(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings of rules that are in force, with the severity that the team gave them."""
        severity = {rule.id: rule.severity for rule in self.changed}
        return [
            f.model_copy(update={"severity": severity.get(f.rule, f.severity)})
            for f in findings
            if f.rule not in self.disabled
        ]

    def rules(self) -> Iterator[Rule]:
        """Every rule in force, the team's first."""
        mine = [*self.changed, *(o.rule for o in self.own)]
        ids = {rule.id for rule in mine}
        yield from (
            r for r in [*mine, *(r for r in all_rules() if r.id not in ids)] if r.id not in self.disabled
        )


NO_TEAM = Team()
_in_force: ContextVar[Team] = ContextVar("team", default=NO_TEAM)


def in_force() -> Team:
    """The rules of whoever drafts or checks right now."""
    return _in_force.get()


@contextmanager
def using(team: Team) -> Iterator[None]:
    """Put a team's rules in force for a while."""
    token = _in_force.set(team)
    try:
        yield
    finally:
        _in_force.reset(token)


def team_of(settings: Settings) -> Team:
    """The team's rules that these settings name.

    Raises:
        InputError: a rubric can't be read, a pattern is none, an example is not judged as it says, an unknown id is disabled.
    """
    built_in = {rule.id: rule for rule in all_rules()}
    own: list[Own] = []
    changed: list[Rule] = []
    for name in settings.rubrics:
        for rule in read_rubric(Path(name)).rules:
            if rule.id in built_in:
                changed.append(_changed(rule, built_in[rule.id], name))
            if rule.find or rule.id not in built_in:
                own.append(_own(rule, name))
    known = {*built_in, *(o.rule.id for o in own)}
    for id_ in settings.disable:
        if id_ not in known:
            raise InputError(
                f"disable: no rule is called {id_!r}", hint="`pm-agent explain rules` lists every rule"
            )
    limits = dict(NO_TEAM.limits) | {p: timedelta(days=days) for p, days in settings.due_limits.items()}
    return Team(frozenset(settings.disable), tuple(own), tuple(changed), tuple(limits.items()))


def _changed(rule: Rule, before: Rule, name: str) -> Rule:
    if rule.check not in {before.check, "pattern"}:
        raise InputError(
            f"{name!r}: {rule.id}: is checked by {before.check!r}, not by {rule.check!r}",
            hint="a team rule may add patterns to a built-in rule or give it another severity",
        )
    return before.model_copy(update={"why": rule.why, "source": rule.source, "severity": rule.severity})


def _own(rule: Rule, name: str) -> Own:
    where = f"{name!r}: {rule.id}"
    if rule.check != "pattern" or not rule.find:
        raise InputError(
            f"{where}: a team's own rule is checked by `pattern` and lists patterns under `find`",
            hint="see docs/writing-rules.md, your team's own rules",
        )
    own = Own(rule, _pattern(rule.find, where), _pattern(rule.unless, where) if rule.unless else None)
    for verdict, examples in ((True, rule.fails), (False, rule.passes)):
        for example in examples:
            if bool(own.match(example)) is not verdict:
                raise InputError(
                    f"{where}: the example {example!r} stands under `{'fail' if verdict else 'pass'}`, but the patterns say otherwise",
                    hint="mend the pattern or the example",
                )
    return own


def _pattern(sources: Iterable[str], where: str) -> re.Pattern[str]:
    for source in sources:
        try:
            re.compile(source)
        except re.error as error:
            raise InputError(
                f"{where}: {source!r} is no pattern: {error}", hint="patterns are Python regular expressions"
            ) from error
    return re.compile("|".join(f"(?:{source})" for source in sources), re.I)
