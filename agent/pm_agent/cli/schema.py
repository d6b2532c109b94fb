"""`pm-agent schema`: the JSON Schema of the report."""

from __future__ import annotations

import typer


def schema() -> None:
    """Print the JSON Schema of the report that --format json emits.

    Example: pm-agent schema > report.schema.json
    """
    import orjson

    from pm_agent.report import Report

    typer.echo(orjson.dumps(Report.model_json_schema(by_alias=True), option=orjson.OPT_INDENT_2).decode())
