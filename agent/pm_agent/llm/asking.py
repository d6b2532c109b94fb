"""Tasks put to a model: cut into windows, journalled before use, repaired once, within the limits.

An answer that can't be had or used is given by the task's own rules, with a note of why: a draft always comes.
"""

from __future__ import annotations

import asyncio
import hashlib

import orjson

from pm_agent.errors import BackendError, BackendRefused, BudgetSpent
from pm_agent.llm import In, Journal, NoJournal, Out, Progress, Task, Usage
from pm_agent.llm.answers import parse, schema
from pm_agent.llm.openai import Client, Server, Sleep, Talk, Truncated
from pm_agent.llm.prompts import load, messages
from pm_agent.llm.tokens import counter
from pm_agent.llm.windows import halves, union, windows

AT_ONCE = 8


class ModelBackend:
    """Asks a model; falls back to the rules per answer."""

    speaks = True

    def __init__(
        self,
        server: Server,
        language: str,
        journal: Journal | None = None,
        progress: Progress | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.server, self.language = server, language
        self.journal: Journal = journal or NoJournal()
        self.progress = progress
        self.client = Client(server, sleep)
        self.count, how = counter(server.model)
        self.usage = Usage(token_count=how)
        self._stopped: str | None = None
        """The limit that ended the asking; what would still fit is not asked either."""
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._sent = 0
        """Prompt tokens sent by this process, as counted here; the limit is held against these."""

    async def run(self, task: Task[In, Out], inputs: In) -> Out:
        """One answer: windows side by side where the inputs don't fit one request."""
        self.usage.prompts[task.name] = load(task.name).digest
        parts = windows(inputs, self.count, self._frame(task, inputs), self.server.room)
        done = 0

        async def one(part: In) -> Out:
            nonlocal done
            answer = await self._answer(task, part)
            done += 1
            if self.progress:
                self.progress(task.name, done, len(parts), self.usage.prompt_tokens)
            return answer

        if self.progress:
            self.progress(task.name, 0, len(parts), self.usage.prompt_tokens)
        return union(list(await asyncio.gather(*(one(part) for part in parts))))

    async def close(self) -> None:
        """Let go of the connection pool."""
        await self.client.close()

    def _frame(self, task: Task[In, Out], inputs: In) -> int:
        """Tokens of the prompt without any line."""
        bare = inputs.model_copy(update={"lines": []}) if hasattr(inputs, "lines") else inputs
        return self._count(messages(task.name, bare, self.language))

    def _count(self, talk: Talk) -> int:
        return sum(self.count(m["content"]) + 4 for m in talk)

    async def _answer(self, task: Task[In, Out], inputs: In) -> Out:
        try:
            return await self._ask(task, inputs)
        except Truncated as error:
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
        talk: Talk = messages(task.name, inputs, self.language)
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

    async def _text(self, task: Task[In, Out], talk: Talk) -> str:
        """The text of an answer, from the journal or from the server; journalled before it is returned."""
        shape = schema(task.output)
        key = _key(task.name, self.server.model, talk, shape)
        kept = self.journal.find(key)
        if kept is not None:
            self.usage.replayed += 1
            self._used(kept.get("tokens", (0, 0)))
            return str(kept["answer"])
        async with self._gate:
            self._spend(talk)
            completion = await self.client.complete(task.name, shape, talk)
        tokens = completion.tokens or (self._count(talk), self.count(completion.text))
        self._used(tokens)
        self.journal.keep(
            key,
            {
                "task": task.name,
                "prompt": load(task.name).digest,
                "model": self.server.model,
                "answer": completion.text,
                "tokens": list(tokens),
            },
        )
        return completion.text

    def _used(self, tokens: tuple[int, int]) -> None:
        self.usage.prompt_tokens += tokens[0]
        self.usage.completion_tokens += tokens[1]

    def _spend(self, talk: Talk) -> None:
        """Count a call before it is made.

        Raises:
            BackendError: the server is not asked any more, or a limit is reached.
        """
        if self.client.broken:
            raise BackendError(self.client.broken)
        coming, limits = self._count(talk), self.server
        if limits.max_calls is not None and self.usage.calls >= limits.max_calls:
            self._stopped = f"the limit of {limits.max_calls} calls is reached"
        elif limits.max_tokens is not None and self._sent + coming > limits.max_tokens:
            self._stopped = self._stopped or f"the limit of {limits.max_tokens} prompt tokens would be passed"
        if self._stopped:
            raise BudgetSpent(self._stopped)
        self.usage.calls += 1
        self._sent += coming


def _key(task: str, model: str, talk: Talk, shape: object) -> str:
    """What an answer is kept under: task, model, messages and schema."""
    return hashlib.sha256(orjson.dumps([task, model, talk, shape], option=orjson.OPT_SORT_KEYS)).hexdigest()
