"""xs:dateTime values (W3C XML Schema part 2, 3.2.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_SHAPE = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Instant:
    """What stands in the message. `moment` is in UTC, None when the text is no dateTime; a text
    without offset is read as UTC, and `zone` is then empty."""

    text: str
    moment: datetime | None
    zone: str


def parse(text: str) -> Instant:
    """Read a dateTime; never raises."""
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        return Instant(text, None, "")
    micros = (found[2] or "0")[:6].ljust(6, "0")
    zone = found[3] or ""
    try:
        moment = datetime.fromisoformat(f"{found[1]}.{micros}{zone or 'Z'}").astimezone(UTC)
    except (ValueError, OverflowError):
        return Instant(text, None, "")
    return Instant(text, moment, zone)
