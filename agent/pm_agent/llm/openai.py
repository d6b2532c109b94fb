"""Any OpenAI-compatible server: chat completions with a JSON schema, else JSON mode, else plain text.

Each answer is journalled before it is used. A fault ends in a retry, one repair round, smaller windows, or the
task's own rules with a note of why: a draft always comes.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import openai
import orjson
from openai import AsyncOpenAI

from pm_agent.errors import BackendError, BackendRefused, BudgetSpent
from pm_agent.llm import In, Journal, NoJournal, Out, Progress, Task, Usage
from pm_agent.llm.answers import parse, schema
from pm_agent.llm.prompts import load, messages
from pm_agent.llm.tokens import counter
from pm_agent.llm.windows import halves, union, windows

MODES = ("json_schema", "json_object", "text")
ATTEMPTS = 4
AT_ONCE = 8
_RETRY_STATUS = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_LONGEST_WAIT = 60.0


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


class _Truncated(BackendRefused):
    """The answer broke off at the length limit."""


class OpenAIBackend:
    """Asks a model; falls back to the rules per answer."""

    speaks = True

    def __init__(
        self,
        server: Server,
        language: str,
        journal: Journal | None = None,
        progress: Progress | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        client: AsyncOpenAI | None = None,
    ) -> None:
        self.server, self.language = server, language
        self.journal: Journal = journal or NoJournal()
        self.progress, self.sleep = progress, sleep
        self.count, how = counter(server.model)
        self.usage = Usage(token_count=how)
        self.mode = MODES[0]
        self.broken: str | None = None
        """Why the server is not asked any more (wrong key, unknown model, budget)."""
        self.without: set[str] = set()
        """Parameters that this server does not take."""
        self._client, self._gate = client, asyncio.Semaphore(AT_ONCE)
        self._spent = 0

    async def run(self, task: Task[In, Out], inputs: In) -> Out:
        """One answer: windows side by side where the inputs don't fit one request."""
        self.usage.prompts[task.name] = load(task.name).digest
        frame = self._tokens(
            task, inputs.model_copy(update={"lines": []}) if hasattr(inputs, "lines") else inputs
        )
        parts = windows(inputs, self.count, frame, self._room())
        done = 0

        async def one(part: In) -> Out:
            nonlocal done
            answer = await self._answer(task, part)
            done += 1
            if self.progress:
                self.progress(task.name, done, len(parts), self._spent)
            return answer

        return union(list(await asyncio.gather(*(one(part) for part in parts))))

    async def close(self) -> None:
        """Let go of the connection pool."""
        if self._client is not None:
            await self._client.close()

    def _room(self) -> int:
        """Tokens a request may have: the context less room for the answer, and less a tenth for the count's error."""
        return int(self.server.context * 0.9) - self._answer_limit()

    def _answer_limit(self) -> int:
        return min(8_000, self.server.context // 4)

    def _tokens(self, task: Task[In, Out], inputs: In) -> int:
        return sum(self.count(m["content"]) + 4 for m in messages(task.name, inputs, self.language))

    async def _answer(self, task: Task[In, Out], inputs: In) -> Out:
        try:
            return await self._ask(task, inputs)
        except _Truncated as error:
            parts = halves(inputs)
            if not parts:
                return self._fall_back(task, inputs, str(error))
            return union([await self._answer(task, part) for part in parts])
        except BackendError as error:
            return self._fall_back(task, inputs, str(error))

    def _fall_back(self, task: Task[In, Out], inputs: In, why: str) -> Out:
        self.usage.fallbacks.append((task.name, why))
        return task.rules(inputs)

    async def _ask(self, task: Task[In, Out], inputs: In) -> Out:
        """The model's answer, with one repair round.

        Raises:
            BackendError: nothing usable came.
        """
        talk: list[dict[str, str]] = messages(task.name, inputs, self.language)
        text = await self._text(task, talk)
        try:
            return parse(text, task.output, self.language)
        except BackendRefused as error:
            problem = (
                f"That answer can't be used: {error}. Send the whole JSON object again, and nothing else."
            )
            repair = [
                *talk,
                {"role": "assistant", "content": text[:4000]},
                {"role": "user", "content": problem},
            ]
            return parse(await self._text(task, repair), task.output, self.language)

    async def _text(self, task: Task[In, Out], talk: list[dict[str, str]]) -> str:
        """The text of an answer, from the journal or from the server; journalled before it is returned."""
        key = self._key(task, talk)
        kept = self.journal.find(key)
        if kept is not None:
            self.usage.replayed += 1
            return kept
        async with self._gate:
            self._check_budget(talk)
            completion = await self._with_retries(task, talk)
        text = self._content(completion)
        used = completion.usage
        prompt, answer = (
            (used.prompt_tokens, used.completion_tokens)
            if used
            else (self._count_talk(talk), self.count(text))
        )
        self.usage.prompt_tokens += prompt
        self.usage.completion_tokens += answer
        record = {
            "task": task.name,
            "prompt": load(task.name).digest,
            "model": self.server.model,
            "answer": text,
            "tokens": [prompt, answer],
        }
        self.journal.keep(key, record)
        return text

    def _key(self, task: Task[In, Out], talk: list[dict[str, str]]) -> str:
        parts = [task.name, self.server.model, talk, schema(task.output)]
        return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def _count_talk(self, talk: list[dict[str, str]]) -> int:
        return sum(self.count(m["content"]) + 4 for m in talk)

    def _check_budget(self, talk: list[dict[str, str]]) -> None:
        if self.broken:
            raise BackendError(self.broken)
        coming = self._count_talk(talk)
        limits = self.server
        if limits.max_calls is not None and self.usage.calls >= limits.max_calls:
            raise BudgetSpent(f"the limit of {limits.max_calls} calls is reached")
        if limits.max_tokens is not None and self._spent + coming > limits.max_tokens:
            raise BudgetSpent(f"the limit of {limits.max_tokens} prompt tokens would be passed")
        self.usage.calls += 1
        self._spent += coming

    def _content(self, completion: Any) -> str:
        """The text of a completion.

        Raises:
            BackendRefused: no choice, a refusal, or an empty message.
        """
        choices = getattr(completion, "choices", None)
        if not choices:
            raise BackendRefused("the server sent no choice")
        message = choices[0].message
        if getattr(message, "refusal", None):
            raise BackendRefused(f"the model refused: {str(message.refusal)[:200]}")
        if choices[0].finish_reason == "length":
            raise _Truncated("the answer broke off at the length limit")
        if choices[0].finish_reason == "content_filter":
            raise BackendRefused("the server's content filter held the answer back")
        if not message.content:
            raise BackendRefused("the answer is empty")
        return str(message.content)

    async def _with_retries(self, task: Task[In, Out], talk: list[dict[str, str]]) -> Any:
        """One completion; faults that pass are retried with growing pauses.

        Raises:
            BackendError: a fault that stays.
        """
        wait = 1.0
        for attempt in range(ATTEMPTS + len(MODES) + 2):
            try:
                async with asyncio.timeout(self.server.timeout * 2):
                    return await self._create(task, talk)
            except openai.APIStatusError as error:
                if error.status_code == 400 and self._step_down(error):
                    continue
                if error.status_code not in _RETRY_STATUS or attempt >= ATTEMPTS - 1:
                    raise self._final(error) from error
                wait = _asked_wait(error) or wait
            except (
                openai.APIConnectionError,
                TimeoutError,
                openai.APIResponseValidationError,
                ValueError,
            ) as error:
                if attempt >= ATTEMPTS - 1:
                    raise BackendError(f"no answer from the model server: {type(error).__name__}") from error
            await self.sleep(min(wait, _LONGEST_WAIT))
            wait *= 2
        raise BackendError("the model server refuses every form of request")

    def _step_down(self, error: openai.APIStatusError) -> bool:
        """True where the server can't do something that can be left out: a parameter, or the response format."""
        words = str(error.message).lower()
        for parameter in ("max_completion_tokens", "temperature"):
            if parameter in words and parameter not in self.without:
                self.without.add(parameter)
                return True
        about_format = any(
            w in words
            for w in ("response_format", "json_schema", "schema", "json_object", "grammar", "format")
        )
        if not about_format or self.mode == MODES[-1]:
            return False
        self.mode = MODES[MODES.index(self.mode) + 1]
        return True

    def _final(self, error: openai.APIStatusError) -> BackendError:
        """The error to raise; one that every further call would meet too stops them."""
        reasons = {401: "the key is not accepted", 403: "access is denied", 404: "no such model or address"}
        message = f"model server answered {error.status_code}: {reasons.get(error.status_code, str(error.message)[:200])}"
        if error.status_code in reasons:
            self.broken = message
        return BackendError(message)

    async def _create(self, task: Task[In, Out], talk: list[dict[str, str]]) -> Any:
        if self._client is None:
            self._client = AsyncOpenAI(
                base_url=self.server.base_url,
                api_key=self.server.api_key or "none",
                timeout=self.server.timeout,
                max_retries=0,
            )
        extra: dict[str, Any] = {}
        shape = schema(task.output)
        if self.mode == "json_schema":
            extra["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": task.name, "strict": True, "schema": shape},
            }
        elif self.mode == "json_object":
            extra["response_format"] = {"type": "json_object"}
        if self.mode != "json_schema":
            told = f"\n\nAnswer with one JSON object of this schema, and nothing else:\n{orjson.dumps(shape).decode()}"
            talk = [{**talk[0], "content": talk[0]["content"] + told}, *talk[1:]]
        limit = "max_tokens" if "max_completion_tokens" in self.without else "max_completion_tokens"
        extra[limit] = self._answer_limit()
        if "temperature" not in self.without:
            extra["temperature"] = 0
        create: Any = self._client.chat.completions.create  # its overloads want literal message types
        return await create(model=self.server.model, messages=talk, **extra)


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
    client = AsyncOpenAI(
        base_url=base_url, api_key=api_key or "none", timeout=min(timeout, 10.0), max_retries=0
    )
    try:
        async for model in client.models.list():
            return model.id
    except (openai.OpenAIError, ValueError) as error:
        raise BackendError(f"the server at {base_url} does not answer ({type(error).__name__})") from error
    finally:
        await client.close()
    raise BackendError(f"the server at {base_url} lists no model")
