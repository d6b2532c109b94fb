"""A recording that is made anew keeps only the answers that today's draft asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from evals.recording import Readable

from evals import recording

SLUG = "capacity-note"


def test_answers_nobody_asks_for_go_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = tmp_path / f"{SLUG}.yaml"
    shutil.copy(recording.HOME / tape.name, tape)
    monkeypatch.setattr(recording, "HOME", tmp_path)
    folder = Path(recording.__file__).parent / "incidents" / SLUG
    assert recording.prune(folder, SLUG) == 0, "what is kept in the project is asked for"

    kept = Readable.deserialize(tape.read_text(encoding="utf-8"))
    asked = len(kept["interactions"])
    other = {**kept["interactions"][0], "request": {**kept["interactions"][0]["request"], "body": "{}"}}
    tape.write_text(
        Readable.serialize({**kept, "interactions": [other, *kept["interactions"]]}), encoding="utf-8"
    )
    assert recording.prune(folder, SLUG) == 1
    assert len(Readable.deserialize(tape.read_text(encoding="utf-8"))["interactions"]) == asked
    assert recording.draft_recorded(folder, SLUG)[1] == []
