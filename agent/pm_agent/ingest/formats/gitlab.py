"""GitLab: pipelines, jobs, deployments and merge requests; webhooks and REST lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series, Signal
from pm_agent.ingest.formats.change_events import change_event, deploys, short, signal_of, subject_of
from pm_agent.ingest.formats.merge_requests import Proposal, told
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_ENDED = {"success", "failed", "canceled", "skipped"}
_BOT = re.compile(r"^(?:project|group)_\d+_bot|^ghost$|-bot$|\[bot\]$", re.I)
_IN_ADDRESS = re.compile(
    r"^https?://[^/\s]{1,255}/(?P<path>[^\s]{1,255}?)/-/(?P<what>pipelines|jobs|merge_requests)/\d"
)


class GitLab:
    """When a pipeline or one of its jobs ran, what it deployed where, and who pressed the button."""

    name: ClassVar[str] = "gitlab"
    describes: ClassVar[str] = "GitLab pipelines, jobs, deployments, merge requests: webhooks and REST JSON"

    def fits(self, source: Source) -> float:
        """Sure of the webhooks' kinds and of GitLab's own addresses."""
        return 0.94 if any(_shape(value) for value in glance(source)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """A pipeline, a job and a deployment as start and end; of a pipeline's jobs those that deploy or fail."""
        told: set[tuple[str | None, str | None, str]] = set()
        for payload in payloads(source):
            events = _events(payload)
            new = [event for event in events if _key(event) not in told]
            told |= {_key(event) for event in new}
            if not new and events is not _NOTHING:
                source.tally.structural += 1  # a job that never ran; a state that an earlier webhook told
            yield from new


_NOTHING: list[RawEvent] = []


def _events(payload: Payload) -> list[RawEvent]:
    shape = _shape(payload.value)
    if shape == "pipeline":
        return list(_pipeline(payload))
    if shape == "merge_request":
        return list(told(payload, _proposal(payload)))
    if shape == "job":
        return list(_job(payload, payload.value, "", 0, _where(payload.value)))
    return list(_deployment(payload)) if shape == "deployment" else _NOTHING


def _key(event: RawEvent) -> tuple[str | None, str | None, str]:
    """Each webhook of a pipeline tells again what has happened before it."""
    return event.raw_time, event.subject, event.text.partition(" (")[0].partition(": ")[0] + str(event.signal)


def _shape(value: dict[str, Any]) -> str:
    hook = text(value, "object_kind")
    if hook == "pipeline" and text(value, "object_attributes", "status"):
        return "pipeline"
    if hook == "merge_request" and text(value, "object_attributes", "title"):
        return "merge_request"
    if hook == "deployment" and text(value, "status"):
        return "deployment"
    if hook == "build" and first_of(value, "build_name", "build_status"):
        return "job"
    if "environment" in value and "deployable" in value and text(value, "status") and "iid" in value:
        return "deployment"
    found = _IN_ADDRESS.match(text(value, "web_url"))
    if found and found["what"] == "merge_requests":
        return "merge_request" if text(value, "title") and first_of(value, "created_at", "merged_at") else ""
    if found is None or not text(value, "status"):
        return ""
    return "pipeline" if found["what"] == "pipelines" else "job"


def _where(value: Any) -> str:
    """`group/project`, of the webhook or of the object's own address."""
    named = text(value, "project", "path_with_namespace") or text(value, "project", "path")
    if named:
        return named
    address = (
        first_of(value, "web_url")
        or text(value, "deployable", "web_url")
        or text(value, "project", "web_url")
    )
    found = _IN_ADDRESS.match(address)
    return (
        found["path"]
        if found
        else first_of(value, "project_name").replace(" / ", "/") or text(value, "project", "name")
    )


def _who(user: Any) -> tuple[str, str]:
    """Person and bot; one of them is empty."""
    name = first_of(user, "name", "username")
    return ("", name) if _BOT.search(text(user, "username") or name) else (name, "")


def _pipeline(payload: Payload) -> Iterator[RawEvent]:
    hook = field(payload.value, "object_attributes")
    pipeline = hook if isinstance(hook, dict) else payload.value
    where, state = _where(payload.value), text(pipeline, "status")
    jobs = objects(payload.value, "builds")
    name = text(pipeline, "name")
    subject = subject_of(
        where, name, f"#{text(pipeline, 'id')}", text(pipeline, "ref"), short(text(pipeline, "sha"))
    )
    its_own = deploys(name) and not any(
        _environment(job) or deploys(text(job, "name"), text(job, "stage")) for job in jobs
    )
    person, bot = _who(field(payload.value, "user") or field(pipeline, "user"))
    links = (first_of(pipeline, "url", "web_url"),)
    why = " ".join(filter(None, (text(pipeline, "source"), _variables(pipeline))))
    title = (text(payload.value, "commit", "title") or text(payload.value, "commit", "message")).split("\n")[
        0
    ]
    began = first_of(pipeline, "started_at", "created_at")
    yield change_event(
        payload.place(), f"pipeline {subject} started" + (f" ({why})" if why else "") + (f": {title}" if title else ""),
        began, program="GitLab", signal="change_started" if its_own else None, subject=subject, links=links,
        person=person, bot=bot,
    )  # fmt: skip
    for at, job in enumerate(jobs):
        telling = _environment(job) or deploys(text(job, "name"), text(job, "stage"))
        if telling or text(job, "status") == "failed":
            job = {
                **job,
                "ref": text(pipeline, "ref"),
                "sha": text(pipeline, "sha"),
                "pipeline_id": field(pipeline, "id"),
            }
            yield from _job(payload, job, f"/builds/{at}", 2 * at + 2, where)
    ended = text(pipeline, "finished_at") or (text(pipeline, "updated_at") if state in _ENDED else "")
    if ended and state in _ENDED:
        states = ", ".join(f"{text(job, 'name')} {text(job, 'status')}" for job in jobs)
        yield change_event(
            payload.place(part=1), f"pipeline {subject}: {state}" + (f" ({states})" if states else ""), ended,
            program="GitLab", signal=signal_of(state, name) if its_own else None, subject=subject, links=links,
        )  # fmt: skip


