"""A seeded log of any length: eight services at work, a configuration reload, a burst of errors, a restart."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 2, 3, 8, 0, 0, tzinfo=UTC)
SECONDS = 4 * 3600
_NAMES = [
    f"{a}{b}"
    for a in ("al", "be", "chi", "dar", "em", "fei", "gu", "han")
    for b in ("a", "li", "mo", "ra", "tin", "wei")
]
_USUAL = [
    ("INFO", "order {n} paid by {name} in {ms} ms"),
    ("INFO", "cart {hex} has {few} items"),
    ("INFO", "GET /api/products/{n} 200 {ms}ms"),
    ("INFO", "session {hex} opened for {name}"),
    ("INFO", "message {hex} sent to queue mail after {ms} ms"),
    ("DEBUG", "cache hit for key product:{n}"),
    ("DEBUG", "released connection {few} of pool main"),
    ("INFO", "price of {n} recalculated from rule {few}"),
    ("WARN", "slow query took {ms} ms on table orders"),
    ("INFO", "worker {few} picked up job {hex}"),
]
_WEIGHTS = [14, 12, 18, 8, 10, 16, 10, 6, 1, 9]
_BURST = [
    ("ERROR", "no connection available in pool main after {ms} ms"),
    ("ERROR", "order {n} failed for {name}: upstream timed out"),
]


def entries(lines: int, seed: int = 7) -> Iterator[tuple[datetime, str, str, str]]:
    """Time, level, service and message of each line."""
    dice = random.Random(seed)
    services = [f"svc-{name}" for name in ("cart", "order", "price", "mail", "stock", "auth", "web", "jobs")]
    for number in range(lines):
        part = number / lines
        at = START + timedelta(seconds=part * SECONDS)
        broken = 0.60 <= part < 0.65 and dice.random() < 0.2
        level, words = dice.choice(_BURST) if broken else dice.choices(_USUAL, _WEIGHTS)[0]
        if number in {lines * 59 // 100, lines * 66 // 100}:
            level, words = "INFO", "configuration reloaded, pool main has {few} connections"
        text = words.format(
            n=dice.randrange(10_000, 99_999), few=dice.randrange(2, 40), ms=dice.randrange(1, 900),
            hex=f"{dice.getrandbits(48):012x}", name=dice.choice(_NAMES),
        )  # fmt: skip
        yield at, level, dice.choice(services), text


def write_plain(path: Path, lines: int, seed: int = 7) -> None:
    """Time, level, service, message: about 80 bytes a line."""
    with path.open("w", encoding="utf-8") as file:
        for at, level, service, text in entries(lines, seed):
            file.write(f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} {level:5} {service:9} {text}\n")


def write_json(path: Path, lines: int, seed: int = 7) -> None:
    """The same as JSON Lines: about 125 bytes a line."""
    with path.open("w", encoding="utf-8") as file:
        for at, level, service, text in entries(lines, seed):
            item = {
                "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "level": level.lower(),
                "logger": service,
                "msg": text,
            }
            file.write(json.dumps(item) + "\n")
