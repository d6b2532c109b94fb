"""One file's times in the file's own order, which carries date, year and last moment along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from pm_agent.evidence import RawEvent
from pm_agent.ingest.days import KnownDays
from pm_agent.ingest.moments import (
    Basis,
    ClockFile,
    ClockSettings,
    FileTimes,
    Moment,
    Note,
    Written,
    epoch_moment,
    zone_of,
)
from pm_agent.reading.timeforms import Reading

_BACK_LIMIT = timedelta(hours=1)
"""A chat or log whose clock goes back by more than this has crossed midnight."""
_NOTES_BACK_LIMIT = timedelta(hours=12)
"""Notes look back ("at 14:05 we had …"), so only half a day back means the next day."""


class FileClock:
    """Walks one file in order, carrying date, year and last moment along."""

    def __init__(
        self,
        file: ClockFile,
        reads: Sequence[Written],
        settings: ClockSettings,
        known: KnownDays,
        first_day: date | None = None,
    ) -> None:
        """`first_day` is the day the file begins on where its times agree with those of other files on it."""
        self.file, self.reads, self.settings, self.known = file, reads, settings, known
        self.given_first = first_day
        self.filled: date | None = None
        """The day that was filled in because the file states none."""
        self.day: date | None = None
        self.header: date | None = None
        self.last: datetime | None = None
        self.last_local: datetime | None = None
        self.notes: list[Note] = []
        self.basis: Basis = "assumed"
        self.zone_name = settings.timezone or settings.assumed_zone
        self.zone_default = zone_of(self.zone_name)
        self.stated: set[str] = set()
        self.used_default = False
        self.day_first = self._day_first()
        own = settings.starts.get(file.path) or settings.starts.get(file.path.rsplit("/", 1)[-1])
        self.has_own_start = own is not None
        self.start = own or settings.starts.get("*")

    def run(self) -> FileTimes:
        """The moments in file order; once."""
        moments = [
            self._moment(event, read) for event, read in zip(self.file.events, self.reads, strict=True)
        ]
        if self.stated and not self.used_default:
            names = sorted(self.stated)
            return FileTimes(moments, names[0] if len(names) == 1 else "several", "stated", self.notes)
        basis: Basis = "given" if self.settings.timezone else "assumed"
        return FileTimes(moments, self.zone_name, basis, self.notes)

    def _day_first(self) -> bool:
        """Whether `03/04` means 3 April in this file: proven by any date whose first number is above 12."""
        texts = [
            text
            for event in self.file.events
            for text in (event.raw_time, event.raw_date)
            if text and "/" in text
        ]
        firsts = [int(t.split("/")[0]) for t in texts if t.split("/")[0].isdigit()]
        proven = any(12 < first <= 31 for first in firsts)
        ambiguous = any(
            (r.time and r.time.day_first is not None) or (r.day and r.day.day_first is not None)
            for r in self.reads
        )
        if ambiguous:
            self._note("clock.day_first" if proven else "clock.month_first")
        return proven

    def _oriented(self, reading: Reading) -> Reading:
        if reading.day_first is None or not self.day_first:
            return reading
        return replace(reading, month=reading.day, day=reading.month, day_first=None)

    def _moment(self, event: RawEvent, read: Written) -> Moment:
        if read.time is None:
            return Moment(None)
        reading = self._oriented(read.time)
        if reading.relative is not None:
            return self._from_start(event, read, reading)
        if reading.ago is not None:
            return self._from_age(event, read, reading.ago)
        at = self._absolute(event, reading, read.day)
        until = self._until(event, read, at)
        return Moment(at, reading.precision, None, until)

    def _from_age(self, event: RawEvent, read: Written, ago: float) -> Moment:
        """An age counts back from the moment it was read off, where the source or the author says when that was."""
        said = read.day is not None and read.day.hour is not None
        anchor = self._absolute(event, read.day, None) if read.day and said else self._given_start(own=True)
        if anchor is None:
            return Moment(None, "approximate")
        last = read.until.ago if read.until else None
        until = anchor - timedelta(seconds=last) if last is not None and last <= ago else None
        return Moment(anchor - timedelta(seconds=ago), "approximate", None, until)

    def _given_start(self, *, own: bool = False) -> datetime | None:
        """What the author gave for this file, in UTC; with `own` not what holds for any recording."""
        start = self.start
        if start is None or (own and not self.has_own_start):
            return None
        if start.tzinfo is None:  # typed without a zone, as people do
            self.used_default = True
            start = self._to_utc(start, self.zone_default)
        return start.astimezone(UTC)

    def _until(self, event: RawEvent, read: Written, at: datetime | None) -> datetime | None:
        if read.until is None or at is None:
            return None
        kept = (self.day, self.last, self.last_local)
        until = self._absolute(event, self._oriented(read.until), read.day)
        self.day, self.last, self.last_local = kept
        return until if until and until >= at else None

    def _from_start(self, event: RawEvent, read: Written, reading: Reading) -> Moment:
        start = self._given_start()
        if start is None and read.day is not None and read.day.hour is not None:
            start = self._absolute(event, read.day, None)
        offset = reading.relative or 0.0
        at = start + timedelta(seconds=offset) if start else None
        return Moment(at, reading.precision, offset)

    def _absolute(self, event: RawEvent, reading: Reading, day: Reading | None) -> datetime | None:
        if reading.epoch is not None:
            self.stated.add("UTC")
            at = epoch_moment(reading.epoch) if 0 <= reading.epoch < 7258118400 else None
            self._advance(at, None)
            return at
        zone = self._zone(event, reading)
        local_day = self._day_of(reading, day, event)
        if local_day is None or reading.hour is None:
            return None
        naive = datetime(
            local_day.year, local_day.month, local_day.day, reading.hour, reading.minute,
            int(reading.second), round(reading.second % 1 * 1e6) % 1_000_000,
        )  # fmt: skip
        at = self._to_utc(naive, zone)
        self._advance(at, naive)
        return at

    def _advance(self, at: datetime | None, naive: datetime | None) -> None:
        if at is not None:
            self.last = at
            self.last_local = naive
            self.day = naive.date() if naive else self.day

    def _zone(self, event: RawEvent, reading: Reading) -> tzinfo:
        if reading.offset is not None:
            zone: tzinfo = UTC if reading.offset == 0 else timezone(timedelta(minutes=reading.offset))
            self.stated.add(_offset_name(reading.offset))
            return zone
        if reading.zone:
            return self._named_zone(reading.zone)
        if event.zone:
            self.stated.add(event.zone)
            return zone_of(event.zone)
        self.used_default = True
        return self.zone_default

    def _named_zone(self, name: str) -> tzinfo:
        if "/" in name:
            self.stated.add(name)
            return zone_of(name)
        asian = self.zone_name.startswith("Asia/")
        minutes = {"CST": 480 if asian else -360, "BST": 60, "IST": 330 if asian else 60, "AST": -240}[name]
        self._note("clock.ambiguous_zone", name=name, offset=_offset_name(minutes))
        self.stated.add(_offset_name(minutes))
        return timezone(timedelta(minutes=minutes))

    def _day_of(self, reading: Reading, day: Reading | None, event: RawEvent) -> date | None:
        if reading.has_date:
            return self._with_year(reading)
        if reading.day_word or reading.weekday is not None:
            return self._from_word(reading)
        if day is not None:
            oriented = self._oriented(day)
            found = self._with_year(oriented) if oriented.has_date else self._from_word(oriented)
            if found is not None and found != self.header:
                self.header = found
                return found
            if found is not None and self.day is None:
                return found
        if self.day is None:
            self.day = self.filled = self._on_own_clock(self._first_day(), reading, event)
            return self.day
        return self._rolled(self.day, reading, event)

    def _on_own_clock(self, day: date | None, reading: Reading, event: RawEvent) -> date | None:
        """The given day is a day of the incident's zone; on the clock of a file in another zone it may still be the day before."""
        if day is None or day != self.settings.date or reading.hour is None or event.zone is None:
            return day
        zone = zone_of(event.zone)
        for local in (day, day - timedelta(days=1), day + timedelta(days=1)):
            at = datetime(local.year, local.month, local.day, reading.hour, reading.minute, tzinfo=zone)
            if at.astimezone(self.zone_default).date() == day:
                return local
        return day

    def _rolled(self, day: date, reading: Reading, event: RawEvent) -> date:
        """`day`, or the next one where the clock went back too far to be the same day."""
        if self.last_local is None or reading.hour is None:
            return day
        now = datetime(day.year, day.month, day.day, reading.hour, reading.minute, int(reading.second))
        limit = _NOTES_BACK_LIMIT if event.kind == "note" else _BACK_LIMIT
        return day + timedelta(days=1) if self.last_local - now > limit else day

    def _first_day(self) -> date | None:
        if self.given_first:
            self._note("clock.date_agrees", date=str(self.given_first))
            return self.given_first
        if self.settings.date:
            return self.settings.date
        if self.file.date_hint:
            self._note("clock.date_from_name", date=str(self.file.date_hint))
            return self.file.date_hint
        if self.known.likely:
            self._note("clock.date_from_others", date=str(self.known.likely))
            return self.known.likely
        self._note("clock.no_date")
        return None

    def _with_year(self, reading: Reading) -> date | None:
        month, day = reading.month or 1, reading.day or 1
        years = [reading.year] if reading.year else self._likely_years(month)
        for year in years:
            try:
                return date(year, month, day)
            except ValueError:
                continue
        if not years:
            self._note("clock.no_year")
        return None

    def _likely_years(self, month: int) -> list[int]:
        if self.day is not None:
            turn = (
                1 if self.day.month == 12 and month == 1 else -1 if self.day.month == 1 and month == 12 else 0
            )
            return [self.day.year + turn]
        anchor = self.settings.date or self.file.date_hint or self.known.likely
        if anchor is None:
            return []
        if anchor != self.settings.date:
            self._note(
                "clock.year_from_name" if anchor == self.file.date_hint else "clock.year_from_others",
                year=str(anchor.year),
            )
        years = (anchor.year - 1, anchor.year, anchor.year + 1)
        return sorted(years, key=lambda year: (abs((year - anchor.year) * 12 + month - anchor.month), year))

    def _from_word(self, reading: Reading) -> date | None:
        base = self.settings.date or self.file.date_hint or (self.known.days[-1] if self.known.days else None)
        if base is None:
            return None
        if reading.day_word:
            return base + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[reading.day_word])
        if reading.weekday is not None:
            return base - timedelta(days=(base.weekday() - reading.weekday) % 7)
        return base

    def _to_utc(self, naive: datetime, zone: tzinfo) -> datetime:
        first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
        second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if first == second:
            return first
        if first > second:  # the clock was put forward over this time: nobody's clock showed it
            self._note(
                "clock.skipped_hour", time=f"{naive:%H:%M}", date=f"{naive:%Y-%m-%d}", utc=f"{first:%H:%M}"
            )
            return first
        self._note("clock.repeated_hour", date=f"{naive:%Y-%m-%d}")
        return second if self.last is not None and first < self.last - timedelta(minutes=2) else first

    def _note(self, code: str, **values: str) -> None:
        note = Note(code, values)
        if all(known.code != code for known in self.notes):
            self.notes.append(note)


def _offset_name(minutes: int) -> str:
    if minutes == 0:
        return "UTC"
    sign, rest = ("-" if minutes < 0 else "+"), abs(minutes)
    return f"{sign}{rest // 60:02d}:{rest % 60:02d}"
