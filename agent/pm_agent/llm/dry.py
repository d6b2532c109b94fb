"""`--dry-run`: what would be asked, counted and not sent."""

from __future__ import annotations

from dataclasses import dataclass

from pm_agent.llm import In, Out, Task, Usage
from pm_agent.llm.prompts import messages
from pm_agent.llm.tokens import counter
from pm_agent.llm.windows import windows


@dataclass(frozen=True, slots=True)
class Planned:
    """One request that a draft would send."""

    task: str
    tokens: int


class DryBackend:
    """Counts every request and answers it with the rules; later requests are therefore estimates."""

    speaks = True

    def __init__(self, model: str, language: str, context: int) -> None:
        self.model, self.language, self.context = model, language, context
        self.count, how = counter(model)
        self.usage = Usage(token_count=how)
        self.planned: list[Planned] = []

    async def run(self, task: Task[In, Out], inputs: In) -> Out:
        """The rules' answer, after counting what a model would have been asked."""
        from pm_agent.llm.openai import Server

        bare = inputs.model_copy(update={"lines": []}) if hasattr(inputs, "lines") else inputs
        room = Server(self.model, context=self.context).room
        for part in windows(inputs, self.count, self._tokens(task, bare), room):
            self.planned.append(Planned(task.name, self._tokens(task, part)))
        return task.rules(inputs)

    def _tokens(self, task: Task[In, Out], inputs: In) -> int:
        return sum(self.count(m["content"]) + 4 for m in messages(task.name, inputs, self.language))

    async def close(self) -> None:
        """Nothing to let go of."""
