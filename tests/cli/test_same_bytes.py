"""The same evidence gives the same bytes, in whatever order a program's sets happen to lie."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

INCIDENTS = Path(__file__).parents[2] / "evals" / "incidents"


@pytest.mark.parametrize("slug", ["pdf-cache-lifecycle", "yejian-pichuli"])
def test_a_report_does_not_depend_on_the_seed_of_hashes(tmp_path: Path, slug: str) -> None:
    """A sum of floats over a set differs in its last digit with the order, and a threshold then decides otherwise."""
    reports = set()
    for seed in ("5", "6"):
        out = tmp_path / f"{seed}.json"
        command = [sys.executable, "-m", "pm_agent", "draft", str(INCIDENTS / slug), "-o", str(out)]
        subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": seed})
        reports.add(out.read_bytes())
    assert len(reports) == 1
