"""`python -m evals.language FILE.jsonl…`: how well sentences are judged that people labelled one by one.

A file of sentences (`text`, `lang`, `blame`, optional `borderline`) is scored by precision and recall of `pm-agent lint`; a
file of action items (`text`, `is_action`, `specific`, `measurable`, `owner` …) by Cohen's
kappa of each label and by owners and dates read right. Borderline lines are left out. `-v` prints what was judged
otherwise; never for a file whose name ends in `-held.jsonl`: those are for totals alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from evals.board import kappa
from pm_agent.reading.action_items import Item, item_of
from pm_agent.rubric import blame, smart

Line = dict[str, Any]
Pair = tuple[bool, bool]
"""What the label says, what the tool says."""

_WRITTEN = date(2024, 1, 1)
"""Items carry no day of writing; relative dates count from this one, and only their being there is compared."""


def read(path: Path) -> list[Line]:
    """The decided lines of a file."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [line for line in lines if not line.get("borderline")]


def blame_pairs(lines: Sequence[Line]) -> list[tuple[Line, Pair]]:
    """Each sentence with its label and whether lint finds anything."""
    return [(line, (bool(line["blame"]), bool(blame.find(line["text"])))) for line in lines]


def _letter(name: str) -> Callable[[Item], bool]:
    def met(item: Item) -> bool:
        return bool(getattr(smart.judge(item, None, smart.language_of(item.text)), name).met)

    return met


ACTION_LABELS: dict[str, Callable[[Item], bool]] = {
    "is_action": lambda item: smart.is_action(item.text),
    "specific": _letter("specific"),
    "measurable": _letter("measurable"),
    "measurable_explicit": smart.states_criterion,
    "binary_checkable": _letter("measurable"),
    "achievable": _letter("achievable"),
    "time_bound": _letter("time_bound"),
    "owner_present": lambda item: item.owner is not None,
    "due_present": lambda item: item.due is not None,
}
"""Label of a file → the tool's verdict that means the same.

`measurable` of the report contract is "done or not done needs no judgement", which is the label `binary_checkable`;
`measurable_explicit` is the narrower question whether a number or criterion is written down.
"""


def action_pairs(lines: Sequence[Line], label: str) -> list[tuple[Line, Pair]]:
    """Each item with one label; all but `is_action` over true action items alone."""
    judged = [line for line in lines if label == "is_action" or line.get("is_action", True)]
    return [
        (line, (bool(line[label]), ACTION_LABELS[label](item_of(line["text"], _WRITTEN))))
        for line in judged
        if isinstance(line.get(label), bool)
    ]


def _same_owner(line: Line) -> bool:
    wanted, read_as = line.get("owner"), item_of(line["text"], _WRITTEN).owner
    if not wanted or not read_as:
        return bool(wanted) == bool(read_as)
    return wanted.lower().strip("@") in read_as.lower() or read_as.lower() in wanted.lower()


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


@dataclass(frozen=True)
class BlameFigures:
    """How `pm-agent lint` judged labelled sentences of one language."""

    sentences: int
    labelled: int
    precision: str
    recall: str


def blame_figures(pairs: Sequence[tuple[Line, Pair]]) -> BlameFigures:
    """The figures of some judged sentences."""
    hits = sum(wanted and found for _, (wanted, found) in pairs)
    flagged, labelled = sum(found for _, (_, found) in pairs), sum(wanted for _, (wanted, _) in pairs)
    return BlameFigures(len(pairs), labelled, _ratio(hits, flagged), _ratio(hits, labelled))


def _say_blame(lines: Sequence[Line], verbose: bool) -> None:
    for lang in sorted({line["lang"] for line in lines}):
        pairs = blame_pairs([line for line in lines if line["lang"] == lang])
        told = blame_figures(pairs)
        print(
            f"{lang}: {told.sentences} sentences, {told.labelled} blame: precision {told.precision}, recall {told.recall}"
        )
        _say_wrong(pairs, verbose)


def _say_actions(lines: Sequence[Line], verbose: bool) -> None:
    for label in ACTION_LABELS:
        pairs = action_pairs(lines, label)
        if not pairs:
            continue
        right = sum(wanted == found for _, (wanted, found) in pairs)
        agreed = kappa([pair for _, pair in pairs])
        shown = "–" if agreed is None else f"{agreed:.2f}"
        print(f"{label}: {len(pairs)} items, κ {shown}, accuracy {_ratio(right, len(pairs))}")
        _say_wrong(pairs, verbose)
    real = [line for line in lines if line.get("is_action", True) and "owner" in line]
    print(f"owner read right: {_ratio(sum(map(_same_owner, real)), len(real))} of {len(real)}")
    if verbose:
        for line in real:
            if not _same_owner(line):
                print(
                    f"   owner {line['owner']!r}, read {item_of(line['text'], _WRITTEN).owner!r}: {line['text']}"
                )


def _say_wrong(pairs: Sequence[tuple[Line, Pair]], verbose: bool) -> None:
    for line, (wanted, found) in pairs if verbose else []:
        if wanted != found:
            print(f"   label {wanted}, judged {found}: {line['text']}")


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures of each file; exit 2 where a file is of neither form."""
    parser = argparse.ArgumentParser(prog="python -m evals.language", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--verbose", "-v", action="store_true", help="print each line judged otherwise")
    arguments = parser.parse_args(argv)
    for path in arguments.files:
        lines = read(path)
        verbose = arguments.verbose and not path.stem.endswith("-held")
        print(f"== {path.name}")
        if lines and "blame" in lines[0]:
            _say_blame(lines, verbose)
        elif lines and "specific" in lines[0]:
            _say_actions(lines, verbose)
        else:
            sys.stderr.write(f"{str(path)!r}: neither blame sentences nor action items\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
