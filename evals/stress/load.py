"""Many drafts in one process, 16 at a time, against a model server: `python -m evals.stress.load [DRAFTS]`.

Memory of the last hundred against the first hundred after warming up, open files and sockets, threads, and whether
any report shows a word of another incident.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import mean

from llm.conftest import serving
from llm.generous import generous
from pm_agent import Report, Settings, draft_async, render

AT_ONCE = 16
_PARTS = ("ka", "lo", "mi", "ne", "ru", "sa", "te", "vo", "xi", "zu")


def serve(door: Connection) -> None:
    """A model server in a process of its own: its memory is not ours."""
    server = next(servers := serving())(generous)
    door.send(server.url)
    while not door.poll(0.2):
        for heap in (server.requests, server.paths, server.headers):
            heap.clear()
    next(servers, None)


def word(number: int) -> str:
    """A service's name that stands in no other incident."""
    return "svc" + "".join(_PARTS[int(digit)] for digit in f"{number:04d}")


def incident(folder: Path, number: int) -> Path:
    """Notes of one incident, every line of them with its own word; Chinese ones in between."""
    name, path = word(number), folder / f"{word(number)}.txt"
    head = [
        f"10:02 {name} is down, users report errors on {name}",
        f"10:07 looking at {name}, maybe the database",
        f"10:11 found it: bad config in {name} v2 filled the pool of {name}",
        f"10:20 rolled back {name} v2, errors gone, {name} is good again",
        f"10:40 action item: add a check to {name} before release, owner Mira, due Friday",
    ]
    more = [f"10:{12 + n // 6}:{n % 6}0 {name} shard {n}: replica lag {n * 7 + number} ms" for n in range(30)]
    han = [f"10:21 {name} 恢复了，用户确认可以下单"] if number % 2 else []
    path.write_text("\n".join([*head[:3], *more, *head[3:4], *han, *head[4:]]) + "\n", encoding="utf-8")
    return path


@dataclass
class Load:
    """What was measured."""

    memory: list[float] = field(default_factory=list)
    """MB after each draft."""
    crossed: list[str] = field(default_factory=list)
    fallbacks: int = 0
    files: tuple[int, int] = (0, 0)
    threads: tuple[int, int] = (0, 0)
    seconds: float = 0.0

    def hundred(self, last: bool) -> float:
        """Mean memory of a hundred drafts: the last, or the first after a fifth of all for warming up."""
        size = max(1, len(self.memory) // 5)
        return mean(self.memory[-size:] if last else self.memory[size : 2 * size])

    @property
    def growth(self) -> float:
        """Share by which memory grew between them."""
        return self.hundred(True) / self.hundred(False) - 1

    def __str__(self) -> str:
        return (
            f"{len(self.memory)} drafts, {AT_ONCE} at a time, {self.seconds:.0f} s: memory {self.hundred(False):.1f} MB, "
            f"at the end {self.hundred(True):.1f} MB ({self.growth:+.1%}); open files {self.files[0]} → {self.files[1]}, "
            f"threads {self.threads[0]} → {self.threads[1]}; {len(self.crossed)} reports with a word of another incident, "
            f"{self.fallbacks} fell back to rules"
        )


async def run(drafts: int, address: str, folder: Path) -> Load:
    """So many drafts in one loop."""
    load, gate = Load(), asyncio.Semaphore(AT_ONCE)
    settings = Settings(date="2026-03-04", timezone="UTC", model="test", base_url=address, context=4_000)  # type: ignore[arg-type]

    async def one(number: int) -> None:
        async with gate:
            path = incident(folder, number)
            report = await draft_async(path, settings)
            load.fallbacks += any(f.rule == "model.fallback" for f in report.findings)
            load.crossed += crossed(report, number, drafts)
            path.unlink()
            load.memory.append(_memory())

    await one(0)  # opens what a process opens once
    load.memory.clear()
    gc.collect()
    before, started = (_open_files(), threading.active_count()), time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(1, drafts + 1)))
    load.seconds = time.perf_counter() - started
    gc.collect()
    load.files, load.threads = (before[0], _open_files()), (before[1], threading.active_count())
    return load


def crossed(report: Report, number: int, drafts: int) -> list[str]:
    """What of a report belongs to another incident."""
    text = report.model_dump_json() + render(report, "md")
    own = {line.id for line in report.evidence}
    cited = {id_ for row in report.timeline for id_ in row.citations}
    strange = [word(n) for n in range(drafts + 1) if n != number and word(n) in text]
    files = {source.file for line in report.evidence for source in line.sources} - {f"{word(number)}.txt"}
    wrong = strange + sorted(cited - own) + sorted(files)
    return [f"{word(number)}: {wrong[:5]}"] if wrong or word(number) not in text else []


def _memory() -> float:
    with open("/proc/self/statm", encoding="ascii") as stat:
        return int(stat.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def main(drafts: int) -> int:
    """Print the figures; 1 where memory grew by more than 5 %, something stayed open, or a report is mixed."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory(prefix="pm-agent-load-") as name:
        load = asyncio.run(run(drafts, ours.recv(), Path(name)))
    ours.send("enough")
    server.join(5)
    print(load)
    print("\n".join(load.crossed[:10]))
    steps = range(0, drafts, max(1, drafts // 10))
    print(
        "memory by tenths:", " ".join(f"{mean(load.memory[i : i + max(1, drafts // 10)]):.1f}" for i in steps)
    )
    closed = load.files[1] <= load.files[0]  # the loop's pool of threads grows to 16 and ends with the loop
    return int(load.growth > 0.05 or not closed or bool(load.crossed) or load.fallbacks > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
