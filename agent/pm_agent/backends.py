"""Settings and consent → the backend that answers, with its journal; and what it used → the report's provenance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pm_agent.errors import BackendError
from pm_agent.language import Language
from pm_agent.language.phrases import phrase
from pm_agent.llm import Backend, Journal, Progress, Usage
from pm_agent.llm.consent import Choice, decide
from pm_agent.llm.rules import RulesBackend
from pm_agent.report import Finding, Provenance, Tokens
from pm_agent.settings import Settings


@dataclass(frozen=True)
class Opened:
    """A backend, and why it is the one."""

    backend: Backend
    model: str
    why: str


async def open_backend(
    settings: Settings, language: Language, journal: Journal | None = None, progress: Progress | None = None
) -> Opened:
    """The backend that the settings allow.

    Raises:
        InputError: a model is named and nobody can be asked for it.
    """
    choice = decide(settings)
    if choice.model is None:
        return Opened(RulesBackend(), "rules", choice.why)
    return await _model(settings, choice, language, journal, progress)


async def _model(
    settings: Settings, choice: Choice, language: Language, journal: Journal | None, progress: Progress | None
) -> Opened:
    from pm_agent.llm.asking import ModelBackend
    from pm_agent.llm.openai import Server, first_model

    model = choice.model or ""
    if not model:
        try:
            model = await first_model(settings.base_url, settings.api_key, settings.timeout)
        except BackendError as error:
            return Opened(RulesBackend(), "rules", f"rules: {error}")
    server = Server(
        model,
        settings.base_url,
        settings.api_key,
        settings.timeout,
        settings.context,
        settings.max_calls,
        settings.max_tokens,
    )
    return Opened(ModelBackend(server, language, journal, progress), model, choice.why)


def provenance(tool: str, model: str, usage: Usage, seconds: float, drafted_at: datetime) -> Provenance:
    """Tool, model and cost, as the report states them; nothing that differs between two runs of the rules."""
    asked = model != "rules"
    return Provenance(
        tool=tool,
        model=model,
        prompts=dict(sorted(usage.prompts.items())),
        calls=usage.calls + usage.replayed,
        tokens=Tokens(prompt=usage.prompt_tokens, completion=usage.completion_tokens),
        token_count=usage.token_count,
        seconds=round(seconds, 1) if asked else None,
        drafted_at=drafted_at if asked else None,
    )


def fallback_findings(usage: Usage, language: Language) -> list[Finding]:
    """One finding for each stage that the rules answered instead of the model, with the first reason."""
    reasons: dict[str, list[str]] = {}
    for task, why in usage.fallbacks:
        reasons.setdefault(task, []).append(why)
    return [
        Finding(
            rule="model.fallback",
            severity="warning",
            where=task,
            message=phrase(language, "check.fallback", count=len(whys), why=whys[0]),
        )
        for task, whys in reasons.items()
    ]
