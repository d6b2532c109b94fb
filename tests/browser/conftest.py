"""A real Chromium, where there is one; `make test-browser` sets everything up and lets nothing be skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AXE = ROOT / ".cache" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
REQUIRED = bool(os.environ.get("PM_AGENT_REQUIRE_BROWSER"))
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def _missing(what: str) -> Any:
    return pytest.fail(f"{what} is missing") if REQUIRED else pytest.skip(f"{what} is missing")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Closed after each module: playwright's loop would stand in the way of other tests' own loops."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or _missing("Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return AXE.read_text(encoding="utf-8") if AXE.is_file() else str(_missing(str(AXE)))
