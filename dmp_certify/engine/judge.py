"""Applies checks to subjects. It asks in order: in force? exercised? holds?

The applicability of a row to the product and its gravity belong to the verdict, not to this
module: a Finding says only what a check saw.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from dmp_certify.catalogue import requirements
from dmp_certify.catalogue.check import Check
from dmp_certify.finding import Fault, Finding, Place, Text, as_text
from dmp_certify.outcome import Cause, Outcome
from dmp_certify.wire.message import Message, Unreadable

_NOTHING = Text.same("")


def judge_message(message: Message, checks: Sequence[Check]) -> Iterator[Finding]:
    """The findings of every check on every view of the message, in the order of the checks."""
    day = message.received_at.date()
    for check in checks:
        rows = _in_force(check, day)
        if not rows:
            continue
        try:
            views: tuple[object, ...] = message.views(check.subject)
        except Unreadable as stopped:
            yield Finding(
                check.id,
                Outcome.BLOCKED,
                rows,
                stopped.place,
                Text("un contenu lisible", "readable content"),
                stopped.reason,
                message.exchange,
                Cause.PRODUCT,
            )
            continue
        for view in views:
            yield from judge_view(check, rows, view, message.exchange)


def judge_view(check: Check, rows: tuple[str, ...], view: object, exchange: str) -> list[Finding]:
    """The findings of one check on one view: one per fault, then one PASS for the rows kept."""
    try:
        if check.when is not None and not check.when(view):
            return []
        faults = [(_row_of(check, fault), fault) for fault in check.body(view)]
    except Exception:
        trace = Text.same(traceback.format_exc(limit=-4))
        place = _place_of(view)
        return [Finding(check.id, Outcome.CRASHED, rows, place, _NOTHING, trace, exchange, "suite")]
    if not faults:
        return [_passed(check, rows, view, exchange)]
    findings = [_failed(check, row, fault, exchange) for row, fault in faults if row in rows]
    broken = {row for row, _ in faults}
    kept = tuple(row for row in rows if row not in broken)
    return [*findings, _passed(check, kept, view, exchange)] if kept else findings


def judge_messages(messages: Iterable[Message], checks: Sequence[Check]) -> list[Finding]:
    """The findings on all messages, in the order of the messages."""
    return [finding for message in messages for finding in judge_message(message, checks)]


def _passed(check: Check, rows: tuple[str, ...], view: object, exchange: str) -> Finding:
    place = _place_of(view)
    return Finding(check.id, Outcome.PASS, rows, place, _NOTHING, _NOTHING, exchange)


def _failed(check: Check, row: str, fault: Fault, exchange: str) -> Finding:
    return Finding(
        check.id,
        Outcome.FAIL,
        (row,),
        fault.where,
        as_text(fault.expected),
        as_text(fault.observed),
        exchange,
        Cause.PRODUCT,
    )


def _row_of(check: Check, fault: Fault) -> str:
    row = fault.requirement or check.requirement_ids[0]
    if row not in check.requirement_ids or (
        len(check.requirement_ids) > 1 and not fault.requirement
    ):
        raise ValueError(f"{check.id}: a fault names one of {check.requirement_ids}, not {row!r}")
    return row


@lru_cache(maxsize=4096)
def _in_force(check: Check, day: date) -> tuple[str, ...]:
    """The rows of the check that bind a message of that day: a day has many messages."""
    known = requirements.load_all()
    return tuple(row for row in check.requirement_ids if known[row].in_force(day))


def _place_of(view: object) -> Place:
    place = getattr(view, "place", None)
    return place if isinstance(place, Place) else Place("")
