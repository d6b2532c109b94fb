"""Written times → whole minutes, fast enough for every line: only minutes not seen before are parsed.

These minutes are for counting lines; the time of an event stays as written, for the clock to resolve.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from datetime import date

from pm_agent.reading.timeforms import Reading, read_time

DAY = 24 * 60
YEAR = 366 * DAY
_SECONDS = re.compile(r"(?<![\d.])(\d\d?:\d\d):\d\d(?:[.,:]\d+)?")
_COMPACT = re.compile(r"(?<!\d)(\d{6}(?:\d\d)?[T _-]?[\d ]\d:?\d\d):?\d\d(?:[.,]\d+)?(?=Z?$)")
_EPOCH = re.compile(r"1\d{9}(?!\d)|1\d{12}(?!\d)|1\d{15}(?!\d)|1\d{18}(?!\d)")
_CACHE = 50_000


def minute_text(time: str) -> str:
    """The time without its seconds: the same text for all lines of a minute."""
    if _EPOCH.match(time):
        return time[:9]
    cut, found = _SECONDS.subn(r"\1", time)
    return cut if found else _COMPACT.sub(r"\1", time)


def slice_of(times: Sequence[str]) -> int | None:
    """How many first characters of these times make their minute; None where that differs among them."""
    found = set()
    for time in times:
        clock = _SECONDS.search(time) or _COMPACT.search(time)
        if _EPOCH.match(time):
            found.add((9, ""))
        elif clock is None or time.upper().endswith(("AM", "PM")):
            return None
        else:
            zone = re.sub(r"\s\d{4}$", "", time[clock.end() :])
            found.add((clock.end(1), zone))
    return found.pop()[0] if len(found) == 1 else None


class Minutes:
    """Minutes of one chunk of a file, in its order: dates and years that are not written roll over."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[int, int] | None] = {}
        self.last: int | None = None
        self.first: int | None = None
        self.period = 0

    def read(self, text: Hashable) -> tuple[int, int] | None:
        """As `read_minute`, remembered."""
        if text not in self._known:
            if len(self._known) >= _CACHE:
                self._known.clear()
            self._known[text] = read_minute(text)
        return self._known[text]

    def of(self, text: Hashable) -> int | None:
        """The minute, counted from 1970 (or from an unknown day or year), or None for no time."""
        found = self.read(text)
        if found is None:
            return None
        minute, period = found
        if period:
            self.period = period
            minute = nearest(minute, period, self.last)
        self.last = minute
        if self.first is None:
            self.first = minute
        return minute


def nearest(minute: int, period: int, last: int | None) -> int:
    """The repetition of `minute` that lies nearest to `last`."""
    return minute if last is None else minute + round((last - minute) / period) * period


def read_minute(value: Hashable) -> tuple[int, int] | None:
    """Minute and the period after which such times repeat (0 for a full date), or None."""
    if isinstance(value, (int, float)):
        return _from_epoch(value)
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(text, str):
        return None
    if len(text) == 9 and text.isdigit() and text[0] == "1":
        return int(text + "0") // 60, 0
    reading = read_time(text.strip())
    return _of_reading(reading) if reading else None


def _from_epoch(value: int | float) -> tuple[int, int] | None:
    if not 1e8 < value < 1e20:
        return None
    for limit, scale in ((1e11, 1), (1e14, 1_000), (1e17, 1_000_000), (1e20, 1_000_000_000)):
        if value < limit:
            return int(value / scale) // 60, 0
    return None


def _of_reading(reading: Reading) -> tuple[int, int] | None:
    if reading.epoch is not None:
        return _from_epoch(reading.epoch)
    if reading.hour is None:
        return None
    clock = reading.hour * 60 + reading.minute - (reading.offset or 0)
    if not reading.has_date:
        return clock % DAY, DAY
    try:
        day = date(reading.year or 2000, reading.month or 1, reading.day or 1)
    except ValueError:
        return None
    return (day.toordinal() - _EPOCH_DAY) * DAY + clock, 0 if reading.year else YEAR


_EPOCH_DAY = date(1970, 1, 1).toordinal()
