"""A real server with a model that knows nothing: every draft comes, is valid, and states none of the nonsense.

`make test-llama` builds the server and the models and runs this; without them the tests are skipped.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from pm_agent.api import Drafted, draft_evidence, read, with_facts
from pm_agent.evidence import Evidence
from pm_agent.rendering import render
from pm_agent.report import Report
from pm_agent.settings import Settings

HOME = Path(os.environ.get("PM_AGENT_LLAMA", Path(__file__).parents[2] / "out" / "llama"))
INCIDENTS = Path(__file__).parents[2] / "evals" / "incidents"
pytestmark = [
    pytest.mark.llama,
    pytest.mark.skipif(not (HOME / "llama-server").is_file(), reason="`make test-llama` builds the server"),
]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module", params=["tame", "hostile"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The server with one of the two models."""
    port = free_port()
    command = [
        str(HOME / "llama-server"), "-m", str(HOME / f"{request.param}.gguf"), "--host", "127.0.0.1", "--port", str(port),
        "-c", "16384", "-np", "2", "-t", "2", "--jinja", "--no-webui", "--temp", "1.0", "--seed", "7",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(120):
        if is_up(port) or server.poll() is not None:
            break
        time.sleep(0.25)  # a real server takes its time to start
    assert is_up(port)
    yield f"http://127.0.0.1:{port}/v1"
    server.terminate()
    server.wait(20)


@pytest.mark.parametrize("slug", ["capacity-note", "zhiban-biji"])
def test_a_model_that_knows_nothing_adds_nothing(address: str, slug: str) -> None:
    """The draft validates and renders; every supported sentence stands in the lines it cites or was composed by code."""
    folder = INCIDENTS / slug
    settings = with_facts(
        [folder], Settings(model="random", base_url=address, context=4_000, timeout=40, max_calls=6)
    )
    evidence = read(folder, settings)
    drafted = asyncio.run(draft_evidence(evidence, settings))
    written = drafted.report.model_dump_json(by_alias=True)
    assert Report.model_validate_json(written).model_dump_json(by_alias=True) == written
    assert render(drafted.report, "md").startswith("# ")
    assert drafted.usage.calls > 0
    assert_no_nonsense(drafted, evidence)


def assert_no_nonsense(drafted: Drafted, evidence: Evidence) -> None:
    """What a model worded and is shown as supported must stand in its lines, and random words never do."""
    report = drafted.report
    known = evidence.by_id
    for row in report.timeline:
        assert set(row.citations) <= set(known)
        assert row.origin != "model", row.text
    for name, statement in _statements(report):
        assert set(statement["citations"]) <= set(known), (name, statement)
        nonsense = statement["support"] == "supported" and statement["origin"] == "model"
        assert not nonsense, (name, statement["text"])


def _statements(report: Report) -> Iterator[tuple[str, dict[str, object]]]:
    """Every statement of a report with its place."""

    def walk(node: object, place: str) -> Iterator[tuple[str, dict[str, object]]]:
        if isinstance(node, dict):
            if {"text", "support", "origin", "citations"} <= set(node):
                yield place, node
            for key, value in node.items():
                yield from walk(value, f"{place}.{key}")
        elif isinstance(node, list):
            for item in node:
                yield from walk(item, place)

    yield from walk(report.model_dump(), "report")
