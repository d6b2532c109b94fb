"""Any OpenAI-compatible server: chat completions with a JSON schema, else JSON mode, else plain text.

The only module that speaks to a socket. Faults that pass are retried with growing pauses; one that every further
call would meet too (a wrong key, an unknown model) is remembered, so that nobody waits for it twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import httpx2
import openai
import orjson
from openai import AsyncOpenAI

from pm_agent.errors import BackendError, BackendRefused

MODES = ("json_schema", "json_object", "text")
ATTEMPTS = 4
_RETRY_STATUS = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_LONGEST_WAIT = 60.0
LONGEST_BODY = 4_000_000
"""Bytes of a response beyond which it is dropped unread."""
_FOR_GOOD = {401: "the key is not accepted", 403: "access is denied", 404: "no such model or address"}


@dataclass(frozen=True)
class Server:
    """Where the model is and what it may cost."""

    model: str
    base_url: str | None = None
    api_key: str | None = None
    timeout: float = 120.0
    context: int = 32_000
    max_calls: int | None = None
    max_tokens: int | None = None

    @property
    def answer_limit(self) -> int:
        """Tokens that an answer may have."""
        return min(8_000, self.context // 4)

    @property
    def room(self) -> int:
        """Tokens that a prompt may have: the context less the answer, and less a tenth for the count's error."""
        return int(self.context * 0.9) - self.answer_limit


@dataclass(frozen=True)
class Completion:
    """The text of an answer and what the server counted."""

    text: str
    tokens: tuple[int, int] | None
    """Prompt and answer; None where the server doesn't say."""


class Truncated(BackendRefused):
    """The answer broke off at the length limit."""


Talk = list[dict[str, str]]
Sleep = Callable[[float], Awaitable[None]]


