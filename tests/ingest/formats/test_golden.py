"""Every sample under tests/data/<format>/ is read by that format and yields its golden events.

`pytest --update` rewrites the golden files; each is then read line by line before it is committed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pm_agent.evidence import RawEvidence
from pm_agent.ingest import read
from pm_agent.settings import Settings, load_facts

DATA = Path(__file__).parents[2] / "data"
SAMPLES = sorted(
    p
    for folder in DATA.iterdir()
    if folder.is_dir()
    for p in folder.iterdir()
    if not p.name.endswith((".golden.json", ".facts.yaml"))
)


def shown(evidence: RawEvidence) -> dict[str, Any]:
    """The events as a person reads them in a golden file."""
    return {
        "events": [
            {
                key: value
                for key, value in {
                    "at": e.at.isoformat() if e.at else None,
                    "until": e.until.isoformat() if e.until else None,
                    "raw_time": e.raw.raw_time,
                    "precision": e.precision,
                    "relative": e.relative,
                    "kind": e.raw.kind,
                    "actor": e.raw.actor,
                    "actor_kind": e.raw.actor_kind if e.raw.actor_kind != "person" else None,
                    "signal": e.raw.signal,
                    "subject": e.raw.subject,
                    "severity": e.raw.severity,
                    "count": e.raw.count if e.raw.count != 1 else None,
                    "thread": e.raw.thread,
                    "where": [
                        ":".join(str(v) for v in (s.file, s.line, s.line_end, s.pointer) if v is not None)
                        for s in e.sources
                    ],
                    "text": e.raw.text,
                }.items()
                if value is not None
            }
            for e in evidence.events
        ],
        "series": [
            {
                "name": s.name,
                "unit": s.unit,
                "points": len(s.points),
                "first": s.points[0],
                "last": s.points[-1],
            }
            for s in evidence.series
        ],
        "coverage": [
            {
                k: getattr(f, k)
                for k in (
                    "file",
                    "format",
                    "events",
                    "read",
                    "parsed",
                    "continued",
                    "unparsed",
                    "undated",
                    "timezone",
                    "timezone_basis",
                )
            }
            for f in evidence.files
        ],
        "skipped": [[s.path, s.line, s.reason, s.count] for s in evidence.skipped],
        "gaps": [[g.code, dict(g.values)] for g in evidence.gaps],
        "people": dict(sorted(evidence.people.names.items())),
    }


def settings_for(sample: Path) -> Settings:
    """A `<sample>.facts.yaml` beside a sample is its incident.yaml."""
    facts = sample.parent / f"{sample.name}.facts.yaml"
    return Settings(facts=load_facts(facts)) if facts.exists() else Settings()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_sample_reads_as_its_golden_file(sample: Path, update: bool) -> None:
    """The format is found by content, the events are the ones a person has read, and the sums agree."""
    evidence = read([sample], settings_for(sample))
    assert {f.format for f in evidence.files} == {sample.parent.name}
    for file in evidence.files:
        assert file.read == file.parsed + file.continued + file.unparsed
    found = json.loads(json.dumps(shown(evidence), ensure_ascii=False, default=str))
    golden = sample.parent / f"{sample.name}.golden.json"
    if update:
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert json.loads(golden.read_text(encoding="utf-8")) == found


def test_update_is_off(update: bool) -> None:
    """A run that rewrites golden files proves nothing, so it fails."""
    assert not update, "golden files were rewritten; read them, then run again without --update"
