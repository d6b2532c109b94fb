"""AWS CodeDeploy, CodePipeline, CodeBuild, ECS deployments and Auto Scaling: EventBridge events, one or many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import orjson

from pm_agent.evidence import RawEvent, Series
from pm_agent.ingest.formats.change_events import change_event, deploys, short, signal_of, subject_of
from pm_agent.ingest.formats.payloads import Payload, field, first_of, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("Records", "Events", "events")


class AwsDeploy:
    """What EventBridge tells of deliveries; an event is one change of state, at the time it states."""

    name: ClassVar[str] = "aws-deploy"
    describes: ClassVar[str] = (
        "AWS CodeDeploy, CodePipeline, CodeBuild, ECS and Auto Scaling events of EventBridge, one or many"
    )

    def fits(self, source: Source) -> float:
        """Sure of EventBridge's envelope with one of these sources."""
        return 0.95 if any(_event(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """One event each."""
        for payload in payloads(source, *_WRAPPERS):
            if event := _event(payload.value):
                yield _TELLERS[text(event, "source")](payload, event, field(event, "detail"))


def _event(value: dict[str, Any]) -> dict[str, Any]:
    """The envelope, also where SQS or SNS hands it on as text; empty where there is none."""
    body = text(value, "body") or text(value, "Message") or text(value, "Sns", "Message")
    found: Any = value
    if body.startswith("{"):
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError:
            return {}
    known = text(found, "source") in _TELLERS and text(found, "detail-type") and text(found, "time")
    return found if known and isinstance(field(found, "detail"), dict) else {}


def _code_deploy(payload: Payload, event: dict[str, Any], detail: Any) -> RawEvent:
    subject = subject_of(
        text(detail, "application"), text(detail, "deploymentId"), where=text(detail, "deploymentGroup")
    )
    state, instance = text(detail, "state"), text(detail, "instanceId")
    said = f"deployment of {subject}" + (f" on {instance}" if instance else "") + f": {state}"
    return change_event(
        payload.place(), said, text(event, "time"), program="CodeDeploy",
        signal=None if instance else signal_of(state), subject=subject,
    )  # fmt: skip


def _code_pipeline(payload: Payload, event: dict[str, Any], detail: Any) -> RawEvent:
    execution = text(detail, "execution-id")[:8]
    stage, action, state = text(detail, "stage"), text(detail, "action"), text(detail, "state")
    subject = subject_of(text(detail, "pipeline"), execution)
    step = "/".join(filter(None, (stage, action)))
    telling = not step or text(detail, "type", "category") == "Deploy" or (not action and deploys(stage))
    why = text(detail, "execution-result", "external-execution-summary")
    said = f"pipeline {subject}" + (f" {step}" if step else "") + f": {state}" + (f" ({why})" if why else "")
    return change_event(
        payload.place(), said, text(event, "time"), program="CodePipeline",
        signal=signal_of(state, step) if telling else None, subject=subject_of(subject, step),
    )  # fmt: skip


def _code_build(payload: Payload, event: dict[str, Any], detail: Any) -> RawEvent:
    more = field(detail, "additional-information")
    project = text(detail, "project-name")
    number = text(more, "build-number").removesuffix(".0")
    subject = subject_of(project, f"#{number}" if number else "", short(text(more, "source-version")))
    state = text(detail, "build-status") or text(detail, "completed-phase-status")
    phase = text(detail, "completed-phase")
    failed = [
        text(p, "phase-type")
        for p in objects(more, "phases")
        if text(p, "phase-status") in {"FAILED", "FAULT", "TIMED_OUT"}
    ]
    began = text(more, "build-start-time")
    notes = [f"in {', '.join(failed)}"] if failed else []
    notes += [f"started {began} UTC"] if began and state not in {"", "IN_PROGRESS"} else []
    said = (
        f"build {subject}"
        + (f" {phase}" if phase else "")
        + f": {state}"
        + (f" ({', '.join(notes)})" if notes else "")
    )
    return change_event(
        payload.place(), said, text(event, "time"), program="CodeBuild",
        signal=signal_of(state, project) if deploys(project) and not phase else None, subject=subject,
        links=(text(more, "logs", "deep-link"),),
    )  # fmt: skip


_ECS = {
    "SERVICE_DEPLOYMENT_IN_PROGRESS": "started",
    "SERVICE_DEPLOYMENT_COMPLETED": "completed",
    "SERVICE_DEPLOYMENT_FAILED": "failed",
}


def _ecs(payload: Payload, event: dict[str, Any], detail: Any) -> RawEvent:
    service = text(event, "resources", 0).rpartition("/")[2]
    name, why = text(detail, "eventName"), text(detail, "reason")
    subject = subject_of(
        service or text(detail, "group").removeprefix("service:"), text(detail, "deploymentId")
    )
    what = name or first_of(detail, "lastStatus", "stoppedReason") or text(event, "detail-type")
    return change_event(
        payload.place(), f"{subject}: {what}" + (f": {why}" if why else ""), text(event, "time"), program="ECS",
        signal=signal_of(_ECS.get(name, "")), subject=subject, severity=text(detail, "eventType") if name else "",
    )  # fmt: skip


def _auto_scaling(payload: Payload, event: dict[str, Any], detail: Any) -> RawEvent:
    group = text(detail, "AutoScalingGroupName")
    why = first_of(detail, "StatusMessage", "Cause", "Description")
    said = f"{text(event, 'detail-type')}: {text(detail, 'EC2InstanceId')} of {group}" + (
        f": {why}" if why else ""
    )
    return change_event(
        payload.place(), said, text(event, "time"), program="Auto Scaling", subject=group, kind="log"
    )


_TELLERS: dict[str, Callable[[Payload, dict[str, Any], Any], RawEvent]] = {
    "aws.codedeploy": _code_deploy,
    "aws.codepipeline": _code_pipeline,
    "aws.codebuild": _code_build,
    "aws.ecs": _ecs,
    "aws.autoscaling": _auto_scaling,
}
