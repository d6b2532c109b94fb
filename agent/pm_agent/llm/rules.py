"""The built-in backend: every task answered by its own rules. No socket is ever opened."""

from __future__ import annotations

from pm_agent.llm import In, Out, Task, Usage


class RulesBackend:
    """Answers a task with `task.rules(inputs)`."""

    speaks = False

    def __init__(self) -> None:
        self.usage = Usage()

    async def run(self, task: Task[In, Out], inputs: In) -> Out:
        """The rules' answer."""
        return task.rules(inputs)

    async def close(self) -> None:
        """Nothing to let go of."""
