"""Atomic values as XPath 2 has them: numbers, strings, dates, casts."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from dmp_certify.packs.schematron.errors import XPathFault

Number = int | float | Decimal
SPACE = " \t\n\r"
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DATETIME = re.compile(
    r"(-?(?:[1-9][0-9]{4,}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
    r"T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DATE = re.compile(
    r"(-?(?:[1-9][0-9]{4,}|[0-9]{4}))-([0-9]{2})-([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")
_SPECIAL = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def number(text: str | None) -> float:
    """`number()`: NaN when the text is not a double."""
    if text is None:
        return math.nan
    text = text.strip(SPACE)
    if text in _SPECIAL:
        return _SPECIAL[text]
    return float(text) if _DOUBLE.fullmatch(text) else math.nan


def to_double(text: str) -> float:
    """An untyped value met by a number: FORG0001 when it is not one."""
    stripped = text.strip(SPACE)
    if stripped in _SPECIAL:
        return _SPECIAL[stripped]
    if not _DOUBLE.fullmatch(stripped):
        raise XPathFault("FORG0001", f"{text!r} is not a number")
    return float(stripped)


def to_boolean(text: str) -> bool:
    """An untyped value met by a boolean."""
    stripped = text.strip(SPACE)
    if stripped in ("true", "1"):
        return True
    if stripped in ("false", "0"):
        return False
    raise XPathFault("FORG0001", f"{text!r} is not a boolean")


def show(value: object) -> str:
    """The string form of an atomic value (XPath casting to xs:string)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _show_double(value)
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _show_double(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    if value == 0:
        return "-0" if math.copysign(1.0, value) < 0 else "0"
    if 1e-6 <= abs(value) < 1e6:
        return show(Decimal(repr(value)))
    digits = Decimal(repr(value)).as_tuple()
    sign = "-" if digits.sign else ""
    ds = "".join(str(d) for d in digits.digits)
    power = len(ds) - 1 + int(digits.exponent)
    ds = ds.rstrip("0") or "0"
    return f"{sign}{ds[0]}.{ds[1:] or '0'}E{power}"


def date_time(text: str) -> tuple[int, Decimal]:
    """An xs:dateTime as a comparable moment; a value without a zone counts as UTC."""
    moment = _moment(text)
    if moment is None:
        raise XPathFault("FORG0001", f"{text!r} is not an xs:dateTime")
    return moment


def _moment(text: str) -> tuple[int, Decimal] | None:
    """(days-like ordinal, seconds) of a dateTime; None when it is not one."""
    match = _DATETIME.fullmatch(text.strip(SPACE))
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    hour, minute, second = int(match[4]), int(match[5]), int(match[6])
    fraction = Decimal("0" + (match[7] or ".0"))
    zone = _zone(match[8])
    if not _day_exists(year, month, day) or zone is None or minute > 59 or second > 59:
        return None
    if hour > 24 or (hour == 24 and (minute or second or fraction)):
        return None
    cycle, base = divmod(year, 400)
    at = datetime(base + 400, month, day, tzinfo=UTC) + timedelta(
        hours=hour, minutes=minute - zone, seconds=second
    )
    days = cycle * 146097 + at.toordinal()
    return days, Decimal(at.hour * 3600 + at.minute * 60 + at.second) + fraction


def _zone(text: str | None) -> int | None:
    """Minutes east of UTC; None when it is beyond 14 hours."""
    if text is None or text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59 or hours > 14 or (hours == 14 and minutes):
        return None
    return (hours * 60 + minutes) * (-1 if text[0] == "-" else 1)


def _day_exists(year: int, month: int, day: int) -> bool:
    if not 1 <= month <= 12 or day < 1:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= _DAYS[month - 1] + (1 if month == 2 and leap else 0)


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    return bool(
        match
        and _day_exists(int(match[1]), int(match[2]), int(match[3]))
        and _zone(match[4]) is not None
    )


def _is_time(text: str) -> bool:
    match = _TIME.fullmatch(text)
    return bool(match) and _moment(f"2000-01-01T{text}") is not None


_CASTABLE = {
    "string": lambda t: True,
    "untypedAtomic": lambda t: True,
    "anyURI": lambda t: True,
    "integer": lambda t: _INTEGER.fullmatch(t) is not None,
    "int": lambda t: _INTEGER.fullmatch(t) is not None and -(2**31) <= int(t) < 2**31,
    "long": lambda t: _INTEGER.fullmatch(t) is not None and -(2**63) <= int(t) < 2**63,
    "nonNegativeInteger": lambda t: _INTEGER.fullmatch(t) is not None and int(t) >= 0,
    "positiveInteger": lambda t: _INTEGER.fullmatch(t) is not None and int(t) > 0,
    "decimal": lambda t: _DECIMAL.fullmatch(t) is not None,
    "double": lambda t: t in _SPECIAL or _DOUBLE.fullmatch(t) is not None,
    "float": lambda t: t in _SPECIAL or _DOUBLE.fullmatch(t) is not None,
    "boolean": lambda t: t in ("true", "false", "1", "0"),
    "dateTime": lambda t: _moment(t) is not None,
    "date": _is_date,
    "time": _is_time,
}
CAST_TYPES = frozenset(_CASTABLE)


def castable(text: str, kind: str) -> bool:
    """Whether a string or an untyped value casts to the schema type `kind`."""
    return bool(_CASTABLE[kind](text.strip(SPACE)))
