"""Nothing is lost in silence: of every file, read = parsed + continued + unparsed, and read is what stands in it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pm_agent.errors import InputError
from pm_agent.evidence import FileCoverage
from pm_agent.ingest import read
from pm_agent.ingest.source import of_bytes
from pm_agent.settings import Settings

DATA = Path(__file__).parents[1] / "data"
LINES = {".txt", ".log", ".md", ".vtt", ".srt", ".jsonl", ".ndjson", ".csv", ".tsv"}
SAMPLES = sorted(p for p in DATA.glob("*/*") if p.suffix in LINES)
FORMATS = sorted({p.parent.name for p in SAMPLES})
BROKEN = [
    "}{ not a line of anything",
    "\x00zeros\x00",
    "\ufffd\ufffd 99:99:99 ERROR",
    '{"time": "2026-03-',
    "2026-13-45 25:61:00 ERROR no such day",
    "-" * 40,
    "2026",
    '"',
]
CONTINUED = [
    "\tat com.shop.Order.pay(Order.java:41)",
    "    indented",
    "Caused by: java.io.IOException: x",
    "  ... 12 more",
]
BLANK = ["", " ", "\t"]


def coverage(format: str, data: bytes) -> FileCoverage | None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.txt")
        path.write_bytes(data)
        try:
            return read([path], Settings(format_of={"x.txt": format})).files[0]
        except InputError:
            return None


def mixed(format: str) -> st.SearchStrategy[bytes]:
    """Runs of lines of a sample among broken, blank and continuing ones, with either line end, whole or cut off."""
    samples = [
        p.read_bytes().decode("utf-8", "replace").split("\n") for p in SAMPLES if p.parent.name == format
    ]
    good = st.sampled_from(samples).flatmap(
        lambda lines: st.tuples(st.integers(0, len(lines)), st.integers(1, len(lines))).map(
            lambda span: lines[span[0] : span[0] + span[1]]
        )
    )
    odd = st.lists(st.sampled_from(BROKEN + CONTINUED + BLANK), max_size=4)
    whole = st.sampled_from(samples)
    parts = st.tuples(odd, whole | good, st.lists(odd | good, max_size=6))
    end, last = st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n", "\n\n"])
    return st.builds(
        lambda p, end, last: (end.join([*p[0], *p[1], *(x for run in p[2] for x in run)]) + last).encode(),
        parts,
        end,
        last,
    )


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=8)
@given(data=st.data())
def test_the_sums_agree(format: str, data: st.DataObject) -> None:
    content = data.draw(mixed(format))
    found = coverage(format, content)
    if found is None:
        return
    assert found.read == found.parsed + found.continued + found.unparsed
    assert min(found.parsed, found.continued, found.unparsed) >= 0
    assert found.undated <= found.events
    source = of_bytes("x.txt", content)
    if source.is_json_lines or source.document is None:
        assert found.read == sum(
            bool(line.replace("\x00", "").strip()) for line in content.decode().split("\n")
        )


def test_blank_lines_are_no_lines() -> None:
    found = coverage(
        "syslog", b"\n\nMar  4 10:00:00 db kernel: up\n \t\n\nMar  4 10:01:00 db kernel: down\n\n"
    )
    assert found is not None
    assert (found.read, found.parsed) == (2, 2)
