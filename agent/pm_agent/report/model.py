"""The manner of every report model: frozen, no unknown keys, docstrings as schema descriptions."""

from __future__ import annotations

import ast
import inspect
import textwrap
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, PlainSerializer
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class ReportModel(BaseModel):
    """Base of every part of the report."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        serialize_by_alias=True,  # "from" is a keyword here and a name in the contract
    )

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema, with the docstring below each field as its description; read only when it is asked for."""
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, text in _attribute_docstrings(cls).items():
            field = cls.model_fields.get(name)
            shown = properties.get((field and field.alias) or name)
            if shown is not None:
                shown.setdefault("description", text)
        return schema

    def replace(self, **changes: Any) -> Any:
        """A copy with these fields changed, validated again."""
        return type(self).model_validate({**dict(self), **changes})


def _attribute_docstrings(model: type) -> dict[str, str]:
    """The string below each attribute in the source of a class and of those it builds on."""
    inherited: dict[str, str] = {}
    for base in model.__bases__:
        if issubclass(base, ReportModel):
            inherited |= _attribute_docstrings(base)
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(node, ast.ClassDef)
    return inherited | {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in pairwise(node.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


def _iso(value: datetime) -> str:
    text = value.isoformat(timespec="seconds" if value.microsecond == 0 else "milliseconds")
    return text.replace("+00:00", "Z")


UtcTime = Annotated[datetime, PlainSerializer(_iso, return_type=str, when_used="json")]
"""A moment in UTC, written `2026-03-04T02:17:00Z`."""
