"""How well log lines are grouped, on the labelled samples of LogHub: `python -m evals.bench.loghub FOLDER`.

FOLDER holds one folder a system, as github.com/logpai/loghub has them (`HDFS/HDFS_2k.log_structured.csv` …). The
measure is grouping accuracy: the share of lines whose group is exactly the group the labels give them. Beside it
stands what Zhu et al. (Tools and Benchmarks for Automated Log Parsing, 2019) published for Drain, which had its
settings and its masks tuned for each system; here there is one setting for all.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from pm_agent.ingest.adapter import Chooser
from pm_agent.ingest.formats import BUILT_INS
from pm_agent.ingest.logs import Line, LogForm, reading
from pm_agent.ingest.logs.chunk import template_of
from pm_agent.ingest.logs.mining import Miner
from pm_agent.ingest.source import of_bytes

DRAIN = {
    "HDFS": 0.998, "Hadoop": 0.948, "Spark": 0.920, "Zookeeper": 0.967, "BGL": 0.963, "HPC": 0.887, "Thunderbird": 0.955,
    "Windows": 0.997, "Linux": 0.690, "Android": 0.911, "HealthApp": 0.780, "Apache": 1.0, "Proxifier": 0.527,
    "OpenSSH": 0.788, "OpenStack": 0.733, "Mac": 0.787,
}  # fmt: skip


@dataclass(frozen=True)
class Grouping:
    """What came out for one system."""

    system: str
    messages: float
    """Accuracy of the miner alone, given the message without its header as the published figures are."""
    lines: float
    """Accuracy from the raw line: format chosen, header read, lines counted by their shape, as in a draft."""
    format: str
    true: int
    found: int
    """Groups, of the labels and of the miner."""


def accuracy(found: Sequence[Hashable], true: Sequence[Hashable]) -> float:
    """The share of lines whose found group holds the same lines as their true group."""
    wanted = {frozenset(group) for group in _groups(true)}
    return sum(len(group) for group in _groups(found) if frozenset(group) in wanted) / len(true)


def _groups(labels: Iterable[Hashable]) -> Iterable[list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for at, label in enumerate(labels):
        groups[label].append(at)
    return groups.values()


def systems(folder: Path) -> list[str]:
    """The systems whose labelled sample lies in the folder."""
    return sorted(p.parent.name for p in folder.glob("*/*_2k.log_structured.csv"))


def measure(folder: Path, system: str) -> Grouping:
    """Both accuracies of one system."""
    stem = folder / system / f"{system}_2k.log"
    with stem.with_name(f"{stem.name}_structured.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    true = [row["EventId"] for row in rows]
    miner = Miner()
    found = [miner.add(row["Content"]) for row in rows]
    roots = [miner.root(number) for number in found]
    format_name, whole = _from_lines(stem.read_bytes())
    if len(whole) != len(true):
        raise ValueError(f"{stem}: {len(whole)} lines, {len(true)} labels")
    return Grouping(
        system, accuracy(roots, true), accuracy(whole, true), format_name, len(set(true)), len(set(roots))
    )


def _from_lines(data: bytes) -> tuple[str, list[Hashable]]:
    """The group of every raw line, and the format that was chosen; what is no message is a group of its own."""
    source = of_bytes("sample.log", data)
    adapter = Chooser(BUILT_INS, BUILT_INS).choose(source)
    lines = data.removesuffix(b"\n").split(b"\n")
    forms: list[LogForm] = []
    with patch.object(reading, "counts_of", lambda _, form: forms.append(form) or iter(())):
        for _ in adapter.read(source) if adapter else ():
            break
    if adapter is None or not forms:
        return "–", list(range(len(lines)))
    form, miner, kinds = forms[0], Miner(), dict[Hashable, int | None]()
    shapes = [shape for _, shape in form.columns(lines, b"\n".join(lines))]
    for line, shape in zip(lines, shapes, strict=True):
        if shape not in kinds:
            read = form.parse(line)
            kinds[shape] = template_of(miner, read) if isinstance(read, Line) else None
    numbers = [kinds[shape] for shape in shapes]
    return adapter.name, [
        ("alone", at) if number is None else miner.root(number) for at, number in enumerate(numbers)
    ]


def main(folder: Path) -> int:
    """Print the table."""
    found = [measure(folder, system) for system in systems(folder)]
    if not found:
        print(f"no labelled sample in {str(folder)!r}; get them from github.com/logpai/loghub")
        return 2
    print(
        f"{'system':12}{'messages':>9}{'raw lines':>11}{'Drain':>7}{'groups':>8}{'labels':>8}  read as\n{'-' * 66}"
    )
    for one in found:
        print(
            f"{one.system:12}{one.messages:9.3f}{one.lines:11.3f}{_published(one.system):>7}{one.found:8}{one.true:8}  {one.format}"
        )
    known = [DRAIN[one.system] for one in found if one.system in DRAIN]
    mean = sum(known) / len(known) if known else 0.0
    messages, lines = (
        sum(getattr(one, name) for one in found) / len(found) for name in ("messages", "lines")
    )
    print(f"{'-' * 66}\n{'mean':12}{messages:9.3f}{lines:11.3f}{mean:7.3f}")
    return 0


def _published(system: str) -> str:
    return f"{DRAIN[system]:.3f}" if system in DRAIN else "–"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) if len(sys.argv) == 2 else "usage: python -m evals.bench.loghub FOLDER")
