"""A large file is counted by several processes, each its own chunks; the counts are the same as those of one."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from pm_agent.ingest.logs.blocks import CHUNK, lines_of, pieces
from pm_agent.ingest.logs.chunk import Counts, count_pieces
from pm_agent.ingest.logs.line import LogForm
from pm_agent.ingest.source import Source

_WORTH = 4
"""A file of fewer chunks is counted before another process has started."""
_ROUND = 16
"""Chunks of each process before the counts are handed over, which bounds what they hold."""
_CHILD = "import sys; sys.path[:] = {path!r}; from pm_agent.ingest.logs.sharing import answer; answer()"


def counts_of(source: Source, form: LogForm) -> Iterator[Counts]:
    """The counts of each chunk of a source, in order."""
    chunks = (source.size or 0) // CHUNK + 1
    processes = min(_cores(), chunks // (_WORTH // 2))
    if source.file is None or processes < 2 or source.encoding != "utf-8" or source.ends_in_cr:
        yield from count_pieces(lines_of(source), form)
        return
    lines = 0
    for first in range(0, chunks, _ROUND * processes):
        last = min(first + _ROUND * processes, chunks)
        for counts in _shared(source.file, form, _parts(first, last, processes, last == chunks)):
            yield counts
            lines += counts.lines
        if source.on_read is not None:
            source.on_read(min(last * CHUNK, source.size or 0), lines)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Part = tuple[int, int | None]
"""First chunk, and the one after the last; None: to the end of the file, though it has grown."""


def _parts(first: int, last: int, processes: int, is_end: bool) -> list[Part]:
    marks = [first + (last - first) * part // processes for part in range(processes + 1)]
    parts: list[Part] = [(a, b) for a, b in pairwise(marks) if a < b]
    if is_end:
        parts[-1] = (parts[-1][0], None)
    return parts


def _shared(path: Path, form: LogForm, parts: list[Part]) -> Iterator[Counts]:
    """The counts of these chunks: this process takes the first part, others the rest at the same time."""
    others = [(part, _start(path, form, part)) for part in parts[1:]]
    try:
        yield from _count(path, form, parts[0])
        for part, other in others:
            answer = other.stdout.read() if other is not None and other.stdout is not None else b""
            if other is not None and other.wait() == 0:
                yield from pickle.loads(answer)
            else:  # no second process here, or none that can read this format
                yield from _count(path, form, part)
    finally:
        for _, other in others:
            if other is not None:
                other.kill()
                other.wait()
                if other.stdout is not None:
                    other.stdout.close()


def _count(path: Path, form: LogForm, part: Part) -> Iterator[Counts]:
    with path.open("rb") as stream:
        yield from count_pieces(pieces(stream, *part), form)


def _start(path: Path, form: LogForm, part: Part) -> subprocess.Popen[bytes] | None:
    """A process that counts a part, or None where it can't be had."""
    try:
        task = pickle.dumps((path, form, part))
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD.format(path=sys.path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if child.stdin is not None:
            child.stdin.write(task)
            child.stdin.close()
    except (OSError, TypeError, AttributeError, pickle.PicklingError):
        return None
    return child


def answer() -> None:
    """The other process: a task from standard input, its counts to standard output."""
    path, form, part = pickle.load(sys.stdin.buffer)
    pickle.dump(list(_count(path, form, part)), sys.stdout.buffer)
