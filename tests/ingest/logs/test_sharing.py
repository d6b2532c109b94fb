"""A file counted in parts, by several processes, gives what one process counts."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest

from pm_agent.ingest import read
from pm_agent.ingest.logs import blocks, sharing
from pm_agent.settings import Settings

CALM = b"2026-03-04 10:%02d:%02d INFO web request %d served in %d ms\n"


def made(lines: int) -> bytes:
    dice = random.Random(5)
    found = []
    for n in range(lines):
        minute, second = divmod(n * 3000 // lines, 60)
        if 30 <= minute < 33 and dice.random() < 0.2:
            found.append(
                b"2026-03-04 10:%02d:%02d ERROR web no space left on device %d\n" % (minute, second, n)
            )
        else:
            found.append(CALM % (minute, second, n, dice.randrange(900)))
        if dice.random() < 0.01:
            found.append(b"\tat com.shop.Order.pay(Order.java:%d)\n\n" % n)
    return b"".join(found)


@pytest.mark.parametrize("seed", range(60))
def test_chunks_are_the_same_wherever_reading_begins(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    dice = random.Random(seed)
    monkeypatch.setattr(blocks, "STEP", 64)
    monkeypatch.setattr(blocks, "CHUNK", 256)
    monkeypatch.setattr(blocks, "MAX_LINE", 300)
    data = b"\n".join(b"x" * dice.choice([0, 1, 5, 40, 250, 700]) for _ in range(60))
    chunks = len(data) // 256 + 1
    cuts = sorted({0, *(dice.randrange(chunks) for _ in range(3))})
    ends: list[int | None] = [*cuts[1:], None]
    assert by_chunk(data, list(zip(cuts, ends, strict=True))) == by_chunk(data, [(0, None)])


def by_chunk(data: bytes, parts: list[tuple[int, int | None]]) -> list[tuple[int, bytes, bool]]:
    """Chunk and content of every line, and whether it was cut."""
    return [
        (piece.chunk, line, at in piece.cut)
        for part in parts
        for piece in blocks.pieces(io.BytesIO(data), *part)
        for at, line in enumerate(piece.data.split(b"\n"))
    ]


def test_several_processes_count_what_one_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.log"
    block = made(20_000)
    path.write_bytes(block * (blocks.CHUNK // len(block) + 1))
    monkeypatch.setattr(sharing, "_WORTH", 2)
    monkeypatch.setattr(sharing, "_cores", lambda: 1)
    alone = read([path], Settings())
    monkeypatch.setattr(sharing, "_cores", lambda: 3)
    started: list[object] = []
    start = sharing._start
    monkeypatch.setattr(sharing, "_start", lambda *args: started.append(start(*args)) or started[-1])
    shared = read([path], Settings())
    assert len(started) == 1
    assert all(started)
    assert alone == shared
    monkeypatch.setattr(sharing, "_start", lambda *_: None)  # a place where no process can be started
    assert read([path], Settings()) == alone
