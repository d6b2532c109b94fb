"""What every test may rely on: no network beyond loopback, golden files that are rewritten only when asked, a short chat."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")  # the same inputs every time; `make fuzz` looks for new ones

_connect = socket.socket.connect

CHAT = """mira [10:00 AM]
checkout is down, users report 502s

jo [10:04 AM]
found it: release v42 dropped the cart index, so every checkout does a full table scan

mira [10:10 AM]
rolled back to v41, done

mira [10:12 AM]
checkout error rate back to normal
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite golden files; read every one before you commit it"
    )


def _guarded(self: socket.socket, address: Any) -> Any:
    host = address[0] if isinstance(address, tuple) else ""
    if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
        raise AssertionError(f"a test tried to leave the machine: {address!r}")
    return _connect(self, address)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _guarded)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    """A whole incident in four pasted messages; the cause is said to be a release."""
    path = tmp_path / "chat.txt"
    path.write_text(CHAT)
    return path
