"""A folder of logs of this many GB, drafted by rules: seconds and peak memory: `python -m evals.bench.big_folder [GB]`."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import Pool
from pathlib import Path

from evals.bench.made_log import write_json, write_plain

_LINES = 500_000


def main(gigabytes: float) -> int:
    """Make the folder, draft it in a process of its own, print what that took."""
    with tempfile.TemporaryDirectory(prefix="pm-agent-bench-") as name:
        folder = Path(name)
        started = time.perf_counter()
        size = _fill(folder, gigabytes * 1e9)
        lines, made = _LINES * len(list(folder.iterdir())), time.perf_counter() - started
        print(
            f"{size / 1e9:.2f} GB, {lines:,} lines in {len(list(folder.iterdir()))} files, made in {made:.0f} s"
        )
        started = time.perf_counter()
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pm_agent",
                "draft",
                name,
                "--model",
                "rules",
                "-o",
                os.devnull,
                "-f",
                "json",
            ],
            check=False,
            stderr=subprocess.PIPE,
            text=True,
        )
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(done.stderr.strip())
    print(f"exit {done.returncode}, {seconds:.1f} s, {lines / seconds:,.0f} lines/s, peak {peak:.0f} MB")
    return done.returncode


def _fill(folder: Path, bytes_: float) -> int:
    """Plain logs and JSON Lines in turn, of different seeds, until there is enough."""
    count = max(2, round(bytes_ / (_LINES * 100)))
    with Pool() as pool:
        pool.starmap(_write, [(folder, number) for number in range(count)])
    return sum(path.stat().st_size for path in folder.iterdir())


def _write(folder: Path, number: int) -> None:
    if number % 2:
        write_json(folder / f"service-{number:02}.jsonl", _LINES, number)
    else:
        write_plain(folder / f"service-{number:02}.log", _LINES, number)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
