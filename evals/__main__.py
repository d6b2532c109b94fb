"""`python -m evals [FOLDER…]`: draft each incident, score it, print one table."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter

from evals import board, case, view
from evals.scorers import all_scorers
from pm_agent.api import draft_evidence, in_own_loop, read, with_facts
from pm_agent.settings import Settings

HOME = Path(__file__).parent / "incidents"


def drafted(one: case.Case, settings: Settings) -> board.Outcome:
    """Draft and score one incident."""
    started = perf_counter()
    settings = with_facts([one.folder], settings)
    evidence = read(one.folder, settings)
    result = in_own_loop(draft_evidence(evidence, settings))
    seconds = perf_counter() - started
    seen = view.of_report(result.report)
    scores = {scorer.name: scorer.score(one, seen) for scorer in all_scorers()}
    return board.Outcome(
        one.slug, scores, seconds, result.usage.calls + result.usage.replayed, result.usage.prompt_tokens
    )


def main(argv: list[str] | None = None) -> int:
    """Print the table; exit 0."""
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
    arguments = parser.parse_args(argv)
    cases = case.find(arguments.folders or [HOME], arguments.only)
    if not cases:
        sys.stderr.write("no incident with a gold.yaml found\n")
        return 2
    settings = Settings(model=arguments.model, base_url=arguments.base_url)
    outcomes = [drafted(one, settings) for one in cases]
    columns = {arguments.model: outcomes}
    if arguments.verbose:
        for outcome in outcomes:
            print(f"== {outcome.slug}")
            for name, score in outcome.scores.items():
                for line in score.detail[:40]:
                    print(f"   {name}: {line}")
    if arguments.format == "json":
        print(board.as_json(columns))
    else:
        print(
            board.per_incident(
                outcomes,
                (
                    "timeline F1",
                    "key recall",
                    "timeline precision",
                    "milestones ±1 min",
                    "cause coverage",
                    "abstention",
                    "action recall",
                ),
            )
        )
        print()
        print(board.table(columns, markdown=arguments.format == "md"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
