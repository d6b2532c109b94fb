"""Published postmortem timelines, typed in as notes: are the rows read, and the milestones chosen where the team put them?

`python -m evals.published FOLDER` reads one JSON file an incident: `timezone`, `timeline` (`time`, `text`), and the
team's own `trigger`, `detected`, `root_cause_identified`, `mitigated`, `recovered` (`time`, or null). Each timeline is
written down as the notes a person would hand over, drafted with rules, and compared minute by minute. `--chat FILE
--report FILE.json` compares the draft of a chat with the timeline that its team published.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from evals.case import GoldEntry
from evals.match import match, minutes_apart
from evals.view import of_report
from pm_agent.api import draft
from pm_agent.report import Report
from pm_agent.settings import Settings

_NAMES = {
    "trigger": "trigger",
    "detected": "detected",
    "root_cause_identified": "cause_found",
    "mitigated": "fixed",
    "recovered": "recovered",
}
_ZONES = {
    "PST": "America/Los_Angeles",
    "CET": "Europe/Berlin",
    "CEST": "Europe/Berlin",
    "北京时间": "Asia/Shanghai",
}


@dataclass(frozen=True)
class Result:
    """How one draft compares with the published timeline."""

    name: str
    rows: int
    matched: int
    drafted: int
    right: int
    dated: int
    filled: int
    """Milestones that the team left open and the draft filled."""


def zone_of(stated: str) -> str:
    """The zone a report names: `PST (America/Los_Angeles)`, `北京时间 (UTC+8)`, `UTC`."""
    named = re.search(r"\(([A-Za-z]+/[A-Za-z_]+)\)", stated)
    return named[1] if named else _ZONES.get(stated.split()[0].split("(")[0], "UTC")


def compare(name: str, published: Mapping[str, Any], report: Report) -> Result:
    """Rows within a minute of the published ones, and milestones."""
    zone = ZoneInfo(zone_of(published["timezone"]))
    gold = [
        GoldEntry(at=at, kind="other", text=row["text"])
        for row in published["timeline"]
        if (at := _moment(row["time"], zone)) is not None
    ]
    seen = of_report(report)
    wanted = {
        ours: _moment((published.get(theirs) or {}).get("time"), zone) for theirs, ours in _NAMES.items()
    }
    right = [
        n for n, at in wanted.items() if at and (got := seen.milestones[n]) and minutes_apart(at, got) <= 1
    ]
    return Result(
        name, len(gold), len(match(gold, [], seen.rows).pairs), len(seen.rows), len(right),
        sum(at is not None for at in wanted.values()),
        sum(at is None and seen.milestones[n] is not None for n, at in wanted.items()),
    )  # fmt: skip


def as_notes(name: str, published: Mapping[str, Any]) -> Result:
    """The draft of the published timeline, typed in as notes."""
    lines = [f"- {row['time']} {' '.join(row['text'].split())}" for row in published["timeline"]]
    with TemporaryDirectory() as folder:
        notes = Path(folder, "notes.md")
        notes.write_text("# Notes\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return compare(name, published, draft(notes, Settings(timezone=zone_of(published["timezone"]))))


def _moment(written: str | None, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.strptime(written or "", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    except ValueError:
        return None


def table(results: list[Result]) -> str:
    """One line an incident, and the sums."""
    lines = [f"{'incident':32} {'rows':>9} {'F1':>5} {'milestones':>11} {'filled':>7}"]
    for r in [*results, _sum(results)]:
        f1 = 2 * r.matched / (r.rows + r.drafted) if r.rows + r.drafted else 0.0
        lines.append(
            f"{r.name:32} {r.matched:>4}/{r.rows:<4} {f1:>5.2f} {r.right:>6}/{r.dated:<4} {r.filled:>7}"
        )
    return "\n".join(lines)


def _sum(results: list[Result]) -> Result:
    def total(field: str) -> int:
        return sum(getattr(r, field) for r in results)

    return Result("all", *(total(f) for f in ("rows", "matched", "drafted", "right", "dated", "filled")))


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m evals.published", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of published timelines as JSON, or one such file")
    parser.add_argument(
        "--chat", type=Path, help="the chat of that one incident, drafted in place of the notes"
    )
    arguments = parser.parse_args(argv)
    files = sorted(arguments.folder.glob("*.json")) if arguments.folder.is_dir() else [arguments.folder]
    results = []
    for file in files:
        published = json.loads(file.read_text(encoding="utf-8"))
        if arguments.chat:
            day = date.fromisoformat(published["timeline"][0]["time"][:10])
            settings = Settings(timezone=zone_of(published["timezone"]), date=day)
            results.append(compare(file.stem, published, draft(arguments.chat, settings)))
        else:
            results.append(as_notes(file.stem, published))
    sys.stdout.write(table(results) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
