"""A rollout as its replica sets tell it: a new one is scaled up and another one of the same Deployment down to nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pm_agent.evidence import Signal
from pm_agent.ingest.formats.k8s_meaning import Told

_SCALED = re.compile(
    r"Scaled (?P<way>up|down) replica set (?P<set>\S{1,260}) (?:from \d+ )?to (?P<to>\d{1,6})\b"
)


def with_rollouts(events: Sequence[Told]) -> list[Told]:
    """The events, those that begin and end a rollout marked; a Deployment that is only scaled is left alone."""
    ups: dict[tuple[str, str], dict[str, tuple[int, int]]] = defaultdict(dict)
    downs: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, told in enumerate(events):
        found = _SCALED.match(told.message) if told.reason == "ScalingReplicaSet" else None
        if found is None:
            continue
        deployment, size = (told.namespace, told.name), int(found["to"])
        if found["way"] == "up":
            ups[deployment][found["set"]] = min(
                ups[deployment].get(found["set"], (size, index)), (size, index)
            )
        elif size == 0:
            downs[deployment][found["set"]].append(index)
    marks: dict[int, Signal] = {}
    for deployment, ended in downs.items():
        begun = ups[deployment]
        for name, indices in ended.items():
            if begun.keys() - {name}:
                marks |= dict.fromkeys(indices, "change_finished")
        for name, (_, index) in begun.items():
            if ended.keys() - {name}:
                marks[index] = "change_started"
    return [replace(told, signal=marks[i]) if i in marks else told for i, told in enumerate(events)]
