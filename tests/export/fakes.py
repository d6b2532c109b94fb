"""Trackers in memory that answer as the real ones do, and can be told to fail at the n-th request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx2

from pm_agent.export import TRACKERS, HttpApi

Fault = Callable[[httpx2.Request], httpx2.Response | None]
SECRETS = {
    "GITHUB_TOKEN": "t0ken",
    "GITLAB_TOKEN": "t0ken",
    "JIRA_EMAIL": "a@b.example",
    "JIRA_API_TOKEN": "t0ken",
}
URLS = {
    "github": "https://api.github.com",
    "gitlab": "https://gitlab.example",
    "jira": "https://acme.atlassian.net",
}
PROJECTS = {"github": "acme/shop", "gitlab": "acme/shop", "jira": "OPS"}


class FakeTracker:
    """Keeps tickets; `fault` may answer a request before it does, or raise."""

    def __init__(self, kind: str, *, public: bool = False, search_lags: bool = False) -> None:
        self.kind, self.public, self.search_lags = kind, public, search_lags
        self.tickets: list[dict[str, Any]] = []
        self.requests: list[httpx2.Request] = []
        self.waits: list[float] = []
        self.before: Fault = lambda request: None
        self.after: Fault = lambda request: None

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        early = self.before(request)
        if early is not None:
            return early
        answer = {"github": self._github, "gitlab": self._gitlab, "jira": self._jira}[self.kind](request)
        late = self.after(request)
        return answer if late is None else late

    def posts(self) -> int:
        return sum(r.method == "POST" for r in self.requests)

    def api(self) -> HttpApi:
        headers = TRACKERS[self.kind].headers(SECRETS)
        return HttpApi(URLS[self.kind], headers, wait=self.waits.append, transport=httpx2.MockTransport(self))

    def _github(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if request.method == "POST" and path == "/repos/acme/shop/issues":
            issue = {
                **json.loads(request.content),
                "html_url": f"https://github.com/acme/shop/issues/{self._next()}",
            }
            self.tickets.append(issue)
            return httpx2.Response(201, json=issue)
        if path == "/repos/acme/shop":
            return httpx2.Response(200, json={"private": not self.public, "has_issues": True})
        if path == "/search/issues":
            wanted = re.search(r'"(pm-agent:\S+)"', request.url.params["q"])
            assert wanted
            found = [] if self.search_lags else [t for t in self.tickets if wanted[1] in t["body"]]
            return httpx2.Response(200, json={"total_count": len(found), "items": found})
        if path == "/repos/acme/shop/issues":
            size, page = int(request.url.params["per_page"]), int(request.url.params["page"])
            return httpx2.Response(200, json=self.tickets[::-1][size * (page - 1) : size * page])
        return httpx2.Response(404, json={"message": "Not Found"})

    def _gitlab(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode().split("?")[0]
        if path == "/api/v4/projects/acme%2Fshop":
            return httpx2.Response(200, json={"visibility": "public" if self.public else "private"})
        if path != "/api/v4/projects/acme%2Fshop/issues":
            return httpx2.Response(404, json={"message": f"404 Not Found {unquote(path)}"})
        if request.method == "POST":
            issue = {
                **json.loads(request.content),
                "web_url": f"https://gitlab.example/acme/shop/-/issues/{self._next()}",
            }
            self.tickets.append(issue)
            return httpx2.Response(201, json=issue)
        wanted, page = request.url.params["search"], int(request.url.params["page"])
        found = [t for t in self.tickets if wanted in t["description"]]
        more = str(page + 1) if len(found) > 2 * page else ""
        return httpx2.Response(200, json=found[2 * (page - 1) : 2 * page], headers={"x-next-page": more})

    def _jira(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if path == "/rest/api/3/project/OPS":
            return httpx2.Response(200, json={"key": "OPS"})
        if path == "/rest/api/3/issue":
            issue = {**json.loads(request.content), "key": f"OPS-{self._next()}"}
            self.tickets.append(issue)
            return httpx2.Response(201, json={"id": "1", "key": issue["key"]})
        if path == "/rest/api/3/search/jql":
            wanted = re.search(r'labels = "([^"]+)"', request.url.params["jql"])
            assert wanted
            found = [t for t in self.tickets if wanted[1] in t["fields"]["labels"]]
            start = int(request.url.params.get("nextPageToken", "0"))
            more = {"nextPageToken": str(start + 2)} if len(found) > start + 2 else {}
            return httpx2.Response(200, json={"issues": found[start : start + 2], "isLast": not more, **more})
        return httpx2.Response(404, json={"errorMessages": ["nothing here"]})

    def _next(self) -> int:
        return len(self.tickets) + 1
