"""400 secrets, each planted into a real file of one of the supported formats and read back through its reader.

A carrier is a sample file of `tests/data/`; the secret is put behind the words of one of its events. Every fifth
one is laid differently: in a JSON value inside the text, split over a stack trace, in a base64 header, in the name
of the file.
"""

from __future__ import annotations

import base64
import json
import random
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.trust.grow import grow
from pm_agent.api import read
from pm_agent.errors import InputError
from pm_agent.evidence import RawEvidence
from pm_agent.ingest import read as read_raw
from pm_agent.redact.rules import RULES, SecretRule
from pm_agent.settings import Settings

DATA = Path(__file__).parents[2] / "tests" / "data"
LAYOUTS = ("plain", "json", "stack", "base64", "name")
SETTINGS = Settings.model_validate({"date": "2026-03-04", "timezone": "UTC"})


@dataclass(frozen=True)
class Carrier:
    """A file, and the words in it behind which a secret can stand."""

    file: Path
    anchor: str


@dataclass(frozen=True)
class Plant:
    """One secret in one file."""

    rule: str
    layout: str
    carrier: Carrier
    text: str
    """What is written into the file."""
    secrets: list[str]
    """What must be seen nowhere."""


@cache
def carriers() -> tuple[Carrier, ...]:
    """One file a format at least, with words that stand in it once and come back as an event's text."""
    found = []
    for file in sorted(
        p for p in DATA.glob("*/*") if p.is_file() and ".golden" not in p.name and ".facts" not in p.name
    ):
        try:
            content, raw = file.read_text(encoding="utf-8"), read_raw([file], SETTINGS)
        except (UnicodeDecodeError, InputError):
            continue
        anchor = _anchor(content, raw)
        if anchor:
            found.append(Carrier(file, anchor))
    return tuple(found)


def _anchor(content: str, raw: RawEvidence) -> str | None:
    for event in raw.events:
        lines = event.raw.text.strip().splitlines()
        tail = lines[0].strip()[-24:] if lines else ""
        if len(tail) >= 8 and content.count(tail) == 1 and not set(tail) & set('"\\<>'):
            return tail
    return None


def plants(count: int, seed: int = 1) -> list[Plant]:
    """`count` plants: every example of every rule in turn, over every carrier in turn."""
    rng = random.Random(seed)
    recipes = [(rule, example) for rule in RULES for example in rule.examples]
    order = rng.sample(carriers(), len(carriers()))
    found = []
    for number in range(count):
        rule, recipe = recipes[number % len(recipes)]
        carrier = order[number % len(order)]
        text, secrets = grow(recipe, rng)
        layout = LAYOUTS[1 + number % 4] if number % 5 == 0 else "plain"
        found.append(_laid(rule, layout, carrier, text, secrets, rng))
    return found


def _laid(
    rule: SecretRule, layout: str, carrier: Carrier, text: str, secrets: list[str], rng: random.Random
) -> Plant:
    if layout == "json":
        return Plant(rule.id, layout, carrier, json.dumps({"user": "app", "value": text}), secrets)
    if layout == "stack" and rule.solid:
        middle = rng.randint(len(text) // 3, 2 * len(text) // 3)
        cut = f"java.lang.IllegalStateException: {text[:middle]}\n    {text[middle:]}\n    at app.Main.run(Main.java:12)"
        return Plant(rule.id, layout, carrier, cut, [text[:middle], text[middle:]])
    if layout == "base64":
        blob = base64.b64encode(f"config {text}".encode()).decode()
        return Plant(rule.id, layout, carrier, f"X-Config: {blob}", [*secrets, blob])
    if layout == "name" and rule.solid and "/" not in text:
        return Plant(rule.id, layout, carrier, text, secrets)
    return Plant(rule.id, "plain", carrier, text, secrets)


def write(plant: Plant, folder: Path) -> Path:
    """The carrier with the plant in it."""
    file = plant.carrier.file
    content = file.read_text(encoding="utf-8")
    name = f"{file.stem}-{plant.text}{file.suffix}" if plant.layout == "name" else file.name
    if plant.layout != "name":
        content = content.replace(plant.carrier.anchor, f"{plant.carrier.anchor} {_fitted(plant, content)} ")
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def _fitted(plant: Plant, content: str) -> str:
    """The text as the carrier's syntax writes it: escaped in JSON, on one line elsewhere (but for stack traces)."""
    if content.lstrip()[:1] in "[{":
        return json.dumps(plant.text, ensure_ascii=False)[1:-1]
    return plant.text if plant.layout == "stack" else plant.text.replace("\n", "\\n")


@dataclass(frozen=True)
class Found:
    """What became of a plant."""

    plant: Plant
    carried: bool
    """The reader handed the secret on; otherwise there was nothing to find."""
    leaked: list[str]


def look(plant: Plant) -> Found:
    """Plant it, read it, redact it, look for it in every field of the evidence."""
    with TemporaryDirectory() as folder:
        path = write(plant, Path(folder))
        try:
            unredacted = _strings(asdict(read_raw([path], SETTINGS)))
        except InputError:  # the plant spoilt the file for its reader, so nothing of it goes on
            return Found(plant, False, [])
        evidence = _strings(asdict(read([path], SETTINGS)))
    carried = bool(seen(plant, unredacted))
    return Found(plant, carried, seen(plant, evidence))


def seen(plant: Plant, texts: list[str]) -> list[str]:
    """What of a plant still stands in these texts; of one that is split, both halves in one text."""
    if plant.layout == "stack":
        return [plant.text] if any(all(s in text for s in plant.secrets) for text in texts) else []
    return [s for s in plant.secrets if any(s in text for text in texts)]


def _strings(node: object) -> list[str]:
    """Every string of a structure, as it stands."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, dict):
        return [text for pair in node.items() for part in pair for text in _strings(part)]
    if isinstance(node, list | tuple):
        return [text for part in node for text in _strings(part)]
    return []
