"""A chat bot that drafts the postmortem of its channel and goes through the 5 Whys in a thread.

The chat is behind four calls, named after what Slack's Web API offers for them; a test runs the whole with a chat in memory.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Protocol

from pm_agent import InterviewAnswer, InterviewQuestion, Report, Settings, draft_async, render
from pm_agent.errors import InputError

PATIENCE = 15 * 60.0
"""Seconds that a question of the interview waits for a reply."""


class Thread(Protocol):
    """One thread of a chat."""

    async def history(self) -> list[dict[str, object]]:
        """Messages of the channel as conversations.history returns them."""

    async def post(self, text: str) -> None:
        """chat.postMessage."""

    async def reply(self) -> str:
        """The next message that a person writes in the thread."""

    async def upload(self, name: str, content: str) -> None:
        """files.getUploadURLExternal and files.completeUploadExternal."""


async def postmortem(thread: Thread, settings: Settings, patience: float = PATIENCE) -> Report | None:
    """Draft from the channel, ask the people in the thread, and put the report there."""
    interview = Interview(thread, patience)
    with tempfile.TemporaryDirectory() as folder:
        evidence = Path(folder, "channel.json")
        evidence.write_text(json.dumps({"ok": True, "messages": await thread.history()}), encoding="utf-8")
        progress = Progress(thread)
        try:
            report = await draft_async(evidence, settings, progress=progress, interview=interview)
        except InputError as error:  # nothing to read, a time zone that does not exist …
            await thread.post(f"{error}. {error.hint}")
            return None
        finally:
            await progress.finish()
    await thread.upload("postmortem.md", render(report, "md"))
    await thread.upload("postmortem.json", render(report, "json"))
    await thread.post(headline(report))
    return report


class Progress:
    """Posts each finished step of a draft with a model; it is called in the loop, so it only starts the posting."""

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        self.posting: list[asyncio.Task[None]] = []

    def __call__(self, task: str, done: int, of: int, tokens: int) -> None:
        """One step of the draft is answered."""
        if done == of:
            text = f"{task}: {done} of {of} answered, {tokens} tokens so far"
            self.posting.append(asyncio.create_task(self.thread.post(text)))

    async def finish(self) -> None:
        """Wait until everything is posted."""
        await asyncio.gather(*self.posting)


class Interview:
    """Puts one question of the 5 Whys at a time; when nobody replies, the rest goes into the meeting's questions."""

    def __init__(self, thread: Thread, patience: float) -> None:
        self.thread, self.patience = thread, patience

    async def __call__(self, question: InterviewQuestion) -> InterviewAnswer:
        """Ask, and wait for one reply."""
        await self.thread.post(shown(question))
        try:
            said = (await asyncio.wait_for(self.thread.reply(), self.patience)).strip()
        except TimeoutError:
            await self.thread.post(
                "Nobody answers; what is open goes into the report as questions for the meeting."
            )
            return InterviewAnswer(kind="stop")
        if said.lower() in {"ok", "yes", "+1"} and question.proposed:
            return InterviewAnswer(kind="accept")
        if said in {"?", ""}:
            return InterviewAnswer(kind="unknown")
        return InterviewAnswer(kind="edit", text=said)


def shown(question: InterviewQuestion) -> str:
    """A question with the answer that the evidence gives, and its lines."""
    lines = [f"({question.number}/{question.of}) {question.question}"]
    if question.proposed:
        lines.append(f"Proposed: {question.proposed}")
        lines += [f"> {line.text} [{line.place}]" for line in question.evidence]
    lines.append("ok takes the proposal, ? is unknown, anything else is your answer.")
    return "\n".join(lines)


def headline(report: Report) -> str:
    """The incident in one message; what the evidence does not tell is said to be so."""
    minutes = report.metrics.duration.minutes
    lasted = (
        f"{minutes} min" if minutes is not None else f"duration unknown ({report.metrics.duration.reason})"
    )
    return f"{report.title}: {report.severity.label or 'severity unknown'}, {lasted}, {len(report.actions)} action items"
