"""The command that measures sentences judged one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals import language


def _file(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_blame_is_measured_per_language_without_borderline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _file(
        tmp_path / "blame.jsonl",
        [
            {"text": "Marek forgot to renew it.", "lang": "en", "blame": True},
            {"text": "The fog was thick.", "lang": "en", "blame": True},
            {"text": "They are incompetent.", "lang": "en", "blame": False, "borderline": True},
            {"text": "小王忘了续证书", "lang": "zh", "blame": False},
        ],
    )
    assert language.main([str(path), "-v"]) == 0
    out = capsys.readouterr().out
    assert "en: 2 sentences, 2 blame: precision 1.000, recall 0.500" in out
    assert "zh: 1 sentences, 0 blame: precision 0.000, recall –" in out
    assert "The fog was thick." in out


def test_action_labels_give_kappa_and_owners(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = {"lang": "en", "is_action": True}
    path = _file(
        tmp_path / "actions-held.jsonl",
        [
            {**shared, "text": "Pin the Flux version — Amit", "specific": True, "owner": "Amit"},
            {**shared, "text": "Improve monitoring", "specific": False, "owner": None},
            {**shared, "text": "Better documentation", "specific": True, "owner": "Bo"},
        ],
    )
    assert language.main([str(path), "-v"]) == 0
    out = capsys.readouterr().out
    assert "specific: 3 items, κ 0.40, accuracy 0.667" in out
    assert "owner read right: 0.667 of 3" in out
    assert "Better documentation" not in out, "a held file is for totals alone"


def test_another_form_is_refused(tmp_path: Path) -> None:
    assert language.main([str(_file(tmp_path / "x.jsonl", [{"text": "x"}]))]) == 2
