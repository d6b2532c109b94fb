"""`pm-agent explain`: why this line is the trigger, or what a rule means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pm_agent.report import Report


def explain(
    what: Annotated[str, typer.Argument(help="A milestone (trigger, detected, cause_found …) or a rule id.")],
    report: Annotated[
        Path | None, typer.Option("--report", help="The report.json in which the milestone stands.")
    ] = None,
) -> None:
    """Say why a milestone is where it is, or what a rule means; `explain rules` lists every rule.

    Example: pm-agent explain trigger --report report.json
    """
    from pm_agent.cli.report_file import load_report
    from pm_agent.errors import InputError
    from pm_agent.report.timeline import Milestones

    if what not in Milestones.model_fields:
        for line in _rules(what):
            typer.echo(line)
        return
    if report is None:
        raise InputError(
            "a milestone is explained from a report",
            hint=f"pm-agent draft … -o report.json, then pm-agent explain {what} --report report.json",
        )
    for line in _milestone(load_report(report), what):
        typer.echo(line)


def _rules(what: str) -> list[str]:
    """One rule with its reason, source and examples, or the list of all.

    Raises:
        InputError: nothing is called so.
    """
    from pm_agent.cli.options import settings_from
    from pm_agent.errors import InputError
    from pm_agent.rendering.plain import visible
    from pm_agent.report.timeline import Milestones
    from pm_agent.rubric.team import team_of

    team = team_of(settings_from(tz=None, day=None))
    rules = sorted(team.rules(), key=lambda rule: rule.id)
    if what == "rules":
        return [visible(f"{rule.id:<28} {rule.severity:<8} {rule.why}") for rule in rules]
    rule = next((r for r in rules if r.id == what), None)
    if rule is None and what in team.disabled:
        return [visible(f"{what}: turned off by pm-agent.toml")]
    if rule is None:
        raise InputError(
            f"nothing known by the name {what!r}",
            hint=f"milestones: {', '.join(Milestones.model_fields)}; rules: pm-agent explain rules",
        )
    lines = [f"{rule.id} ({rule.severity})", f"  why: {rule.why}", f"  source: {rule.source}", "  good:"]
    lines += [f"    + {example}" for example in rule.passes]
    lines += ["  bad:", *(f"    - {line}" for line in _bad(rule.fails, rule.check))]
    return [visible(line) for line in lines]


def _bad(examples: tuple[str, ...], check: str) -> list[str]:
    """Failing examples, each with its neutral wording where there is one."""
    from pm_agent.rubric import blame

    found = []
    for example in examples:
        blamed = blame.find(example) if check == "blame" else []
        rewrite = blamed[0].rewrite if blamed else None
        found.append(f"{example}  → {rewrite}" if rewrite else example)
    return found


def _milestone(report: Report, name: str) -> list[str]:
    from pm_agent.rendering.page import Page
    from pm_agent.rendering.plain import visible

    page, milestone = Page(report), getattr(report.milestones, name)
    evidence = {line.id: line for line in report.evidence}
    lines = [
        f"{name}: {page.minute(milestone.at, day=True)}"
        if milestone.at
        else f"{name}: {page.words['unknown']}"
    ]
    lines.append(f"  {milestone.reason or ''}")
    lines += [
        f"  {page.place(evidence[c])}: {evidence[c].text.splitlines()[0][:160]}"
        for c in milestone.citations
        if c in evidence
    ]
    lines += [f"  not {page.minute(a.at, day=True)}: {a.why_not}" for a in milestone.alternatives]
    return [visible(line) for line in lines]
