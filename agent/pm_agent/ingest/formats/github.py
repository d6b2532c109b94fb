"""GitHub: deployments, their statuses, workflow runs, releases and pull requests; REST lists and webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal
from pm_agent.ingest.formats.merge_requests import Proposal, Who, told
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, payloads, text
from pm_agent.ingest.signals import read_deploy
from pm_agent.ingest.source import Source

_WRAPPERS = ("workflow_runs", "jobs")
_HOOKS = ("deployment_status", "workflow_run", "workflow_job", "release", "deployment")
"""A webhook names what it tells of by its key; a status also carries its deployment."""
_GH = {
    "headSha": "head_sha", "headBranch": "head_branch", "createdAt": "created_at", "startedAt": "run_started_at", "updatedAt": "updated_at",
    "number": "run_number", "workflowName": "name", "displayTitle": "display_title", "url": "html_url",
}  # fmt: skip
_STATES: dict[str, Signal] = {
    "success": "change_finished", "failure": "change_failed", "error": "change_failed", "in_progress": "change_started",
    "timed_out": "change_failed", "startup_failure": "change_failed",
}  # fmt: skip
_GH_PULL = {
    "createdAt": "created_at", "mergedAt": "merged_at", "closedAt": "closed_at", "author": "user", "mergedBy": "merged_by",
    "baseRefName": "base_ref", "url": "html_url",
}  # fmt: skip


class GitHub:
    """When something was released or deployed, by whom, and how it ended."""

    name: ClassVar[str] = "github"
    describes: ClassVar[str] = (
        "GitHub deployments, deployment statuses, workflow runs, releases, pull requests: REST JSON, `gh --json`, webhooks"
    )

    def fits(self, source: Source) -> float:
        """Sure of the field sets that only these objects have."""
        return 0.94 if any(_told(value) or _pull(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """One event an object; a finished run is its start and its end, a change only where its name says it deploys."""
        for payload in payloads(source, *_WRAPPERS):
            if pull := _pull(payload.value):
                events = list(told(payload, _proposal(payload, pull)))
                source.tally.structural += not events  # a webhook of a label, a review, a push to the branch
                yield from events
                continue
            kind, value, below = _told(payload.value) or ("", {}, "")
            if kind in {"workflow_run", "workflow_job"}:
                yield from _run(payload, value, below)
            elif kind:
                yield _single(payload, kind, value, below)


def _told(value: dict[str, Any]) -> tuple[str, dict[str, Any], str] | None:
    """What the object is, the object inside a webhook, and where in it."""
    for name in _HOOKS:
        inner = field(value, name)
        if isinstance(inner, dict) and isinstance(value.get("repository"), dict) and _kind(inner) == name:
            return name, inner, f"/{name}"
    value = _as_api(value)
    kind = _kind(value)
    return (kind, value, "") if kind else None


def _pull(value: dict[str, Any]) -> dict[str, Any]:
    """The pull request that this is or that a webhook carries, by the API's names; else empty."""
    inner = field(value, "pull_request")
    hook = isinstance(inner, dict) and "action" in value
    pull = inner if hook else value
    if "baseRefName" in pull:
        pull = {**pull, **{_GH_PULL[key]: found for key, found in pull.items() if key in _GH_PULL}}
    known = text(pull, "number") and "title" in pull and first_of(pull, "created_at", "merged_at")
    return pull if known and (text(pull, "base", "ref") or "base_ref" in pull) else {}


def _proposal(payload: Payload, pull: dict[str, Any]) -> Proposal:
    """Of a webhook only what it came for, for each one carries the whole pull request."""
    action = text(payload.value, "action") if "pull_request" in payload.value else ""
    opens, closes = action in {"", "opened"}, action in {"", "closed"}
    _, _, rest = text(pull, "html_url").partition("://")
    named = text(pull, "base", "repo", "full_name") or _repository(payload, pull)
    return Proposal(
        "GitHub", "pull request", f"#{text(pull, 'number')}", text(pull, "title"),
        named or "/".join(rest.split("/")[1:3]), text(pull, "base", "ref") or text(pull, "base_ref"), text(pull, "html_url"),
        opened=text(pull, "created_at") if opens else "", author=_who(field(pull, "user")),
        merged=text(pull, "merged_at") if closes else "", merger=_who(field(pull, "merged_by")),
        closed=text(pull, "closed_at") if closes else "",
    )  # fmt: skip


