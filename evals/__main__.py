"""`python -m evals [FOLDER…]`: draft each incident, score it, print one table.

Columns: `rules` (no model), `model` (recorded answers of a model server, replayed), `naive` (the eleven-section prompt with the
whole evidence in one message, recorded). Incidents that nobody looked at while rules and prompts were tuned
stand apart as `unseen`. `--model NAME --base-url URL` drafts with a live server instead of the recordings.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter

from evals import baseline, board, case, naive, page, recording, view
from evals.board import Outcome
from evals.scorers import all_scorers
from pm_agent.api import draft_evidence, in_own_loop, read, with_facts
from pm_agent.settings import Settings

HOME = Path(__file__).parent / "incidents"
UNSEEN = frozenset(
    {
        "dispatch-roadnet", "exam-sso-cert-rollover", "live-class-cdn-gray", "pdf-cache-lifecycle", "powerbank-mqtt-sessions",
        "scanner-wifi-profile", "seatmap-flag-full-scan", "yibao-whitelist",
    }
)  # fmt: skip
"""Nobody looked at their evidence while word lists, weights and prompts were tuned. Two files that no format fitted were seen, and are read now."""
FEW = (
    "timeline F1",
    "key recall",
    "timeline precision",
    "milestones ±1 min",
    "cause coverage",
    "abstention",
    "action recall",
)


def by_rules(one: case.Case, settings: Settings) -> Outcome:
    """Draft and score one incident with these settings."""
    started = perf_counter()
    settings = with_facts([one.folder], settings)
    evidence = read(one.folder, settings)
    result = in_own_loop(draft_evidence(evidence, settings))
    usage = result.usage
    return Outcome(
        one.slug, _scored(one, view.of_report(result.report)), perf_counter() - started,
        usage.calls + usage.replayed, usage.prompt_tokens,
    )  # fmt: skip


def by_recording(one: case.Case) -> Outcome:
    """Replay the recorded model answers of one incident."""
    started = perf_counter()
    drafted, stale = recording.draft_recorded(one.folder, one.slug)
    usage = drafted.usage
    return Outcome(
        one.slug, _scored(one, view.of_report(drafted.report)), perf_counter() - started, usage.calls, usage.prompt_tokens, stale
    )  # fmt: skip


def naively(one: case.Case) -> Outcome:
    """Replay the naive way."""
    started = perf_counter()
    text = recording.naive_report(one.folder, one.slug)
    return Outcome(one.slug, _scored(one, naive.view_of(text, one)), perf_counter() - started, 1, 0)


def _scored(one: case.Case, seen: view.View) -> dict[str, board.Score]:
    return {scorer.name: scorer.score(one, seen) for scorer in all_scorers()}


def columns_of(cases: list[case.Case], settings: Settings) -> dict[str, list[Outcome]]:
    """The columns of the table; those with no incident are left out.

    What was recorded stands beside the other ways on the same incidents, so that like is compared with like.
    """
    columns: dict[str, list[Outcome]] = {settings.model: [by_rules(one, settings) for one in cases]}
    if settings.model == "rules":
        model = [by_recording(one) for one in recording.recorded(cases)]
        naive = [naively(one) for one in recording.recorded(cases, naive=True)]
        both, few = {o.slug for o in model}, {o.slug for o in naive}
        columns["rules, recorded"] = [o for o in columns["rules"] if o.slug in both]
        columns["model"] = model
        columns["rules, naive's"] = [o for o in columns["rules"] if o.slug in few]
        columns["model, naive's"] = [o for o in model if o.slug in few]
        columns["naive"] = naive
    for name in (settings.model, "rules, recorded", "model"):
        if name in columns:
            columns[f"{name}, unseen"] = [o for o in columns[name] if o.slug in UNSEEN]
    return {name: outcomes for name, outcomes in columns.items() if outcomes}


def main(argv: list[str] | None = None) -> int:
    """Print the table; exit 0, or 1 where `--check` finds a figure that fell."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        help="folders of incidents, or incident folders (default: the project's own)",
    )
    parser.add_argument("--model", default="rules")
    parser.add_argument("--base-url")
    parser.add_argument("--only", help="one incident by its slug")
    parser.add_argument("--format", choices=("table", "json", "md"), default="table")
    parser.add_argument("--verbose", "-v", action="store_true", help="say what each figure missed")
    parser.add_argument(
        "--check",
        action="store_true",
        help="exit 1 where a figure fell past its margin below evals/baseline.json",
    )
    parser.add_argument(
        "--write", action="store_true", help="write evals/baseline.json and evals/README.md; review both"
    )
    arguments = parser.parse_args(argv)
    cases = case.find(arguments.folders or [HOME], arguments.only)
    if not cases:
        sys.stderr.write("no incident with a gold.yaml found\n")
        return 2
    columns = columns_of(cases, Settings(model=arguments.model, base_url=arguments.base_url))
    if arguments.verbose:
        _say_what_was_missed(columns[arguments.model])
    for line in _stale(columns):
        sys.stderr.write(line + "\n")
    if arguments.format == "json":
        print(board.as_json(columns))
    else:
        print(board.per_incident(columns[arguments.model], FEW), end="\n\n")
        print(board.table(columns, markdown=arguments.format == "md"))
    if arguments.write:
        baseline.write(columns)
        page.write(columns, UNSEEN)
    return _checked(columns) if arguments.check else 0


def _say_what_was_missed(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        print(f"== {outcome.slug}")
        for name, score in outcome.scores.items():
            for line in score.detail[:40]:
                print(f"   {name}: {line}")


def _stale(columns: dict[str, list[Outcome]]) -> list[str]:
    return [
        f"stale: the recording of {o.slug} no longer covers prompt {prompt!r}; record it again with `make record INCIDENT={o.slug}`"
        for o in columns.get("model", [])
        for prompt in o.stale
    ]


def _checked(columns: dict[str, list[Outcome]]) -> int:
    fallen = baseline.fallen(columns)
    for line in fallen + _stale(columns):
        sys.stderr.write(line + "\n")
    return 1 if fallen or _stale(columns) else 0


if __name__ == "__main__":
    sys.exit(main())
