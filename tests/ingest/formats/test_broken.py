"""Broken files: whatever the bytes are, an adapter reads what it can, says why it can't, and its sums agree."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pm_agent.errors import UnreadableSource
from pm_agent.ingest.adapter import Adapter
from pm_agent.ingest.formats import BUILT_INS
from pm_agent.ingest.source import of_bytes

DATA = Path(__file__).parents[2] / "data"
SAMPLES = sorted(
    p for p in DATA.rglob("*") if p.is_file() and not p.name.endswith((".golden.json", ".facts.yaml"))
)
JUNK = [
    b"\x00",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"{}",
    b'"',
    b"\n\n",
    b"}",
    b"20:03",
    b"99:99",
    b"```",
    b"| ",
    b"\xe5\xbc",
]
JUNK += [b"99999999999999999999", b"-->", b"+99:59", b"1e999", b"\r", "昨天".encode()]


def broken(data: bytes, seed: int) -> bytes:
    """The bytes with a few of them cut, doubled or replaced."""
    chance, bytes_ = random.Random(seed), bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(bytes_) + 1)
        match chance.randrange(4):
            case 0:
                bytes_[at : at + chance.randint(1, 20)] = b""
            case 1:
                bytes_[at:at] = chance.choice(JUNK)
            case 2:
                bytes_[at:at] = bytes_[: chance.randrange(200)]
            case _:
                del bytes_[at:]
    return bytes(bytes_)


def tried(adapter: Adapter, data: bytes) -> None:
    """Nothing but `UnreadableSource` leaves an adapter, and no line is counted twice."""
    try:
        assert 0 <= adapter.fits(of_bytes("x", data)) <= 1
        source = of_bytes("x", data)
        list(adapter.read(source))
    except UnreadableSource:
        return
    tally = source.tally
    assert not tally.counted or tally.read == tally.parsed + tally.continued + tally.unparsed


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_broken_sample(sample: Path) -> None:
    """Every adapter gets every sample in several broken states."""
    for seed in range(4):
        for adapter in BUILT_INS:
            tried(adapter, broken(sample.read_bytes(), seed))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n" * 1000,
        b"\x00" * 100,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b":a:" * 100_000,
        b"> " * 100_000,
        b"a b " * 50_000,
    ],
    ids=["empty", "blank", "binary", "brackets", "nested", "colons", "quotes", "words"],
)
@pytest.mark.parametrize("adapter", BUILT_INS, ids=lambda a: a.name)
def test_hostile_text(adapter: Adapter, data: bytes) -> None:
    """A long line of one character costs no more than its length."""
    tried(adapter, data)
