"""A report.json that the user names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pm_agent.report import Report


def load_report(path: Path) -> Report:
    """The report in a file.

    Raises:
        InputError: no such file, or it holds no report.
    """
    from pydantic import ValidationError

    from pm_agent.errors import InputError
    from pm_agent.report import Report

    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{str(path)!r}: {error.strerror}", hint="check the path") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"{str(path)!r} is no report: {first['msg']}",
            hint="make one with pm-agent draft … -o report.json",
        ) from error