class Client:
    """One server; learns what it can't do."""

    def __init__(self, server: Server, sleep: Sleep = asyncio.sleep) -> None:
        self.server, self.sleep = server, sleep
        self.mode = MODES[0]
        self.broken: str | None = None
        """Why the server is not asked any more."""
        self.without: set[str] = set()
        """Parameters that this server does not take."""
        self._client: AsyncOpenAI | None = None

    async def complete(self, name: str, shape: dict[str, Any], talk: Talk) -> Completion:
        """The answer to these messages in this JSON schema.

        Raises:
            BackendError: a fault that stays, or an answer without usable text.
        """
        if self.broken:
            raise BackendError(self.broken)
        return _completion(await self._with_retries(name, shape, talk))

    async def close(self) -> None:
        """Let go of the connection pool."""
        if self._client is not None:
            await self._client.close()

    async def _with_retries(self, name: str, shape: dict[str, Any], talk: Talk) -> Any:
        wait, attempt = 1.0, 0
        while True:
            try:
                async with asyncio.timeout(self.server.timeout * 2):
                    return await self._create(name, shape, talk)
            except openai.APIStatusError as error:
                if error.status_code == 400 and self._step_down(error):
                    continue
                if error.status_code not in _RETRY_STATUS or attempt >= ATTEMPTS - 1:
                    raise self._final(error) from error
                wait = _asked_wait(error) or wait
            except (
                openai.APIConnectionError,
                TimeoutError,
                ValueError,
                openai.APIResponseValidationError,
            ) as error:
                if attempt >= ATTEMPTS - 1:
                    raise BackendError(f"no answer from the model server: {_what(error)}") from error
            except BackendError:
                raise
            except Exception as error:  # whatever a client library throws, the draft goes on
                raise BackendError(f"no answer from the model server: {_what(error)}") from error
            await self.sleep(min(wait, _LONGEST_WAIT))
            wait, attempt = wait * 2, attempt + 1

    def _step_down(self, error: openai.APIStatusError) -> bool:
        """True where the server can't do something that can be left out: a parameter, or the response format."""
        words = str(error.message).lower()
        for parameter in ("max_completion_tokens", "temperature"):
            if parameter in words and parameter not in self.without:
                self.without.add(parameter)
                return True
        about_format = any(w in words for w in ("schema", "json_object", "grammar", "format"))
        if not about_format or self.mode == MODES[-1]:
            return False
        self.mode = MODES[MODES.index(self.mode) + 1]
        return True

    def _final(self, error: openai.APIStatusError) -> BackendError:
        """The error to raise; one that every further call would meet too stops them."""
        reason = _FOR_GOOD.get(error.status_code, str(error.message)[:200])
        message = f"model server answered {error.status_code}: {reason}"
        if error.status_code in _FOR_GOOD:
            self.broken = message
        return BackendError(message)

    async def _create(self, name: str, shape: dict[str, Any], talk: Talk) -> Any:
        self._client = self._client or _client(self.server.base_url, self.server.api_key, self.server.timeout)
        extra: dict[str, Any] = {}
        if self.mode == "json_schema":
            named = {"name": name, "strict": True, "schema": shape}
            extra["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.mode == "json_object":
            extra["response_format"] = {"type": "json_object"}
        if self.mode != "json_schema":
            told = f"\n\nAnswer with one JSON object of this schema, and nothing else:\n{orjson.dumps(shape).decode()}"
            talk = [{**talk[0], "content": talk[0]["content"] + told}, *talk[1:]]
        limit = "max_tokens" if "max_completion_tokens" in self.without else "max_completion_tokens"
        extra[limit] = self.server.answer_limit
        if "temperature" not in self.without:
            extra["temperature"] = 0
        create: Any = self._client.chat.completions.create  # its overloads want literal message types
        return await create(model=self.server.model, messages=talk, **extra)


class _Measured(httpx2.AsyncByteStream):
    """A body that is read no further than an answer can be long."""

    def __init__(self, body: Any) -> None:
        self.body, self.room = body, LONGEST_BODY

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self.body:
            self.room -= len(piece)
            if self.room < 0:
                raise BackendRefused("the answer is endless")
            yield piece

    async def aclose(self) -> None:
        await self.body.aclose()


async def _measured(response: Any) -> None:
    response.stream = _Measured(response.stream)


async def _key_in_header(request: Any) -> None:
    request.headers["api-key"] = request.headers.pop("authorization").removeprefix("Bearer ")


def _client(base_url: str | None, api_key: str | None, timeout: float) -> AsyncOpenAI:
    """A client that retries nothing by itself; an address with a query keeps it on every request.

    `?api-version=…` marks a server that takes its key in `api-key`, as Azure does.
    """
    parts = urlsplit(base_url or "")
    query = dict(parse_qsl(parts.query))
    before = [_key_in_header] if "api-version" in query else []
    return AsyncOpenAI(
        http_client=openai.DefaultAsyncHttpxClient(event_hooks={"request": before, "response": [_measured]}),
        base_url=urlunsplit(parts._replace(query="")) or None,
        api_key=api_key or "none",
        timeout=timeout,
        max_retries=0,
        default_query=query,
    )


def _completion(answer: Any) -> Completion:
    """The text of an answer.

    Raises:
        BackendRefused: no choice, a refusal, broken off, or an empty message.
    """
    choices = getattr(answer, "choices", None)
    if not choices:
        raise BackendRefused("the server sent no choice")
    message = choices[0].message
    if getattr(message, "refusal", None):
        raise BackendRefused(f"the model refused: {str(message.refusal)[:200]}")
    if choices[0].finish_reason == "length":
        raise Truncated("the answer broke off at the length limit")
    if choices[0].finish_reason == "content_filter":
        raise BackendRefused("the server's content filter held the answer back")
    if not getattr(message, "content", None):
        raise BackendRefused("the answer is empty")
    used = getattr(answer, "usage", None)
    counted = (used.prompt_tokens, used.completion_tokens) if used else None
    return Completion(str(message.content), counted)


def _what(error: BaseException) -> str:
    """The name of a fault, with that of the fault behind it."""
    behind = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
    return f"{type(error).__name__}{behind}"


def _asked_wait(error: openai.APIStatusError) -> float | None:
    """Seconds that a `retry-after` header asks for."""
    try:
        return float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None


async def first_model(base_url: str | None, api_key: str | None, timeout: float) -> str:
    """The name of the first model that a server lists.

    Raises:
        BackendError: it lists none, or does not answer.
    """
    client = _client(base_url, api_key, min(timeout, 10.0))
    try:
        async for model in client.models.list():
            return model.id
    except (openai.OpenAIError, ValueError) as error:
        raise BackendError(f"the server at {base_url} does not answer ({type(error).__name__})") from error
    finally:
        await client.close()
    raise BackendError(f"the server at {base_url} lists no model")
