"""The manner of every report model: frozen, no unknown keys, docstrings as schema descriptions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer


class ReportModel(BaseModel):
    """Base of every part of the report."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        populate_by_name=True,
        serialize_by_alias=True,  # "from" is a keyword here and a name in the contract
    )

    def replace(self, **changes: Any) -> Any:
        """A copy with these fields changed, validated again."""
        return type(self).model_validate({**dict(self), **changes})


def _iso(value: datetime) -> str:
    text = value.isoformat(timespec="seconds" if value.microsecond == 0 else "milliseconds")
    return text.replace("+00:00", "Z")


UtcTime = Annotated[datetime, PlainSerializer(_iso, return_type=str, when_used="json")]
"""A moment in UTC, written `2026-03-04T02:17:00Z`."""
