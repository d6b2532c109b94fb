"""One tracker's REST API: says what went wrong in a sentence, waits when told to, repeats only what changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2

from pm_agent.errors import InputError, TrackerError, TrackerRefused, TrackerSilent
from pm_agent.rendering.plain import visible

LONGEST_WAIT = 300.0
"""Seconds that one request may be put off in all."""
_TRIES = 3
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class HttpApi:
    """Requests to one base URL, with the credentials that it needs."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        wait: Callable[[float], None],
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.base_url = checked_url(base_url)
        self.wait = wait
        self.client = httpx2.Client(
            headers={"User-Agent": "pm-agent", **headers}, timeout=30.0, transport=transport
        )

    def close(self) -> None:
        """Release the connection."""
        self.client.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> httpx2.Response:
        """An answer to a question; asked again where the server did not answer.

        Raises:
            TrackerError: it refuses, or stays silent.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return self._ask("GET", path, params=params)
            except TrackerSilent:
                if attempt == _TRIES:
                    raise
                self.wait(float(attempt))
        raise AssertionError("unreachable")

    def post(self, path: str, payload: Mapping[str, Any]) -> httpx2.Response:
        """Create something; never repeated unless the server said that it did nothing.

        Raises:
            TrackerRefused: nothing was created.
            TrackerSilent: nobody knows whether it was.
        """
        return self._ask("POST", path, json=payload)

    def _ask(self, method: str, path: str, **content: Any) -> httpx2.Response:
        waited = 0.0
        while True:
            try:
                answer = self.client.request(method, self.base_url + path, **content)
            except httpx2.HTTPError as error:
                what = "no answer in time" if isinstance(error, httpx2.TimeoutException) else "no connection"
                raise TrackerSilent(
                    f"{_host(self.base_url)}: {what} ({type(error).__name__})",
                    hint="run the same command again",
                ) from error
            seconds = _asked_to_wait(answer)
            if seconds is None:
                return self._judged(answer, method, path)
            waited += seconds
            if waited > LONGEST_WAIT:
                raise TrackerRefused(
                    f"{_host(self.base_url)} asks to wait {seconds:.0f} s before going on",
                    status=answer.status_code,
                    hint="run the same command again then; nothing is created twice",
                )
            self.wait(seconds)

    def _judged(self, answer: httpx2.Response, method: str, path: str) -> httpx2.Response:
        if answer.is_success:
            return answer
        status, place = answer.status_code, f"{_host(self.base_url)}: {answer.status_code}"
        if answer.is_redirect:
            target = answer.headers.get("location", "elsewhere")
            raise TrackerRefused(f"{place}, moved to {target!r}", status=status, hint="give the new address")
        said = _said(answer)
        if status >= 500:
            raise TrackerSilent(f"{place}, {said}", hint="run the same command again later")
        raise TrackerRefused(
            f"{place} to {method} {path.split('?')[0]}: {said}", status=status, hint=_hint(status)
        )


def json_of(answer: httpx2.Response) -> Any:
    """The content of an answer.

    Raises:
        TrackerError: it is no JSON: a login page, a proxy.
    """
    try:
        return answer.json()
    except ValueError as error:
        raise TrackerError(
            f"{answer.request.url.host} answers with something that is no JSON", hint="check --base-url"
        ) from error


def checked_url(text: str) -> str:
    """A base URL without its last slash; a token never travels unencrypted.

    Raises:
        InputError: it is none, or plain http to another machine.
    """
    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise InputError(f"{text!r} is no address", hint="--base-url https://…")
    if parts.username or parts.password:
        raise InputError("the address holds credentials", hint="tokens come from the environment only")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise InputError(
            f"{text!r} is not encrypted, and the token would travel with it", hint="use https://"
        )
    return text.rstrip("/")


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _asked_to_wait(answer: httpx2.Response) -> float | None:
    """Seconds that a server which did nothing asks for; None where it asks for none."""
    left = answer.headers.get("x-ratelimit-remaining")
    limited = answer.status_code == 429 or (
        answer.status_code == 403 and ("retry-after" in answer.headers or left == "0")
    )
    if not limited:
        return None
    after = answer.headers.get("retry-after", "")
    if after.strip().isdigit():
        return max(1.0, float(after))
    now = _moment(answer.headers.get("date", ""))
    until = _moment(after)
    reset = answer.headers.get("x-ratelimit-reset", "")
    if until is None and reset.isdigit():
        until = float(reset)
    return max(1.0, until - now) if until is not None and now is not None else 60.0


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None


def _said(answer: httpx2.Response) -> str:
    """What the server says went wrong, in its own words, on one line."""
    try:
        content = answer.json()
    except ValueError:
        return answer.reason_phrase or "no reason given"
    parts = list(_sentences(content)) if isinstance(content, dict) else [str(content)]
    return visible(" ".join("; ".join(parts).split()))[:300] or answer.reason_phrase


def _sentences(content: dict[str, Any]) -> list[str]:
    found = [str(content[name]) for name in ("message", "error") if content.get(name)]
    found += [str(text) for text in content.get("errorMessages") or []]
    errors = content.get("errors")
    if isinstance(errors, dict):
        found += [f"{name}: {text}" for name, text in errors.items()]
    if isinstance(errors, list):
        found += [" ".join(map(str, e.values())) if isinstance(e, dict) else str(e) for e in errors]
    return found


def _hint(status: int) -> str:
    return {
        401: "the token is missing, wrong or expired",
        403: "the token may not do this; give it the right to read the project and to write issues",
        404: "check --project and --base-url; a token without access sees 404 too",
        410: "issues are switched off there",
    }.get(status, "")
