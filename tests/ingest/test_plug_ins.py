"""A format of a third party: installed as any package is, found, used; a broken one costs nothing but itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import pm_agent
from pm_agent.ingest import read
from pm_agent.settings import Settings

PACKAGE = Path(__file__).parents[1] / "plugin_package"
DUMP = "2026-03-04T02:17:00Z|firing|DiskFull|db-1 is at 97 %\n2026-03-04T02:49:00Z|resolved|DiskFull|db-1 is at 61 %\n"
BROKEN = {
    "raises on import": ("import nothing_of_this_name\n", "nothing_of_this_name"),
    "leaves on import": ("raise SystemExit(3)\n", "SystemExit"),
    "lacks a method": ("class Broken:\n    name = 'b'\n    describes = 'b'\n    def fits(self, source):\n        return 1.0\n", "lacks read"),
    "fails to judge": (
        "class Broken:\n    name = 'broken'\n    describes = 'b'\n    def fits(self, source):\n        return 1 / 0\n    def read(self, source):\n        return iter(())\n",
        "ZeroDivisionError",
    ),
    "judges in words": (
        "class Broken:\n    name = 'broken'\n    describes = 'b'\n    def fits(self, source):\n        return 'surely'\n    def read(self, source):\n        return iter(())\n",
        "ValueError",
    ),
}  # fmt: skip


def run(folder: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, which sees what is installed in `folder`."""
    paths = (str(folder), str(Path(pm_agent.__file__).parents[1]))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "pm_agent", *map(str, args)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample package, built and installed offline."""
    target = tmp_path_factory.mktemp("site")
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(PACKAGE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "pager.dump"
    path.write_text(DUMP)
    return path


def test_installed_format_is_listed_and_read(installed: Path, dump: Path) -> None:
    """It goes through the same door as a built-in: chosen by content, counted in the coverage, its signal used."""
    assert "pipe-pager" in run(installed, "formats").stdout
    done = run(installed, "draft", dump, "-f", "json", "--model", "rules")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [(f["format"], f["events"], f["unparsed"]) for f in report["coverage"]["files"]] == [
        ("pipe-pager", 2, 0)
    ]
    assert report["milestones"]["detected"]["at"] == "2026-03-04T02:17:00Z"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text("10:02 checkout is down, users report errors\n10:20 rolled back v2, errors gone\n")
    return path


def install_broken(site: Path, module: str, code: str) -> None:
    site.mkdir()
    (site / f"{module}.py").write_text(code)
    info = site / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[pm_agent.adapters]\nbroken = {module}:Broken\n")


@pytest.mark.parametrize("name", BROKEN)
def test_broken_plug_in_is_left_out_and_counted(
    name: str, tmp_path: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is read without it; the coverage says which plug-in and why."""
    code, said = BROKEN[name]
    install_broken(tmp_path / "site", "broken_" + name.replace(" ", "_"), code)
    monkeypatch.syspath_prepend(tmp_path / "site")
    evidence = read([notes], Settings(date=date(2026, 3, 4), timezone="UTC"))
    assert len(evidence.events) == 2
    (skipped,) = evidence.skipped
    assert skipped.path == "adapter plug-in broken"
    assert said in skipped.reason


def test_broken_plug_in_is_said_on_standard_error(tmp_path: Path, notes: Path) -> None:
    """In the draft's summary and in the report's coverage; `formats` warns too. No traceback."""
    site = tmp_path / "site"
    install_broken(site, "broken_adapter", BROKEN["raises on import"][0])
    done = run(site, "draft", notes, "-f", "json", "--date", "2026-03-04", "--tz", "UTC", "--model", "rules")
    assert done.returncode == 0, done.stderr
    assert [s["file"] for s in json.loads(done.stdout)["coverage"]["skipped"]] == ["adapter plug-in broken"]
    assert "adapter plug-in broken" in done.stderr
    assert "Traceback" not in done.stderr
    listed = run(site, "formats")
    assert (listed.returncode, "slack-export" in listed.stdout) == (0, True)
    assert "warning: adapter plug-in broken: not loaded" in listed.stderr
