"""A real HTTP server on loopback that speaks chat completions as a test tells it to."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Raw = Callable[[BaseHTTPRequestHandler], None]
Reply = tuple[int, dict[str, str], bytes] | Raw | None
"""Status, headers, body; a function that writes what it likes; None closes the connection without an answer."""


def completion(text: str, *, finish: str = "stop", refusal: str | None = None) -> Reply:
    """A chat completion with this text."""
    message = {"role": "assistant", "content": text, "refusal": refusal}
    body = {
        "id": "c1", "object": "chat.completion", "created": 1, "model": "test",
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }  # fmt: skip
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def failure(status: int, message: str = "no", **headers: str) -> Reply:
    """An error as OpenAI-compatible servers send it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (
        status,
        {"Content-Type": "application/json", **named},
        json.dumps({"error": {"message": message}}).encode(),
    )


@dataclass
class ModelServer:
    """What arrived, and what to answer."""

    answer: Callable[[dict[str, Any]], Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


def serving() -> Iterator[Callable[[Callable[[dict[str, Any]], Reply]], ModelServer]]:
    """Starts servers; each is stopped at the end."""
    running: list[ThreadingHTTPServer] = []

    def start(answer: Callable[[dict[str, Any]], Reply]) -> ModelServer:
        state = ModelServer(answer)

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                return

            def do_GET(self) -> None:
                self._send(
                    (
                        200,
                        {"Content-Type": "application/json"},
                        b'{"object":"list","data":[{"id":"test","object":"model","created":1,"owned_by":"x"}]}',
                    )
                )

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                state.paths.append(self.path)
                state.headers.append({name.lower(): value for name, value in self.headers.items()})
                state.requests.append(request)
                self._send(state.answer(request))

            def _send(self, reply: Reply) -> None:
                if reply is None:
                    self.close_connection = True
                    self.connection.shutdown(2)
                    return
                if callable(reply):
                    self.close_connection = True
                    reply(self)
                    return
                status, headers, body = reply
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        running.append(server)
        return state

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def model_server() -> Iterator[Callable[[Callable[[dict[str, Any]], Reply]], ModelServer]]:
    """Servers for one test."""
    yield from serving()


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    """An answer that is reset in the middle."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "c1", "choices": [')
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def hang(handler: BaseHTTPRequestHandler) -> None:
    """No answer until the client goes away."""
    handler.connection.settimeout(20)
    with suppress(OSError):
        handler.connection.recv(1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """An answer that goes on for as long as somebody reads."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    with suppress(OSError):
        while True:
            handler.wfile.write(b" " * 65_536)


def task_of(request: dict[str, Any]) -> str:
    """Which task a request asks, by the opening words of its system message."""
    opening = request["messages"][0]["content"][:80]
    words = {
        "reconstruct": "timeline", "review an incident": "review", "write the prose": "narrative", "check statements": "support",
    }  # fmt: skip
    return next(task for word, task in words.items() if word in opening)


EMPTY: dict[str, dict[str, Any]] = {
    "timeline": {"entries": [], "milestones": [], "hypotheses": [], "notable": [], "blame": []},
    "review": {
        "impact": {"scope": None, "statements": []},
        "response": {"observations": [], "fixes": []},
        "whys": {"answers": [], "factors": []},
        "actions": {"items": [], "proposals": []},
        "learning": {"picks": []},
    },
    "narrative": {"title": "", "summary": [], "narrative": [], "one_line": None},
    "support": {"verdicts": []},
}


def empty_answer(request: dict[str, Any]) -> Reply:
    """The valid answer that says nothing."""
    return completion(json.dumps(EMPTY[task_of(request)]))
