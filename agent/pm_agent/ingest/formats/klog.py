"""klog and glog: Kubernetes components and Google's C++ and Go programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import RawEvent
from pm_agent.ingest.logs import TextForm, read_log, sample_of, share
from pm_agent.ingest.source import Source

_HEAD = re.compile(
    rb"(?P<level>[IWEF])(?P<time>\d{4} \d\d:\d\d:\d\d\.\d{1,9}) +\d+ (?P<who>[\w./-]{1,80}):\d+\] ?(?P<message>.*)",
    re.S,
)
_BANNER = re.compile(rb"Log file created at:|Running (?:on machine|duration)|Binary: Built|Log line format:")


class Klog:
    """A letter for the level, month and day, file and line; no year."""

    name: ClassVar[str] = "klog"
    describes: ClassVar[str] = "klog/glog (kubelet, kube-apiserver, etcd operators): E0203 10:04:05.123456 …"

    def fits(self, source: Source) -> float:
        """The head of a line is unmistakable."""
        return 0.9 if share(_form(source), sample_of(source)) >= 0.6 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent]:
        """The log's telling lines."""
        yield from read_log(source, _form(source))


def _form(source: Source) -> TextForm:
    return TextForm(_HEAD, tail=None, structural=_BANNER, sample=sample_of(source))
