"""Kept patterns: the same as those compiled at once, done without where nothing may be kept, never the cause of a failure."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.language import LANGUAGES, compiled, words
from pm_agent.language.compiled import Store, sealed

TEXTS = [
    (r"(?P<who>\w+)\s+(?:forgot|broke)", re.I),
    (r"(?i:a|b)(?P<n>\d+)(?:\s+(?P<m>x))?", 0),
    ("回滚|止血|[一-龥]{2,}", re.I),
    (r"^\s*(?:-|\*)\s+(?=\S)", re.M),
]


@pytest.mark.parametrize(("text", "flags"), TEXTS)
def test_a_kept_pattern_is_the_pattern(tmp_path: Path, text: str, flags: int) -> None:
    file = tmp_path / "patterns.bin"
    first = Store(file)
    assert first.pattern(text, flags) == re.compile(text, flags)
    first.write()
    again = Store(file)
    found = again.pattern(text, flags)
    assert found == re.compile(text, flags)
    assert found.groupindex == re.compile(text, flags).groupindex
    assert not again._new, "it was read back, not compiled again"


def test_every_pattern_of_the_word_lists_reads_back_as_it_is(tmp_path: Path) -> None:
    """Equality of patterns compares their code words."""
    file = tmp_path / "patterns.bin"
    texts = [
        p
        for language in LANGUAGES
        for section in words(language, "actions").values()
        if isinstance(section, list)
        for p in section
        if isinstance(p, str)
    ]
    assert len(texts) > 100
    store = Store(file)
    for text in texts:
        store.pattern(text, re.I)
    store.write()
    again = Store(file)
    for text in texts:
        assert again.pattern(text, re.I) == re.compile(text, re.I)


def test_two_programs_at_once_keep_both_their_patterns(tmp_path: Path) -> None:
    one, other = Store(tmp_path / "patterns.bin"), Store(tmp_path / "patterns.bin")
    one.pattern("a+", 0)
    other.pattern("b+", 0)
    one.write()
    other.write()
    again = Store(tmp_path / "patterns.bin")
    again.pattern("a+", 0)
    again.pattern("b+", 0)
    assert not again._new


@given(st.binary(max_size=200))
def test_a_damaged_file_costs_time_only(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("kept") / "patterns.bin"
    file.write_bytes(content)
    assert Store(file).pattern("a+", 0).fullmatch("aaa")


def test_a_file_with_one_byte_changed_is_not_read(tmp_path: Path) -> None:
    """Python may crash on such bytes, not only complain: seen once in a run of the whole suite."""
    file = tmp_path / "patterns.bin"
    whole = sealed({("a+", 0): "kept"})
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        assert Store(file).value(("a+", 0), lambda: "made") == "made"
    file.write_bytes(whole)
    assert Store(file).value(("a+", 0), lambda: "made") == "kept"


def test_damaged_entries_cost_time_only(tmp_path: Path) -> None:
    file = tmp_path / "patterns.bin"
    for entry in [(0, b"abc", 0, ()), (0, b"\xff" * 8, 0, ()), (), 7, (0, b"", 3, (("a", 9),))]:
        file.write_bytes(sealed({("a+", 0): entry}))
        assert Store(file).pattern("a+", 0).fullmatch("aaa")


def test_a_full_disk_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    store = Store(tmp_path / "patterns.bin")
    assert store.pattern("a+", 0).fullmatch("aaa")
    store.write()
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_pattern_is_told_as_python_tells_it(tmp_path: Path) -> None:
    with pytest.raises(re.error, match="unterminated"):
        Store(tmp_path / "patterns.bin").pattern("(a", 0)


def test_threads_share_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "patterns.bin")
    found: list[bool] = []

    def use(n: int) -> None:
        for k in range(50):
            found.append(store.pattern(f"a{{{k % 7}}}b", 0) == re.compile(f"a{{{k % 7}}}b"))

    threads = [threading.Thread(target=use, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found)
    assert len(found) == 200


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path) -> None:
    """The program's own copy of the module, in a folder of the test's."""
    copy = tmp_path / "compiled.py"
    copy.write_text(Path(compiled.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    for options, files in [(["-B"], 0), ([], 1)]:
        code = "import compiled; assert compiled.compiled('a{3}b').fullmatch('aaab')"
        env = {"PATH": "", "PYTHONPATH": str(tmp_path)}
        subprocess.run([sys.executable, *options, "-c", code], check=True, env=env)
        assert len(list(tmp_path.glob("__pycache__/patterns.*"))) == files
