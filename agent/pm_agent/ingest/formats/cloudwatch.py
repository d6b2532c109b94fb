"""CloudWatch: alarms as SNS hands them on (notification, Lambda records, bare message)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import orjson

from pm_agent.evidence import Place, RawEvent, Series, Signal
from pm_agent.ingest.formats.alert_events import alert_event, subject_of
from pm_agent.ingest.formats.payloads import first_of, glance, objects, payloads, text
from pm_agent.ingest.source import Source

_WRAPPERS = ("Records",)
_STATES: dict[str, Signal] = {"ALARM": "firing", "OK": "resolved"}


class CloudWatch:
    """One event each time an alarm changes its state."""

    name: ClassVar[str] = "cloudwatch"
    describes: ClassVar[str] = "CloudWatch alarms via SNS: notifications, Lambda records, bare messages"

    def fits(self, source: Source) -> float:
        """Sure of AlarmName beside NewStateValue, wrapped or bare."""
        return 0.95 if any(_alarm(value) for value in glance(source, *_WRAPPERS)) else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Every change of state, at the time the alarm itself states."""
        for payload in payloads(source, *_WRAPPERS):
            if alarm := _alarm(payload.value):
                yield _event(payload.place(), alarm)


def _alarm(value: dict[str, Any]) -> dict[str, Any]:
    """The alarm in an SNS message, or the object itself; empty where there is none."""
    message = text(value, "Sns", "Message") or text(value, "Message")
    found: Any = value
    if message.startswith("{"):
        try:
            found = orjson.loads(message)
        except orjson.JSONDecodeError:
            return {}
    known = text(found, "AlarmName") and text(found, "NewStateValue") and text(found, "StateChangeTime")
    return found if known else {}


def _event(place: Place, alarm: dict[str, Any]) -> RawEvent:
    state = text(alarm, "NewStateValue")
    where = next((v for item in objects(alarm, "Trigger", "Dimensions") if (v := text(item, "value"))), "")
    return alert_event(
        place,
        _STATES.get(state),
        subject_of(text(alarm, "AlarmName"), where),
        text(alarm, "StateChangeTime"),
        program="CloudWatch",
        summary=first_of(alarm, "NewStateReason", "AlarmDescription"),
        word="" if state in _STATES else state,
    )
