"""The zone that the head of a pasted text states in words: `my clock = Portland`, `times in PT`, `以下为北京时间`."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

_STATED = re.compile(
    r"\b(?:clock|time ?zone|tz|times?(?:tamps?)?)\b\s*(?:is|are|=|:|in|shown in|displayed in|as)?\s*(?:in\s+)?(?:the\s+)?(?P<place>[A-Za-z][A-Za-z_/ ]{1,30}?)(?=\s*(?:time\b|[)\],.;:]|$|\bclock\b))"
    r"|\b(?P<place2>[A-Z][A-Za-z_/]+(?: [A-Z][a-z]+)?)\s+(?:local\s+)?time\b"
    r"|(?P<zh>北京|上海|香港|台北|新加坡|东京|首尔|伦敦|柏林|巴黎|纽约|旧金山|西雅图|洛杉矶|硅谷|悉尼|班加罗尔)\s*(?:本地|当地)?\s*时间"
    r"|时区\s*[:：=]?\s*(?P<zone>[A-Za-z]+(?:/[A-Za-z_]+)?(?:[+-]\d{1,2})?)",
)
_ALSO = {
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pacific": "America/Los_Angeles",
    "portland": "America/Los_Angeles", "seattle": "America/Los_Angeles", "san francisco": "America/Los_Angeles", "sf": "America/Los_Angeles",
    "bay area": "America/Los_Angeles", "et": "America/New_York", "eastern": "America/New_York", "boston": "America/New_York",
    "nyc": "America/New_York", "atlanta": "America/New_York", "central": "America/Chicago", "austin": "America/Chicago", "dallas": "America/Chicago",
    "mountain": "America/Denver", "munich": "Europe/Berlin", "frankfurt": "Europe/Berlin", "hamburg": "Europe/Berlin", "cologne": "Europe/Berlin",
    "barcelona": "Europe/Madrid", "milan": "Europe/Rome", "geneva": "Europe/Zurich", "manchester": "Europe/London", "edinburgh": "Europe/London",
    "bangalore": "Asia/Kolkata", "bengaluru": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "beijing": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai", "hangzhou": "Asia/Shanghai", "utc": "UTC", "gmt": "UTC", "sgt": "Asia/Singapore", "jst": "Asia/Tokyo",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin",
    "北京": "Asia/Shanghai", "上海": "Asia/Shanghai", "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "新加坡": "Asia/Singapore", "东京": "Asia/Tokyo",
    "首尔": "Asia/Seoul", "伦敦": "Europe/London", "柏林": "Europe/Berlin", "巴黎": "Europe/Paris", "纽约": "America/New_York",
    "旧金山": "America/Los_Angeles", "西雅图": "America/Los_Angeles", "洛杉矶": "America/Los_Angeles", "硅谷": "America/Los_Angeles",
    "悉尼": "Australia/Sydney", "班加罗尔": "Asia/Kolkata",
}  # fmt: skip
"""Places that people name and the zone database does not; of two Portlands and Birminghams the larger one."""
_LONGEST = 200


def stated_zone(text: str) -> str | None:
    """The IANA name of the zone a line states for the times below it, or None."""
    for match in _STATED.finditer(text[:_LONGEST]):
        written = match["place"] or match["place2"] or match["zh"] or match["zone"]
        if zone := _places().get(" ".join(written.lower().replace("_", " ").split())):
            return zone
    return None


@cache
def _places() -> dict[str, str]:
    """City or zone name in lower case → IANA name."""
    found: dict[str, str] = {}
    for zone in sorted(available_timezones()):
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/")):
            found[zone.lower().replace("_", " ")] = zone
            found.setdefault(zone.rsplit("/", 1)[1].lower().replace("_", " "), zone)
    return found | _ALSO
