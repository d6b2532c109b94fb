"""What a model sent → a checked answer, or the sentence that says what is wrong with it."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from pm_agent.errors import BackendRefused
from pm_agent.language import of_text

Out = TypeVar("Out", bound=BaseModel)
_FENCE = re.compile(r"```(?:json)?\s*\n?(.*?)```", re.S)
LONGEST = 400_000
"""Characters of an answer beyond which it is refused unread."""


def schema(output: type[BaseModel]) -> dict[str, Any]:
    """The strict JSON schema of an answer model: every field required, nothing else allowed."""
    strict: dict[str, Any] = _strict(output.model_json_schema())
    return strict


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    strict = {
        key: _strict(value) for key, value in node.items() if key not in {"title", "default", "properties"}
    }
    if strict.get("type") == "object" or "properties" in node:
        fields = node.get("properties", {})  # here `title` is the name of a field
        strict["properties"] = {name: _strict(value) for name, value in fields.items()}
        strict["additionalProperties"] = False
        strict["required"] = list(fields)
    return strict


def parse(text: str, output: type[Out], language: str) -> Out:
    """The answer in `text`, which may stand in a code fence or among words.

    Raises:
        BackendRefused: no JSON, the wrong shape, or the wrong language; the message is fit for a repair round.
    """
    if len(text) > LONGEST:
        raise BackendRefused("the answer is endless")
    value = _json_in(text)
    try:
        answer = output.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BackendRefused(f"wrong shape at {where or 'the top'}: {first['msg']}") from error
    if _wrong_language(answer, language):
        raise BackendRefused(
            f"wrong language: write every text in {'Chinese' if language == 'zh' else 'English'}"
        )
    return answer


def _json_in(text: str) -> Any:
    """The JSON of an answer: all of it, else what stands between braces, else what stands in a code fence.

    In this order, for the texts in an answer may quote a code fence of the evidence.

    Raises:
        BackendRefused: none of them is JSON.
    """
    start, end = text.find("{"), text.rfind("}")
    fenced = _FENCE.search(text)
    first: orjson.JSONDecodeError | None = None
    for part in (text, text[start : end + 1], fenced[1] if fenced else ""):
        try:
            return orjson.loads(part)
        except orjson.JSONDecodeError as error:
            first = first or error
    raise BackendRefused(f"not valid JSON: {first}")


def _wrong_language(answer: BaseModel, language: str) -> bool:
    """True where most of the prose is in the other language; identifiers and quotes are too short to tell."""
    prose = [text for text in _texts(answer.model_dump()) if len(text) > 25 and of_text(text)]
    other = [text for text in prose if of_text(text) != language]
    return len(prose) >= 2 and len(other) > len(prose) * 0.7


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for key, value in node.items() if key not in {"id", "ids"} for text in _texts(value)]
    if isinstance(node, list):
        return [text for item in node for text in _texts(item)]
    return [node] if isinstance(node, str) else []
