"""What leaves the process, seen by an audit hook: nothing with the rules; with a model only what goes to its server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llm.conftest import ModelServer, Reply
from llm.generous import generous
from llm.incidents import slack_export

Start = Callable[[Callable[[dict[str, Any]], Reply]], ModelServer]
AGENT = Path(__file__).parents[2] / "agent"
WATCHED = """
import json, sys
seen = []
def hook(event, args):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg", "urllib.Request"}:
        seen.append([event, [str(a) for a in args[-2:]]])
sys.addaudithook(hook)
from pm_agent.cli import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(seen), file=sys.stderr)
"""
HOSTILE = {
    "LANGSMITH_TRACING": "true", "LANGSMITH_TRACING_V2": "true", "LANGCHAIN_TRACING": "true", "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "ls-key", "LANGCHAIN_API_KEY": "ls-key", "LANGSMITH_ENDPOINT": "http://127.0.0.1:9/trace",
    "LANGCHAIN_ENDPOINT": "http://127.0.0.1:9/trace", "LANGSMITH_PROJECT": "p", "LANGSMITH_OTEL_ENABLED": "true",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9/otel", "OPENAI_API_KEY": "k", "OPENAI_LOG": "debug",
    "LANGCHAIN_CALLBACKS_BACKGROUND": "true", "LANGGRAPH_CLI_NO_ANALYTICS": "0", "SENTRY_DSN": "http://k@127.0.0.1:9/1",
}  # fmt: skip


def watched(folder: Path, *argv: str, **env: str) -> list[list[Any]]:
    """Every attempt to reach something, of a draft run in a hostile shell."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "draft", str(slack_export(folder / "export")), "-f", "json", *argv],
        env={**os.environ, **HOSTILE, "PYTHONPATH": str(AGENT), "XDG_STATE_HOME": str(folder), **env},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert json.loads(done.stdout)["schema_version"], done.stderr
    found: list[list[Any]] = json.loads(done.stderr.strip().splitlines()[-1])
    return found


def test_the_rules_open_no_socket(tmp_path: Path) -> None:
    """Whatever the shell says: no connection, no look-up of a name."""
    assert watched(tmp_path, "--model", "rules", OPENAI_BASE_URL="http://127.0.0.1:9/v1") == []


def test_a_key_in_the_shell_opens_no_socket(tmp_path: Path) -> None:
    """The default is `auto`: a vendor's key and address alone send nothing."""
    assert watched(tmp_path, OPENAI_BASE_URL="https://api.example.com/v1") == []


def test_with_a_model_only_its_server_is_reached(model_server: Start, tmp_path: Path) -> None:
    """No tracing service and no telemetry, though every variable asks for one."""
    server = model_server(generous)
    seen = watched(tmp_path, "--model", "test", "--base-url", server.url)
    assert len(server.requests) == 4
    for event, args in seen:
        assert event in {"socket.connect", "socket.getaddrinfo"}
        assert str(server.port) in " ".join(args), (event, args)
