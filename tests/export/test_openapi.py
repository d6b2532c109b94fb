"""Payloads and queries against what GitHub and Atlassian publish (`make openapi` fetches it; skipped where it is not)."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.validation.request.exceptions import InvalidRequestBody, MissingRequiredParameter

from export.fakes import FakeTracker
from export.incident import action, report, verdicts
from pm_agent.export import TRACKERS, Place, TicketOptions, create, plan, tickets_of

DESCRIPTION = Path(
    os.environ.get(
        "GITHUB_OPENAPI", Path(__file__).parents[2] / "out/openapi/package/generated/api.github.com.json"
    )
)
ADF = DESCRIPTION.parents[1] / "dist/json-schema/v1/full.json"
pytestmark = pytest.mark.skipif(
    not (DESCRIPTION.is_file() and ADF.is_file()), reason="make openapi fetches the descriptions"
)
USED = ("/repos/{owner}/{repo}", "/repos/{owner}/{repo}/issues", "/search/issues")


class Asked:
    """An httpx2 request as openapi-core reads it."""

    def __init__(self, request: httpx2.Request) -> None:
        self.host_url = f"{request.url.scheme}://{request.url.host}"
        self.path = request.url.path
        self.method = request.method.lower()
        self.content_type = "application/json"
        self.body = request.content or None
        self.parameters = RequestParameters(
            query=dict(request.url.params), header=dict(request.headers), cookie={}, path={}
        )


@cache
def description() -> OpenAPI:
    """The part of the description that is used; the whole of it takes minutes."""
    whole = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    part = {**whole, "paths": {path: whole["paths"][path] for path in USED}}
    part.pop("webhooks", None)
    part.pop("x-webhooks", None)
    part["components"] = _reached(part["paths"], whole["components"])
    return OpenAPI.from_dict(part)


def _reached(start: Any, components: dict[str, Any]) -> dict[str, Any]:
    """The components that are referred to, directly or not."""
    found: dict[str, Any] = {}
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                _, _, kind, name = reference.split("/", 3)
                if name not in found.setdefault(kind, {}):
                    found[kind][name] = components[kind][name]
                    waiting.append(found[kind][name])
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return found


def test_every_request_of_a_run_fits_githubs_description() -> None:
    fake = FakeTracker("github")
    tickets = tickets_of(report(), TicketOptions(accounts={"Zuzana Malá": "zuzana"}))
    tracker, place = TRACKERS["github"], Place("acme/shop")
    tracker.is_public(fake.api(), place)
    made = plan(tickets, tracker.find(fake.api(), place, tickets[0].mark.key))
    assert len(create(tracker, fake.api(), place, made.create).created) == 5
    assert len(fake.requests) == 8
    for request in fake.requests:
        description().validate_request(Asked(request))


def test_the_description_refuses_what_is_wrong() -> None:
    """So that the test above can fail."""
    wrong = httpx2.Request("POST", "https://api.github.com/repos/acme/shop/issues", json={"body": 7})
    with pytest.raises(InvalidRequestBody):
        description().validate_request(Asked(wrong))
    nowhere = httpx2.Request("GET", "https://api.github.com/search/issues?per_page=100")
    with pytest.raises(MissingRequiredParameter):
        description().validate_request(Asked(nowhere))


@pytest.mark.parametrize(
    ("path", "method", "status", "fields"),
    [
        ("/repos/{owner}/{repo}", "get", "200", {"private", "archived", "has_issues"}),
        ("/repos/{owner}/{repo}/issues", "get", "200", {"html_url", "title", "body"}),
        ("/repos/{owner}/{repo}/issues", "post", "201", {"html_url"}),
        ("/search/issues", "get", "200", {"items"}),
    ],
)
def test_what_is_read_from_answers_stands_in_the_description(
    path: str, method: str, status: str, fields: set[str]
) -> None:
    whole = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    schema = whole["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    schema = schema.get("items", schema)
    while "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    assert fields <= set(schema["properties"])


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_description_is_a_document_as_atlassian_defines_it(text: str, reason: str) -> None:
    incomplete = action(1, text, smart=verdicts(measurable=reason), suggestion=reason, acceptance=text)
    ticket = tickets_of(report(incomplete), TicketOptions(report_url="https://wiki.example/p/1"))[0]
    document = TRACKERS["jira"].request(ticket, Place("OPS")).payload["fields"]["description"]
    adf().validate(document)


def test_the_definition_refuses_what_is_wrong() -> None:
    assert not adf().is_valid({"version": 1, "type": "doc", "content": [{"type": "text", "text": "bare"}]})


@cache
def adf() -> Draft4Validator:
    """Atlassian's JSON Schema of documents."""
    return Draft4Validator(json.loads(ADF.read_text(encoding="utf-8")))
