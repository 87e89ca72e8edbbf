"""HL7 V3 points in time (data type TS): `YYYY[MM[DD[HH[MM[SS[.f]]]]]][+ZZzz]`.

Source: HL7 Version 3 Data Types Release 1, literal form of TS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

PRECISIONS = ("year", "month", "day", "hour", "minute", "second")
_FORM = re.compile(
    r"(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.\d+)?)?)?)?)?)?([+-]\d{2,4})?",
    re.ASCII,
)
# Offsets in use on Earth run from -12:00 to +14:00.
_WEST, _EAST = timedelta(hours=12), timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class PointInTime:
    """A well-formed TS that exists in the calendar.

    `start` is the instant it begins, as written and without offset; `offset` is the written
    distance to UTC, None when it says none.
    """

    text: str
    start: datetime
    precision: str
    offset: timedelta | None

    @property
    def utc(self) -> datetime | None:
        """The instant in UTC, None when no offset is written."""
        if self.offset is None:
            return None
        return _moved(self.start.replace(tzinfo=UTC), -self.offset)

    @property
    def earliest(self) -> datetime:
        """The first instant (UTC) it can mean, whatever the missing offset."""
        return self.utc or _moved(self.start.replace(tzinfo=UTC), -_EAST)

    @property
    def latest(self) -> datetime:
        """The first instant (UTC) after all that it can mean."""
        latest_start = self.utc or _moved(self.start.replace(tzinfo=UTC), _WEST)
        return _moved(latest_start, self._span())

    def surely_after(self, other: PointInTime) -> bool:
        """Whether it can only mean an instant after all that `other` can mean."""
        if self.offset == other.offset and self.start <= other.start:
            return False  # most pairs: spares them the arithmetic
        return self.earliest >= other.latest

    def after(self, moment: datetime) -> bool:
        """Whether it can only mean an instant after `moment`, which has an offset."""
        if self.start.year < moment.year - 1:
            return False  # no offset moves it that far: spares most the arithmetic
        return self.earliest > moment

    def _span(self) -> timedelta:
        if self.precision == "year":
            return timedelta(days=366)
        if self.precision == "month":
            return timedelta(days=31)
        return timedelta(**{f"{self.precision}s": 1})

    def at_least(self, precision: str) -> bool:
        """Whether it is written at least to that precision."""
        return PRECISIONS.index(self.precision) >= PRECISIONS.index(precision)


def exists(text: str) -> bool:
    """Whether the text is a TS that the calendar holds."""
    return point_in_time(text) is not None


def _moved(moment: datetime, by: timedelta) -> datetime:
    """The moment moved, kept within the calendar of Python: `99991231` means "for ever"."""
    try:
        return moment + by
    except OverflowError:
        edge = datetime.max if by > timedelta(0) else datetime.min
        return edge.replace(tzinfo=UTC)


def well_formed(text: str) -> bool:
    """Whether the text has the form of a TS, be it in the calendar or not."""
    return _FORM.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def point_in_time(text: str) -> PointInTime | None:
    """The point in time, or None when the text is not a TS or names no existing instant."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    given = [int(part) for part in found.groups()[:6] if part is not None]
    year, month, day, hour, minute, second = given + [1, 1, 1, 0, 0, 0][len(given) :]
    try:
        offset = _offset(found.group(7))
        # A leap second is an instant; Python keeps it as the last second of its minute.
        start = datetime(year, month, day, hour, minute, 59 if second == 60 else second)
    except ValueError:
        return None
    return PointInTime(text, start, PRECISIONS[len(given) - 1], offset)


def _offset(text: str | None) -> timedelta | None:
    """The written offset; ValueError when no clock has it."""
    if text is None:
        return None
    hours, minutes = int(text[1:3]), int(text[3:].ljust(2, "0") or 0)
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)
    if minutes > 59 or not -_WEST <= offset <= _EAST:
        raise ValueError(f"no clock has the offset {text}")
    return offset
