"""Recipes → secrets: `AKIA{A2:16}` grows into a prefix and 16 random characters.

No whole secret stands in the repository, so that no scanner has anything to stop.
"""

from __future__ import annotations

import base64
import random
import re
import string
import uuid
from collections.abc import Callable

from pm_agent.redact.checks import china_id, hong_kong_id, luhn

_ALPHABETS = {
    "A2": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "an": string.ascii_letters + string.digits,
    "hex": "0123456789abcdef",
    "d": string.digits,
    "b64": string.ascii_letters + string.digits + "+/",
    "url": string.ascii_letters + string.digits + "-_",
    "pw": string.ascii_letters + string.digits + "!#%^*_+~@",
}
_ONE_OF = {"d39": "3456789", "d6": "6", "d19": "123456789", "d13": "123"}
_WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "inlet",
    "juniper",
    "kestrel",
    "larch",
    "maple",
    "nimbus",
    "osprey",
]
_BLANK = re.compile(r"\{(\w+)(?::(\d+))?\}")


def grow(recipe: str, rng: random.Random) -> tuple[str, list[str]]:
    """The grown text, and what must not be seen of it: its long pieces, else all of it."""
    pieces: list[str] = []

    def fill(match: re.Match[str]) -> str:
        name, length = match[1], int(match[2] or 0)
        if name not in _SPECIAL | _ALPHABETS | _ONE_OF:
            return match[0]
        piece = _SPECIAL[name](rng) if name in _SPECIAL else _characters(name, length, rng)
        if len(piece) >= 8:
            pieces.append(piece)
        return piece

    text = _BLANK.sub(fill, recipe)
    return text, pieces or [text]


def _characters(name: str, length: int, rng: random.Random) -> str:
    if name in _ONE_OF:
        return rng.choice(_ONE_OF[name]) if name != "d6" else f"{rng.randint(110000, 659999)}"
    alphabet = _ALPHABETS[name]
    while True:
        grown = "".join(rng.choice(alphabet) for _ in range(length))
        ends = grown[:1].isalnum() and grown[-1:].isalnum()
        rich = name not in {"an", "b64", "url", "pw"} or length < 8 or _rich(grown)
        if (ends and rich) or length == 0:
            return grown


def _rich(grown: str) -> bool:
    """As generators of secrets make them: capitals, small letters and digits."""
    kinds: tuple[Callable[[str], bool], ...] = (str.isupper, str.islower, str.isdigit)
    return all(any(kind(ch) for ch in grown) for kind in kinds)


def _china_id(rng: random.Random) -> str:
    body = f"{rng.randint(110000, 659999)}19{rng.randint(60, 99)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(0, 999):03d}"
    return next(body + last for last in "0123456789X" if china_id(body + last))


def _card(rng: random.Random) -> str:
    body = rng.choice(["4", "51", "62", "3530"])
    body += "".join(rng.choice(string.digits) for _ in range(15 - len(body)))
    return next(body + last for last in string.digits if luhn(body + last))


def _hkid(rng: random.Random) -> str:
    body = rng.choice(string.ascii_uppercase) + "".join(rng.choice(string.digits) for _ in range(6))
    return next(f"{body}({last})" for last in "0123456789A" if hong_kong_id(f"{body}({last})"))


def _iban(rng: random.Random) -> str:
    body = "".join(rng.choice(string.digits) for _ in range(18))
    rest = int("".join(str(int(ch, 36)) for ch in body + "DE00")) % 97
    return f"DE{98 - rest:02d}{body}"


def _ssn(rng: random.Random) -> str:
    return f"{rng.randint(100, 600)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}"


def _basic(rng: random.Random) -> str:
    return base64.b64encode(f"app:{_characters('an', 12, rng)}".encode()).decode()


_SPECIAL: dict[str, Callable[[random.Random], str]] = {
    "china_id": _china_id,
    "card": _card,
    "hkid": _hkid,
    "iban": _iban,
    "ssn": _ssn,
    "basic": _basic,
    "uuid": lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "word": lambda rng: rng.choice(_WORDS),
    "KEY": lambda rng: "KEY",
}
