"""The only "now" of the suite."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC, with microseconds."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """`2026-11-23T17:40:08.123456Z`: the one spelling of instants in evidence and reports."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_iso(text: str) -> datetime:
    """The inverse of `iso`; any RFC 3339 instant is read. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"instant without offset: {text!r}")
    return moment.astimezone(UTC)
