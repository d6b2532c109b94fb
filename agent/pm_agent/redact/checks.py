"""Check digits and other tests that tell a secret from what only looks like one. Pure."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
import re
from collections import Counter


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values()) if value else 0.0


def luhn(value: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812)."""
    digits = [int(ch) for ch in value if ch.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 3:
        return False
    doubled = [d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


_ISSUERS = re.compile(
    r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[0689]|3[47]|35|62|6011|64|65|50|5[6-9]|6[0378]|9[0-9]{2}"
)


def bank_card(value: str) -> bool:
    """Luhn, and a first digit group that networks issue: a time in microseconds or an order number of 2026 has none."""
    return luhn(value) and _ISSUERS.match(re.sub(r"\D", "", value)) is not None


def china_id(value: str) -> bool:
    """The check character of a Chinese resident identity number (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(value[:17], weights, strict=True))
    month, day = int(value[10:12]), int(value[12:14])
    return 1 <= month <= 12 and 1 <= day <= 31 and "10X98765432"[total % 11] == value[17].upper()


def us_ssn(value: str) -> bool:
    """Areas that the Social Security Administration never issues are no numbers."""
    area, group, serial = value.split("-")
    return area not in {"000", "666"} and area[0] != "9" and group != "00" and serial != "0000"


def uk_nino(value: str) -> bool:
    """Prefixes that HM Revenue & Customs never issues are no numbers."""
    return value[:2].upper() not in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}


def hong_kong_id(value: str) -> bool:
    """The check digit in brackets of a Hong Kong identity card."""
    letters, digits = re.sub(r"[^A-Z]", "", value[:2]), re.sub(r"\D", "", value.split("(")[0])
    codes = [ord(ch) - 55 for ch in letters]
    codes = [36, *codes] if len(codes) == 1 else codes
    weighed = [*codes, *map(int, digits)]
    rest = -sum(n * w for n, w in zip(weighed, range(9, 1, -1), strict=True)) % 11
    return value.split("(")[1][0] == ("A" if rest == 10 else str(rest))


_IBAN_COUNTRIES = frozenset(
    [
        "AD", "AE", "AL", "AT", "AZ", "BA", "BE", "BG", "BH", "BR", "BY", "CH", "CR", "CY", "CZ", "DE", "DK", "DO", "EE", "EG", "ES",
        "FI", "FO", "FR", "GB", "GE", "GI", "GL", "GR", "GT", "HR", "HU", "IE", "IL", "IQ", "IS", "IT", "JO", "KW", "KZ", "LB", "LC",
        "LI", "LT", "LU", "LV", "LY", "MC", "MD", "ME", "MK", "MR", "MT", "MU", "NL", "NO", "PK", "PL", "PS", "PT", "QA", "RO", "RS",
        "SA", "SC", "SE", "SI", "SK", "SM", "ST", "SV", "TL", "TN", "TR", "UA", "VA", "VG", "XK",
    ]
)  # fmt: skip


def iban(value: str) -> bool:
    """The check digits of ISO 13616, in a country that has such numbers."""
    plain = value.replace(" ", "").upper()
    if plain[:2] not in _IBAN_COUNTRIES:
        return False
    number = "".join(str(int(ch, 36)) for ch in plain[4:] + plain[:4])
    return 15 <= len(plain) <= 34 and int(number) % 97 == 1


def telephone(value: str) -> bool:
    """As many digits as ITU-T E.164 allows, and not one digit over and over."""
    digits = re.sub(r"\D", "", value)
    return 8 <= len(digits) <= 15 and len(set(digits)) > 2


def ip_address(value: str) -> bool:
    """An address that names a machine: not a mask, not 0.0.0.0, not the loopback."""
    try:
        found = ipaddress.ip_address(value)
    except ValueError:
        return False
    return not (found.is_unspecified or found.is_loopback) and not value.startswith("255.")


def random_looking(value: str) -> bool:
    """Letters and digits without the order of a word."""
    return entropy(value) >= 3.0 and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def mixed(value: str) -> bool:
    """Capitals, small letters and digits: no hash, no number, no word."""
    kinds = (str.isupper, str.islower, str.isdigit)
    return all(any(kind(c) for c in value) for kind in kinds) and entropy(value) >= 3.2


def token(value: str) -> bool:
    """A token behind `Bearer` or `Authorization`: a word about authorization is none."""
    return any(c.isdigit() for c in value) or (mixed_case(value) and len(value) >= 16)


def mixed_case(value: str) -> bool:
    """Capitals inside, not only at the front."""
    return any(c.isupper() for c in value[1:]) and any(c.islower() for c in value)


def user_and_password(value: str) -> bool:
    """The base64 of `user:password` (RFC 7617)."""
    plain = from_base64(value)
    return plain is not None and ":" in plain.strip(":")


def from_base64(value: str) -> str | None:
    """The text that a base64 blob holds, or None where it holds none."""
    body = value.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        plain = base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return (
        plain if plain and plain.replace("\n", "").replace("\r", "").replace("\t", "").isprintable() else None
    )


_SAYS_NOTHING = frozenset(
    [
        "true", "false", "null", "none", "nil", "yes", "no", "on", "off", "required", "optional", "string", "redacted", "hidden",
        "masked", "obfuscated", "anonymized", "invalid", "expired", "missing", "wrong", "incorrect", "failed", "unknown", "empty",
        "changed", "reset", "rotated", "rotation", "revoked", "policy", "authentication", "denied", "error", "mismatch", "mismatched",
        "expires", "expiring", "leaked", "rejected", "accepted", "valid", "verified", "updated", "created", "deleted", "disabled",
        "enabled", "unset", "undefined", "default", "basic", "bearer", "digest", "negotiate", "header", "headers", "token", "tokens",
        "password", "错误", "过期", "失效", "失败", "不对", "正确", "为空", "泄露", "泄漏", "已改", "已换", "已重置", "修改", "重置", "轮换", "不一致",
    ]
)  # fmt: skip
_MASK = re.compile(
    r"[*xX•.…·#-]+|\$+[({]?[\w.:-]+[)}]?|%\(?\w+\)?[%sd]?|<[^>]*>|\{+[^{}]*\}+|\[[\w#]+\]|@\w+@|\?|(?:os\.|process\.)?(?:get)?env\S*|(?:/[\w.-]+)+/?"
)


def worded(value: str) -> str:
    """A value without the quotes and brackets around it."""
    return value.strip("\"'`,;.()[]{}<>\\")


def is_value(value: str) -> bool:
    """A value behind `password=`: not a mask, a variable, a path, or a word that says what became of it."""
    bare = worded(value)
    if len(bare) < 4 or bare.lower() in _SAYS_NOTHING or not re.search(r"[A-Za-z0-9]", bare):
        return False
    return _MASK.fullmatch(value.strip("\"'`,;\\")) is None


def is_shown(value: str) -> bool:
    """Anything but a mask or a variable; in a URL a word is a password too."""
    return len(value) > 2 and _MASK.fullmatch(value) is None


def is_token_value(value: str) -> bool:
    """A value behind `token=`, `session=`, `key=`: long enough, with a digit."""
    bare = worded(value)
    counter = re.fullmatch(r"\d+|0x[0-9a-f]+", bare, re.I)
    return is_value(value) and len(bare) >= 8 and any(c.isdigit() for c in bare) and counter is None


def is_spoken(value: str) -> bool:
    """A password in a sentence (`the password is …`): what no word, number or measure looks like."""
    bare = worded(value)
    symbols = sum(not c.isalnum() for c in bare)
    if (
        not is_value(value)
        or len(bare) < 6
        or re.fullmatch(r"[\d.:,/%-]+[a-z]{0,3}|v?\d+(?:[.-]\w+)*", bare, re.I)
    ):
        return False
    return (any(c.isdigit() for c in bare) and any(c.isalpha() for c in bare)) or (
        symbols > 0 and mixed_case(bare)
    )


def is_argument(value: str) -> bool:
    """A password behind `-p`: not a port, a port mapping, a path or another flag."""
    bare = value.strip("\"'")
    return is_value(value) and not re.fullmatch(r"[\d.:/-]+(?:/(?:tcp|udp))?|-.*|\.?/.*", bare)
