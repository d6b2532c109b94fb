"""Who an entry of an audit log names: a person under the name that people call them by, or a program.

An account of a program that is taken for a person's would get an alias, and the report would hide what did it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pm_agent.ingest.formats.payloads import field, first_of, objects, text
from pm_agent.ingest.formats.person_names import is_machine

_ACTOR = (
    "actor", "operator", "operator_name", "operatorName", "user", "member", "createdBy", "created_by", "caller", "principal",
    "performed_by", "performedBy", "initiator", "executor", "author", "username", "user_name", "userName", "who", "操作人", "操作者", "执行人",
)  # fmt: skip
_NAME = ("displayName", "display_name", "real_name", "nickname", "name", "login", "username", "userName", "alternateId", "email", "id")  # fmt: skip
_ACCOUNT = ("alternateId", "email", "login", "username", "userName", "account")
_OTHERS = ("approver", "approved_by", "approvedBy", "reviewer", "applicant", "submitter", "assignee", "审批人", "申请人", "user")  # fmt: skip
"""Persons beside the actor: whom it was done to, who had agreed."""
_PROGRAM = re.compile(
    r"^system:|gserviceaccount\.com$|amazonaws\.com$|\[bot\]$|^(?:svc|sa|bot|robot|ci|cd)[-_.]|[-_.](?:bot|robot|ci|cd|admin|sa|svc|service|agent|controller|job)$"
    r"|^(?:system|root|admin(?:istrator)?|auto\w*|scheduler|cron\w*|ci|cd|bot|robot|deploy(?:er)?|release|pipeline|platform|service|"
    r"anonymous|unknown|none|null|n/a|-)$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$|^系统|^自动|平台$|机器人$",
    re.I,
)
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


@dataclass(frozen=True, slots=True)
class Actor:
    """A name, and whether it is a person's."""

    name: str
    is_person: bool = True
    account: str = ""
    """By which the person goes beside the name."""


def actor_of(value: dict[str, Any]) -> Actor | None:
    """Who did it, or None where nobody is named."""
    identity = field(value, "userIdentity")
    if isinstance(identity, dict):
        return _of_aws(identity)
    if mail := text(value, "protoPayload", "authenticationInfo", "principalEmail"):
        return _named(mail)
    for key in _ACTOR:
        found = field(value, key)
        actor = _of_object(found) if isinstance(found, dict) else _named(text(value, key))
        if actor is not None:
            return actor
    return None


def people_of(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Account and name of everybody that a record names; whoever no text speaks of gets no alias."""
    actor = actor_of(value)
    if actor is not None and actor.is_person and actor.account:
        yield actor.account, actor.name
    others = [field(value, key) for key in _OTHERS]
    others += [one for one in objects(value, "target") if text(one, "type") == "User"]
    for other in others:
        found = (
            _of_object(other)
            if isinstance(other, dict)
            else _named(other)
            if isinstance(other, str)
            else None
        )
        if found is not None and found.is_person:
            yield found.account or found.name, found.name


def _named(written: str, account: str = "") -> Actor | None:
    name = written.strip()[:120]
    if not name:
        return None
    return Actor(name, not (_PROGRAM.search(name) or is_machine(name)), account if account != name else "")


def _of_object(value: dict[str, Any]) -> Actor | None:
    first, last = (
        first_of(value, *keys) for keys in (("firstName", "first_name"), ("lastName", "last_name"))
    )
    whole = " ".join(part for part in (first, last) if part)
    actor = _named(whole or first_of(value, *_NAME), first_of(value, *_ACCOUNT))
    if actor is not None and text(value, "type") in {
        "SystemPrincipal",
        "PublicClientApp",
        "Bot",
        "ServiceAccount",
    }:
        return Actor(actor.name, is_person=False)
    return actor


def _of_aws(identity: dict[str, Any]) -> Actor | None:
    """The user; of a role the session, which single sign-on calls after whoever took it."""
    kind, role = text(identity, "type"), text(identity, "sessionContext", "sessionIssuer", "userName")
    session = text(identity, "arn").rpartition("/")[2] or text(identity, "principalId").rpartition(":")[2]
    if kind == "AssumedRole":
        return Actor(session) if _MAIL.fullmatch(session) else _program(role or session)
    if kind in {"IAMUser", "IdentityCenterUser", "SAMLUser", "WebIdentityUser", "FederatedUser"}:
        return _named(text(identity, "userName") or session)
    return _program(text(identity, "invokedBy") or text(identity, "userName") or kind.lower())


def _program(name: str) -> Actor | None:
    return Actor(name, is_person=False) if name else None
