"""The requests of a log by route: what each was answered otherwise shows whether its refusals are a rise.

Templates of a whole log join routes that differ in a word only, so routes are counted beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pm_agent.ingest.logs.mining import VAR, Tokens
from pm_agent.ingest.logs.track import Track

_MAX_ROUTES = 2_000
_MAX_ENTRIES = 400_000
"""Routes × statuses × minutes kept apart, as for templates."""
_REFUSED = re.compile(r"4(?!29|99)\d\d")
"""429 and 499 count as failures everywhere (`request_form`): no client brings them upon itself."""

Answers = dict[str, Track]
"""Status of a refusal → its requests; under an empty key all others."""


class Routes:
    """Adds up the requests of chunks by method, path and status."""

    def __init__(self) -> None:
        self.step = 1
        self._routes: dict[str, Answers] = {}

    def add(self, tokens: Tokens, track: Track, lines: int, shift: int) -> None:
        """Add one template's track of the next chunk, where it is a route's (`POST /login 403`)."""
        if track.failed is None or len(tokens) < 4 or tokens[-1] == VAR:
            return
        name, status = " ".join(tokens[1:-1]), tokens[-1] if _REFUSED.fullmatch(tokens[-1]) else ""
        answers = self._routes.get(name)
        if answers is None:
            if len(self._routes) >= _MAX_ROUTES:
                return
            answers = self._routes[name] = {}
        answers.setdefault(status, Track(failed=bool(status))).absorb(track, lines, shift)

    def shrink(self) -> None:
        """Forget what nobody was ever served (a scanner's paths), then count by more minutes, where there is too much."""
        if self._entries() > _MAX_ENTRIES:
            self._routes = {name: answers for name, answers in self._routes.items() if "" in answers}
        for step in (10, 60, 24 * 60):
            if self._entries() <= _MAX_ENTRIES:
                return
            if step >= self.step:
                self.step = step
                self._coarsen()

    def _entries(self) -> int:
        return sum(len(track.minutes) for answers in self._routes.values() for track in answers.values())

    def _coarsen(self) -> None:
        for answers in self._routes.values():
            for track in answers.values():
                track.coarsen(self.step)

    def answered_both_ways(self) -> Iterator[tuple[str, Answers]]:
        """The routes that served some requests and refused others."""
        self._coarsen()
        for name, answers in self._routes.items():
            if "" in answers and len(answers) > 1:
                yield name, answers