def _who(user: Any) -> Who:
    """Person and bot; one of them is empty."""
    login = text(user, "login")
    is_bot = text(user, "type") == "Bot" or field(user, "is_bot") is True or login.endswith("[bot]")
    return ("", login) if is_bot else (login, "")


def _as_api(value: dict[str, Any]) -> dict[str, Any]:
    """What `gh run list --json …` prints, by the API's names."""
    return (
        {**value, **{_GH[key]: found for key, found in value.items() if key in _GH}}
        if "headSha" in value
        else value
    )


def _kind(value: dict[str, Any]) -> str:
    if not first_of(value, "created_at", "published_at", "run_started_at", "started_at"):
        return ""
    if "deployment_url" in value and "state" in value:
        return "deployment_status"
    if "head_sha" in value and ("run_number" in value or "headSha" in value):
        return "workflow_run"
    if "head_sha" in value and "run_id" in value and "started_at" in value:
        return "workflow_job"
    if "tag_name" in value and "target_commitish" in value:
        return "release"
    return "deployment" if "statuses_url" in value and "environment" in value and "sha" in value else ""


def _single(payload: Payload, kind: str, value: dict[str, Any], below: str) -> RawEvent:
    who = field(value, "author") if kind == "release" else field(value, "creator")
    at = text(value, "created_at")
    signal: Signal | None = None
    if kind == "release":
        name = text(value, "name")
        subject = " ".join(
            dict.fromkeys(filter(None, (_repository(payload, value), text(value, "tag_name"), name)))
        )
        at, said = text(value, "published_at") or at, f"release {subject} published"
        signal = "change_finished" if text(value, "published_at") else None
    elif kind == "deployment":
        subject = _deployment(payload, value)
        said, signal = f"deployment of {subject} created", "change_started"
    else:
        subject = _deployment(payload, {**(field(payload.value, "deployment") or {}), **value})
        state = text(value, "state")
        said, signal = f"deployment of {subject}: {state}", _STATES.get(state)
    note = text(value, "description")
    return _event(
        payload,
        below,
        0,
        said + (f" ({note})" if note else ""),
        at,
        signal,
        subject,
        who,
        text(value, "html_url"),
    )


def _run(payload: Payload, value: dict[str, Any], below: str) -> Iterator[RawEvent]:
    name = first_of(value, "name", "display_title") or "workflow"
    branch, sha = text(value, "head_branch"), text(value, "head_sha")[:7]
    where = text(value, "repository", "full_name") or _repository(payload, value)
    number = text(value, "run_number")
    name = " / ".join(filter(None, (text(value, "workflow_name"), name)))
    subject = " ".join(filter(None, (where, name, f"#{number}" if number else "", branch, sha)))
    what = "workflow job" if "run_id" in value else "workflow run"
    who, link = field(value, "triggering_actor") or field(value, "actor"), text(value, "html_url")
    began = first_of(value, "run_started_at", "started_at", "created_at")
    over = first_of(value, "updated_at", "completed_at")
    deploys = read_deploy(f"{name} {text(value, 'path')}") is not None
    yield _event(
        payload,
        below,
        0,
        f"{what} {subject} started",
        began,
        "change_started" if deploys else None,
        subject,
        who,
        link,
    )
    ended = text(value, "conclusion")
    if ended and over:
        said = f"{what} {subject}: {ended}"
        yield _event(
            payload,
            below,
            1,
            said,
            over,
            _STATES.get(ended) if deploys else None,
            subject,
            None,
            link,
        )


def _event(
    payload: Payload,
    below: str,
    part: int,
    said: str,
    at: str,
    signal: Signal | None,
    subject: str,
    who: Any,
    link: str,
) -> RawEvent:
    person, bot = _who(who)
    return RawEvent(
        place=payload.place(below, part=part),
        text=said,
        raw_time=at or None,
        kind="deploy",
        actor=person or bot or "GitHub",
        actor_kind="person" if person else "bot" if bot else "system",
        signal=signal,
        subject=subject[:160] or None,
        links=(link,) if link else (),
    )


def _deployment(payload: Payload, value: dict[str, Any]) -> str:
    what = " ".join(filter(None, (_repository(payload, value), text(value, "ref"), text(value, "sha")[:7])))
    where = text(value, "environment")
    return f"{what} to {where}".strip() if where else what or "deployment"


def _repository(payload: Payload, value: dict[str, Any]) -> str:
    """`owner/name`: of the webhook, else of the object's own address."""
    named = text(payload.value, "repository", "full_name")
    address = first_of(value, "repository_url", "url")
    _, _, rest = address.partition("/repos/")
    return named or "/".join(rest.split("/")[:2])
