"""Container logs as kubectl, docker, docker compose and the CRI show them: a pod and a time before each line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import Line, Other, TextForm, read_log, sample_of, share
from pm_agent.ingest.logs.inner import read_inner
from pm_agent.ingest.logs.line import DATED, plain
from pm_agent.ingest.source import Source

_COLOUR = rb"(?:\x1b\[[0-9;]*[A-Za-z]){0,4}"
_POD = _COLOUR + rb"(?:\[pod/(?P<pod>[\w.-]{1,253})/[\w.-]{1,63}\] |(?P<service>[\w.-]{1,80}) *\| )" + _COLOUR
_NANO = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7,9}(?:Z|[+-]\d\d:\d\d)"
_STAMPED = re.compile(
    rb"(?:" + _POD + rb")?(?P<time>" + _NANO + rb") (?:(?:stdout|stderr) [FP] )?(?P<message>.*)", re.S
)
_OWN_TIME = (
    rb"(?:\{[^\n]{0,400}?\"(?:@timestamp|timestamp|time|ts|t)\": ?\"?|(?:[\w.-]{1,40}=\S{1,60} ){0,3}(?:time|ts|t)=\"?"
    rb"|[IWEF](?=\d{4} \d\d:)|\[)?(?P<time>" + DATED + rb"|\d{4} \d\d:\d\d:\d\d\.\d{1,9})"
)
_UNSTAMPED = re.compile(_POD + rb"(?=" + _OWN_TIME + rb")(?P<message>.*)", re.S)
_INSIDE = re.compile(rb"\t|\s{2,}\S|Caused by:|Traceback \(|\.\.\. \d+ more")


class KubectlLogs:
    """The pod is the actor; inside the line may stand JSON, logfmt, klog or words."""

    name: ClassVar[str] = "kubectl-logs"
    describes: ClassVar[str] = (
        "kubectl logs with --prefix or --timestamps, docker (compose) logs -t, CRI log files"
    )

    def fits(self, source: Source) -> float:
        """Sure of a pod or service before every line, less of a time alone."""
        sample = sample_of(source)
        if not sample:
            return 0.0
        form = _form(sample)
        stamped = sum(bool(_STAMPED.match(line)) for line in sample)
        prefixed = sum(bool(re.match(_POD, line)) for line in sample)
        if max(stamped, prefixed) * 10 < len(sample) * 9 or share(form, sample) < 0.3:
            return 0.0
        return 0.88 if prefixed * 10 >= len(sample) * 9 else 0.65

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The logs' telling lines."""
        yield from read_log(source, _form(sample_of(source)))


def _form(sample: tuple[bytes, ...]) -> TextForm:
    stamped = sum(bool(_STAMPED.match(line)) for line in sample) * 2 >= len(sample)
    return TextForm(_STAMPED if stamped else _UNSTAMPED, tail=None, read=_read, sample=sample)


def _read(match: re.Match[bytes]) -> Line | Other:
    if _INSIDE.match(match["message"]):
        return Other.TAIL
    groups = match.groupdict()
    who = groups.get("pod") or groups.get("service")
    level, message = read_inner(match["message"])
    return Line(match["time"].decode("latin-1"), message, level, plain(who) if who else None)
