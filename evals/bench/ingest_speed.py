"""How fast logs are read, end to end, and how much memory that takes: `python -m evals.bench.ingest_speed [LINES]`.

Each file is read in a process of its own, so that the peak memory is that file's. Beside it: `wc -l`, and lnav where
it is installed.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from evals.bench.made_log import write_json, write_plain

_LNAV = ["lnav", "-n", "-c", ";select count(*) from all_logs"]


def main(lines: int) -> None:
    """Make the files, read them, print a table."""
    folder = Path(tempfile.gettempdir()) / "pm-agent-bench"
    folder.mkdir(exist_ok=True)
    print(
        f"{'file':24}{'MB':>6}{'seconds':>9}{'lines/s':>11}{'peak MB':>9}{'events':>8}{'wc -l':>8}{'ratio':>7}{'lnav':>8}"
    )
    for name, write in (("plain.log", write_plain), ("json.jsonl", write_json)):
        path = folder / f"{lines}-{name}"
        if not path.exists():
            write(path, lines)
        seconds, peak, events = _read_apart(path)
        counted = _timed(["wc", "-l", str(path)])
        lnav = f"{_timed([*_LNAV, str(path)]):.2f}" if shutil.which("lnav") else "–"
        size = path.stat().st_size / 1e6
        print(
            f"{path.name:24}{size:6.0f}{seconds:9.2f}{lines / seconds:11,.0f}{peak:9.0f}{events:8}"
            f"{counted:8.2f}{seconds / counted:7.0f}{lnav:>8}"
        )


def _read_apart(path: Path) -> tuple[float, float, int]:
    code = "import sys; from evals.bench.ingest_speed import read_here; print(*read_here(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    seconds, peak, events = done.stdout.split()
    return float(seconds), float(peak), int(events)


def read_here(path: str) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and number of events of one reading, start of the reader included."""
    start = time.perf_counter()
    from pm_agent.ingest import read
    from pm_agent.settings import Settings

    evidence = read([path], Settings())
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(evidence.events)


def _timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        env={**os.environ, "TERM": "xterm"},
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
