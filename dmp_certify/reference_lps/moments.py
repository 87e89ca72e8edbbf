"""Instants as the messages spell them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone


def paris(moment: datetime) -> datetime:
    """`moment` in the legal time of mainland France, without a time zone database.

    Summer time runs from the last Sunday of March to the last Sunday of October, 01:00 UTC
    (directive 2000/84/EC).
    """
    moment = moment.astimezone(UTC)
    start = _last_sunday(moment.year, 3)
    end = _last_sunday(moment.year, 10)
    hours = 2 if start <= moment < end else 1
    return moment.astimezone(timezone(timedelta(hours=hours)))


def _last_sunday(year: int, month: int) -> datetime:
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def cda_time(moment: datetime) -> str:
    """`20261123184512+0100`: an HL7 TS to the second with its offset."""
    return paris(moment).strftime("%Y%m%d%H%M%S%z")


def dtm(moment: datetime) -> str:
    """`20261123174512`: an XDS DTM, always UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def instant(moment: datetime) -> str:
    """`2026-11-23T17:45:12.123Z`: an xs:dateTime in UTC."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{text[:-3]}Z"


def dtm_of_cda(value: str) -> str:
    """The XDS DTM of an HL7 TS: to UTC when it has an offset, else as it stands."""
    value = value.strip()
    for sign in ("+", "-"):
        if sign in value:
            local, offset = value.split(sign, 1)
            break
    else:
        return value
    digits = local.split(".")[0]
    formats = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
    pattern = formats.get(len(digits))
    if pattern is None or len(offset) != 4 or not offset.isdigit():
        return digits
    try:
        moment = datetime.strptime(digits + sign + offset, pattern + "%z")
    except ValueError:
        return digits
    return moment.astimezone(UTC).strftime(pattern if len(digits) > 8 else "%Y%m%d%H%M%S")
