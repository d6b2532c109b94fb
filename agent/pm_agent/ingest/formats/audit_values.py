"""What stands in the fields of an audit log's entry, as words: one line, no JSON; what changed, the parameters of a request."""

from __future__ import annotations

import re
from typing import Any

from pm_agent.ingest.formats.payloads import field, text

Names = tuple[str, ...]

MANY = 400
"""Characters of a comment or an error worth showing."""
_DIFF: Names = ("diff", "changes", "change", "description")


def first_named(value: Any, names: Names) -> str:
    """The first of these fields that is not empty; a dot leads into an inner object."""
    for name in names:
        found = text(value, name) or (text(value, *name.split(".")) if "." in name else "")
        if found:
            return found
    return ""


def one_line(written: str) -> str:
    """One line without Markdown links and without JSON, shortened."""
    if written[:1] in "{[" and written[-1:] in "}]" and '"' in written:
        return ""
    plain = re.sub(r"!?\[([^\]\n]{1,200})\]\((?:https?:|mailto:|/)[^)\s]{0,500}\)", r"\1", written)
    plain = " ".join(re.sub(r"\*\*|`|^\s*[*#-]+\s", "", plain, flags=re.M).split())
    return plain if len(plain) <= MANY else plain[: MANY - 1].rstrip() + "…"


_NAMED_PARAMETER = re.compile(r"(?:name|identifier|id|arn|service|bucket|function)$", re.I)


def parameters(value: dict[str, Any], *, named: bool) -> dict[str, str]:
    """The request parameters that name something, or the others that are short."""
    found: dict[str, str] = {}
    todo: list[tuple[str, Any, int]] = [("", field(value, "requestParameters"), 0)]
    while todo and len(found) < _SHOWN:
        key, one, depth = todo.pop(0)
        inner = (
            one.items()
            if isinstance(one, dict)
            else [(key, part) for part in one]
            if isinstance(one, list)
            else ()
        )
        todo += [(str(name), part, depth + 1) for name, part in inner if depth < _DEEP]
        written = (
            one_line(str(one))
            if isinstance(one, (str, int, float)) and key and not isinstance(one, bool)
            else ""
        )
        if written and len(written) <= _SHORT and named == bool(_NAMED_PARAMETER.search(key)):
            found.setdefault(key, written.rpartition("/")[2] if written.startswith("arn:") else written)
    return found


_PAIRS = (
    ("from", "to"),
    ("old", "new"),
    ("before", "after"),
    ("old_value", "new_value"),
    ("oldValue", "newValue"),
)
_SHOWN = 4
"""Changed values that a line shows."""
_DEEP = 4
"""Objects and lists inside each other in which parameters are looked for (`instancesSet.items[].instanceId`)."""
_SHORT = 120
"""Characters of a parameter worth showing."""


def diff_of(value: dict[str, Any]) -> str:
    """What changed, as `name old → new`, where it is written so; a text as it is."""
    for name in _DIFF:
        found = field(value, name)
        shown = one_line(found)[:200] if isinstance(found, str) else _changes(found)
        if shown:
            return shown
    old, new = field(value, "preData"), field(value, "data")  # Unleash's
    if isinstance(old, dict) and isinstance(new, dict):
        moved = [(key, text(old, key), text(new, key)) for key in new if old.get(key) != new[key]]
        return ", ".join(f"{key} {a} → {b}" for key, a, b in moved[:_SHOWN] if a and b)
    return ", ".join(f"{key} {written}" for key, written in parameters(value, named=False).items())


def _changes(found: Any) -> str:
    if pair := _pair(found):
        return pair
    if isinstance(found, dict):
        named = [(str(key), _pair(inner)) for key, inner in found.items()]
    elif isinstance(found, list):
        named = [(first_named(one, ("field", "name", "key", "path")), _pair(one)) for one in found]
    else:
        return ""
    return ", ".join(f"{name} {pair}".strip() for name, pair in [n for n in named if n[1]][:_SHOWN])


def _pair(value: Any) -> str:
    for old, new in _PAIRS:
        if text(value, old) and text(value, new):
            return f"{one_line(text(value, old))[:80]} → {one_line(text(value, new))[:80]}"
    return ""