def _proposal(payload: Payload) -> Proposal:
    """A webhook tells what it came for, at the time of its last change; the list tells all of it."""
    value = payload.value
    hook = text(value, "object_kind") == "merge_request"
    one = field(value, "object_attributes") if hook else value
    action, now = text(one, "action"), text(one, "updated_at")
    who = field(value, "user") if hook else field(one, "merge_user") or field(one, "merged_by")
    times = (
        {"open": text(one, "created_at") if action == "open" else "", "merge": now if action == "merge" else "", "close": now if action == "close" else ""}
        if hook
        else {"open": text(one, "created_at"), "merge": text(one, "merged_at"), "close": text(one, "closed_at")}
    )  # fmt: skip
    return Proposal(
        "GitLab", "merge request", f"!{text(one, 'iid')}", text(one, "title"), _where(value), text(one, "target_branch"),
        first_of(one, "web_url", "url"), opened=times["open"], author=_who(who if hook else field(one, "author")),
        merged=times["merge"], merger=_who(who), closed=times["close"],
    )  # fmt: skip


def _variables(pipeline: Any) -> str:
    pairs = [f"{text(v, 'key')}={text(v, 'value')}" for v in objects(pipeline, "variables") if text(v, "key")]
    return "with " + ", ".join(pairs) if pairs else ""


def _environment(job: Any) -> str:
    """The environment the job deploys to; a job that stops or only looks at one deploys nothing."""
    name = text(job, "environment", "name") or text(job, "environment")
    return name if text(job, "environment", "action") in {"", "start"} else ""


def _job(payload: Payload, job: dict[str, Any], below: str, part: int, where: str) -> Iterator[RawEvent]:
    name, stage = first_of(job, "name", "build_name"), first_of(job, "stage", "build_stage")
    state, to = first_of(job, "status", "build_status"), _environment(job)
    telling = bool(to) or deploys(name, stage)
    sha = first_of(job, "sha") or text(job, "commit", "id") or text(job, "commit", "sha")
    number = first_of(job, "pipeline_id") or text(job, "pipeline", "id")
    subject = (
        subject_of(where, f"#{number}" if number else "", first_of(job, "ref"), short(sha), where=to) or name
    )
    called = f"job {name} ({stage}) of {subject}" if stage else f"job {name} of {subject}"
    link = first_of(job, "web_url")
    began, ended = (
        first_of(job, "started_at", "build_started_at"),
        first_of(job, "finished_at", "build_finished_at"),
    )
    if not began and not ended:
        return
    if began:
        signal: Signal | None = "change_started" if telling else None
        person, bot = _who(field(job, "user"))
        yield change_event(
            payload.place(below, part), f"{called} started", began,
            program="GitLab", signal=signal, subject=subject, links=(link,),
            person=person, bot=bot,
        )  # fmt: skip
    if ended and state in _ENDED:
        why = first_of(job, "failure_reason", "build_failure_reason") if state == "failed" else ""
        why = "" if why == "unknown_failure" else why
        yield change_event(
            payload.place(below, part + 1), f"{called}: {state}" + (f" ({why})" if why else ""), ended,
            program="GitLab", signal=signal_of(state, name) if telling else None, subject=subject, links=(link,),
        )  # fmt: skip


def _deployment(payload: Payload) -> Iterator[RawEvent]:
    value, state = payload.value, text(payload.value, "status")
    hook = text(value, "object_kind") == "deployment"
    to = text(value, "environment", "name") or text(value, "environment")
    sha = first_of(value, "short_sha", "sha")
    subject = subject_of(_where(value), text(value, "ref"), short(sha)[:8], where=to)
    title = first_of(value, "commit_title") or text(value, "deployable", "commit", "title")
    about = f" ({title})" if title else ""
    (person, bot), links = _who(field(value, "user")), (first_of(value, "deployable_url", "web_url"),)
    if hook:
        began, ended = "", first_of(value, "status_changed_at", "updated_at")
    else:
        began = text(value, "created_at")
        ended = (
            first_of(value, "finished_at")
            or text(value, "deployable", "finished_at")
            or first_of(value, "updated_at")
        )
    if began:
        yield change_event(
            payload.place(), f"deployment of {subject} started{about}", began,
            program="GitLab", signal="change_started", subject=subject, links=links,
            person=person, bot=bot,
        )  # fmt: skip
    if ended and (hook or state in _ENDED):
        yield change_event(
            payload.place(part=1), f"deployment of {subject}: {state}{about}", ended,
            program="GitLab", signal=signal_of(state), subject=subject, links=links,
            person=person if hook else "", bot=bot if hook else "",
        )  # fmt: skip
