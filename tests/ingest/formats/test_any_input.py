"""Whatever stands in a file, an adapter reads it or says why not; its sums agree."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.formats.test_golden import SAMPLES
from pm_agent.errors import UnreadableSource
from pm_agent.evidence import RawEvent
from pm_agent.ingest.adapter import by_name
from pm_agent.ingest.formats import BUILT_INS
from pm_agent.ingest.source import of_bytes
from pm_agent.reading.timeforms import read_time

FILES = [sample for sample in SAMPLES if sample.is_file()]
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5e300,
    "",
    "\u0000",
    "x" * 300,
    [],
    {},
    [None],
    {"": None},
    [[]],
    "9" * 19,
]


def read_all(name: str, path: str, content: bytes) -> None:
    """Every adapter judges the bytes; the one they were made for reads them."""
    source = of_bytes(path, content)
    try:
        assert all(0 <= adapter.fits(source) <= 1 for adapter in BUILT_INS)
        events = list(by_name(name, BUILT_INS).read(source))
    except UnreadableSource:
        return
    tally = source.tally
    if tally.counted:
        assert tally.read == tally.parsed + tally.continued + tally.unparsed
    for event in events:
        if isinstance(event, RawEvent):
            assert event.text
            assert event.subject is None or event.subject.strip()
            assert event.raw_time is None or read_time(event.raw_time) is None or event.raw_time.strip()
    places = [(e.file, e.place.ordinal, e.place.part) for e in events if isinstance(e, RawEvent)]
    assert len(places) == len(set(places))


def spoiled(value: Any, dice: random.Random) -> Any:
    """The same JSON with one to three of its values put into something odd."""
    for _ in range(dice.randint(1, 3)):
        spots: list[tuple[Any, Any]] = []
        todo = [value]
        while todo:
            at = todo.pop()
            keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else []
            spots += [(at, key) for key in keys]
            todo += [at[key] for key in keys]
        if spots:
            at, key = dice.choice(spots)
            at[key] = copy.deepcopy(dice.choice(ODD))
    return value


@pytest.mark.parametrize("sample", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
@given(seed=st.integers(0, 10**9))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoiled_file_is_read_or_refused(sample: Path, seed: int) -> None:
    dice = random.Random(seed)
    content = sample.read_bytes()
    try:
        value = json.loads(content)
    except ValueError:
        value = None
    if value is not None and dice.random() < 0.8:
        content = json.dumps(spoiled(value, dice), ensure_ascii=False, indent=dice.choice([None, 1])).encode()
    else:
        for _ in range(dice.randint(1, 6)):
            start = dice.randrange(len(content) + 1)
            stop = min(len(content), start + dice.choice([0, 1, 5, 80, 2000]))
            content = (
                content[:start]
                + dice.choice([b"", b"\x00", b"\xff\xfe", b"{", b"\n\n", b"99:99"])
                + content[stop:]
            )
    read_all(sample.parent.name, sample.name, content)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.sampled_from(BUILT_INS))
def test_any_bytes_are_read_or_refused(content: bytes, adapter: Any) -> None:
    if not adapter.name.endswith("-export"):
        read_all(adapter.name, "x.txt", content)
