"""Jenkins: builds as the remote API gives them (`…/api/json`), one, several, or a job with its builds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.change_events import change_event, deploys, short, signal_of, subject_of
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("builds",)


class Jenkins:
    """When a build began and ended, what set it off, which revision and parameters it had."""

    name: ClassVar[str] = "jenkins"
    describes: ClassVar[str] = (
        "Jenkins builds of the remote API (api/json): start, end, result, causes, changes"
    )

    def fits(self, source: Source) -> float:
        """Sure of a build's number, result and milliseconds beside its address."""
        return 0.94 if any(_is_build(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """The start of each build and, where it is over, its end: the start and how long it took."""
        for payload in payloads(source, *_WRAPPERS):
            if _is_build(payload.value):
                yield from _build(payload)


def _is_build(value: dict[str, Any]) -> bool:
    has_times = text(value, "timestamp").isdecimal() and "duration" in value
    return has_times and "number" in value and "result" in value and "/job/" in text(value, "url")


def _build(payload: Payload) -> Iterator[RawEvent]:
    build = payload.value
    job = text(build, "url").partition("/job/")[2].replace("/job/", "/").rsplit("/", 2)[0]
    name = text(build, "fullDisplayName") or f"{job} #{text(build, 'number')}"
    branch, sha = _revision(build)
    subject = subject_of(name.replace(" » ", "/"), branch, short(sha))
    told = " ".join(filter(None, (name, text(build, "description"))))
    telling, link = deploys(name, job), text(build, "url")
    causes = [cause for action in objects(build, "actions") for cause in objects(action, "causes")]
    person = next((found for cause in causes if (found := first_of(cause, "userName", "userId"))), "")
    yield change_event(
        payload.place(), f"build {subject} started" + _about(build, causes), text(build, "timestamp"),
        program="Jenkins", signal="change_started" if telling else None, subject=subject, person=person, links=(link,),
    )  # fmt: skip
    result, took = text(build, "result"), field(build, "duration")
    if result and isinstance(took, (int, float)) and 0 < took < 1e12:
        yield change_event(
            payload.place(part=1), f"build {subject}: {result}" + _changes(build),
            str(int(text(build, "timestamp")) + int(took)),
            program="Jenkins", signal=signal_of(result, told) if telling else None, subject=subject, links=(link,),
        )  # fmt: skip


def _revision(build: Any) -> tuple[str, str]:
    for action in objects(build, "actions"):
        revision = field(action, "lastBuiltRevision")
        if sha := text(revision, "SHA1"):
            branch = text(revision, "branch", 0, "name").removeprefix("refs/remotes/").removeprefix("origin/")
            return branch if branch != "detached" else "", sha
    return "", ""


def _about(build: Any, causes: list[dict[str, Any]]) -> str:
    """What set the build off, and with which parameters."""
    said = [text(cause, "shortDescription") for cause in causes]
    parameters = [
        f"{text(p, 'name')}={value}"
        for action in objects(build, "actions")
        for p in objects(action, "parameters")
        if text(p, "name") and (value := _value(p))
    ]
    found = [*filter(None, said), *([f"with {', '.join(parameters)}"] if parameters else [])]
    return f" ({'; '.join(found)})" if found else ""


def _value(parameter: dict[str, Any]) -> str:
    value = field(parameter, "value")
    return str(value).lower() if isinstance(value, bool) else text(value)


def _changes(build: Any) -> str:
    """The commits that are new in this build, one a line."""
    sets = [field(build, "changeSet"), *objects(build, "changeSets")]
    lines = [
        f"\n- {short(first_of(item, 'commitId', 'id'))} {first_of(item, 'msg', 'comment')}".rstrip()
        for one in sets
        for item in objects(one, "items")
        if first_of(item, "msg", "comment")
    ]
    return "".join(lines)
