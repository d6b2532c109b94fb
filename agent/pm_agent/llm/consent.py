"""May a model be asked, which one, and why: decided here, before any socket is opened.

`auto` takes a model only on loopback or where pm-agent.toml names one. A key that lies in the shell sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from pm_agent.errors import InputError
from pm_agent.settings import Settings


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided."""

    model: str | None
    """None: the rules. Empty: whatever single model the server lists."""
    why: str


def decide(settings: Settings) -> Choice:
    """Rules or a model, with the reason in words.

    Raises:
        InputError: a model is named and nobody can be asked for it.
    """
    if settings.model == "rules":
        return Choice(None, "rules, as asked" if "model" in settings.model_fields_set else "rules")
    local = is_loopback(settings.base_url)
    where = shown(settings.base_url or "https://api.openai.com/v1")
    if settings.model != "auto":
        if settings.base_url is None and not settings.api_key:
            raise InputError(
                f"model {settings.model!r} has no server to ask",
                hint="give --base-url, or set OPENAI_BASE_URL and OPENAI_API_KEY",
            )
        named = f"as {settings.model_named_in} names it" if settings.model_named_in else "as named"
        return Choice(
            settings.model, f"{settings.model} at {where}, {named}{' (this machine)' if local else ''}"
        )
    if local:
        return Choice("", f"the model at {where}: it is on this machine")
    if settings.base_url or settings.api_key:
        return Choice(
            None,
            "rules: a key or address alone sends no incident anywhere; --model NAME, or `model` in pm-agent.toml, turns a model on",
        )
    return Choice(None, "rules: no model is set up; --model NAME with --base-url turns one on")


def shown(address: str) -> str:
    """An address as it may be printed: without a name, a password or a query."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def is_loopback(address: str | None) -> bool:
    """True where an address leads to this machine."""
    if not address:
        return False
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
