"""Recorded answers of a model server, replayed with no server; a request that no recording covers is stale.

`python -m evals.recording SLUG… --base-url http://127.0.0.1:PORT/v1 [--naive]` records. The answers of the recordings
kept here came through a relay (somebody wrote each from the request's messages alone), not from a vendor's model.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import vcr
import yaml
from vcr.errors import CannotOverwriteExistingCassetteException

from evals import case
from evals.naive import ask
from pm_agent.api import Drafted, draft_evidence, in_own_loop, read, with_facts
from pm_agent.llm import Usage
from pm_agent.llm.consent import is_loopback
from pm_agent.settings import Settings

HOME = Path(__file__).parent / "recordings"
MODEL = "relay"
REPLAY_URL = "http://127.0.0.1:8808/v1"
NOTE = "# The answers in this recording came through a relay: written from each request's messages alone, by no vendor's model.\n"
_KEPT_HEADERS = {"content-type"}


class Readable:
    """Cassettes as YAML in which Chinese stays readable, under a note of where the answers came from."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        """The cassette as text."""
        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        return NOTE + str(yaml.dump(cassette, Dumper=dumper, allow_unicode=True, width=10_000))

    @staticmethod
    def deserialize(text: str) -> Any:
        """The cassette of a text."""
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _plain_response(response: dict[str, Any]) -> dict[str, Any]:
    """Only what a replay needs; a recorded `retry-after` would really sleep."""
    kept = {k: v for k, v in response.get("headers", {}).items() if k.lower() in _KEPT_HEADERS}
    return {**response, "headers": kept}


def _at_home(request: Any) -> Any:
    """The request at one address: where on this machine the relay listened says nothing."""
    parts = urlsplit(request.uri)
    if is_loopback(request.uri):
        request.uri = urlunsplit(parts._replace(netloc=urlsplit(REPLAY_URL).netloc))
    return request


@contextmanager
def cassette(path: Path, *, record: bool) -> Iterator[Any]:
    """Requests go to the recording at `path`; new ones to the server only where `record`."""
    recorder = vcr.VCR(
        record_mode="new_episodes" if record else "none",
        match_on=["method", "scheme", "host", "port", "path", "query", "body"],
        filter_headers=[
            "authorization",
            "api-key",
            "cookie",
            "openai-organization",
            "openai-project",
            "user-agent",
        ],
        before_record_request=_at_home,
        before_record_response=_plain_response,
        decode_compressed_response=True,
    )
    recorder.register_serializer("readable", Readable)
    with recorder.use_cassette(str(path), serializer="readable", allow_playback_repeats=True) as tape:
        yield tape


def path_of(slug: str, *, naive: bool = False) -> Path:
    """Where the recording of an incident lies."""
    return HOME / f"{slug}{'.naive' if naive else ''}.yaml"


def draft_recorded(folder: Path, slug: str, *, base_url: str | None = None) -> tuple[Drafted, list[str]]:
    """A draft from the recording, and the prompts whose requests it does not cover; with `base_url` those are recorded."""
    drafted, _ = _drafted(folder, slug, base_url)
    return drafted, stale(drafted.usage)


def _drafted(folder: Path, slug: str, base_url: str | None = None) -> tuple[Drafted, Any]:
    """The draft, and the tape that was played for it."""
    settings = with_facts([folder], Settings(model=MODEL, base_url=base_url or REPLAY_URL, timeout=5000))
    evidence = read(folder, settings)
    with cassette(path_of(slug), record=base_url is not None) as tape:
        return in_own_loop(draft_evidence(evidence, settings)), tape


def stale(usage: Usage) -> list[str]:
    """The prompts whose requests a recording does not cover: they were reworded since, or the evidence reads otherwise."""
    return sorted(
        {task for task, why in usage.fallbacks if CannotOverwriteExistingCassetteException.__name__ in why}
    )


def prune(folder: Path, slug: str) -> int:
    """Drop what the draft of today no longer asks from a whole recording; how many answers went."""
    drafted, tape = _drafted(folder, slug)
    if stale(drafted.usage):
        return 0
    kept = Readable.deserialize(path_of(slug).read_text(encoding="utf-8"))
    used = [one for n, one in enumerate(kept["interactions"]) if tape.play_counts[n]]
    gone = len(kept["interactions"]) - len(used)
    if gone:
        path_of(slug).write_text(Readable.serialize({**kept, "interactions": used}), encoding="utf-8")
    return gone


def naive_report(folder: Path, slug: str, *, base_url: str | None = None) -> str:
    """The report of the naive way, from its recording or recorded now."""
    with cassette(path_of(slug, naive=True), record=base_url is not None):
        return ask(folder, MODEL, base_url or REPLAY_URL)


def main(argv: list[str] | None = None) -> int:
    """Record the incidents named."""
    parser = argparse.ArgumentParser(prog="python -m evals.recording", description=__doc__)
    parser.add_argument("slugs", nargs="+")
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--naive", action="store_true", help="the whole evidence in one message")
    arguments = parser.parse_args(argv)
    for slug in arguments.slugs:
        folder = Path(__file__).parent / "incidents" / slug
        if arguments.naive:
            print(f"{slug}: {len(naive_report(folder, slug, base_url=arguments.base_url))} characters")
            continue
        drafted, missing = draft_recorded(folder, slug, base_url=arguments.base_url)
        print(
            f"{slug}: {drafted.usage.calls} calls; fell back: {drafted.usage.fallbacks}; missing: {missing}; "
            f"answers that nobody asks for any more: {prune(folder, slug)}"
        )
    return 0


def recorded(cases: list[case.Case], *, naive: bool = False) -> list[case.Case]:
    """The incidents that have a recording."""
    return [one for one in cases if path_of(one.slug, naive=naive).is_file()]


if __name__ == "__main__":
    sys.exit(main())
